"""The engine's answers, held against what is read of them: what an engine may answer is not in our hands.

All of docker-py's JSON goes through one method; checked there, no reader needs to expect a missing field or another
type. A shape is a type, ``[shape]`` for a list, or a dictionary by key, in which "?" marks what may be missing or null
and "*" stands for every key. The fields are those of https://docs.docker.com/reference/api/engine/version/v1.44/ that
this package reads.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, TypeAlias

from jupyter_docker.values import EngineError

if TYPE_CHECKING:
    from requests import Response

Shape: TypeAlias = "type | list[Shape] | dict[str, Shape]"

_MAX_BYTES = 256 * 2**20
_PIECE = 2**20
_TEXTS: Shape = {"*": str}
_SIZED: Shape = {"Id": str, "SizeRw?": int, "SharedSize?": int}
_PORT: Shape = {"PrivatePort": int, "Type": str, "IP?": str, "PublicPort?": int}
_SHAPES: tuple[tuple[str, Shape], ...] = (
    (r"/version", {"ApiVersion": str, "Version": str, "Arch?": str, "Components?": [dict], "Platform?": dict}),
    (r"/info", {"SecurityOptions?": [str], "MemTotal?": int, "DriverStatus?": [list]}),
    (
        r"/containers/json",
        [
            {
                "Id": str, "Image": str, "ImageID": str, "State": str, "Status": str, "Created": int, "Names?": [str],
                "Labels?": _TEXTS, "Ports?": [_PORT],
            }
        ],
    ),
    (
        r"/containers/[^/]+/json",
        {
            "Id": str, "Name?": str, "State": dict, "Mounts?": [{"Destination": str}],
            "Config": {"Labels?": _TEXTS, "Env?": [str], "Tty?": bool, "WorkingDir?": str},
            "NetworkSettings?": {"Ports?": dict},
        },
    ),
    (r"/containers/[^/]+/wait", {"StatusCode": int}),
    (r"/containers/create", {"Id": str}),
    (r"/images/json", [{"Id": str, "Size": int, "RepoTags?": [str], "Labels?": _TEXTS}]),
    (
        r"/images/.+/json",
        {
            "Id": str, "Size": int, "RepoTags?": [str], "RepoDigests?": [str], "Created?": str, "Os?": str,
            "Architecture?": str, "Variant?": str, "Config?": {"Labels?": _TEXTS, "Env?": [str]},
        },
    ),
    (
        r"/system/df",
        {
            "Images?": [_SIZED], "Containers?": [_SIZED],
            "Volumes?": [{"Name": str, "Labels?": _TEXTS, "UsageData?": {"RefCount": int, "Size": int}}],
        },
    ),
)  # fmt: skip


def check_answers(api: Any) -> None:
    """Make a client raise EngineError for an answer that is too large, no JSON, or lacks what is read of it."""
    send, result = api.send, api._result  # noqa: SLF001 - the one way that all JSON takes

    def sent(request: Any, **options: Any) -> Response:
        response: Response = send(request, **{**options, "stream": True})
        if not options.get("stream"):
            response._content = _complete(response)  # noqa: SLF001 - where requests keeps what it has read
        return response

    def checked(response: Response, json: bool = False, binary: bool = False) -> Any:
        if not json:
            return result(response, json, binary)
        api._raise_for_status(response)  # noqa: SLF001 - as docker-py does
        return read_answer(str(response.url), response.content)

    vars(api).update(send=sent, _result=checked)


def read_answer(url: str, content: bytes) -> Any:
    """Return the JSON of an answer; raises EngineError where it is none, or not what the path of ``url`` promises."""
    from json import loads

    try:
        value = loads(content)
    except (ValueError, RecursionError) as error:
        raise nonsense("is no JSON") from error
    shape = shape_of(url)
    if shape is not None and not fits(value, shape):
        raise nonsense(f"to '{url.partition('?')[0].rpartition('/')[2]}' lacks what every engine says there")
    return value


def nonsense(what: str) -> EngineError:
    """Return the error of an engine whose answer ``what`` ("is no JSON")."""
    hint = (
        "Another program may listen at the engine's address, or a proxy changes what it says: `docker version` tells."
    )
    return EngineError(f"The container engine's answer {what}.", hint=hint)


def shape_of(url: str) -> Shape | None:
    """Return the shape of the answer to a request; None where nothing of it is read."""
    path = re.sub(r"^\w[\w+]*://[^/]*|\?.*", "", url)
    return next((shape for pattern, shape in _SHAPES if re.fullmatch(rf"(?:/v[\d.]+)?{pattern}", path)), None)


def fits(value: object, shape: Shape) -> bool:
    """Whether a JSON value has a shape."""
    if isinstance(shape, list):
        return isinstance(value, list) and all(fits(one, shape[0]) for one in value)
    if isinstance(shape, dict):
        return isinstance(value, dict) and all(_has(value, key, inner) for key, inner in shape.items())
    return isinstance(value, shape) and (shape is not int or _is_time_or_size(value)) and not _is_half_text(value)


def _has(value: dict[str, Any], key: str, shape: Shape) -> bool:
    if key == "*":
        return all(fits(one, shape) for one in value.values())
    found = value.get(key.rstrip("?"))
    return key.endswith("?") if found is None else fits(found, shape)


def _is_time_or_size(value: object) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and abs(value) < 2**53


def _is_half_text(value: object) -> bool:
    """Whether it is a text with half of a character, which no terminal, file or client takes."""
    return isinstance(value, str) and any("\ud800" <= character <= "\udfff" for character in value)


def _complete(response: Response) -> bytes:
    """Return the body; raises EngineError where it has no end in sight."""
    pieces, size = list[bytes](), 0
    for piece in response.iter_content(_PIECE):
        pieces.append(piece)
        size += len(piece)
        if size > _MAX_BYTES:
            response.close()
            raise nonsense(f"is longer than {_MAX_BYTES // 2**20} MiB")
    return b"".join(pieces)
