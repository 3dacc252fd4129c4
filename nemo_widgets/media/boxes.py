"""The boxes of an MP4 file (ISO/IEC 14496-12): those that a fragment needs, written, and those of its start, read."""

import struct
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

_CONTAINERS = frozenset({b"moov", b"trak", b"mdia", b"minf", b"stbl", b"mvex"})
_MATRIX = struct.pack(">9i", 0x10000, 0, 0, 0, 0x10000, 0, 0, 0, 0x40000000)
_SYNC = 0x02000000
_NOT_SYNC = 0x01010000
_SAMPLE_FLAGS = 0x0F01  # data offset; duration, size, flags and composition offset of each sample
_BASE_IS_MOOF = 0x020000


@dataclass(frozen=True, slots=True)
class Sample:
    """A coded frame of picture or sound, in ticks of its track on the clip's timeline.

    Attributes
    ----------
    data : bytes
        As it stands in the file.
    decode, start : int
        When it is decoded and when it is shown; the first may be the later one.
    duration : int
        Until the next one is decoded.
    is_sync : bool
        Whether decoding can begin here.
    whole : bool
        Whether all that is shown before is decoded before: a stream can be cut in front of it.
    """

    data: bytes
    decode: int
    start: int
    duration: int
    is_sync: bool = True
    whole: bool = True


@dataclass(frozen=True, slots=True)
class Box:
    """A box: its four letters, and where its content stands in the bytes that were walked."""

    kind: bytes
    begin: int
    end: int


def fragment(number: int, tracks: Sequence[tuple[int, Sequence[Sample]]]) -> bytes:
    """Return one movie fragment: ``moof`` and ``mdat``.

    Parameters
    ----------
    number : int
        Its place in the sequence of fragments, from 1.
    tracks : sequence of (int, sequence of Sample)
        Track ids with their samples in decoding order; those without samples are left out.
    """
    tracks = [(track, samples) for track, samples in tracks if samples]
    headers = _moof(number, tracks, 0)
    moof = _moof(number, tracks, len(headers) + 8)
    data = [sample.data for _, samples in tracks for sample in samples]
    size = 8 + sum(map(len, data))
    return b"".join((moof, struct.pack(">I4s", size, b"mdat"), *data))


def _moof(number: int, tracks: Sequence[tuple[int, Sequence[Sample]]], data_at: int) -> bytes:
    parts = [_full(b"mfhd", 0, 0, struct.pack(">I", number))]
    for track, samples in tracks:
        head = _full(b"tfhd", 0, _BASE_IS_MOOF, struct.pack(">I", track))
        time = _full(b"tfdt", 1, 0, struct.pack(">Q", samples[0].decode))
        parts.append(_box(b"traf", head + time + _trun(samples, data_at)))
        data_at += sum(len(sample.data) for sample in samples)
    return _box(b"moof", b"".join(parts))


def _trun(samples: Sequence[Sample], data_at: int) -> bytes:
    rows = b"".join(
        struct.pack(
            ">IIIi",
            sample.duration,
            len(sample.data),
            _SYNC if sample.is_sync else _NOT_SYNC,
            sample.start - sample.decode,
        )
        for sample in samples
    )
    return _full(b"trun", 1, _SAMPLE_FLAGS, struct.pack(">Ii", len(samples), data_at) + rows)


def _full(kind: bytes, version: int, flags: int, content: bytes) -> bytes:
    return _box(kind, struct.pack(">I", version << 24 | flags) + content)


def _box(kind: bytes, content: bytes) -> bytes:
    return struct.pack(">I4s", len(content) + 8, kind) + content


def walk(data: bytes, begin: int = 0, end: int | None = None) -> Iterator[Box]:
    """Go through the boxes of `data` and those inside them, in order."""
    end = len(data) if end is None else end
    while begin + 8 <= end:
        size, kind = struct.unpack_from(">I4s", data, begin)
        if size < 8 or begin + size > end:
            return
        yield Box(kind, begin + 8, begin + size)
        if kind in _CONTAINERS:
            yield from walk(data, begin + 8, begin + size)
        begin += size


def sample_entries(init: bytes) -> list[tuple[bytes, bytes]]:
    """Return what each track of an initialisation segment holds: the entry's four letters, and all of its content."""
    entries = []
    for box in walk(init):
        if box.kind == b"stsd":
            entry = next(walk(init, box.begin + 8, box.end))  # after version, flags and count
            entries.append((entry.kind, init[entry.begin : entry.end]))
    return entries


def with_timescales(init: bytes, timescales: Sequence[int]) -> bytes:
    """Return an initialisation segment whose tracks count in these ticks a second, and are not turned."""
    data = bytearray(init)
    scales = iter(timescales)
    for box in walk(init):
        wide = init[box.begin] == 1 if box.begin < box.end else False
        if box.kind == b"mdhd":
            struct.pack_into(">I", data, box.begin + (20 if wide else 12), next(scales))
        elif box.kind == b"tkhd":
            at = box.begin + (52 if wide else 40)
            data[at : at + len(_MATRIX)] = _MATRIX
    return bytes(data)
