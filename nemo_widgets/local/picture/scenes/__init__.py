"""The pictures that the local studio can draw: one module a scene, each a class with ``draw(target, at_s)``."""

from collections.abc import Callable, Mapping

from nemo_widgets.local.picture.scenes.abstract_light import AbstractLight
from nemo_widgets.local.picture.scenes.city import City
from nemo_widgets.local.picture.scenes.cloudscape import Clouds
from nemo_widgets.local.picture.scenes.desert import Desert
from nemo_widgets.local.picture.scenes.fireworks import Fireworks
from nemo_widgets.local.picture.scenes.flowers import Flowers
from nemo_widgets.local.picture.scenes.forest import Forest
from nemo_widgets.local.picture.scenes.mountains import Mountains
from nemo_widgets.local.picture.scenes.sea import Sea
from nemo_widgets.local.picture.scenes.setting import Scene, Setting, choose_palette
from nemo_widgets.local.picture.scenes.space import Space
from nemo_widgets.local.picture.scenes.street import Street
from nemo_widgets.local.picture.scenes.underwater import Underwater

SCENES: Mapping[str, Callable[[Setting], Scene]] = {
    "abstract_light": AbstractLight,
    "city": City,
    "clouds": Clouds,
    "desert": Desert,
    "fireworks": Fireworks,
    "flowers": Flowers,
    "forest": Forest,
    "mountains": Mountains,
    "sea": Sea,
    "space": Space,
    "street": Street,
    "underwater": Underwater,
}
"""By the name that a draft's segment carries in ``m.scene``."""

FALLBACK = "abstract_light"
"""What is drawn for a name that this version does not know."""


def make_scene(name: str, *, size: tuple[int, int], seed: int, palette: str = "", detail: float = 1.0) -> Scene:
    """Prepare the scene called `name`.

    Parameters
    ----------
    name : str
        A key of `SCENES`; any other name gives `FALLBACK`.
    size : tuple of int
        Width and height in pixels, both even.
    seed : int
        What varies from one take to the next.
    palette : str
        A palette of the scene; empty or unknown, the seed chooses.
    detail : float
        Share of the moving sparks that is drawn, 0 to 1.
    """
    known = name if name in SCENES else FALLBACK
    return SCENES[known](Setting(*size, seed, choose_palette(known, palette, seed), detail))
