"""Kernels that die, or never begin: they say why, and nothing is left of them."""

from __future__ import annotations

import gc
import os
import subprocess
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from jupyter_docker.engine.connection.engine import Engine
from jupyter_docker.engine.images.store import find_image
from jupyter_docker.values.container_spec import Limits, Mount, RunSpec
from jupyter_docker.values.errors import ContainerizeError, KernelDiedError, MissingError
from jupyter_docker.values.image import Image
from tests.engine.kernel.kernels import Kernel, Registered, await_nothing_left, await_that, kernel_of, running
from tests.engine.spare import SpareEngineFactory

pytestmark = pytest.mark.engine

LIMIT = 200 * 2**20


def docker(*words: str) -> Callable[[Kernel], object]:
    return lambda kernel: subprocess.run(["docker", *words, kernel.container], check=True, capture_output=True)


def cell(code: str) -> Callable[[Kernel], object]:
    return lambda kernel: kernel.client.execute(code)


@pytest.mark.parametrize(
    ("act", "said"),
    [
        (cell("import os; os.kill(os.getpid(), 9)"), "The kernel was killed from outside (exit status 137)."),
        (cell("import ctypes; ctypes.string_at(0)"), "The Python process crashed: segmentation fault"),
        (cell("import os; os._exit(3)"), "The kernel's process ended with exit status 3."),
        (cell("exit()"), "The kernel ended by itself."),
        (docker("kill"), "The kernel was killed from outside (exit status 137)."),
        (docker("stop"), "The kernel was stopped from outside (exit status 143)."),
        (docker("rm", "-f"), "The kernel was killed from outside (exit status 137)."),
    ],
    ids=["killed", "crashed", "exit status", "exit()", "container killed", "container stopped", "container removed"],
)
def test_a_kernel_says_why_it_died(
    engine: Engine, spec: RunSpec, act: Callable[[Kernel], object], said: str, caplog: pytest.LogCaptureFixture
) -> None:
    manager = kernel_of(engine, spec)
    manager.log.propagate = True
    with running(manager) as kernel:
        act(kernel)
        reason = kernel.await_end()
    assert reason.startswith(said)
    assert reason in caplog.text


def test_out_of_memory_is_said_with_the_limit_and_the_peak(engine: Engine, spec: RunSpec) -> None:
    with running(kernel_of(engine, replace(spec, limits=Limits(memory=LIMIT)))) as kernel:
        kernel.client.execute("kept = []\nwhile True: kept.append(bytearray(10**7))")
        assert kernel.await_end() == (
            "The kernel was stopped because it used all the memory it may, 200 MB. Its peak was 200 MB. "
            "Allow it more, as in --memory 400m, or load less data at once."
        )


def test_a_shutdown_is_no_death(engine: Engine, spec: RunSpec) -> None:
    with running(kernel_of(engine, spec)) as kernel:
        kernel.manager.shutdown_kernel()
        assert kernel.provisioner.exit_reason == ""


@pytest.mark.parametrize(
    ("changes", "kind", "said"),
    [
        ({"image": "nothing-of-that-name:1"}, MissingError, "The engine has no image 'nothing-of-that-name:1'."),
        ({"network": "no-such-network"}, MissingError, "There is no network 'no-such-network'."),
        ({"limits": Limits(memory=16 * 2**20)}, KernelDiedError, "used all the memory it may, 16 MB."),
        ({"env": {"PYTHONHOME": "/nowhere"}}, KernelDiedError, "No module named 'encodings'"),
    ],
    ids=["no image", "no network", "no memory", "broken Python"],
)
def test_a_start_that_fails(
    engine: Engine, spec: RunSpec, changes: dict[str, object], kind: type[ContainerizeError], said: str
) -> None:
    manager = kernel_of(engine, replace(spec, **changes))  # type: ignore[arg-type]
    with pytest.raises(kind) as caught, running(manager):
        pass
    assert said in caught.value.message


def test_an_image_without_ipykernel(engine: Engine, spec: RunSpec, base: str) -> None:
    with pytest.raises(KernelDiedError) as caught, running(kernel_of(engine, replace(spec, image=base))):
        pass
    assert f"The image '{base}' has no ipykernel" in caught.value.message
    assert "No module named ipykernel_launcher" in caught.value.message
    assert caught.value.hint == "`jupyter containerize kernel NOTEBOOK` builds one that has."


def test_a_mount_source_that_is_gone(engine: Engine, spec: RunSpec, tmp_path: Path) -> None:
    mount = Mount.parse("./gone:gone", folder=tmp_path)
    with pytest.raises(ContainerizeError) as caught, running(kernel_of(engine, replace(spec, mounts=(mount,)))):
        pass
    assert str(tmp_path / "gone") in caught.value.message


# docker-py leaves its socket open where nobody listens.
@pytest.mark.filterwarnings("ignore:unclosed <socket:ResourceWarning")
def test_a_kernel_whose_engine_is_killed(kernel_image: Image, label: str, spare_engine: SpareEngineFactory) -> None:
    private = spare_engine(size="1g", images=(str(kernel_image.reference),))
    assert find_image(private.engine, str(kernel_image.reference)) is not None
    spec = RunSpec(image=str(kernel_image.reference), network="none", labels={"jupyter-containerize.test": label})
    with running(kernel_of(private.engine, spec)) as kernel:
        process = _kernel_process(kernel)
        private.kill()
        assert kernel.await_end().startswith("The container engine went away while the kernel ran.")
    await_that(lambda: not process.exists(), f"{process} still runs")
    gc.collect()


def test_a_registered_kernel_whose_image_is_gone(registered: Registered, engine: Engine) -> None:
    from jupyter_client.manager import KernelManager

    manager = KernelManager(kernel_name=registered.kernel.name)
    assert manager.kernel_spec is not None
    manager.kernel_spec.metadata["kernel_provisioner"]["config"]["image"] = "gone:1"
    with pytest.raises(MissingError, match="gone:1"), running(manager):
        pass
    await_nothing_left(engine, registered.label, os.getpid())


def _kernel_process(kernel: Kernel) -> Path:
    """Return /proc/PID of the kernel, as this machine sees it."""
    mark = f"marker-{kernel.container[:12]}"
    kernel.run(f"import subprocess; subprocess.Popen(['sleep', '600'], env={{'MARK': '{mark}'}})")
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            if mark.encode() in (folder / "environ").read_bytes():
                return folder
        except OSError:
            continue
    pytest.fail("the kernel's process can't be seen from here")
