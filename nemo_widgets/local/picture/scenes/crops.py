"""What grows on a field of flowers, as its palette says."""

from dataclasses import dataclass

from nemo_widgets.local.picture.scenes.planes import Color
from nemo_widgets.local.picture.scenes.setting import Setting


@dataclass(frozen=True, slots=True)
class Crop:
    """What grows on the field, and how.

    Attributes
    ----------
    heads : tuple of str
        Keys of `HEADS`; flowers are one of them by chance.
    size : float
        Of a head, as a share of how far below the horizon it stands.
    spacing : float
        From one flower to the next, in heads.
    rank : float
        From one row to the next, in heads.
    lane : float
        Breadth of a planted row and the path beside it, in the same measure as `size`; 0 is a meadow.
    path : float
        Share of that which the path takes.
    high : float
        How far a head stands above its foot, in heads.
    """

    heads: tuple[str, ...]
    size: float
    spacing: float
    rank: float
    lane: float
    path: float
    high: float


CROPS = {
    "poppies": Crop(("poppies",), 0.082, 1.15, 0.55, 0.0, 0.0, 0.9),
    "tulips": Crop(("tulips",), 0.092, 0.66, 0.30, 0.52, 0.24, 0.8),
    "sunflowers": Crop(("sunflowers",), 0.20, 0.95, 0.46, 0.0, 0.0, 0.7),
    "lavender": Crop(("lavender",), 0.15, 0.155, 0.20, 0.56, 0.34, 0.3),
    "meadow": Crop(("daisies", "poppies", "cornflowers", "daisies"), 0.070, 1.0, 0.55, 0.0, 0.0, 0.8),
}
"""By the first word of the palette's name."""


def crop_of(setting: Setting) -> tuple[str, Crop]:
    """Return what the palette is made for."""
    kind = setting.palette.name.split("_")[0]
    return (kind, CROPS[kind]) if kind in CROPS else ("poppies", CROPS["poppies"])


def shade_of(setting: Setting, head: str, index: int) -> Color:
    """Return the colour of the flower numbered `index`, whose head is called `head`."""
    shades = setting.palette.colors["bloom"]
    kinds = crop_of(setting)[1].heads
    return shades[kinds.index(head)] if len(kinds) > 1 else shades[index % len(shades)]


def heart_of(setting: Setting, head: str) -> Color:
    """Return the colour in the middle of a head."""
    hearts = setting.palette.colors["heart"]
    kinds = crop_of(setting)[1].heads
    return hearts[kinds.index(head) % len(hearts)]
