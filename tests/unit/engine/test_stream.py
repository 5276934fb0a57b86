"""The engine's multiplexed stream taken apart, cut anywhere; and bytes as text."""

from __future__ import annotations

import itertools

from hypothesis import given
from hypothesis import strategies as st

from jupyter_docker.engine.containers.stream import Demultiplexer, TextDecoder, complete_lines, frame
from jupyter_docker.values.events import Stream

_NUMBERS: dict[Stream, int] = {"stdout": 1, "stderr": 2}
_PRINTED = st.lists(st.tuples(st.sampled_from(sorted(_NUMBERS)), st.binary(max_size=40)), max_size=12)


def pieces(data: bytes, cuts: list[int]) -> list[bytes]:
    """Return ``data`` cut at those places."""
    edges = [0, *sorted({cut % (len(data) + 1) for cut in cuts}), len(data)]
    return [data[start:end] for start, end in itertools.pairwise(edges)]


def joined(printed: list[tuple[Stream, bytes]]) -> list[tuple[Stream, bytes]]:
    """Return it with neighbours of one stream joined and nothing empty."""
    groups = itertools.groupby((one for one in printed if one[1]), key=lambda one: one[0])
    return [(stream, b"".join(data for _, data in group)) for stream, group in groups]


def test_a_frame_is_what_the_engine_documents() -> None:
    assert frame(2, b"oh") == b"\x02\x00\x00\x00\x00\x00\x00\x02oh"


@given(_PRINTED, st.lists(st.integers(min_value=0), max_size=20))
def test_payloads_come_out_whole_and_in_order_however_the_stream_is_cut(
    printed: list[tuple[Stream, bytes]], cuts: list[int]
) -> None:
    demultiplexer = Demultiplexer()
    data = b"".join(frame(_NUMBERS[stream], payload) for stream, payload in printed)
    found = [run for piece in pieces(data, cuts) for run in demultiplexer.feed(piece)]
    assert joined(found) == joined(printed)


def test_neighbours_of_one_stream_are_one_run() -> None:
    data = frame(1, b"a") + frame(1, b"b") + frame(2, b"c") + frame(1, b"d")
    assert Demultiplexer().feed(data) == [("stdout", b"ab"), ("stderr", b"c"), ("stdout", b"d")]


def test_a_payload_is_given_as_far_as_it_came() -> None:
    demultiplexer = Demultiplexer()
    whole = frame(1, b"x" * 1000)
    assert demultiplexer.feed(whole[:508]) == [("stdout", b"x" * 500)]
    assert demultiplexer.feed(whole[508:]) == [("stdout", b"x" * 500)]


@given(st.text(), st.text(), st.lists(st.integers(min_value=0), max_size=20))
def test_characters_that_are_cut_in_two_are_put_together(out: str, err: str, cuts: list[int]) -> None:
    decoder = TextDecoder()
    found: dict[Stream, str] = {"stdout": "", "stderr": ""}
    for one, other in itertools.zip_longest(pieces(out.encode(), cuts), pieces(err.encode(), cuts), fillvalue=b""):
        found["stdout"] += decoder.feed("stdout", one)
        found["stderr"] += decoder.feed("stderr", other)
    assert (found, decoder.close()) == ({"stdout": out, "stderr": err}, [])


@given(st.binary(), st.lists(st.integers(min_value=0), max_size=20))
def test_what_is_not_utf8_is_replaced_as_in_one_go(data: bytes, cuts: list[int]) -> None:
    decoder = TextDecoder()
    text = "".join(decoder.feed("stdout", piece) for piece in pieces(data, cuts))
    assert text + "".join(rest for _, rest in decoder.close()) == data.decode("utf-8", "replace")


def test_carriage_returns_and_colours_are_left_alone() -> None:
    bar = "\r 50%|█████     | 5/10\x1b[31m red\x1b[0m\r\n"
    assert TextDecoder().feed("stderr", bar.encode()) == bar


@given(st.lists(st.tuples(st.sampled_from(["stdout", "stderr"]), st.binary(min_size=1, max_size=6))))
def test_whole_lines_loses_nothing_of_either_stream(runs: list[tuple[Stream, bytes]]) -> None:
    found = complete_lines(runs)
    for stream in ("stdout", "stderr"):
        assert b"".join(data for one, data in found if one == stream) == b"".join(
            data for one, data in runs if one == stream
        )


def test_whole_lines_puts_a_line_that_was_cut_together() -> None:
    late: list[tuple[Stream, bytes]] = [("stderr", b"back"), ("stdout", b"end")]
    runs: list[tuple[Stream, bytes]] = [("stdout", b"mean"), ("stderr", b"Trace\n"), ("stdout", b" 2.5\nnext\n"), *late]
    assert complete_lines(runs) == [("stdout", b"mean 2.5\n"), ("stderr", b"Trace\n"), ("stdout", b"next\n"), *late]
