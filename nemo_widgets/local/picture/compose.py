"""From a draft to frames: which pictures are seen at a moment, how one goes over into the next, and the text."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from nemo_widgets.local.picture.mixing import darken, eased, lay, slide, wipe
from nemo_widgets.local.picture.prepare import prepare
from nemo_widgets.local.picture.quality import QUALITIES, QualityName
from nemo_widgets.local.picture.scenes.planes import Planes
from nemo_widgets.local.picture.scenes.setting import Scene
from nemo_widgets.local.picture.shots import Shot, read_shot
from nemo_widgets.local.picture.titles import Mark, TitleCard, Wording
from nemo_widgets.protocol.draft import Draft, Segment, Track


@dataclass(slots=True)
class Take:
    """A shot among its neighbours.

    Attributes
    ----------
    shot : Shot
        What is seen.
    before : Take or None
        The one that it comes in over.
    tail_s : float
        How much longer than itself it is seen and heard, under the one that follows, in seconds.
    picture : Scene or None
        Its scene, while it is in use.
    """

    shot: Shot
    before: "Take | None" = None
    tail_s: float = 0.0
    picture: Scene | None = None


class Painter:
    """Paints any frame of a draft. Holds prepared scenes and open files, so it belongs to one thread.

    Parameters
    ----------
    draft : Draft
        What to paint.
    size : tuple of int
        Canvas in pixels, both even.
    quality : {"draft", "final"}
        How much is drawn.
    assets : Mapping of str to Path
        Where the uploaded files are, by the URL that the draft gives.
    """

    def __init__(self, draft: Draft, size: tuple[int, int], quality: QualityName, assets: Mapping[str, Path]) -> None:
        self._size = size
        self._detail = QUALITIES[quality].detail
        self._assets = assets
        self._tracks = [takes_of(track) for track in draft.tracks if track.kind == "video"]
        self._titles = [
            (segment, TitleCard(Wording.read(segment.text, segment.meta), *size))
            for track in draft.tracks
            if track.kind == "text"
            for segment in track.segments
        ]
        self._mark = Mark(*size)
        self._spare: dict[tuple[int, int], Planes] = {}

    def paint(self, target: Planes, at_s: float) -> None:
        """Paint the whole of `target` as it is `at_s` seconds into the draft."""
        at_ms = at_s * 1000
        shown = [take for track in self._tracks if (take := _current(track, at_ms)) is not None]
        self._put_away(shown)
        hiding = [index for index, take in enumerate(shown) if _hides(take, at_ms)]
        if not hiding:
            target.clear()
        for take in shown[hiding[-1] if hiding else 0 :]:
            if take.shot.frame is None:
                self._full(target, take, at_ms)
            else:
                self._framed(target, take, at_ms)
        for segment, card in self._titles:
            if _covers(segment, at_ms):
                card.draw(target, (at_ms - segment.start_ms) / 1000, segment.duration_ms / 1000)
        self._mark.draw(target)

    def _put_away(self, shown: list[Take]) -> None:
        """Let go of scenes and files that are not seen now: a draft may have more than fit into memory."""
        needed = [id(take) for top in shown for take in (top, top.before) if take is not None]
        for track in self._tracks:
            for take in track:
                if id(take) not in needed:
                    take.picture = None

    def _full(self, target: Planes, take: Take, at_ms: float) -> None:
        at_s = (at_ms - take.shot.segment.start_ms) / 1000
        share = _come_in(take.shot, at_s)
        if share >= 1:
            self._draw(target, take, at_ms)
            return
        if take.before is not None and not (take.shot.transition == "fade_black" and share >= 0.5):
            self._draw(target, take.before, at_ms)
        if take.shot.transition == "fade_black":
            if share < 0.5:
                darken(target, 1 - eased(share * 2))
            else:
                self._draw(target, take, at_ms)
                darken(target, eased(share * 2 - 1))
            return
        coming = self._buffer(self._size)
        self._draw(coming, take, at_ms)
        {"crossfade": lay, "wipe": wipe, "slide": slide}[take.shot.transition](target, coming, eased(share))

    def _framed(self, target: Planes, take: Take, at_ms: float) -> None:
        """Lay a picture into a part of the canvas; it fades in and out over what is below."""
        shot = take.shot
        if shot.frame is None:
            return
        left, top, width, height = shot.frame.pixels(self._size)
        at_s = (at_ms - shot.segment.start_ms) / 1000
        picture = self._buffer((width, height))
        self._scene(take, (width, height)).draw(picture, at_s)
        part = Planes(
            target.y[top : top + height, left : left + width],
            target.u[top // 2 : (top + height) // 2, left // 2 : (left + width) // 2],
            target.v[top // 2 : (top + height) // 2, left // 2 : (left + width) // 2],
        )
        lay(part, picture, eased(_come_in(shot, at_s)) * eased(_level(shot, at_s)))

    def _draw(self, target: Planes, take: Take, at_ms: float) -> None:
        at_s = (at_ms - take.shot.segment.start_ms) / 1000
        level = _level(take.shot, at_s)
        if level > 0:
            self._scene(take, self._size).draw(target, at_s)
        darken(target, level)

    def _scene(self, take: Take, size: tuple[int, int]) -> Scene:
        if take.picture is None:
            take.picture = prepare(take.shot, size, detail=self._detail, assets=self._assets, tail_s=take.tail_s)
        return take.picture

    def _buffer(self, size: tuple[int, int]) -> Planes:
        if size not in self._spare:
            self._spare[size] = Planes.black(*size)
        return self._spare[size]


def takes_of(track: Track) -> list[Take]:
    """Return the shots of a video track, each with the one that it comes in over."""
    takes = [Take(read_shot(segment)) for segment in track.segments]
    for take in takes:
        begins = take.shot.segment.start_ms
        if not take.shot.transition or take.shot.frame is not None:
            continue
        # A millisecond of slack: agents round.
        ended = [other for other in takes if abs(other.shot.segment.end_ms - begins) <= 1 and other is not take]
        take.before = next((other for other in ended if other.shot.frame is None), None)
        if take.before is not None:
            take.before.tail_s = max(take.before.tail_s, take.shot.transition_s)
    return takes


def _current(track: list[Take], at_ms: float) -> Take | None:
    return next((take for take in reversed(track) if _covers(take.shot.segment, at_ms)), None)


def _hides(take: Take, at_ms: float) -> bool:
    """Whether nothing is seen of what lies below a shot."""
    if take.shot.frame is not None:
        return False
    coming = _come_in(take.shot, (at_ms - take.shot.segment.start_ms) / 1000) < 1
    return not coming or take.before is not None


def _come_in(shot: Shot, at_s: float) -> float:
    return min(1.0, max(0.0, at_s / shot.transition_s)) if shot.transition_s > 0 else 1.0


def _level(shot: Shot, at_s: float) -> float:
    """Return how bright the fades leave a shot, 0 to 1."""
    rising = at_s / shot.fade_in_s if shot.fade_in_s > 0 else 1.0
    falling = (shot.duration_s - at_s) / shot.fade_out_s if shot.fade_out_s > 0 else 1.0
    return min(1.0, max(0.0, min(rising, falling)))


def _covers(segment: Segment, at_ms: float) -> bool:
    return segment.start_ms <= at_ms + 0.5 < segment.end_ms + 0.5
