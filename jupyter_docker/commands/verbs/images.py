"""The verbs that act on images and on the engine: images, prune, doctor."""

from __future__ import annotations

from jupyter_docker.commands.call import Call
from jupyter_docker.doctor import Check, examine
from jupyter_docker.engine import Engine, PrunePlan, list_images, plan_prune, prune
from jupyter_docker.kernel import registered_kernels
from jupyter_docker.values import Finished, Image, ImageReference


def images(call: Call) -> tuple[Image, ...]:
    """Return the images made here; with --all every image there is."""
    with call.connect() as engine:
        return list_images(engine, all=call.args.all)


def free(call: Call) -> PrunePlan:
    """Say what can be freed, and free it if the person agrees."""
    with call.connect() as engine:
        plan = prunable(engine, any_owner=call.args.any_owner)
        if not plan:
            call.emit(Finished(summary="There is nothing to free.", facts={}))
        elif call.args.force or call.confirm(_question(plan)):
            prune(engine, plan, call.emit)
    return plan


def prunable(engine: Engine, *, any_owner: bool = False) -> PrunePlan:
    """Return what can be freed, the images of registered kernels excepted."""
    return plan_prune(engine, keep={kernel.image for kernel in registered_kernels()}, any_owner=any_owner)


def doctor(call: Call) -> tuple[Check, ...]:
    """Return every check of the engine and of what a build needs."""
    base = ImageReference.parse(call.args.base) if call.args.base else None
    return examine(call.args.engine or call.defaults.engine or None, base=base)


def _question(plan: PrunePlan) -> str:
    ones = (*plan.containers, *plan.images, *plan.caches)
    names = "".join(f"\n  {one.name}  {one.size / 1e6:,.0f} MB" for one in ones)
    return f"To be removed: {plan.describe()}{names}"
