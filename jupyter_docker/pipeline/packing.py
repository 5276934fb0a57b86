"""Packs: an image, all that it is built from, and its data on request, in one file that needs no network."""

from __future__ import annotations

import json
import os
import shutil
import stat
import tarfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass
from pathlib import Path, PurePosixPath
from typing import Any

from jupyter_docker.engine import (
    Engine,
    find_image,
    load_images,
    name_refusal,
    printable,
    remove_image,
    save_images,
    tag_image,
)
from jupyter_docker.image import UV_TOML, stage_context
from jupyter_docker.pipeline.build_inputs import build_inputs
from jupyter_docker.values import (
    BuildChoices,
    Emit,
    Image,
    ImageReference,
    Mount,
    Recipe,
    UsageError,
    Warned,
    open_new,
    scratch_folder,
    slug,
    write_all,
)

_FORMAT = 1
_LIST, _IMAGE, _DATA = "pack.json", "image.tar", "data"
_TOPS = frozenset({_LIST, _IMAGE, _DATA, "context", "uv", "wheelhouse", "uv.toml"})
MAX_PACK = 2**37  # bytes of what is unpacked
_MAX_MEMBERS = 1_000_000
_MAX_NAMED = 10  # of what was left out
_PIECE = 1024 * 1024


@dataclass(frozen=True, kw_only=True)
class Pack:
    """What a pack says of itself.

    ``image`` is the image's reference, ``base`` what its Dockerfile calls the base and ``base_alias`` the name that the
    pack has it by: a tag that means another image here is left alone. ``data`` are pairs of a file or folder in the
    pack and where it belongs in the container.
    """

    image: str
    base: str = ""
    base_alias: str = ""
    data: tuple[tuple[str, str], ...] = ()

    @property
    def run_arguments(self) -> list[str]:
        """The words of ``run`` behind the image, typed in the unpacked folder."""
        return [word for source, target in self.data for word in ("-v", f"./{source}:{target}")]

    @property
    def build_arguments(self) -> list[str]:
        """The docker command that builds the image again, typed in the unpacked folder; none without a context."""
        if not self.base:
            return []
        contexts = ("uv=uv", "wheelhouse=wheelhouse", f"{self.base}=docker-image://{self.base_alias}")
        options = [word for each in contexts for word in ("--build-context", each)]
        return ["docker", "buildx", "build", "--network=none", *options, "--secret", "id=uv,src=uv.toml",
                "-t", f"{self.image}-rebuilt", "context"]  # fmt: skip


def write_pack(
    out: Path,
    image: Image,
    engine: Engine,
    emit: Emit,
    *,
    recipe: Recipe | None = None,
    choices: BuildChoices | None = None,
    data: Sequence[Mount] = (),
) -> Pack:
    """Write the pack of ``image`` to ``out``, whole or not at all; raises UsageError where that is there.

    Args:
        out: The new file.
        image: The image.
        engine: The engine that has it.
        emit: Called with each event.
        recipe: What the image was made from; without it the pack runs, and is not built again.
        choices: The user's choices for the image; there where ``recipe`` is.
        data: What of the container's data goes along.
    """
    if out.exists():
        raise UsageError(f"'{out}' is there already.", hint="Name a file that does not exist yet.")
    named = tuple((f"{_DATA}/{number}", str(mount.target)) for number, mount in enumerate(data))
    with scratch_folder(out.absolute().parent) as scratch, _base_alias(engine, recipe) as alias:
        pack = Pack(image=str(image.reference), base=str(recipe.base) if recipe else "", base_alias=alias, data=named)
        save_images(engine, [pack.image, *([alias] if alias else [])], scratch / _IMAGE)
        written = scratch / "pack.tar"
        with tarfile.open(written, "x") as archive:
            _add_text(archive, scratch, _LIST, json.dumps({"format": _FORMAT, **asdict(pack)}, indent=1))
            _add(archive, scratch / _IMAGE, _IMAGE)
            left_out = [
                each
                for (name, _), mount in zip(named, data, strict=True)
                for each in _add(archive, Path(mount.source).resolve(), name)
            ]
            if recipe is not None and choices is not None:
                stage_context(recipe, scratch / "context")
                _add(archive, scratch / "context", "context")
                with build_inputs(choices, engine, recipe, emit) as inputs:
                    for stage, folder in inputs.contexts.items():
                        _add(archive, folder, stage)
                _add_text(archive, scratch, "uv.toml", UV_TOML)
        written.rename(out)
    if left_out:
        emit(_left_out(left_out))
    return pack


@contextmanager
def _base_alias(engine: Engine, recipe: Recipe | None) -> Iterator[str]:
    """Give the base image a name of the pack's own for as long as it is saved."""
    if recipe is None:
        yield ""
        return
    base = find_image(engine, str(recipe.base))
    if base is None:
        raise UsageError(f"The engine has no '{recipe.base}' any more.", hint="Build the notebook again.")
    alias = ImageReference(
        repository=f"{slug(recipe.base.repository)}-packed", tag=base.id.removeprefix("sha256:")[:12]
    )
    tag_image(engine, base, alias)
    try:
        yield str(alias)
    finally:
        remove_image(engine, str(alias), scope="all")


def _add_text(archive: tarfile.TarFile, scratch: Path, name: str, text: str) -> None:
    (scratch / name).write_text(text, encoding="utf-8")
    _add(archive, scratch / name, name)


def _add(archive: tarfile.TarFile, source: Path, name: str) -> list[Path]:
    """Add a file, or a folder with what is in it, without whose it is; return what is neither, and left out.

    A file of several names is as many files, since a link could lead anywhere for who unpacks it.
    """
    status = source.lstat()
    member = tarfile.TarInfo(name)
    member.mode, member.mtime = stat.S_IMODE(status.st_mode), int(status.st_mtime)
    if stat.S_ISDIR(status.st_mode):
        member.type = tarfile.DIRTYPE
        archive.addfile(member)
        return [each for path in sorted(source.iterdir()) for each in _add(archive, path, f"{name}/{path.name}")]
    if not stat.S_ISREG(status.st_mode):
        return [source]
    member.size = status.st_size
    with source.open("rb") as file:
        archive.addfile(member, file)
    return []


def _left_out(paths: Sequence[Path]) -> Warned:
    names = ", ".join(f"'{printable(path)}'" for path in paths[:_MAX_NAMED])
    more = f" and {len(paths) - _MAX_NAMED} more" if len(paths) > _MAX_NAMED else ""
    return Warned(
        step="stage",
        message=f"The pack has no links and devices, so these are not in it: {names}{more}.",
        hint="Put the file itself in the place of a link to it, if the notebook reads it there.",
    )


def read_pack(path: Path, folder: Path, engine: Engine) -> Pack:
    """Unpack the file into the new ``folder``, and load its image; raises UsageError for what no pack has.

    What the file says is anyone's word: only plain files and folders come out of it, below the folder, and only images
    by its own names into the engine. The folder is there when all of it is.

    Args:
        path: The file, as `pack` writes it.
        folder: A folder that does not exist yet.
        engine: The engine to load the image into.
    """
    if folder.exists():
        raise UsageError(f"'{folder}' is there already.", hint="Name a folder that does not exist yet: unpack FILE DIR")
    with scratch_folder(folder.absolute().parent) as scratch:
        fresh = scratch / "unpacked"
        fresh.mkdir()
        _extract(path, fresh)
        pack = _pack_of(fresh / _LIST)
        load_images(engine, fresh / _IMAGE, allowed={pack.image, pack.base_alias})
        (fresh / _IMAGE).unlink()
        fresh.chmod(0o755)
        fresh.rename(folder)
    return pack


def _extract(path: Path, into: Path) -> None:
    size = count = 0
    try:
        with tarfile.open(path) as archive:
            for member in archive:
                size, count = size + member.size, count + 1
                _check(member)
                if size > MAX_PACK or count > _MAX_MEMBERS:
                    raise UsageError(f"'{path}' holds more than a pack may.", hint="Do not use it.")
                if not _has_space(into, member.size):
                    raise UsageError(f"There is no room for what '{path}' holds.", hint="Free disk space first.")
                _write(archive, member, into / member.name)
    except (tarfile.TarError, EOFError, ValueError) as error:
        raise UsageError(f"'{path}' is damaged, or no pack: {error}", hint="Pack it again.") from error
    except OSError as error:
        raise UsageError(f"'{path}' can't be unpacked: {error.strerror or error}", hint="Check the path.") from error


def _check(member: tarfile.TarInfo) -> None:
    name = PurePosixPath(member.name)
    if (
        name_refusal(name)
        or name.parts[0] not in _TOPS
        or not (member.isreg() or member.isdir())
        or member.sparse is not None
    ):
        raise UsageError(f"The pack has a member {member.name!r}, which no pack has.", hint="Do not use it.")


def _write(archive: tarfile.TarFile, member: tarfile.TarInfo, target: Path) -> None:
    """Write a checked member; the earliest Pythons have no filter that would, and no link is ever in the way."""
    folder = target if member.isdir() else target.parent
    folder.mkdir(parents=True, exist_ok=True)
    if member.isdir() or (content := archive.extractfile(member)) is None:
        return
    with open_new(target) as file:
        while piece := content.read(_PIECE):
            write_all(file, piece)
    target.chmod(member.mode & (0o755 if member.mode & 0o100 else 0o644) | 0o600)
    with suppress(OSError, OverflowError, ValueError):
        os.utime(target, (member.mtime, member.mtime))


def _has_space(folder: Path, size: int) -> bool:
    return shutil.disk_usage(folder).free > size


def _pack_of(path: Path) -> Pack:
    try:
        found: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
        if found.pop("format") != _FORMAT:
            raise UsageError("The pack is of a later version.", hint="Upgrade jupyter-containerize.")
        data = tuple((_plain(source), _plain(target)) for source, target in found.pop("data"))
        pack = Pack(**{name: str(text) for name, text in found.items()}, data=data)
        for reference in filter(None, (pack.image, pack.base, pack.base_alias)):
            ImageReference.parse(reference)
    except (OSError, ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        raise UsageError("The pack does not say what it holds.", hint="Pack it again.") from error
    return pack


def _plain(text: object) -> str:
    """Return a path of the pack's list; raises ValueError where a mount would read it as something else."""
    if not isinstance(text, str) or not text.isprintable() or ":" in text or ".." in PurePosixPath(text).parts:
        raise ValueError(text)
    return text
