"""What grows in a row of the forest, and how far away."""

from dataclasses import dataclass

from nemo_widgets.local.picture.scenes.planes import Color


@dataclass(frozen=True, slots=True)
class Species:
    """How trees of one kind look.

    Attributes
    ----------
    slimness : float
        Breadth of trunks, as a share of the usual.
    lean : float
        How far they stray from upright.
    bark : Color or None
        Colour of the bark under full light; None takes the scene's own.
    marks : bool
        Whether dark bars lie across the bark, as on birches.
    boughs : float
        How many boughs a trunk carries, on average; the nearest trees, of which only the foot is seen, carry none.
    """

    slimness: float
    lean: float
    bark: Color | None
    marks: bool
    boughs: float


SPECIES = (
    Species(1.0, 0.05, None, False, 2.2),
    Species(0.62, 0.02, None, False, 3.2),
    Species(0.66, 0.05, (0.90, 0.88, 0.82), True, 1.6),
    Species(1.45, 0.09, None, False, 1.8),
)
"""Oak, pine, birch, beech."""


@dataclass(frozen=True, slots=True)
class Row:
    """One row of trees.

    Attributes
    ----------
    name : str
        Its own stream of random numbers.
    period, height : int
        Size of the strip in pixels; the strip reaches to the foot of the frame.
    floor : float
        Where the ground begins, in pixels from the top.
    trunk : float
        Usual breadth of a trunk, in pixels.
    count : int
        How many trees.
    leafy : float
        How far the leaves hang down, as a share of the height.
    wood, leaves, ground, air : Color or colours
        Colours under full light, and that of the mist.
    mist : float
        How much of the mist lies over the row, 0 to 1.
    light_x : float
        Where the light comes from, in pixels of the strip; only its side matters.
    """

    name: str
    period: int
    height: int
    floor: float
    trunk: float
    count: int
    leafy: float
    wood: Color
    leaves: tuple[Color, ...]
    ground: Color
    air: Color
    mist: float
    light_x: float
