"""The verbs that act on images and on the engine: images, prune, doctor."""

from __future__ import annotations

from pathlib import Path

from jupyter_docker.commands.call import Call
from jupyter_docker.doctor import Check, examine, wanted_base
from jupyter_docker.engine import (
    Engine,
    PrunePlan,
    build_cache_size,
    disk_usage,
    list_images,
    plan_prune,
    prune,
    pull,
)
from jupyter_docker.kernel import registered_kernels
from jupyter_docker.values import Finished, Image, ImageReference, step


def images(call: Call) -> tuple[Image, ...]:
    """Return the images that this user made; with --any-owner everybody's, with --all every image there is."""
    with call.connect() as engine:
        return list_images(engine, scope="all" if call.args.all else "made" if call.args.any_owner else "own")


def free(call: Call) -> PrunePlan:
    """Say what can be freed, and free it if the person agrees."""
    with call.connect() as engine:
        plan = prunable(engine, any_owner=call.args.any_owner, build_cache=call.args.build_cache)
        cache = 0 if call.args.build_cache else build_cache_size(disk_usage(engine))
        facts = {"build cache": f"{_megabytes(cache)} more, freed by --build-cache"} if cache else {}
        if not plan:
            call.emit(Finished(summary="There is nothing to free.", facts=facts))
        elif call.args.force or call.confirm(_question(plan)):
            _prune(call, engine, plan)
            call.emit(Finished(summary="What was not in use is freed.", facts=facts))
    return plan


def _prune(call: Call, engine: Engine, plan: PrunePlan) -> None:
    prune(engine, plan, call.emit, log_folder=Path(call.defaults.log_folder))


def prunable(engine: Engine, *, any_owner: bool = False, build_cache: bool = False) -> PrunePlan:
    """Return what can be freed, the images of registered kernels excepted.

    Args:
        engine: The engine to look at.
        any_owner: Whether what other users made counts too.
        build_cache: Whether the engine's build cache counts too.
    """
    keep = {kernel.image for kernel in registered_kernels()}
    return plan_prune(engine, keep=keep, any_owner=any_owner, build_cache=build_cache)


def doctor(call: Call) -> tuple[Check, ...]:
    """Return every check of the engine and of what a build needs; with --fix once what can be mended here is mended."""
    base = ImageReference.parse(call.args.base) if call.args.base else None
    endpoint = call.args.engine or call.defaults.engine or None
    checks = (*examine(endpoint, base=base), *_outputs(call))
    if not call.args.fix:
        return checks
    mended = [_mended(call, check, wanted_base(base)) for check in checks if check.repair]
    return (*examine(endpoint, base=base), *_outputs(call)) if any(mended) else checks


def _outputs(call: Call) -> tuple[Check, ...]:
    """Return the check of the notebook that is named, if any."""
    if call.request is None:
        return ()
    from jupyter_docker.commands.verbs.stamps import outputs_check

    return (outputs_check(call),)


def _mended(call: Call, check: Check, base: ImageReference) -> bool:
    """Whether something was done about the check: what only adds is done, what removes is asked first."""
    with call.connect() as engine:
        if check.repair == "pull":
            with step(call.emit, "pull", f"Pulling {base}"):
                pull(engine, base, platform=f"linux/{engine.architecture}", emit=call.emit)
            return True
        plan = prunable(engine, build_cache=True)
        if not plan or not (call.args.force or call.confirm(_question(plan))):
            return False
        _prune(call, engine, plan)
        return True


def _question(plan: PrunePlan) -> str:
    saved = "\nWhat the runs in the containers wrote outside their mounts is saved first." if plan.containers else ""
    names = "".join(f"\n  {one.name}  {_megabytes(one.size)}" for one in plan.items)
    whose = "\nThe build cache is of everybody who builds on this engine; what was in it is built anew." * bool(
        plan.build_cache
    )
    return f"To be removed: {plan.describe()}{names}{saved}{whose}"


def _megabytes(size: int) -> str:
    return f"{size / 1e6:,.0f} MB"
