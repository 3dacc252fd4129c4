"""How much of a file can be played: found by looking at what is there, since headers promise what was cut off."""

from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path

import av
from av.container import InputContainer
from av.stream import Stream

from nemo_widgets.media.container import open_media, picture_stream, sound_stream

_READ_WHOLE_BYTES = 16 * 1024 * 1024
_LAST_PACKETS = 64
_BOXES_LOOKED_AT = 64


@dataclass(frozen=True, slots=True)
class Extent:
    """When a stream begins and ends on the file's clock, in seconds, and its count of packets: 0 when not counted."""

    begins_s: Fraction
    ends_s: Fraction
    count: int


def extents(path: Path, size_bytes: int) -> dict[str, Extent]:
    """Measure the streams of a file that would be played, by ``"video"`` and ``"audio"``; an empty one is left out."""
    with open_media(path) as container:
        wanted = {"video": picture_stream(container), "audio": sound_stream(container)}
        streams: dict[str, Stream] = {kind: stream for kind, stream in wanted.items() if stream is not None}
        if "mov" in container.format.name and not _is_fragmented(path):
            found = {kind: _of_index(stream, size_bytes) for kind, stream in streams.items()}
        elif size_bytes <= _READ_WHOLE_BYTES:
            found = _of_packets(container, streams)
        else:
            found = _of_both_ends(container, streams)
    return {kind: extent for kind, extent in found.items() if extent is not None and extent.ends_s > extent.begins_s}


def _is_fragmented(path: Path) -> bool:
    with path.open("rb") as file:
        for _ in range(_BOXES_LOOKED_AT):
            head = file.read(16)
            size, kind = int.from_bytes(head[:4], "big"), head[4:8]
            if kind == b"moof":
                return True
            if size == 1:
                size = int.from_bytes(head[8:16], "big")
            if len(head) < 8 or size < 8:
                return False
            file.seek(size - len(head), 1)
    return False


def _of_index(stream: Stream, size_bytes: int) -> Extent | None:
    """Trust the table of samples as far as their bytes are there."""
    entries, base = stream.index_entries, stream.time_base
    count = len(entries)
    while count and entries[count - 1].pos + entries[count - 1].size > size_bytes:
        count -= 1
    if not count or base is None:
        return None
    begins = entries[0].timestamp
    span = entries[count - 1].timestamp - begins
    last = round(span / (count - 1)) if count > 1 else 0
    if count == len(entries) and stream.duration and abs(stream.duration - span - last) * base < 2:
        last = stream.duration - span
    start = stream.start_time if stream.start_time is not None else begins
    return Extent(start * base, (start + span + max(last, 1)) * base, count)


def _of_packets(container: InputContainer, streams: dict[str, Stream]) -> dict[str, Extent | None]:
    found: dict[str, Extent | None] = dict.fromkeys(streams)
    kinds = {stream.index: kind for kind, stream in streams.items()}
    try:
        for packet in container.demux(*streams.values()):
            if packet.pts is None or packet.is_corrupt or not packet.size or not packet.time_base:
                continue
            kind = kinds[packet.stream_index]
            begins, ends = packet.pts * packet.time_base, (packet.pts + (packet.duration or 0)) * packet.time_base
            before = found[kind]
            found[kind] = (
                Extent(begins, ends, 1)
                if before is None
                else Extent(min(before.begins_s, begins), max(before.ends_s, ends), before.count + 1)
            )
    except (av.FFmpegError, ValueError):
        pass  # cut off: what came before can be played
    return found


def _of_both_ends(container: InputContainer, streams: dict[str, Stream]) -> dict[str, Extent | None]:
    firsts = _first(container, streams)
    try:
        container.seek(container.duration or 0)
    except av.FFmpegError:
        container.seek(0)
    lasts = _of_packets(container, streams)
    if any(lasts[kind] is None for kind in firsts) or not firsts:  # one of them ends long before the other
        container.seek(0)
        return _of_packets(container, streams)
    return {kind: Extent(firsts[kind], last.ends_s, 0) for kind, last in lasts.items() if last and kind in firsts}


def _first(container: InputContainer, streams: dict[str, Stream]) -> dict[str, Fraction]:
    kinds = {stream.index: kind for kind, stream in streams.items()}
    found: dict[str, Fraction] = {}
    for count, packet in enumerate(container.demux(*streams.values())):
        if packet.pts is not None and packet.time_base:
            begins = packet.pts * packet.time_base
            kind = kinds[packet.stream_index]
            found[kind] = min(found.get(kind, begins), begins)
        if count > _LAST_PACKETS * len(streams):
            break
    return found
