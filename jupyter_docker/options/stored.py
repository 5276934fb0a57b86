"""What the notebook's own metadata says, as words of the command."""

from __future__ import annotations

from collections.abc import Mapping
from ipaddress import ip_address
from pathlib import Path

from jupyter_docker.errors import UsageError
from jupyter_docker.runspec import Mount, Port

METADATA_KEY = "containerize"

STORED = {
    "base": "--base",
    "apt": "--apt",
    "no_apt": "--no-apt",
    "requirements": "--with",
    "mounts": "--volume",
    "env": "--env",
    "ports": "--publish",
    "memory": "--memory",
    "cpus": "--cpus",
    "gpus": "--gpus",
    "network": "--network",
}
RUNNING_VERBS = {"run", "plan", "kernel"}
OF_THE_CONTAINER = {"--volume", "--env", "--publish", "--memory", "--cpus", "--gpus", "--network"}


def stored_words(chosen: object, folder: Path, verb: str) -> list[str]:
    """Return what the notebook's ``containerize`` metadata says, as words of ``verb``; see docs/reference.md.

    The words of the command come after them, so they win. A notebook may come from anyone, so its mounts must stay
    inside its own folder, its ports on this machine, and the only network it can choose is none. Raises UsageError.
    """
    if not isinstance(chosen, Mapping):
        hint = "Edit it in JupyterLab (Advanced tools, Notebook metadata); docs/how-to.md shows its form."
        raise UsageError("The notebook's metadata 'containerize' is not a list of names and values.", hint=hint)
    words: list[str] = []
    for key, option in STORED.items():
        value = chosen.get(key)
        if value in (None, "", []) or (option in OF_THE_CONTAINER and verb not in RUNNING_VERBS):
            continue
        values = value if isinstance(value, list) else [value]
        for item in values:
            # argparse would make a list of "--".
            if not isinstance(item, str | int | float) or isinstance(item, bool) or item == "--":
                raise UsageError(f"The notebook's metadata: containerize.{key} holds {item!r}.", hint="Use plain text.")
            words.append(f"{option}={_checked(key, str(item), folder)}")
    return words


def stored_variables(chosen: object) -> tuple[str, ...]:
    """Return the variables of the person's own that the notebook asks for by name."""
    names = chosen.get("env") or [] if isinstance(chosen, Mapping) else []
    return tuple(name for name in (names if isinstance(names, list) else [names]) if "=" not in str(name))


def _checked(key: str, text: str, folder: Path) -> str:
    if key == "ports" and not ip_address(Port.parse(text).address).is_loopback:
        raise _beyond(f"to open port '{text}' to other machines", f"-p {text}")
    if key == "network" and text != "none":
        raise _beyond(f"for the network '{text}', where other programs of yours may be", f"--network {text}")
    if key != "mounts":
        return text
    mount = Mount.parse(text, folder=folder)
    if mount.kind == "volume":
        raise _beyond(f"for the volume '{mount.source}', which may be another project's", f"-v {text}")
    if not Path(mount.source).is_relative_to(folder.resolve()):
        raise _beyond(f"to mount '{mount.source}', outside its own folder", f"-v {text}")
    return str(mount)


def _beyond(wish: str, words: str) -> UsageError:
    return UsageError(f"The notebook's metadata asks {wish}.", hint=f"If you trust it, say so yourself: {words}")
