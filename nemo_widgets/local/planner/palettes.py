"""Which palette of a scene a look asks for: scored by what the palettes' own tables say of them."""

from dataclasses import dataclass

from nemo_widgets.local.picture.scenes import SCENES
from nemo_widgets.local.picture.scenes.noise import generator
from nemo_widgets.local.picture.scenes.setting import Palette, choose_palette, palettes
from nemo_widgets.local.planner.lexicon import entry
from nemo_widgets.local.planner.looks import Look
from nemo_widgets.local.planner.timeline import Raw, meta

_LIGHTS = ("day", "dusk", "night")
_SAME_LIGHT, _NEXT_LIGHT = 12.0, 4.0
_HUE, _IMPLIED, _COUSIN = 6.0, 0.4, 0.4
"""Points for a palette's strongest hue; shares of them for a hue that a time or season implies, and for a like one."""
_SEASON, _WEATHER, _WORD = 6.0, 3.0, 6.0
_KEPT_LIGHT, _KEPT_HUE = 3.0, 0.25
"""For what stays as it is when a palette is changed for another."""


@dataclass(frozen=True, slots=True)
class Choice:
    """A palette, and what was asked that it isn't.

    Attributes
    ----------
    palette : Palette
        The best that there is.
    lacks_light, lacks_hue : str
        The light and the hue that the scene has no palette of; empty when it has.
    """

    palette: Palette
    lacks_light: str = ""
    lacks_hue: str = ""


def palettes_of(scene: str) -> tuple[Palette, ...]:
    """Return the palettes of a scene; none where this version doesn't draw it."""
    return palettes(scene) if scene in SCENES else ()


def palette_of(piece: Raw) -> Palette | None:
    """Return the palette of a drawn shot."""
    facts = meta(piece)
    return next((one for one in palettes_of(str(facts.get("scene"))) if one.name == facts.get("palette")), None)


def palette_for(scene: str, look: Look, seed: int, current: str = "") -> Choice:
    """Choose a palette.

    Parameters
    ----------
    scene, look : str, Look
        For what.
    seed : int
        Chooses among equals.
    current : str
        The palette that the picture has now; where nothing else decides, the new one is like it.
    """
    known = palettes(scene)
    if not look.tells_colours:
        return Choice(choose_palette(scene, current, seed))
    now = next((palette for palette in known if palette.name == current), None)
    scores = [_score(palette, look, now) for palette in known]
    best = [palette for palette, score in zip(known, scores, strict=True) if score == max(scores)]
    likely = [palette for palette in best if palette.chance] or best
    kept = [palette for palette in likely if palette is now]
    chosen = kept[0] if kept else likely[int(generator(seed, scene, "palette").integers(len(likely)))]
    wanted = look.hues[0] if look.hues else ""
    return Choice(
        chosen,
        _lacks_light(chosen, look),
        wanted if wanted not in chosen.hues else "",
    )


def _lacks_light(chosen: Palette, look: Look) -> str:
    """Return the light that was asked for, "dawn" apart from "dusk", where a palette doesn't have it."""
    if look.time == "dawn" and "dawn" not in chosen.words:
        return "dawn"
    return look.light if look.light and chosen.light != look.light else ""


def _score(palette: Palette, look: Look, now: Palette | None) -> float:
    points = 0.0
    if look.light:
        apart = abs(_LIGHTS.index(palette.light) - _LIGHTS.index(look.light))
        points += (_SAME_LIGHT, _NEXT_LIGHT, 0.0)[apart]
    elif now is not None and palette.light == now.light:
        points += _KEPT_LIGHT
    for hue in look.hues:
        points += _hue(palette, hue) or _COUSIN * max(_hue(palette, cousin) for cousin in entry("hue", hue)["cousins"])
    for hue in _implied(look):
        points += _IMPLIED * _hue(palette, hue)
    if look.season:
        points += _SEASON if palette.season == look.season else -_WEATHER if palette.season else 0.0
    elif palette.season:
        points -= 0.5
    if look.weather and palette.weather == look.weather:
        points += _WEATHER
    elif palette.weather and palette.weather != look.weather:
        points -= 0.5
    points += _WORD * sum(word in palette.words for word in {*look.words, look.time})
    if now is not None:
        points += _KEPT_HUE * len(set(palette.hues) & set(now.hues))
    return points


def _hue(palette: Palette, hue: str) -> float:
    return max(1.0, _HUE - 1.5 * palette.hues.index(hue)) if hue in palette.hues else 0.0


def _implied(look: Look) -> list[str]:
    hues: list[str] = []
    if look.time:
        hues += entry("time", look.time)["hues"]
    if look.season:
        hues += entry("season", look.season)["hues"]
    for mood in look.moods:
        hues += entry("mood", mood).get("hues", ())
    return hues
