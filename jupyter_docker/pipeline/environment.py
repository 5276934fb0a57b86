"""The environment to freeze, with what its running kernel is known to have loaded."""

from __future__ import annotations

from dataclasses import replace

from jupyter_docker.freeze import inspect_environment
from jupyter_docker.notebook import NotebookNode
from jupyter_docker.values import BuildChoices, Emit, Loaded, PythonEnvironment, Warned


def environment_of(choices: BuildChoices, notebook: NotebookNode) -> PythonEnvironment:
    """Return the environment to freeze: the one chosen, this process where it is the kernel, or the notebook's own."""
    if choices.python is not None or choices.live:
        return inspect_environment(python=choices.python, live=choices.live)
    environment = inspect_environment(kernel=choices.kernel or notebook.kernel or None)
    loaded = choices.loaded
    if loaded is None or not _is_of(environment, loaded):
        return environment
    return replace(environment, loaded=loaded.modules, libraries=loaded.libraries)


def _is_of(environment: PythonEnvironment, loaded: Loaded) -> bool:
    """Whether what a kernel has loaded came from ``environment``, and not from another one of the same machine."""
    return loaded.python.parent.resolve() == environment.executable.parent.resolve()


def warn_of_kernel(choices: BuildChoices, environment: PythonEnvironment, emit: Emit) -> None:
    """Say where what the notebook's running kernel has loaded can't count."""
    loaded = choices.loaded
    if loaded is None or (not loaded.problem and _is_of(environment, loaded)):
        return
    problem = loaded.problem or f"it runs '{loaded.python}', the notebook is frozen from '{environment.executable}'"
    hint = "What the cells import is frozen all the same. Run it again when the kernel is idle to have that added."
    emit(Warned(step="freeze", message=f"What the notebook's kernel has loaded is not known: {problem}.", hint=hint))
