"""Titles over the picture: balanced lines inside the safe area, with a soft shadow, rising as they fade in."""

from dataclasses import dataclass

from PIL import Image

from nemo_widgets.local.picture.lettering import halo_of, text_mask
from nemo_widgets.local.picture.scenes.ink import Ink
from nemo_widgets.local.picture.scenes.planes import Planes

_SAFE = 0.9
"""Share of the picture that text may use (SMPTE ST 2046-1 names 90 % for titles)."""
_FADE_S = 0.6
_MAX_LINES = 3
_MARK_LEAST = 12.5
"""Size of an em below which the line in the corner cannot be read, in pixels."""
_MARK_HIGH, _MARK_WIDE = 0.0235, 0.036
"""Its usual size as a share of the height, and its largest as a share of the width."""


@dataclass(frozen=True, slots=True)
class _Line:
    ink: Ink
    shadow: Ink
    margin: int
    left: int
    top: int


class TitleCard:
    """One title, prepared for a frame size.

    Parameters
    ----------
    text : str
        What it says; long texts are set in up to three lines, then smaller.
    width, height : int
        Size of the frame.
    """

    def __init__(self, text: str, width: int, height: int) -> None:
        self._lines: list[_Line] = []
        words = " ".join(text.split())
        if not words:
            return
        unit = min(width, height)
        room = width * _SAFE * (0.86 if width > height else 1.0)
        masks = _set(words, unit * 0.105, room)
        pitch = round(masks[0].height * 1.02)
        top = round(height * (0.40 if width >= height else 0.34)) - pitch * len(masks) // 2
        self._rise = unit * 0.02
        for index, mask in enumerate(masks):
            halo, margin = halo_of(mask, mask.height / 1.4)
            left = (width - mask.width) // 2
            self._lines.append(
                _Line(Ink(mask, (1.0, 0.99, 0.96)), Ink(halo, (0.0, 0.0, 0.02)), margin, left, top + index * pitch)
            )

    def draw(self, target: Planes, at_s: float, duration_s: float) -> None:
        """Lay it over `target`, `at_s` seconds into the `duration_s` seconds for which it is shown."""
        fade_s = min(_FADE_S, duration_s / 3)
        for index, line in enumerate(self._lines):
            rising = _ease((at_s - 0.12 * index) / fade_s) if fade_s else 1.0
            shown = min(rising, _ease((duration_s - at_s) / fade_s) if fade_s else 1.0)
            top = line.top + round((1 - rising) * self._rise)
            line.shadow.lay(target, line.left - line.margin, top - line.margin + 2, shown * 0.66)
            line.ink.lay(target, line.left, top, shown)


def _ease(share: float) -> float:
    step = min(1.0, max(0.0, share))
    return step * step * (3 - 2 * step)


def _set(text: str, size: float, room: float) -> list[Image.Image]:
    """Break `text` into the fewest lines that fit, then shrink it until it does."""
    while True:
        for count in range(1, _MAX_LINES + 1):
            masks = [text_mask(line, size, spacing=0.04, weight=0.006) for line in _break(text, count)]
            if all(mask.width <= room for mask in masks):
                return masks
        size *= min(0.94, room / max(mask.width for mask in masks))


def _break(text: str, count: int) -> list[str]:
    """Split into `count` lines of about equal length, between words, or anywhere where there are no spaces."""
    words = text.split(" ")
    glue = " "
    if len(words) < count and len(text) > count:
        words, glue = list(text), ""
    lines: list[str] = []
    rest = words
    for left in range(min(count, len(words)), 0, -1):
        goal = len(glue.join(rest)) / left
        line = [rest[0]]
        rest = rest[1:]
        while len(rest) >= left and (left == 1 or len(glue.join([*line, rest[0]])) <= goal + len(rest[0]) / 2):
            line.append(rest[0])
            rest = rest[1:]
        lines.append(glue.join(line))
    return lines


class Mark:
    """The small line in the corner that says that no AI made this picture."""

    TEXT = "drawn locally · nemo_widgets"

    def __init__(self, width: int, height: int) -> None:
        em = max(3.0, min(max(_MARK_LEAST, height * _MARK_HIGH), width * _MARK_WIDE))
        mask = text_mask(self.TEXT, em, spacing=0.035)
        halo, self._margin = halo_of(mask, em)
        self._ink, self._halo = Ink(mask, (1.0, 1.0, 1.0)), Ink(halo, (0.0, 0.0, 0.0))
        self._left = width - mask.width - round(em * 0.8)
        self._top = height - mask.height - round(em * 0.5)

    def draw(self, target: Planes) -> None:
        """Lay it over `target`."""
        self._halo.lay(target, self._left - self._margin, self._top - self._margin, 0.72)
        self._ink.lay(target, self._left, self._top, 0.85)
