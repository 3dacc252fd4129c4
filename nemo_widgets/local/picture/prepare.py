"""From what a draft says about a shot to a scene that can be drawn: material, camera, weather, colours, style."""

from collections.abc import Callable, Mapping
from pathlib import Path

from nemo_widgets.errors import MediaError
from nemo_widgets.local.picture.footage import Photo, Video, is_picture
from nemo_widgets.local.picture.grading import Grading
from nemo_widgets.local.picture.lens.camera import MOVES, Camera
from nemo_widgets.local.picture.lens.looks import in_style, in_weather
from nemo_widgets.local.picture.lens.view import Filtered, View
from nemo_widgets.local.picture.scenes import FALLBACK, SCENES, make_scene
from nemo_widgets.local.picture.scenes.setting import Light, Scene, choose_palette
from nemo_widgets.local.picture.shots import Shot
from nemo_widgets.local.picture.turned import Timed, Turned

_Make = Callable[[tuple[int, int]], Scene]


def prepare(
    shot: Shot, size: tuple[int, int], *, detail: float, assets: Mapping[str, Path], tail_s: float = 0.0
) -> Scene:
    """Return the shot as a scene of its own, whose time begins when the shot does.

    Parameters
    ----------
    shot : Shot
        What is drawn.
    size : tuple of int
        Width and height in pixels, both even.
    detail : float
        Share of the moving sparks that is drawn, 0 to 1.
    assets : Mapping of str to Path
        Where the uploaded files are, by the URL that the draft gives.
    tail_s : float
        How much longer than the shot it is seen, under the one that follows, in seconds.

    Raises
    ------
    MediaError
        An uploaded file is not there, or can't be read.
    """
    material, camera = _material(shot, detail, assets)
    view = View(*size, shot.seed, _light(shot), detail)
    length_s = (shot.duration_s + tail_s) * shot.speed

    def upright(wanted: tuple[int, int]) -> Scene:
        return Turned(material, wanted, shot.rotate, shot.flip) if shot.rotate or shot.flip else material(wanted)

    def begun(wanted: tuple[int, int]) -> Scene:
        # The camera's clock starts with the shot, that of a file at its own beginning.
        return Timed(upright(wanted), lambda at_s: shot.in_s + at_s)

    moved = Camera(begun, size, camera, length_s, shot.seed) if camera in MOVES else begun(size)
    seen = in_weather(moved, shot.meta("weather"), view) if _drawn(shot) else moved
    if shot.speed != 1 or shot.reverse:
        seen = Timed(seen, lambda at_s: shot.source_s(at_s) - shot.in_s)
    if any(shot.grade.values()):
        seen = Filtered(seen, Grading(shot.grade))
    return in_style(seen, shot.meta("style"), view, shot.duration_s / 2)


def _drawn(shot: Shot) -> bool:
    return bool(shot.meta("scene")) or not shot.segment.url


def _light(shot: Shot) -> Light:
    scene = shot.meta("scene")
    return choose_palette(scene, shot.meta("palette"), shot.seed).light if scene in SCENES else "day"


def _material(shot: Shot, detail: float, assets: Mapping[str, Path]) -> tuple[_Make, str]:
    """Return what makes the shot's scene or opens its file in a size, and the camera that it is seen with."""
    camera = shot.meta("camera")
    if _drawn(shot):
        scene = shot.meta("scene") or FALLBACK
        palette = shot.meta("palette")
        return lambda size: make_scene(scene, size=size, seed=shot.seed, palette=palette, detail=detail), camera
    path = assets.get(shot.segment.url)
    if path is None:
        raise MediaError(f"{shot.segment.name or 'An uploaded file'} is not there any more. Upload it again.")
    framed = shot.frame is not None
    if is_picture(path):
        # A photo without a word about it is pushed in on (Ken Burns): else nothing would move.
        return lambda size: Photo(path, size, cover=framed), camera or "push"
    return lambda size: Video(path, size, cover=framed, backwards=shot.reverse), camera
