"""Kernelspecs whose kernel is a container: registered, listed and removed through jupyter_client."""

from __future__ import annotations

import json
import os
import sys
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from typing import Any

from jupyter_client.kernelspec import KernelSpecManager, NoSuchKernel

from jupyter_docker.kernel.container.container import BRIDGE
from jupyter_docker.kernel.registered import RegisteredKernel
from jupyter_docker.kernel.values import keep_values, new_number, split_values, sweep_values
from jupyter_docker.values import MissingError, NameTakenError, RunSpec, scratch_folder, slug, write_private

PROVISIONER = "containerize"

_SUFFIX = "-container"


def register_kernel(
    title: str, spec: RunSpec, *, notebook: Path, python: Path, endpoint: str = "", prefix: Path | None = None
) -> RegisteredKernel:
    """Register a kernel that runs ``spec``; one of ours with that name is replaced.

    Args:
        title: What people choose it by, shown as "TITLE (container)".
        spec: The container.
        notebook: The notebook, whose folder is the kernel's working directory.
        python: The interpreter whose packages the image has: a notebook with this kernel is frozen from there again.
        endpoint: The engine's URL or context; empty is the one that the docker CLI uses.
        prefix: The environment to register it in; None is this user.

    Raises:
        NameTakenError: Another kernel has the name.
    """
    manager, name = KernelSpecManager(), kernel_name(title)
    if name in manager.find_kernel_specs() and name not in {kernel.name for kernel in registered_kernels()}:
        raise NameTakenError(f"There is a kernel '{name}' that is no container.", hint="Choose another --name.")
    own, values = split_values(spec.env)
    number = new_number()
    config = _config(replace(spec, env=own), notebook.parent, endpoint)
    config |= {"variables": sorted(values), "values": number} if values else {}
    written = {
        "argv": [],
        "display_name": f"{title} (container)",
        "language": "python",
        "metadata": {
            "debugger": True,
            "kernel_provisioner": {"provisioner_name": PROVISIONER, "config": config},
            PROVISIONER: {"notebook": str(notebook), "python": str(python)},
        },
    }
    with scratch_folder() as folder:
        write_private(folder / "kernel.json", json.dumps(written, indent=1).encode())
        scope = {"prefix": str(prefix)} if prefix else {"user": True}
        installed = manager.install_kernel_spec(str(folder), name, **scope)
    written["argv"] = bridge_command(Path(installed))  # known only now
    write_private(Path(installed) / "kernel.json", json.dumps(written, indent=1).encode())
    if values:
        keep_values(number, values, Path(installed))
    sweep_values()
    return _registered(name, {"resource_dir": installed, "spec": written})


def bridge_command(kernel: Path) -> list[str]:
    """Return the argv of the kernelspec in the folder ``kernel``: a client that heeds nothing else gets a container."""
    return [sys.executable, "-P", "-m", BRIDGE, str(kernel), "-f", "{connection_file}"]


def renew_kernel(kernel: Path) -> None:
    """Give a kernelspec of an earlier version, whose argv starts a kernel on this machine, one that starts a container.

    Where it may not be written it stays as it is.
    """
    file = kernel / "kernel.json"
    with suppress(OSError, ValueError, KeyError, TypeError, AttributeError, IndexError):
        spec = json.loads(file.read_text(encoding="utf-8"))
        if BRIDGE not in spec["argv"] and _is_ours(spec) and os.access(kernel, os.W_OK):
            spec["metadata"].setdefault(PROVISIONER, {}).setdefault("python", spec["argv"][0])
            spec["argv"] = bridge_command(kernel)
            write_private(file, json.dumps(spec, indent=1).encode())


def registered_kernels() -> tuple[RegisteredKernel, ...]:
    """Return the kernels that are containers, by name."""
    specs = KernelSpecManager().get_all_specs()
    return tuple(_registered(name, found) for name, found in sorted(specs.items()) if _is_ours(found["spec"]))


def remove_kernel(name: str) -> RegisteredKernel:
    """Remove the kernel of that name or title, and return it; its image stays. Raises MissingError."""
    wanted = {name, kernel_name(name)}
    found = next((kernel for kernel in registered_kernels() if kernel.name in wanted or kernel.title == name), None)
    if found is None:
        raise MissingError(
            f"There is no kernel '{name}' that is a container.", hint="`jupyter containerize kernel --list` lists them."
        )
    try:
        KernelSpecManager().remove_kernel_spec(found.name)
    except NoSuchKernel as error:
        raise MissingError(f"The kernel '{name}' is gone already.") from error
    sweep_values()
    return found


def kernel_name(title: str) -> str:
    """Return the name of the kernelspec: "my-analysis-container"."""
    return slug(title).removesuffix(_SUFFIX) + _SUFFIX


def _is_ours(spec: dict[str, Any]) -> bool:
    provisioner = spec.get("metadata", {}).get("kernel_provisioner", {})
    return isinstance(provisioner, dict) and provisioner.get("provisioner_name") == PROVISIONER


def _registered(name: str, found: dict[str, Any]) -> RegisteredKernel:
    metadata = found["spec"]["metadata"]
    return RegisteredKernel(
        name=name,
        title=found["spec"]["display_name"],
        notebook=metadata.get(PROVISIONER, {}).get("notebook", ""),
        image=metadata["kernel_provisioner"].get("config", {}).get("image", ""),
        folder=Path(found["resource_dir"]),
    )


def _config(spec: RunSpec, folder: Path, endpoint: str) -> dict[str, Any]:
    """Return what `Configured` reads back as ``spec``."""
    config = {
        "image": spec.image,
        "folder": str(folder),
        "workdir": str(spec.mount_arguments.workdir),
        "mounts": [str(mount) for mount in spec.mounts],
        "env": dict(spec.env),
        "publish": [str(port) for port in spec.ports],
        "memory": str(spec.limits.memory or ""),
        "cpus": spec.limits.cpus,
        "gpus": spec.gpus,
        "network": spec.network,
        "user": spec.user or "",
        "labels": dict(spec.labels),
        "endpoint": endpoint,
    }
    return {name: value for name, value in config.items() if value not in ("", [], {}, None)}
