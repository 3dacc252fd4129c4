"""The pictures of a clip, decoded, from any moment on."""

from collections.abc import Callable, Iterator

import av
from av.packet import Packet
from av.video.frame import VideoFrame

from nemo_widgets.errors import MediaError
from nemo_widgets.media.description import Description
from nemo_widgets.media.feed import Feed

_STEPS_BACK_S = (0.0, 2.0, 10.0, float("inf"))
_MAX_DAMAGED = 200


def shown_from(
    feed: Feed, about: Description, start_s: float, check: Callable[[], None]
) -> Iterator[tuple[VideoFrame, float]]:
    """Yield the picture that is shown at `start_s` and all after it, each with the moment it begins to be shown.

    Parameters
    ----------
    feed : Feed
        Of pictures.
    about : Description
        Its frame rate stands in for times that the file leaves out.
    start_s : float
        On the clip's timeline.
    check : callable
        Called before each packet; raises to stop.
    """
    for back_s in _STEPS_BACK_S:
        from_s = max(0.0, start_s - back_s)
        held: tuple[VideoFrame, float] | None = None
        begun = late = False
        for frame, at_s in decoded_video(feed, about.fps, from_s, check):
            if at_s <= start_s + 1e-6:
                held = (frame, at_s)
                continue
            if held is not None:
                yield held
                held = None
            elif not begun and from_s > 0:
                late = True  # the seek went too far
                break
            begun = True
            yield frame, at_s
        if not late:
            if held is not None:
                yield held
            return


def decoded_video(
    feed: Feed, fps: float, start_s: float, check: Callable[[], None]
) -> Iterator[tuple[VideoFrame, float]]:
    """Yield all pictures from the random access point that a seek to `start_s` finds."""
    damaged = 0
    after_s = start_s
    for packet in _then_none(feed.packets(start_s)):
        check()
        try:
            frames = feed.video.decode(packet)
        except av.EOFError:
            return
        except av.InvalidDataError as error:
            damaged += 1
            if damaged > _MAX_DAMAGED:
                raise MediaError("Too much of this video is damaged to be played. Convert it to MP4.") from error
            continue
        for frame in frames:
            at_s = feed.seconds(frame.pts) if frame.pts is not None else after_s
            after_s = at_s + 1 / (fps or 30.0)
            yield frame, at_s


def _then_none(packets: Iterator[Packet]) -> Iterator[Packet | None]:  # type: ignore[type-arg]
    yield from packets
    yield None
