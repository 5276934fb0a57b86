"""``pack`` and ``unpack``: an image with all that it needs as one file."""

from __future__ import annotations

import shlex
from pathlib import Path

from jupyter_docker.commands.call import Call
from jupyter_docker.commands.verbs.image_runs import found_or_pulled
from jupyter_docker.engine import Engine
from jupyter_docker.pipeline import Pack, build_image, container_spec, read_pack, write_pack
from jupyter_docker.values import Finished, ImageReference, UsageError, slug, step


def pack(call: Call) -> Path:
    """Write the image of a notebook, or an image, with what it is built from, and its data with --with-data."""
    stem = call.source.stem if call.request is not None else ImageReference.parse(call.args.image or "").repository
    out = call.args.output or Path(f"{slug(stem.rpartition('/')[2])}.pack.tar")
    outputs = (str(out.absolute()),)
    with call.connect() as engine, step(call.emit, "stage", f"Packing {out}", outputs=outputs) as outcome:
        written = _of_notebook(call, engine, out) if call.request is not None else _of_image(call, engine, out)
        outcome.summary = f"{out.stat().st_size / 1e6:,.0f} MB"
    facts = {"image": written.image, "unpack it": f"jupyter containerize unpack {shlex.quote(out.name)}"}
    call.emit(Finished(summary=f"'{out}' holds the image and what it needs.", facts=facts))
    return out


def _of_notebook(call: Call, engine: Engine, out: Path) -> Pack:
    choices = call.about.choices()
    recipe, image = build_image(choices, engine, call.defaults, call.emit)
    spec = container_spec(call.about.spec_without_variables(), choices, recipe, image.reference)
    data = [mount for mount in spec.mounts if mount.kind == "bind" and Path(mount.source).exists()]
    return write_pack(
        out, image, engine, call.emit, recipe=recipe, choices=choices, data=data if call.args.with_data else ()
    )


def _of_image(call: Call, engine: Engine, out: Path) -> Pack:
    if call.args.with_data:
        raise UsageError("An image does not say where its data is.", hint="Name the notebook.")
    image = found_or_pulled(call, engine, ImageReference.parse(call.args.image))
    return write_pack(out, image, engine, call.emit)


def unpack(call: Call) -> Path:
    """Load the image of a pack, and put what it is built from, and its data, into a new folder."""
    path = call.args.file
    folder = call.args.folder or Path(path.name.removesuffix(".tar").removesuffix(".pack"))
    with call.connect() as engine, step(call.emit, "stage", f"Unpacking {path}", outputs=(str(folder.absolute()),)):
        found = read_pack(path, folder, engine)
    facts = {
        "folder": str(folder),
        "run it, there": shlex.join(["jupyter", "containerize", "run", found.image, *found.run_arguments]),
        **({"build it again, there": shlex.join(found.build_arguments)} if found.base else {}),
    }
    call.emit(Finished(summary=f"'{found.image}' is here.", facts=facts))
    return folder
