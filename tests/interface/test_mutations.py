"""Whatever arrives is a call or is refused as none; a zip is sound or has its code. Nothing else may happen."""

from __future__ import annotations

import io
from collections import Counter
from contextlib import suppress

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from interface import codec
from interface.codec import PayloadError
from interface.soap import NotACall, read_call
from tests.interface import calling

ENVELOPE = calling.envelope("isp_upload", {"ispID": "1", "beianInfo": "QUJDREVG", "userName": "用户"})
ZIP = codec.pack_zip(b"<UploadData>" + b"x" * 300, "a.xml")

PAYLOADS = frozenset({"beianInfo"})

edits = st.lists(
    st.tuples(
        st.floats(0, 1, exclude_max=True),
        st.integers(0, 8),
        st.one_of(st.binary(max_size=4), st.sampled_from([b"<", b">", b":", b"}", b"&", b"\0", b"\xff", b"s:Body"])),
    ),
    min_size=1,
    max_size=6,
)
many = settings(max_examples=1500, deadline=None, suppress_health_check=list(HealthCheck))


def mutated(original: bytes, changes: list[tuple[float, int, bytes]]) -> bytes:
    """Replace some bytes at some places by others."""
    data = bytearray(original)
    for place, length, new in changes:
        at = int(place * len(data))
        data[at : at + length] = new
    return bytes(data)


@many
@given(edits)
def test_a_mutated_envelope(changes: list[tuple[float, int, bytes]]) -> None:
    with suppress(NotACall), read_call(io.BytesIO(mutated(ENVELOPE, changes)), payloads=PAYLOADS) as call:
        assert call.operation


@many
@given(edits)
def test_a_mutated_zip(changes: list[tuple[float, int, bytes]]) -> None:
    assert _verdict(mutated(ZIP, changes)) in {0, 8, 17, 18}


def test_the_mutations_reach_both_sides() -> None:
    """A guard of the two above: some mutations leave the original sound, most do not."""
    seen = Counter(_verdict(mutated(ZIP, [(place / 400, 1, b"\x01")])) for place in range(400))
    assert min(seen[0], seen[8]) > 10


def _verdict(data: bytes) -> int:
    """The code that a zip is answered with, 0 where it is sound."""
    try:
        codec.inspect(io.BytesIO(data))
    except PayloadError as error:
        return error.code
    return 0
