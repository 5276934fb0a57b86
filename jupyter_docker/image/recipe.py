"""Recipe → Dockerfile text: pure, deterministic, readable, and good for a plain ``docker build .``.

What the host knows about package indexes (addresses, credentials, CA bundle) reaches the build as BuildKit secrets,
mounted where uv, pip and OpenSSL look; without those secrets the same text builds from the public index. Each is enough
by itself: the installers are told to trust the certificates of that one place, which the secret ``ca`` replaces.
"""

from __future__ import annotations

import json
import re
import shlex
from collections.abc import Iterator, Mapping, Sequence
from pathlib import PurePosixPath

from jupyter_docker.values import PROJECT_ROOT, RUNNER_FOLDER, Pin, Recipe

HOME = "/home/app"
KERNEL_REQUIREMENTS = "requirements-kernel.txt"
LAB_REQUIREMENTS = "requirements-lab.txt"
PROJECT_FOLDER = PurePosixPath("app")  # of the context: the project's files, at their places
OUTSIDE_FOLDER = PurePosixPath("files")  # of the context: files from elsewhere, by their paths in the image
CACHE_FOLDER = PurePosixPath("/var/cache/containerize")
WHEELHOUSE = PurePosixPath("/wheelhouse")  # where a build has the wheels that were fetched for it

# Secret id → where its reader looks for it in the build. Absent secrets are not mounted, so the defaults hold.
SECRET_TARGETS: Mapping[str, str] = {
    "uv": "/etc/uv/uv.toml",
    "pip": "/etc/pip.conf",
    "netrc": "/root/.netrc",
    "ca": "/etc/ssl/certs/ca-certificates.crt",
}

_ENVIRONMENT = {
    "HOME": HOME,
    "LANG": "C.UTF-8",
    "MPLBACKEND": "Agg",
    "PYTHONHASHSEED": "0",
    "PYTHONUNBUFFERED": "1",
}


def render_dockerfile(recipe: Recipe, *, uv_version: str, mounts: bool = True) -> str:
    """Return the Dockerfile of ``recipe``; without ``mounts`` for a classic builder (no secrets)."""
    blocks = [
        _header(recipe),
        *(_stages(recipe, uv_version) if mounts and recipe.pins else ()),
        _base(recipe),
        *_system(recipe, mounts=mounts),
        *(block for file, pins in locks_of(recipe).items() for block in _locked(file, pins, mounts=mounts)),
        _kernel_code(recipe) if recipe.kernel else _code(recipe),
        *_labels(recipe.labels),
    ]
    return "\n\n".join(blocks) + "\n"


def wheels_of(file: str) -> PurePosixPath:
    """Return the folder of the wheelhouse's stage for a lock file: each layer depends on its own wheels alone."""
    return WHEELHOUSE / PurePosixPath(file).stem


def locks_of(recipe: Recipe) -> Mapping[str, Sequence[Pin]]:
    """Return the pins by the lock file that has them, in the order in which they are installed."""
    return {
        "requirements.txt": recipe.requirements.pins,
        KERNEL_REQUIREMENTS: recipe.kernel,
        LAB_REQUIREMENTS: recipe.lab,
    }


def quoted(value: str) -> str:
    """Return ``value`` as one quoted Dockerfile word that means just that text.

    A Dockerfile word can't hold a control character, so those are written as in URLs (%0A).
    """
    return '"' + re.sub(r'(["\\$])', r"\\\1", _one_line(value)) + '"'


def _one_line(text: str) -> str:
    return re.sub(
        r"[\x00-\x1f\x7f\x85\u2028\u2029]", lambda found: "".join(f"%{b:02X}" for b in found[0].encode()), text
    )


def _header(recipe: Recipe) -> str:
    notebook = recipe.script.source.name if recipe.script.source else "a cell"
    data = shlex.quote(str(recipe.workdir / "data"))
    if recipe.kernel:
        return (
            f"# Made from {quoted(notebook)} by jupyter-containerize: its packages and modules, as a Jupyter kernel.\n"
            "# It needs nothing but Docker:  docker build -t NAME ."
        )
    return (
        f"# Made from {quoted(notebook)} by jupyter-containerize.\n"
        "# It needs nothing but Docker:  docker build -t NAME .  &&  docker run --rm NAME\n"
        f"# Data is not in it: mount what it reads and writes, as in  docker run --rm -v ./data:{data} NAME"
    )


def _stages(recipe: Recipe, uv_version: str) -> Iterator[str]:
    yield (
        "# The installer. It is only mounted below, never in the image.\n"
        f"FROM {recipe.base} AS uv\n"
        f"RUN {_secrets('pip', 'netrc', 'ca')} \\\n"
        f"    PIP_CERT=$(ls {SECRET_TARGETS['ca']} 2>/dev/null) \\\n"
        f"    pip install --no-cache-dir --root-user-action=ignore --target=/uv uv=={uv_version}\n"
        "WORKDIR /uv"
    )
    yield (
        "# Wheels that were fetched before; of what is not here uv asks the package index. It is only mounted, too.\n"
        f"FROM scratch AS {WHEELHOUSE.name}"
        + "".join(f"\nWORKDIR {wheels_of(file)}" for file, pins in locks_of(recipe).items() if pins)
    )


def _base(recipe: Recipe) -> str:
    uid, _, gid = recipe.user.partition(":")
    return (
        f"FROM {recipe.base}\n\n"
        "# Any user may write here, since the container runs as whoever starts it; its own user has a name.\n"
        f"RUN install -d -m 1777 {PROJECT_ROOT} {HOME} {CACHE_FOLDER} && \\\n"
        f"    (getent passwd {uid} >/dev/null || echo 'app:x:{uid}:{gid}::{HOME}:/bin/sh' >>/etc/passwd)"
    )


def _system(recipe: Recipe, *, mounts: bool) -> Iterator[str]:
    if not recipe.requirements.system:
        return
    packages = sorted(recipe.requirements.system, key=lambda package: package.name)
    reasons = "\n".join(f"#   {package.name}: {_one_line(package.why)}" for package in packages)
    names = " ".join(package.name for package in packages)
    prefix = f"{_secrets('ca')} \\\n    " if mounts else ""
    yield (
        f"# System packages\n{reasons}\n"
        f"RUN {prefix}apt-get update && \\\n"
        f"    apt-get install -y --no-install-recommends {names} && \\\n"
        "    rm -rf /var/lib/apt/lists/*"
    )


def _locked(file: str, pins: Sequence[Pin], *, mounts: bool) -> Iterator[str]:
    wheels = any(pin.wheel for pin in pins)
    hashed = all(pin.hashes for pin in pins)  # a lock that was made offline has none
    options = "--no-deps --require-hashes" if hashed else "--no-deps"
    comment = f"# The packages, at the versions and with the hashes of {file}\n" if hashed else \
        f"# The packages, at the versions of {file}, which was made offline and so has no hashes\n"  # fmt: skip
    # JupyterLab starts in each of its containers anew: compiled it does so in half of the time.
    compiled = " --compile-bytecode" if file == LAB_REQUIREMENTS else ""
    if pins and mounts:
        wheels_mount = "    --mount=type=bind,source=wheels,target=/wheels \\\n" if wheels else ""
        yield (
            f"{comment}"
            "RUN --mount=type=bind,from=uv,source=/uv,target=/uv \\\n"
            f"    --mount=type=bind,source={file},target=/{file} \\\n"
            f"{wheels_mount}"
            f"    --mount=type=bind,from={WHEELHOUSE.name},source={wheels_of(file)},target={WHEELHOUSE} \\\n"
            f"    {_secrets('uv', 'netrc', 'ca')} \\\n"
            f"    SSL_CERT_FILE={SECRET_TARGETS['ca']} \\\n"
            f"    /uv/bin/uv pip install --system --no-cache --link-mode=hardlink{compiled} {options} -r /{file}"
        )
    elif pins:
        copied = "COPY wheels/ /wheels/\n" if wheels else ""
        yield (
            f"{comment}{copied}"
            f"COPY {file} /{file}\n"
            f"RUN pip install --no-cache-dir --root-user-action=ignore {options} -r /{file}"
        )


def _variables(variables: Mapping[str, str]) -> str:
    return "ENV " + " \\\n    ".join(f"{key}={quoted(value)}" for key, value in sorted(variables.items()))


def _code(recipe: Recipe) -> str:
    arguments = f"\nCMD {json.dumps(recipe.arguments)}" if recipe.arguments else ""
    return (
        f"{_variables({**_ENVIRONMENT, **_import_path(recipe), **recipe.env})}\n\n"
        f"# The code; {_word(recipe.workdir)} is the notebook's folder\n"
        f"{_workdir(recipe)}COPY containerize/ {RUNNER_FOLDER}/\n"
        f"{_outside(recipe)}COPY {PROJECT_FOLDER}/ {PROJECT_ROOT}/\n"
        f"USER {recipe.user}\n"
        f"ENTRYPOINT {json.dumps(recipe.entrypoint)}{arguments}"
    )


def _kernel_code(recipe: Recipe) -> str:
    # ipykernel shows matplotlib's figures in the notebook where no other backend is set.
    kept = {name: value for name, value in _ENVIRONMENT.items() if name != "MPLBACKEND"}
    needs = recipe.requirements
    targets = [each.target for each in needs.local] + [each.target for each in needs.signs if not each.is_folder]
    inside = any((recipe.workdir / each).is_relative_to(PROJECT_ROOT) for each in targets)
    modules = f"COPY {PROJECT_FOLDER}/ {PROJECT_ROOT}/\n" if inside else ""
    return (
        f"{_variables({**kept, **_import_path(recipe), **recipe.env})}\n\n"
        f"# The modules that the code imports; {_word(recipe.workdir)} is the notebook's folder\n"
        f"{_workdir(recipe)}{_outside(recipe)}{modules}"
        f"USER {recipe.user}"
    )


def _import_path(recipe: Recipe) -> dict[str, str]:
    paths = recipe.requirements.paths
    return {"PYTHONPATH": ":".join(map(str, paths))} if paths else {}


def _workdir(recipe: Recipe) -> str:
    """Return the lines that make the notebook's folder, where any user may write as in the project's root.

    Folders that only show code where the root is are made beside it.
    """
    folders = [each for each in (*reversed(recipe.workdir.parents), recipe.workdir) if PROJECT_ROOT in each.parents]
    folders += [sign.target for sign in recipe.requirements.signs if sign.is_folder and sign.target not in folders]
    made = f"RUN install -d -m 1777 {shlex.join(map(str, folders))}\n" if folders else ""
    return f"{made}WORKDIR {_word(recipe.workdir)}\n"


def _word(path: PurePosixPath) -> str:
    return str(path) if re.fullmatch(r"[\w./-]+", str(path)) else quoted(str(path))


def _outside(recipe: Recipe) -> str:
    """Return the line that copies what is from outside of the project."""
    outside = any(not (recipe.workdir / each.target).is_relative_to(PROJECT_ROOT) for each in recipe.requirements.local)
    return f"COPY {OUTSIDE_FOLDER}/ /\n" if outside else ""


def _labels(labels: Mapping[str, str]) -> Iterator[str]:
    if labels:
        yield "LABEL " + " \\\n      ".join(f"{key}={quoted(value)}" for key, value in sorted(labels.items()))


def _secrets(*names: str) -> str:
    return " \\\n    ".join(f"--mount=type=secret,id={name},target={SECRET_TARGETS[name]}" for name in names)
