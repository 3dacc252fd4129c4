"""Decoding times, worked out from the order of decoding and the times of showing.

What a file says about decoding is missing (Matroska), wrong after a seek, or begins below zero. The times of showing,
sorted, are times of decoding that never go back, begin with the first picture and leave no gap: the n-th picture is
decoded when the n-th one is shown. A picture may then be decoded "after" it is shown, which fragments can say and
MediaSource takes.
"""

from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass
from heapq import heappop, heappush

from nemo_widgets.media.boxes import Sample

_DEPTH = 17
"""One more than the most pictures that H.264 and HEVC let another one overtake."""


@dataclass(frozen=True, slots=True)
class Coded:
    """A packet: when it is shown and how long, in ticks."""

    data: bytes
    start: int
    duration: int
    is_sync: bool


def in_decoding_order(coded: Iterator[Coded], *, until: int = 0) -> Iterator[Sample]:
    """Give each packet its decoding time.

    Parameters
    ----------
    coded : iterator of Coded
        In decoding order.
    until : int
        The last picture stays at least up to here.
    """
    ahead: deque[Coded] = deque()
    shown: list[int] = []
    ends = until
    decode: int | None = None
    while True:
        while len(ahead) < _DEPTH and (more := next(coded, None)) is not None:
            ahead.append(more)
            heappush(shown, more.start)
            ends = max(ends, more.start + more.duration)
        if not ahead:
            return
        whole = min(packet.start for packet in ahead) == shown[0]
        slot = heappop(shown)
        decode = slot if decode is None else decode
        following = max(shown[0] if shown else ends, decode + 1)
        packet = ahead.popleft()
        yield Sample(packet.data, decode, packet.start, following - decode, packet.is_sync, whole)
        decode = following


def one_after_another(coded: Iterator[Coded]) -> Iterator[Sample]:
    """Give packets that are decoded as they are heard their times, each lasting until the next."""
    held: Coded | None = None
    for packet in coded:
        if held is not None:
            if packet.start <= held.start:
                continue
            yield Sample(held.data, held.start, held.start, packet.start - held.start)
        held = packet
    if held is not None:
        yield Sample(held.data, held.start, held.start, max(1, held.duration))
