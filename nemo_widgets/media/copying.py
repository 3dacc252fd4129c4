"""Coded picture and sound as they stand in a file, without decoding: what a browser can play is handed on."""

from collections.abc import Iterator
from itertools import chain

from av.packet import Packet

from nemo_widgets.media.boxes import Sample
from nemo_widgets.media.feed import Feed
from nemo_widgets.media.order import Coded, in_decoding_order, one_after_another

_STEPS_BACK_S = (0.0, 1.0, 4.0, 16.0, 64.0, float("inf"))
_MAX_HELD_BYTES = 48 * 1024 * 1024
_SAME_FRAME_S = 0.003


def copied_video(feed: Feed, timescale: int, start_s: float, end_s: float) -> Iterator[Sample]:
    """Return the pictures from the last keyframe at or before `start_s` on; the last one stays up to `end_s`."""
    return in_decoding_order(_from_keyframe(feed, timescale, start_s), until=round(end_s * timescale))


def _from_keyframe(feed: Feed, timescale: int, start_s: float) -> Iterator[Coded]:
    target = round(start_s * timescale)
    for back_s in _STEPS_BACK_S:
        from_s = max(0.0, start_s - back_s)
        coded = _coded(feed, timescale, feed.packets(from_s))
        first = next((packet for packet in coded if packet.is_sync), None)
        if first is not None and (first.start <= target or from_s == 0):
            break
        if from_s == 0:
            return
    assert first is not None
    held = [first]
    if feed.sparse_index:
        held_bytes = len(first.data)
        for packet in coded:
            if packet.is_sync and packet.start <= target:
                held, held_bytes = [packet], len(packet.data)
                continue
            held.append(packet)
            held_bytes += len(packet.data)
            if packet.start > target or held_bytes > _MAX_HELD_BYTES:
                break
    begins = held[0].start
    # What is shown before the first keyframe leans on pictures before it: it can't be decoded from here.
    yield from (packet for packet in chain(held, coded) if packet.start >= begins)


def _coded(feed: Feed, timescale: int, packets: Iterator[Packet]) -> Iterator[Coded]:  # type: ignore[type-arg]
    per_tick = feed.time_base * timescale
    for packet in packets:
        if packet.pts is not None:
            duration = round((packet.duration or 0) * per_tick)
            yield Coded(bytes(packet), feed.ticks(packet.pts, timescale), duration, packet.is_keyframe)


def copied_audio(feed: Feed, timescale: int, start_s: float) -> Iterator[Sample]:
    """Return the sound that is heard at `start_s`, and all after it. `timescale` is the sampling rate."""
    return one_after_another(_heard(feed, timescale, start_s))


def _heard(feed: Feed, timescale: int, start_s: float) -> Iterator[Coded]:
    frame = feed.audio.codec_context.frame_size or 0
    begins = max(0, round(start_s * timescale))
    expected: int | None = None
    for packet in _from_before(feed, timescale, start_s):
        start, duration = packet.start, frame or packet.duration
        if expected is not None and abs(start - expected) <= _SAME_FRAME_S * timescale:
            start = expected  # a container that counts in milliseconds rounds them
        expected = start + duration if frame else None
        if start + duration > begins:
            early = max(0, -start)  # the encoder's warming up is not part of the clip
            yield Coded(packet.data, start + early, duration - early, True)


def _from_before(feed: Feed, timescale: int, start_s: float) -> Iterator[Coded]:
    for back_s in _STEPS_BACK_S:
        from_s = max(0.0, start_s - back_s)
        coded = _coded(feed, timescale, feed.packets(from_s))
        first = next(coded, None)
        if from_s == 0 or (first is not None and first.start <= round(start_s * timescale)):
            return chain([] if first is None else [first], coded)
    raise AssertionError("the last step goes back to the start")
