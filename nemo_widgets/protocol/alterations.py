"""What is different about one segment, as a verb and a detail each: ``("weather", "rain → snow")``."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

from nemo_widgets.protocol.draft import Segment, seconds

_CAMERA: Final = {
    "still": "stands still", "pan_left": "pans left", "pan_right": "pans right", "push": "moves in",
    "pull": "moves out", "handheld": "is handheld", "": "drifts gently",
}  # fmt: skip
_TRANSITIONS: Final = {"crossfade": "crossfade", "fade_black": "fade through black", "wipe": "wipe", "slide": "slide"}
_GRADES: Final = {
    "warmth": ("warmer", "cooler"),
    "brightness": ("brighter", "darker"),
    "contrast": ("more contrast", "less contrast"),
    "saturation": ("stronger colours", "paler colours"),
}
_ANIMATIONS: Final = {
    "type": "letter by letter",
    "rise": "rising",
    "fade": "fading in",
    "none": "at once",
    "": "as usual",
}
_FLIPS: Final = {"h": "from left to right", "v": "from top to bottom"}
_PLACES: Final = {"top": "at the top", "center": "in the middle", "bottom": "at the bottom"}


@dataclass(frozen=True, slots=True)
class Alteration:
    """One difference.

    Attributes
    ----------
    verb : str
        What became of it: ``"restyled"``, ``"weather"``.
    detail : str
        How it is now; may be empty.
    """

    verb: str
    detail: str = ""


def look_alterations(old: Segment, new: Segment) -> Iterator[Alteration]:
    """Tell how a segment looks or sounds otherwise; nothing of its words, times and source."""
    was, now = old.meta, new.meta
    if old.volume != new.volume:
        yield Alteration("volume", f"{percent(old.volume)} → {percent(new.volume)}")
    if old.style != new.style:
        yield Alteration("restyled", new.style)
    if _differs(was, now, "weather"):
        yield Alteration("weather", _arrow(_text(was, "weather"), _text(now, "weather"), "clear"))
    if _differs(was, now, "palette") and old.name == new.name:
        yield Alteration("colours", _arrow(_text(was, "palette"), _text(now, "palette"), "its own"))
    if _differs(was, now, "camera"):
        camera = _text(now, "camera")
        yield Alteration("camera", _CAMERA.get(camera, camera))
    if _differs(was, now, "grade"):
        yield Alteration("colours", ", ".join(_graded(_mapping(was, "grade"), _mapping(now, "grade"))) or "adjusted")
    if _differs(was, now, "speed"):
        yield Alteration("speed", f"{_factor(was)} → {_factor(now)}")
    if bool(was.get("reverse")) != bool(now.get("reverse")):
        yield Alteration("reversed" if now.get("reverse") else "plays forwards again")
    yield from _joins(was, now)
    yield from _turns(was, now)
    if _differs(was, now, "place"):
        place = _text(now, "place")
        yield Alteration("placed", _PLACES.get(place, place or "as usual"))
    if _differs(was, now, "animation"):
        animation = _text(now, "animation")
        yield Alteration("appears", _ANIMATIONS.get(animation, animation))
    same_picture = old.name == new.name and not _differs(was, now, "scene")
    if _differs(was, now, "seed") and same_picture:
        yield Alteration("made anew")


def _joins(was: Mapping[str, Any], now: Mapping[str, Any]) -> Iterator[Alteration]:
    if _differs(was, now, "transition"):
        coming = _mapping(now, "transition")
        kind = _text(coming, "kind")
        if kind:
            yield Alteration(f"comes in with a {_TRANSITIONS.get(kind, kind)}", f"{seconds(_number(coming, 'ms'))} s")
        else:
            yield Alteration("comes in with a hard cut")
    for key, words in (("fade_in_ms", "fades in"), ("fade_out_ms", "fades out")):
        if _differs(was, now, key):
            ms = _number(now, key)
            yield Alteration(words, f"{seconds(ms)} s") if ms else Alteration(f"no longer {words}")


def _turns(was: Mapping[str, Any], now: Mapping[str, Any]) -> Iterator[Alteration]:
    if _differs(was, now, "frame"):
        yield Alteration("shown", framed(now) or "over the whole picture")
    if _differs(was, now, "rotate"):
        yield Alteration("rotated", f"{_number(now, 'rotate')}°")
    if _differs(was, now, "flip"):
        flip = _text(now, "flip")
        yield Alteration("mirrored", _FLIPS.get(flip, flip)) if flip else Alteration("no longer mirrored")


def framed(meta: Mapping[str, Any]) -> str:
    """Return where on the canvas an inset lies: ``top right``; empty for a whole picture."""
    frame = meta.get("frame")
    if not isinstance(frame, list | tuple) or len(frame) != 4:
        return ""
    if not all(isinstance(side, int | float) for side in frame):
        return ""
    left, top, width, height = (float(side) for side in frame)
    across = "left" if left + width / 2 < 0.45 else "right" if left + width / 2 > 0.55 else "middle"
    down = "top" if top + height / 2 < 0.45 else "bottom" if top + height / 2 > 0.55 else ""
    return " ".join(word for word in (down, across) if word)


def percent(volume: float | None) -> str:
    """Return a volume in words."""
    return "as recorded" if volume is None else f"{round(volume * 100)} %"


def _graded(was: Mapping[str, Any], now: Mapping[str, Any]) -> Iterator[str]:
    if was and not now:
        yield "as they were"
        return
    for name, (more, less) in _GRADES.items():
        before, after = _real(was, name), _real(now, name)
        if name == "saturation" and after == -1 and before != -1:
            yield "black and white"
        elif before != after:
            yield more if after > before else less


def _differs(was: Mapping[str, Any], now: Mapping[str, Any], key: str) -> bool:
    return bool((was.get(key) or None) != (now.get(key) or None))


def _arrow(was: str, now: str, none: str) -> str:
    return f"{was} → {now or none}" if was else now


def _text(meta: Mapping[str, Any], key: str) -> str:
    value = meta.get(key)
    return value if isinstance(value, str) else ""


def _mapping(meta: Mapping[str, Any], key: str) -> Mapping[str, Any]:
    value = meta.get(key)
    return value if isinstance(value, Mapping) else {}


def _real(meta: Mapping[str, Any], key: str) -> float:
    value = meta.get(key)
    return float(value) if isinstance(value, int | float) and not isinstance(value, bool) else 0.0


def _number(meta: Mapping[str, Any], key: str) -> int:
    value = _real(meta, key)
    return round(value) if abs(value) < 1e12 else 0


def _factor(meta: Mapping[str, Any]) -> str:
    speed = _real(meta, "speed") or 1.0
    return f"{speed:.2f}".rstrip("0").rstrip(".") + "×"
