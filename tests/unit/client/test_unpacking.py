"""A packed body is unpacked in small pieces, to its end or not at all."""

from __future__ import annotations

import gzip
import zlib

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st
from support.laws import for_every

from devin_tools.client.unpacking import PIECE, Unpacking
from devin_tools.errors import UnexpectedResponse


def unpacked(encoding: str, *chunks: bytes) -> bytes:
    unpacking = Unpacking(encoding)
    pieces = [piece for chunk in chunks for piece in unpacking.pieces(chunk)]
    unpacking.finish()
    assert all(len(piece) <= PIECE for piece in pieces)
    return b"".join(pieces)


@given(st.binary(max_size=2_000), st.integers(1, 200))
def test_what_was_packed_comes_out_whole_however_it_is_cut(text: bytes, size: int) -> None:
    packed = gzip.compress(text)
    assert unpacked(" GZIP ", *(packed[at : at + size] for at in range(0, len(packed), size))) == text


def test_a_few_packed_bytes_come_out_in_pieces_of_a_bounded_size() -> None:
    assert unpacked("gzip", gzip.compress(bytes(9 * PIECE))) == bytes(9 * PIECE)
    unpacking = Unpacking("gzip")
    first = next(unpacking.pieces(gzip.compress(bytes(40 * PIECE))))
    assert len(first) == PIECE


@for_every("encoding", lambda: ["", "identity"])
def test_what_is_not_packed_stays_as_it_is(encoding: str) -> None:
    assert unpacked(encoding, b"te", b"xt") == b"text"


@for_every("encoding", lambda: ["br", "zstd", "deflate", "gzip, gzip", "x-gzip", "nonsense"])
def test_a_way_that_was_not_asked_for_is_refused(encoding: str) -> None:
    with pytest.raises(UnexpectedResponse, match="not asked for"):
        Unpacking(encoding)


PACKED = gzip.compress(b"text" * 50)


@for_every(
    "packed",
    lambda: [b"no gzip", PACKED[:-9], PACKED[:12] + b"\xff\xff" + PACKED[14:], b"", zlib.compress(b"x")],
)
def test_a_broken_body_is_no_whole_answer(packed: bytes) -> None:
    with pytest.raises(httpx.DecodingError):
        unpacked("gzip", packed)


def test_what_follows_the_end_is_let_be() -> None:
    assert unpacked("gzip", PACKED + b"more", b"more") == b"text" * 50
