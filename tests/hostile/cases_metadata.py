"""Cases whose metadata asks for what a person has not said."""

from __future__ import annotations

from typing import Any

from tests.hostile.case import Case, Link

_GIVE = "be given what only a person may give it"
_INJECT = "put instructions of its own into the Dockerfile, or change the command"


def _asks(name: str, must_not: str = _GIVE, **asks: Any) -> Case:
    return Case(name=name, must_not=must_not, cells=("import os\nprint(os.environ)",), asks=asks)


METADATA = [
    _asks("base of a stranger", base="127.0.0.1:9/evil:latest"),
    _asks("base with an instruction", _INJECT, base="python:3.11-slim\nRUN touch injected"),
    _asks("base with options", _INJECT, base="--platform=linux/arm64 python:3.11"),
    _asks("base of another stage", _INJECT, base="uv"),
    _asks("base in a list", _INJECT, base=["python:3.11-slim", "evil"]),
    _asks("base that looks like the default", base="python:3.11-slim@sha256:" + "0" * 64),
    _asks("mount of the root", mounts=["/:/host"]),
    _asks("mount of the home", mounts=["~:home", "@HOME@/.ssh:/keys:ro"]),
    _asks("mount above", mounts=["../neighbour:/n", "./../..:/up"]),
    _asks("mount of the engine", mounts=["/var/run/docker.sock:/var/run/docker.sock"]),
    _asks("mount of a volume", mounts=["other-project:/data"]),
    _asks("mount of the folder", mounts=[".:/all", "./:/all2:rw"]),
    _asks("mount with options", mounts=[".:/x:ro,Z,rshared", "a:/b:exec"]),
    _asks("mount at several places", mounts=["./data:x,/home/victim", "./data:/y,source=/,target=/host"]),
    _asks("mount over the program", mounts=["./usr:/usr", "./etc:/etc", "./x:/app/../etc"]),
    Case(name="mount of a link", must_not=_GIVE, cells=("print(open('/keys/id_rsa').read())",), asks={"mounts": ["./link:/keys"]}, files={"link": Link("@HOME@/.ssh")}, runs=True, refused=True),
    Case(name="mount of what is hidden", must_not=_GIVE, cells=("1",), asks={"mounts": ["./.git:/git", "./.env:/env"]}, files={".git/config": "x", ".env": "x"}),
    _asks("variable of the person", env=["AWS_SECRET_ACCESS_KEY", "GITHUB_TOKEN"]),
    _asks("variable with a reference", env=["A=$AWS_SECRET_ACCESS_KEY", "B=${GITHUB_TOKEN}", "C=$(cat ~/.netrc)"]),
    _asks("variables that steer", env=["LD_PRELOAD=/app/x.so", "PYTHONSTARTUP=/app/x.py", "PYTHONPATH=/app/x", "PATH=/app"]),
    _asks("variable with line breaks", _INJECT, env=["A=1\nRUN touch injected", "B\nC=2"]),
    _asks("variables by options", _INJECT, env=["--env-file=@HOME@/.env", "-v=/:/host"]),
    _asks("file of variables", env_file=["@HOME@/.env"], **{"env-file": "@HOME@/.env"}),
    _asks("open port", ports=["0.0.0.0:8080:80"]),
    _asks("low port", ports=["22:22", "80"]),
    _asks("port of all addresses", ports=["[::]:8080:80", "0:80"]),
    _asks("all gpus", gpus="all"),
    _asks("network of the host", network="host"),
    _asks("network of a container", network="container:other"),
    _asks("network of a project", network="bridge"),
    _asks("endless limits", memory="-1", cpus=1e308),
    _asks("limits that are options", _INJECT, memory="1g --privileged", cpus="1 --cap-add=ALL"),
    _asks("keys that are options", privileged=True, cap_add=["ALL"], user="0", volume=["/:/x"], engine="tcp://127.0.0.1:9", project="/", python="@HOME@/x", kernel="x", with_=["source-only"], mount_root=["/"], data="auto", allow=True, allowed=["*"]),
    _asks("kinds that are wrong", "fail without words", base=5, apt={"a": 1}, env=[["A=1"]], mounts=[None], ports=[1.5, True], memory=[], requirements="pandas"),
    _asks("consent in the notebook", base="evil", env=["GITHUB_TOKEN"], consents=[{"kind": "base", "value": "evil"}], allowed=[{"kind": "variable", "value": "GITHUB_TOKEN"}]),
    Case(name="metadata that is a list", must_not="fail without words", cells=("1",), metadata={"containerize": [1, 2]}),
    Case(name="metadata that is text", must_not="fail without words", cells=("1",), metadata={"containerize": "--volume=/:/x"}),
    Case(name="kernel by a path", must_not="run a program that the notebook names", cells=("1",), metadata={"kernelspec": {"name": "../../evil", "language": "python"}}, files={"kernel.json": '{"argv": ["./evil"], "language": "python"}'}),
    Case(name="kernel by an absolute path", must_not="run a program that the notebook names", cells=("1",), metadata={"kernelspec": {"name": "@HOME@/work/kernel-by-an-absolute-path", "argv": ["sh", "-c", "@SHMARK@"], "language": "python"}}, files={"kernel.json": '{"argv": ["sh", "-c", "@SHMARK@"], "display_name": "x", "language": "python"}'}),
    Case(name="kernel with options", must_not="run a program that the notebook names", cells=("1",), metadata={"kernelspec": {"name": "--python=/bin/sh", "env": {"PATH": "."}, "interrupt_mode": "x"}}),
    Case(name="kernel of odd kinds", must_not="fail without words", cells=("1",), metadata={"kernelspec": {"name": ["x"], "language": {"a": 1}}, "language_info": [1]}),
    Case(name="kernel with control characters", must_not="send sequences to the terminal", cells=("1",), metadata={"kernelspec": {"name": "x\u001b]0;owned\u0007\u001b[2J", "language": "python"}}),
    Case(name="language that is code", must_not="fail without words", cells=("1",), metadata={"language_info": {"name": "python\n@MARK@", "version": "3.11; injected", "file_extension": "/../../x"}}),
]  # fmt: skip
