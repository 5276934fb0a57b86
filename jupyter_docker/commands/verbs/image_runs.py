"""Images in the place of a notebook: run one that was made before, here or elsewhere; pull one."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path, PurePosixPath

from jupyter_docker.advice import script_failure
from jupyter_docker.commands.call import Call
from jupyter_docker.commands.options.request import container_options
from jupyter_docker.commands.options.values import ContainerOptions, run_spec
from jupyter_docker.engine import (
    Engine,
    Running,
    describe,
    find_image,
    image_entrypoint,
    image_workdir,
    pull,
    read_image_file,
    start_detached,
)
from jupyter_docker.engine import run as run_container
from jupyter_docker.gate import Admitted
from jupyter_docker.notebook import parameter_arguments, run_arguments, script_of_text
from jupyter_docker.pipeline import describe_data, outputs_of
from jupyter_docker.values import (
    PROJECT_ROOT,
    ContainerizeError,
    Finished,
    Image,
    ImageReference,
    MissingError,
    RunResult,
    RunSpec,
    Script,
    UsageError,
    step,
)


def run_image(call: Call, name: str) -> RunResult | Running:
    """Run the image ``name``, pulled where the engine has none; what is mounted is what the person says.

    Raises ScriptFailedError with the container's status where it is not 0.
    """
    if call.args.mode == "notebook":
        raise UsageError("An image runs as a script.", hint="Name the notebook to run it cell by cell.")
    reference = ImageReference.parse(name)
    values = parameter_arguments(call.args.parameter, call.args.parameters_file)
    with call.connect() as engine:
        image = found_or_pulled(call, engine, reference)
        spec = image_spec(container_options(call.args), engine, image)
        script = script_of(engine, image)
        arguments = run_arguments(script.parameters, values) if script.name else tuple(_passed_on(values))
        spec = replace(spec, image=str(reference), command=arguments or None)
        if spec.detach:
            return start_detached(engine, spec, call.emit)
        return _run(call, engine, reference, script, spec)


def image_spec(said: ContainerOptions, engine: Engine, image: Image) -> RunSpec:
    """Return the container of an image as the person says; relative targets of mounts are below its working folder."""
    here, workdir = Path.cwd(), PurePosixPath(image_workdir(engine, image) or PROJECT_ROOT)
    return run_spec(said, Admitted(), start=here, folder=here, workdir=workdir)


def found_or_pulled(call: Call, engine: Engine, reference: ImageReference) -> Image:
    """Return the engine's image, pulled where it has none; raises BaseImageError.

    A bare name is no reason to pull: it is more likely that of a notebook, mistyped.
    """
    image = find_image(engine, str(reference))
    if image is not None:
        return image
    if not (reference.registry or reference.tag or reference.digest):
        raise MissingError(
            f"There is no notebook '{reference}.ipynb' here, and the engine has no image '{reference}'.",
            hint="Check the name, or name the image with its tag: NAME:TAG, REGISTRY/NAME:TAG.",
        )
    with step(call.emit, "pull", f"Pulling {reference}") as outcome:
        pull(engine, reference, platform=call.args.platform, emit=call.emit)
        image = find_image(engine, str(reference))
        if image is None:
            raise MissingError(f"The image '{reference}' was removed while it was pulled.")
        outcome.summary = f"{image.size / 1e6:,.0f} MB"
    return image


def fetch(call: Call) -> Image:
    """Pull an image, also where the engine has one of that name."""
    reference = ImageReference.parse(call.args.image)
    with call.connect() as engine, step(call.emit, "pull", f"Pulling {reference}") as outcome:
        pull(engine, reference, platform=call.args.platform, emit=call.emit)
        image = find_image(engine, str(reference))
        if image is None:
            raise MissingError(f"The image '{reference}' was removed while it was pulled.")
        outcome.summary = f"{image.size / 1e6:,.0f} MB"
    call.emit(Finished(summary=f"'{reference}' is here.", facts={"run it": f"jupyter containerize run {reference}"}))
    return image


def script_of(engine: Engine, image: Image) -> Script:
    """Return the script that the image's program runs; one without a name where it is not an image of ours."""
    entrypoint = image_entrypoint(engine, image)
    path = entrypoint[-1] if entrypoint and entrypoint[-1].endswith((".py", ".ipy")) else ""
    if not path:
        return script_of_text("", name="")
    try:
        text = read_image_file(engine, image.id, path).decode("utf-8", "replace")
    except ContainerizeError:
        return script_of_text("", name="")
    return script_of_text(text, name=Path(path).name)


def _passed_on(values: tuple[str, ...]) -> list[str]:
    return [part for word in values for part in ("-P", word)]


def _run(call: Call, engine: Engine, reference: ImageReference, script: Script, spec: RunSpec) -> RunResult:
    folder, grace = Path(call.defaults.log_folder), call.defaults.grace
    with step(call.emit, "run", f"Running {reference}{describe_data(spec)}", outputs=outputs_of(spec)) as outcome:
        result = run_container(engine, spec, log_folder=folder, emit=call.emit, grace=grace)
        if not result.ok:
            raise script_failure(script, result, spec, *describe(result, spec))
        if result.unsaved is not None:
            raise result.unsaved
        outcome.summary = "exit status 0"
    facts = {"image": str(reference), **({"log": str(result.log)} if result.log else {})}
    call.emit(Finished(summary=f"'{reference}' ran in its container.", facts=facts))
    return result
