"""Whether a file is all there: what its own lengths say, against what there is. No decoding; few bytes are read."""

import os
from collections.abc import Callable
from pathlib import Path
from typing import BinaryIO

from nemo_widgets.errors import MediaError

_MOST_PARTS = 200_000
_UNKNOWN_32 = 0xFFFFFFFF
_EBML_MASTERS = frozenset({0x18538067, 0x1F43B675})  # Segment, Cluster: only these may have no length


def check_whole(path: Path) -> None:
    """Check that a file does not break off; players show what there is of one that does, and say nothing.

    Raises
    ------
    MediaError
        It is shorter than it says itself.
    """
    with path.open("rb") as file:
        size_bytes = file.seek(0, os.SEEK_END)
        file.seek(0)
        head = file.read(16)
        check = _check_of(head)
        if check is None:
            return
        file.seek(0)
        try:
            broken = check(file, size_bytes)
        except (IndexError, ValueError):  # a length itself is cut
            broken = True
    if broken:
        raise MediaError(f"{path.name} breaks off: it is shorter than it says itself. Get it again.")


def _check_of(head: bytes) -> Callable[[BinaryIO, int], bool] | None:
    if head[4:8] in (b"ftyp", b"moov", b"mdat", b"wide", b"free", b"skip", b"pnot"):
        return _boxes
    if head[:4] == b"RIFF":
        return _riff
    if head[:4] == b"\x1aE\xdf\xa3":
        return _ebml
    if head[:8] == b"\x89PNG\r\n\x1a\n":
        return _png
    if head[:3] == b"GIF":
        return _gif
    if head[:3] == b"\xff\xd8\xff":
        return _jpeg
    if head[:3] == b"ID3" or (head[:1] == b"\xff" and head[1:2] >= b"\xe0"):
        return _frames
    return None


def _boxes(file: BinaryIO, size_bytes: int) -> bool:
    at, found = 0, set[bytes]()
    for _ in range(_MOST_PARTS):
        if at + 8 > size_bytes:
            break
        file.seek(at)
        header = file.read(16)
        length, kind = int.from_bytes(header[:4], "big"), header[4:8]
        if not kind.strip(b"\0"):
            break  # padding
        found.add(kind)
        if length == 1:
            length = int.from_bytes(header[8:16], "big")
        if length == 0:
            length = size_bytes - at
        if length < 8:
            break
        at += length
        if at > size_bytes:
            return True
    return b"moov" not in found


def _riff(file: BinaryIO, size_bytes: int) -> bool:
    at = 0
    for _ in range(_MOST_PARTS):
        file.seek(at)
        header = file.read(8)
        if header[:4] != b"RIFF" or len(header) < 8:
            return False
        length = int.from_bytes(header[4:8], "little")
        if length in (0, _UNKNOWN_32):
            return False  # written while nobody knew how long it would become
        at += 8 + length
        if at > size_bytes:
            return True
        at += length % 2
    return False


def _ebml(file: BinaryIO, size_bytes: int) -> bool:
    at = 0
    for _ in range(_MOST_PARTS):
        if at >= size_bytes:
            return False
        file.seek(at)
        head = file.read(12)
        kind_bytes = _leading(head[0], 4)
        kind = int.from_bytes(head[:kind_bytes], "big")
        length_bytes = _leading(head[kind_bytes], 8)
        if len(head) < kind_bytes + length_bytes:
            return True
        ones = (1 << 7 * length_bytes) - 1
        length = int.from_bytes(head[kind_bytes : kind_bytes + length_bytes], "big") & ones
        begins = at + kind_bytes + length_bytes
        if length == ones:
            if kind not in _EBML_MASTERS:
                return False
            at = begins
            continue
        at = begins + length
        if at > size_bytes:
            return True
    return False


def _leading(first: int, most: int) -> int:
    width = 9 - first.bit_length()
    if first == 0 or width > most:
        raise ValueError("no EBML")
    return width


def _png(file: BinaryIO, size_bytes: int) -> bool:
    at = 8
    for _ in range(_MOST_PARTS):
        file.seek(at)
        header = file.read(8)
        if len(header) < 8:
            return True
        at += 12 + int.from_bytes(header[:4], "big")
        if at > size_bytes:
            return True
        if header[4:8] == b"IEND":
            return False
    return False


def _jpeg(file: BinaryIO, size_bytes: int) -> bool:
    """Look at what comes before the picture itself, of which who decodes it says whether it is all there."""
    at = 2
    for _ in range(_MOST_PARTS):
        file.seek(at)
        header = file.read(4)
        if len(header) < 4:
            return True
        if header[0] != 0xFF or header[1] == 0xDA:
            return False
        at += 2 + int.from_bytes(header[2:], "big")
    return False


def _gif(file: BinaryIO, size_bytes: int) -> bool:
    head = file.read(13)
    _skip(file, 3 << (head[10] & 7) + 1 if head[10] & 0x80 else 0)
    for _ in range(_MOST_PARTS):
        kind = file.read(1)[0]
        if kind == 0x3B:
            return False
        if kind == 0x2C:
            flags = file.read(9)[8]
            _skip(file, (3 << (flags & 7) + 1 if flags & 0x80 else 0) + 1)
        elif kind == 0x21:
            _skip(file, 1)
        else:
            return False  # damaged, not cut: who decodes it says so
        while length := file.read(1)[0]:
            _skip(file, length)
    return False


def _frames(file: BinaryIO, size_bytes: int) -> bool:
    """MPEG audio says its length in its first frame, if at all; ADTS in each."""
    at = 0
    tag = file.read(10)
    if tag[:3] == b"ID3":
        at = 10 + (tag[6] << 21 | tag[7] << 14 | tag[8] << 7 | tag[9])
        if at >= size_bytes:
            return True
    file.seek(at)
    first = file.read(4096)
    if first[:1] == b"\xff" and first[1] & 0x06 == 0:
        return _adts(file, at, size_bytes)
    for mark in (b"Xing", b"Info"):
        place = first.find(mark, 0, 64)
        if place >= 0:
            flags = int.from_bytes(first[place + 4 : place + 8], "big")
            after = place + 8 + (4 if flags & 1 else 0)
            said = int.from_bytes(first[after : after + 4], "big") if flags & 2 else 0
            return size_bytes - at < said
    return False


def _adts(file: BinaryIO, at: int, size_bytes: int) -> bool:
    for _ in range(_MOST_PARTS):
        file.seek(at)
        header = file.read(7)
        if len(header) < 2 or header[0] != 0xFF or header[1] & 0xF6 != 0xF0:
            return 0 < len(header) < 2
        at += (header[3] & 3) << 11 | header[4] << 3 | header[5] >> 5
        if at > size_bytes:
            return True
    return False


def _skip(file: BinaryIO, length: int) -> None:
    file.seek(length, os.SEEK_CUR)
