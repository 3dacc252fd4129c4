"""Titles and captions over the picture: balanced lines inside the safe area, with a soft shadow."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Literal

from PIL import Image

from nemo_widgets.local.picture.fonts import can_write
from nemo_widgets.local.picture.lettering import halo_of, line_width, text_mask
from nemo_widgets.local.picture.scenes.ink import Shaded
from nemo_widgets.local.picture.scenes.planes import Planes
from nemo_widgets.local.picture.wrapping import balanced, cleaned, filled

Role = Literal["title", "caption"]
Place = Literal["center", "top", "bottom"]
Animation = Literal["fade", "rise", "type", "none"]

_SAFE = 0.9
"""Share of the picture that text may use (SMPTE ST 2046-1 names 90 % for titles)."""
_FADE_S = 0.6
_LETTER_S = 0.055
"""How long a typed letter takes, unless the text has to be there sooner."""
_MARK_LEAST = 12.5
"""Size of an em below which the line in the corner cannot be read, in pixels."""
_MARK_HIGH, _MARK_WIDE = 0.0235, 0.036
"""Its usual size as a share of the height, and its largest as a share of the width."""


@dataclass(frozen=True, slots=True)
class _Type:
    """How a role is set: size and smallest size of an em as shares of the shorter side, and the rest in ems."""

    size: float
    least: float
    lines: int
    spacing: float
    weight: float
    shade: float
    place: Place
    animation: Animation


_TYPES: Mapping[Role, _Type] = {
    "title": _Type(0.105, 0.040, 3, 0.04, 0.006, 0.66, "center", "rise"),
    "caption": _Type(0.052, 0.030, 3, 0.012, 0.010, 0.92, "bottom", "fade"),
}


@dataclass(frozen=True, slots=True)
class Wording:
    """What is written, and how. Unknown or absent values are the role's own.

    Attributes
    ----------
    text : str
        What it says.
    role : {"title", "caption"}
        Large and calm, or small and easy to read on anything.
    place : {"center", "top", "bottom"}
        Where it stands.
    animation : {"fade", "rise", "type", "none"}
        How it comes; all but the last fade out.
    """

    text: str
    role: Role = "title"
    place: Place = "center"
    animation: Animation = "rise"

    @classmethod
    def read(cls, text: str, meta: Mapping[str, object]) -> "Wording":
        """Read what a text segment's metadata says."""
        role: Role = "caption" if meta.get("role") == "caption" else "title"
        usual = _TYPES[role]
        places: dict[object, Place] = {"center": "center", "top": "top", "bottom": "bottom"}
        ways: dict[object, Animation] = {"fade": "fade", "rise": "rise", "type": "type", "none": "none"}
        place, way = meta.get("place"), meta.get("animation")
        return cls(
            text,
            role,
            places.get(place, usual.place) if isinstance(place, str) else usual.place,
            ways.get(way, usual.animation) if isinstance(way, str) else usual.animation,
        )


@dataclass(frozen=True, slots=True)
class _Line:
    text: str
    mask: Image.Image
    halo: Image.Image
    ink: Shaded
    margin: int
    left: int
    top: int


class TitleCard:
    """One text, prepared for a frame size.

    Parameters
    ----------
    wording : Wording
        What it says, and how; a long text is set in more lines, then smaller, then cut off.
    width, height : int
        Size of the frame.
    """

    def __init__(self, wording: Wording, width: int, height: int) -> None:
        self._lines: list[_Line] = []
        self._animation = wording.animation
        self._typed: tuple[int, int, _Line] | None = None
        text = cleaned(wording.text, can_write)
        if not text:
            return
        kind = _TYPES[wording.role]
        self._shade = kind.shade
        unit = min(width, height)
        self._rise = unit * 0.02
        room = width * _SAFE * (0.86 if width > height else 1.0)
        lines, size = _set(text, kind, unit, room, height * 0.72)
        self._size, self._spacing = size, kind.spacing
        masks = [text_mask(line, size, spacing=kind.spacing, weight=kind.weight) for line in lines]
        pitch = round(masks[0].height * 1.02)
        top = _top(wording, width, height, pitch * len(masks))
        for index, (line, mask) in enumerate(zip(lines, masks, strict=True)):
            halo, margin = halo_of(mask, mask.height / 1.4)
            left = (width - mask.width) // 2
            self._lines.append(_Line(line, mask, halo, _shaded(mask, halo, margin), margin, left, top + index * pitch))

    def draw(self, target: Planes, at_s: float, duration_s: float) -> None:
        """Lay it over `target`, `at_s` seconds into the `duration_s` seconds for which it is shown."""
        if self._animation == "type":
            self._draw_typed(target, at_s, duration_s)
            return
        fade_s = min(_FADE_S, duration_s / 3) if self._animation != "none" else 0.0
        for index, line in enumerate(self._lines):
            late = 0.12 * index if self._animation == "rise" else 0.0
            rising = _ease((at_s - late) / fade_s) if fade_s else 1.0
            shown = min(rising, _ease((duration_s - at_s) / fade_s) if fade_s else 1.0)
            sunk = round((1 - rising) * self._rise) if self._animation == "rise" else 0
            self._lay(target, line, sunk, shown)

    def _lay(self, target: Planes, line: _Line, sunk: int, shown: float) -> None:
        top = line.top + sunk - line.margin + _FALL
        line.ink.lay(target, line.left - line.margin, top, shown, shown * self._shade)

    def _draw_typed(self, target: Planes, at_s: float, duration_s: float) -> None:
        total = sum(len(line.text) for line in self._lines)
        letter_s = min(_LETTER_S, duration_s * 0.55 / max(1, total))
        left = int(at_s / letter_s) + 1 if letter_s > 0 else total
        shown = _ease((duration_s - at_s) / min(_FADE_S, duration_s / 4)) if duration_s > 0 else 0.0
        for index, line in enumerate(self._lines):
            if left <= 0:
                return
            part = line if left >= len(line.text) else self._part(index, line, left)
            self._lay(target, part, 0, shown)
            left -= len(line.text)

    def _part(self, index: int, line: _Line, letters: int) -> _Line:
        """Return a line whose first letters are there already."""
        if self._typed is None or self._typed[:2] != (index, letters):
            whole = line_width(line.text, self._size, spacing=self._spacing)
            share = line_width(line.text[:letters], self._size, spacing=self._spacing) / max(1.0, whole)
            end = max(1, round((line.mask.width - whole) / 2 + whole * share))
            mask, halo = line.mask.crop((0, 0, end, line.mask.height)), line.halo
            shadow = halo.crop((0, 0, min(halo.width, end + line.margin), halo.height))
            self._typed = (index, letters, replace(line, ink=_shaded(mask, shadow, line.margin)))
        return self._typed[2]


_INK, _SHADOW = (1.0, 0.99, 0.96), (0.0, 0.0, 0.02)
_FALL = 2
"""How much lower than its text the shadow lies, in pixels."""


def _shaded(mask: Image.Image, halo: Image.Image, margin: int) -> Shaded:
    return Shaded(mask, _INK, halo, _SHADOW, margin, margin - _FALL)


def _top(wording: Wording, width: int, height: int, block: int) -> int:
    """Return where the first line begins. Telephones cover the foot of an upright picture with their buttons."""
    upright = height > width
    if wording.place == "top":
        return round(height * (0.11 if upright else 0.075))
    if wording.place == "bottom":
        return round(height * (0.80 if upright else 0.905)) - block
    return round(height * (0.34 if upright else 0.40)) - block // 2


def _ease(share: float) -> float:
    step = min(1.0, max(0.0, share))
    return step * step * (3 - 2 * step)


_MEASURE = 100.0


def _set(text: str, kind: _Type, unit: int, room: float, tallest: float) -> tuple[list[str], float]:
    """Break `text` into the fewest lines that fit; shrink it where its lines are not enough; cut it off at last."""

    def width(piece: str) -> float:
        # Letters grow in proportion; the room on both sides of a mask and its thicker strokes are added below.
        return line_width(piece, _MEASURE, spacing=kind.spacing) / _MEASURE + 0.26

    size = unit * kind.size
    lines: list[str] = []
    for count in range(1, kind.lines + 1):
        lines = balanced(text, count, width)
        if max(map(width, lines)) * size <= room:
            return lines, size
    size = min(size, room / max(map(width, lines)))
    least = max(4.0, unit * kind.least)
    if size >= least:
        return lines, size
    lines = filled(text, room / least, width)
    most = max(1, int(tallest / (least * 1.6)))
    if len(lines) > most:
        lines = [*lines[: most - 1], lines[most - 1][:-1].rstrip() + "…"]
    return lines, least


class Mark:
    """The small line in the corner that says that no AI made this picture."""

    TEXT = "drawn locally · nemo_widgets"

    def __init__(self, width: int, height: int) -> None:
        em = max(3.0, min(max(_MARK_LEAST, height * _MARK_HIGH), width * _MARK_WIDE))
        mask = text_mask(self.TEXT, em, spacing=0.035)
        halo, self._margin = halo_of(mask, em)
        self._ink = Shaded(mask, (1.0, 1.0, 1.0), halo, (0.0, 0.0, 0.0), self._margin, self._margin)
        self._left = width - mask.width - round(em * 0.8)
        self._top = height - mask.height - round(em * 0.5)

    def draw(self, target: Planes) -> None:
        """Lay it over `target`."""
        self._ink.lay(target, self._left - self._margin, self._top - self._margin, 0.85, 0.72)
