"""The program of an image: ``python run_task.py SCRIPT [-P NAME=VALUE …]``, or any command in its place.

It is copied into the image beside the modules that it imports, so it needs the standard library of Python 3.9 alone.
A script without values starts at once: what reads values is imported only for them. The script runs as ``__main__`` of
this very process, with its own lines in tracebacks, as ``python SCRIPT`` runs it.
"""

from __future__ import annotations

import os
import sys

TYPE_CHECKING = False  # importing typing would take longer than all of this
if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from types import ModuleType, TracebackType
    from typing import Any

_RECORDS = "CONTAINERIZE_RECORDS"
_VALUES = ("CONTAINERIZE_PARAMETERS", "CONTAINERIZE_TABLE", _RECORDS)
_USAGE, _NOT_EXECUTABLE, _NOT_FOUND = 2, 126, 127


def main(script: str, words: list[str]) -> str | int | None:
    """Run the script, or the command that ``words`` are; return the exit status, as ``sys.exit`` takes it."""
    name_user()
    if words and not words[0].startswith("-"):
        return execute(words)
    if not words and not any(map(os.environ.get, _VALUES)):
        return run(script, {})
    parameters = parameters_module()
    with open(script, encoding="utf-8") as file:
        text = file.read()
    if {"-h", "--help"}.intersection(words):
        sys.stdout.write(parameters.help_text(os.path.basename(script), text))
        return 0
    record = None
    try:
        if os.environ.get(_RECORDS):
            record = record_module().TaskRecord(script, text)
        values = parameters.values_of(text, words, os.environ)
    except parameters.ParameterError as error:
        sys.stderr.write(f"error: {error}\n")
        if record is not None:
            record.failed(error)
        return _USAGE
    return run(script, values) if record is None else run_recorded(script, values, record)


def parameters_module() -> ModuleType:
    """Return the module beside this one; the script may have one of its name."""
    import script_parameters  # type: ignore[import-not-found]  # beside this file in the image

    return sys.modules.pop("script_parameters", script_parameters)


def record_module() -> ModuleType:
    """Return the module beside this one, which imports that of the parameters for itself."""
    import task_record  # type: ignore[import-not-found]

    sys.modules.pop("script_parameters", None)
    return sys.modules.pop("task_record", task_record)


def run_recorded(script: str, values: Mapping[str, Any], record: Any) -> str | int | None:
    """Run the script, whose end is noted in the task's record."""
    record.parameters = values
    try:
        return run(script, values, record.failed)
    except BaseException as error:
        record.failed(error)
        raise


def execute(words: list[str]) -> int:
    """Become that command, found as a shell finds it; return the status that a shell gives where it can't be run."""
    try:
        os.execvp(words[0], words)
    except OSError as error:
        sys.stderr.write(f"error: '{words[0]}' can't be run in this image: {error.strerror}\n")
        return _NOT_FOUND if isinstance(error, FileNotFoundError) else _NOT_EXECUTABLE


def name_user() -> None:
    """Give a user whom the image does not know a name: ``getpass.getuser()`` and ``pwd.getpwuid()`` work for any."""
    import pwd

    uid, known = os.getuid(), pwd.getpwuid
    try:
        entry = known(uid)
    except KeyError:
        entry = pwd.struct_passwd(("user", "x", uid, os.getgid(), "", os.environ.get("HOME") or "/", "/bin/sh"))
        pwd.getpwuid = lambda wanted: entry if wanted == uid else known(wanted)
    os.environ.setdefault("USER", entry.pw_name)
    os.environ.setdefault("LOGNAME", entry.pw_name)


def run(
    script: str, values: Mapping[str, Any], failed: Callable[[BaseException], object] = lambda _: None
) -> str | int | None:
    """Run the script in its own folder, as a notebook does, with ``values`` set behind its parameters.

    An error that ends it is raised or, where IPython shows it, given to ``failed``.
    """
    os.chdir(os.path.dirname(script) or ".")  # engines of clusters start a container in another folder
    if script.endswith(".ipy"):
        from run_cells import main as run_cells  # type: ignore[import-not-found]

        return run_cells(script, values, failed)  # type: ignore[no-any-return]
    return run_python(script, values)


def run_python(path: str, values: Mapping[str, Any]) -> int:
    """Run the script in ``path`` as ``python path`` does."""
    with open(path, "rb") as file:
        source = file.read()
    parameters = parameters_module() if values else None
    module = type(sys)("__main__")
    namespace = vars(module)
    namespace.update(__file__=path, __builtins__=__builtins__, __cached__=None)
    sys.modules["__main__"], sys.argv, sys.path[0] = module, [os.path.basename(path)], os.path.dirname(path)
    sys.excepthook = show_own_frames
    if parameters is None:
        exec(compile(source, path, "exec", dont_inherit=True), namespace)
    else:
        run_in_two(source, path, parameters, namespace, values)
    return 0


def run_in_two(
    source: bytes, path: str, parameters: ModuleType, namespace: dict[str, Any], values: Mapping[str, Any]
) -> None:
    """Run the script up to its parameters, set ``values``, run the rest; values that were injected before give way."""
    import __future__

    import ast

    text = source.decode()
    end = parameters.parameters_part(text).end
    injected = [part for part in parameters.read_parts(text) if parameters.INJECTED_TAG in (part.name, *part.tags)]
    lines = {line for part in injected for line in range(part.line, part.end + 1)}
    body = [node for node in ast.parse(source, path).body if node.lineno not in lines]
    head = ast.Module([node for node in body if node.lineno <= end], [])
    rest = ast.Module([node for node in body if node.lineno > end], [])
    code = compile(head, path, "exec", dont_inherit=True)
    flags = 0
    for name in __future__.all_feature_names:
        flags |= code.co_flags & getattr(__future__, name).compiler_flag
    exec(code, namespace)
    namespace.update(values)
    exec(compile(rest, path, "exec", flags=flags, dont_inherit=True), namespace)


def show_own_frames(kind: type[BaseException], error: BaseException, traceback: TracebackType | None) -> None:
    """Show an error without the frames of this file, as ``python SCRIPT`` would."""
    while traceback is not None and traceback.tb_frame.f_code.co_filename == __file__:
        traceback = traceback.tb_next
    sys.__excepthook__(kind, error.with_traceback(traceback), traceback)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1], sys.argv[2:]))
