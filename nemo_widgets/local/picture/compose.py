"""From a draft to frames: which picture fills the canvas at a moment, and what is laid over it."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from nemo_widgets.errors import MediaError
from nemo_widgets.local.picture.footage import Photo, Video, is_picture
from nemo_widgets.local.picture.lens.looks import in_style
from nemo_widgets.local.picture.lens.view import View
from nemo_widgets.local.picture.quality import QUALITIES, QualityName
from nemo_widgets.local.picture.scenes import FALLBACK, SCENES, make_scene
from nemo_widgets.local.picture.scenes.planes import Planes
from nemo_widgets.local.picture.scenes.setting import Scene, choose_palette
from nemo_widgets.local.picture.titles import Mark, TitleCard
from nemo_widgets.protocol.draft import Draft, Segment


@dataclass(slots=True)
class _Shot:
    segment: Segment
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
        self._shots = [_Shot(segment) for track in draft.tracks if track.kind == "video" for segment in track.segments]
        self._titles = [
            (segment, TitleCard(segment.text, *size))
            for track in draft.tracks
            if track.kind == "text"
            for segment in track.segments
        ]
        self._mark = Mark(*size)

    def paint(self, target: Planes, at_s: float) -> None:
        """Paint the whole of `target` as it is `at_s` seconds into the draft."""
        at_ms = at_s * 1000
        shot = next((shot for shot in reversed(self._shots) if _covers(shot.segment, at_ms)), None)
        if shot is None:
            target.clear()
        else:
            self._picture(shot).draw(target, (at_ms - shot.segment.start_ms) / 1000)
        for segment, card in self._titles:
            if _covers(segment, at_ms):
                card.draw(target, (at_ms - segment.start_ms) / 1000, segment.duration_ms / 1000)
        self._mark.draw(target)

    def _picture(self, shot: _Shot) -> Scene:
        if shot.picture is None:
            for other in self._shots:
                other.picture = None
            shot.picture = self._styled(shot.segment)
        return shot.picture

    def _styled(self, segment: Segment) -> Scene:
        meta = segment.meta
        scene, seed = str(meta.get("scene") or ""), int(_number(meta.get("seed")))
        light = choose_palette(scene, str(meta.get("palette") or ""), seed).light if scene in SCENES else "day"
        view = View(*self._size, seed, light, self._detail)
        return in_style(self._prepare(segment), segment.style, view, segment.duration_ms / 2000)

    def _prepare(self, segment: Segment) -> Scene:
        meta = segment.meta
        scene = meta.get("scene")
        path = self._assets.get(segment.url) if segment.url else None
        if path is not None and not scene:
            if is_picture(path):
                return Photo(path, self._size)
            return Video(path, self._size, _number(meta.get("in_ms")) / 1000)
        if segment.url and not scene:
            raise MediaError(f"{segment.name or 'An uploaded file'} is not there any more. Upload it again.")
        return make_scene(
            str(scene or FALLBACK),
            size=self._size,
            seed=int(_number(meta.get("seed"))),
            palette=str(meta.get("palette") or ""),
            detail=self._detail,
        )


def _covers(segment: Segment, at_ms: float) -> bool:
    return segment.start_ms <= at_ms + 0.5 < segment.end_ms + 0.5


def _number(value: object) -> float:
    return float(value) if isinstance(value, int | float) and not isinstance(value, bool) else 0.0
