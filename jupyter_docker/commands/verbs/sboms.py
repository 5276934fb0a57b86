"""``sbom``: what is in an image, as a document for the programs that look for known weaknesses."""

from __future__ import annotations

from pathlib import Path

from jupyter_docker.commands.call import Call
from jupyter_docker.commands.verbs.image_runs import found_or_pulled
from jupyter_docker.engine import image_packages
from jupyter_docker.pipeline import build_image
from jupyter_docker.values import Finished, ImageReference, Sbom, UsageError, Warned, step


def sbom(call: Call) -> Sbom | Path:
    """Return the bill of materials of the image of a notebook, or of an image, or the file that -o says for it."""
    try:
        from jupyter_docker.image import make_sbom
    except ModuleNotFoundError as error:
        hint = "Install it: pip install 'jupyter-containerize[sbom]'"
        raise UsageError("`sbom` needs the package cyclonedx-python-lib, which is not here.", hint=hint) from error
    if call.request is None and not call.args.image:
        raise UsageError("Which image?", hint="Name a notebook or an image, as in `sbom analysis.ipynb`.")
    with call.connect() as engine:
        if call.request is not None:
            _, image = build_image(call.about.choices(), engine, call.defaults, call.emit)
        else:
            image = found_or_pulled(call, engine, ImageReference.parse(call.args.image))
        with step(call.emit, "stage", f"Listing what is in {image.reference}") as outcome:
            found = image_packages(engine, image)
            outcome.summary = f"{len(found.packages)} packages"
    for what in found.unread:
        hint = "It may have packages of another kind."
        call.emit(Warned(step="stage", message=f"'{image.reference}' has no list of {what}.", hint=hint))
    made = make_sbom(image, found)
    out: Path | None = call.args.output
    if out is None:
        return made
    out.write_text(made.text, encoding="utf-8", newline="\n")
    call.emit(Finished(summary=f"'{out}' says what is in the image.", facts={"image": str(image.reference)}))
    return out
