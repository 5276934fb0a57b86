"""A RunSpec in the words of the engine's API."""

from __future__ import annotations

import pytest

from jupyter_docker.engine.connection.identity import name_of, uid_gid
from jupyter_docker.engine.containers.configuration import device_request, environment, port_bindings, time_zone
from jupyter_docker.engine.containers.listing import urls_of
from jupyter_docker.values.container_spec import Port, RunSpec
from jupyter_docker.values.errors import UsageError


@pytest.mark.parametrize(
    ("text", "count", "devices"),
    [("all", -1, None), ("2", 2, None), ("device=0,1", None, ["0", "1"]), ("device=GPU-3a:1", None, ["GPU-3a:1"])],
)
def test_gpus_as_docker_takes_them(text: str, count: int | None, devices: list[str] | None) -> None:
    request = device_request(text)
    assert (request.count or None, request.device_ids or None) == (count, devices)
    assert request.capabilities == [["gpu"]]


@pytest.mark.parametrize("text", ["0", "-1", "some", "device=", "device=0,,1", "2 ", "all\n", "１"])
def test_what_names_no_gpus_is_refused(text: str) -> None:
    with pytest.raises(UsageError, match="does not name GPUs"):
        device_request(text)


def test_ports_are_bound_where_they_are_meant_to_be() -> None:
    ports = (Port.parse("8080:80"), Port.parse("0.0.0.0:8081:80"), Port.parse("53/udp"))
    assert port_bindings(ports) == {
        "80/tcp": [("127.0.0.1", 8080), ("0.0.0.0", 8081)],  # noqa: S104 - as the user asked
        "53/udp": [("127.0.0.1", None)],
    }


def test_variables_of_the_user_and_the_image_come_before_ours() -> None:
    spec = RunSpec(image="penguins", env={"HOME": "/mine"})
    assert environment(spec, {"Env": ["PYTHONUNBUFFERED="]}, "1000:1000") == {"HOME": "/mine"}
    assert environment(RunSpec(image="penguins"), {}, "1000:1000") == {"PYTHONUNBUFFERED": "1", "HOME": "/tmp"}
    assert environment(RunSpec(image="penguins"), {"Env": ["HOME=/home/app"]}, "1000") == {"PYTHONUNBUFFERED": "1"}
    assert environment(RunSpec(image="penguins"), {"Env": None}, "0:0") == {"PYTHONUNBUFFERED": "1"}
    assert environment(RunSpec(image="penguins"), {}, None) == {"PYTHONUNBUFFERED": "1"}


def test_times_are_the_callers_unless_they_or_the_image_say_so() -> None:
    spec = RunSpec(image="penguins")
    assert environment(spec, {"Env": ["PYTHONUNBUFFERED="]}, None, "Europe/Paris") == {"TZ": "Europe/Paris"}
    assert "TZ" not in environment(spec, {"Env": ["TZ=UTC"]}, None, "Europe/Paris")
    assert environment(RunSpec(image="penguins", env={"TZ": "Asia/Tokyo"}), {}, None, "UTC")["TZ"] == "Asia/Tokyo"


@pytest.mark.parametrize(
    ("named", "zone"),
    [("Europe/Paris", "Europe/Paris"), (":America/Belize", "America/Belize"), ("Etc/GMT+1", "Etc/GMT+1"),
     ("../../x", ""), ("/etc/localtime", "")],
)  # fmt: skip
def test_a_time_zone_has_a_name(named: str, zone: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TZ", named)
    assert time_zone() == zone


@pytest.mark.parametrize(
    ("user", "numbers"),
    [("1000:100", (1000, 100)), ("1000", (1000, 0)), ("jovyan", None), ("1000:users", None), ("", None), (None, None)],
)
def test_only_numbers_are_numbers(user: str | None, numbers: tuple[int, int] | None) -> None:
    assert uid_gid(user) == numbers


@pytest.mark.parametrize(
    ("image", "stem"),
    [
        ("penguins:3f9a2c", "penguins"),
        ("localhost:5000/team/penguins@sha256:" + "0" * 64, "penguins"),
        ("python", "python"),
        ("a/b_c:1", "b-c"),
    ],
)
def test_a_container_is_named_after_its_image(image: str, stem: str) -> None:
    name = name_of(RunSpec(image=image))
    assert name.rpartition("-")[0] == stem
    assert name != name_of(RunSpec(image=image))
    assert name_of(RunSpec(image=image, name="mine")) == "mine"


def test_where_ports_are_reached() -> None:
    published = {
        "80/tcp": [{"HostIp": "127.0.0.1", "HostPort": "8080"}],
        "81/tcp": [{"HostIp": "0.0.0.0", "HostPort": "8081"}, {"HostIp": "::", "HostPort": "8081"}],  # noqa: S104
        "82/tcp": [{"HostIp": "::1", "HostPort": "8082"}],
        "53/udp": [{"HostIp": "127.0.0.1", "HostPort": "5353"}],
        "90/tcp": None,
    }
    assert urls_of({"NetworkSettings": {"Ports": published}}) == {
        "80/tcp": "http://127.0.0.1:8080",
        "81/tcp": "http://localhost:8081",
        "82/tcp": "http://[::1]:8082",
        "53/udp": "udp://127.0.0.1:5353",
    }
    assert urls_of({"NetworkSettings": {}}) == {}
