"""The styles and kinds of weather by name, and how a scene is seen through them."""

from collections.abc import Callable, Mapping

from nemo_widgets.local.picture.lens.aurora import Aurora
from nemo_widgets.local.picture.lens.cinematic import Cinematic
from nemo_widgets.local.picture.lens.flat import Flat
from nemo_widgets.local.picture.lens.fog import Fog
from nemo_widgets.local.picture.lens.neon import Neon
from nemo_widgets.local.picture.lens.noir import Noir
from nemo_widgets.local.picture.lens.rain import Rain
from nemo_widgets.local.picture.lens.snow import Snow
from nemo_widgets.local.picture.lens.storm import Storm
from nemo_widgets.local.picture.lens.view import Filter, Filtered, View
from nemo_widgets.local.picture.scenes.planes import Planes
from nemo_widgets.local.picture.scenes.setting import Scene

STYLES: Mapping[str, Callable[[View, Planes], Filter]] = {
    "cinematic": Cinematic,
    "flat": Flat,
    "neon": Neon,
    "noir": Noir,
}
"""By the name that a draft's segment carries in ``m.style``. Each is given a frame of the shot, to set itself by."""


def in_style(scene: Scene, name: str, view: View, sample_s: float) -> Scene:
    """Return `scene` in a style.

    Parameters
    ----------
    scene : Scene
        What is seen.
    name : str
        A key of `STYLES`; any other leaves the scene as it is.
    view : View
        The frame.
    sample_s : float
        A moment of the scene that is like the rest of it, in seconds: exposure and contrast are set by it.
    """
    style = STYLES.get(name)
    if style is None:
        return scene
    sample = Planes.black(view.width, view.height)
    scene.draw(sample, sample_s)
    return Filtered(scene, style(view, sample))


WEATHERS: Mapping[str, Callable[[View], Filter]] = {
    "aurora": Aurora,
    "fog": Fog,
    "rain": Rain,
    "snow": Snow,
    "storm": Storm,
}
"""By the name that a draft's segment carries in ``m.weather``."""


def in_weather(scene: Scene, name: str, view: View) -> Scene:
    """Return `scene` in a kind of weather, a key of `WEATHERS`; any other name leaves it clear."""
    weather = WEATHERS.get(name)
    return scene if weather is None else Filtered(scene, weather(view))
