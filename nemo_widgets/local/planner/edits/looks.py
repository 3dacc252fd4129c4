"""How shots look: light, weather, style, camera, colours, turning, and the shape of the canvas."""

from collections.abc import Mapping, Sequence

from nemo_widgets.local.picture.scenes import SCENES
from nemo_widgets.local.planner.cuts import is_drawn, is_film, is_upload, speed_of
from nemo_widgets.local.planner.edits.cutting import FASTEST, SLOWEST, named, shot_names
from nemo_widgets.local.planner.edits.desk import Desk
from nemo_widgets.local.planner.lexicon import entry
from nemo_widgets.local.planner.looks import Look
from nemo_widgets.local.planner.palettes import palette_for, palette_of, palettes_of
from nemo_widgets.local.planner.plans import Stage
from nemo_widgets.local.planner.reading.quantities import RATIOS
from nemo_widgets.local.planner.timeline import Raw, altered, meta, shots, with_facts, with_shots
from nemo_widgets.local.planner.voice import times
from nemo_widgets.local.planner.wishes.looks import Flip, Restyle, SetCanvas, Turn

GRADES = ("warmth", "brightness", "contrast", "saturation")


def restyle(wish: Restyle, draft: Raw, desk: Desk) -> Stage:
    """Let shots look as wished; what a shot can't have is told."""
    look = wish.look
    meant = named(shots(draft), wish.shots)
    if not meant:
        return desk.only_says(draft, "shot_gone")
    remarks: list[str] = []
    changed = [restyled(piece, look, desk, remarks) if piece in meant else piece for piece in shots(draft)]
    after = with_shots(draft, changed)
    remarks += _about_uploads(look, [piece for piece in meant if not is_drawn(piece)], desk)
    if after == draft:
        so = desk.voice.say("calmest" if "calm" in look.moods else "looks_so")
        return Stage("", {}, " ".join(dict.fromkeys(remarks)) or so, draft)
    pairs = [(old, new) for old, new in zip(shots(draft), shots(after), strict=True) if old != new]
    told = desk.voice.listed(
        list(dict.fromkeys(what for old, new in pairs for what in differences(old, new, desk, look.time)))
    )
    which = shot_names(desk, draft, tuple(str(old.get("id")) for old, _ in pairs))
    says = desk.voice.say("restyled", shots=which, what=told or desk.voice.say("as_before"))
    return desk.done(_tool(look), {"wish": list(_said(look))}, draft, after, says, *remarks)


def _said(look: Look) -> list[str]:
    values = (
        look.time,
        look.season,
        look.weather,
        look.style,
        look.camera,
        look.pace,
        *look.hues,
        *look.grade,
        *look.grade_sets,
    )
    return [value for value in values if value]


def _tool(look: Look) -> str:
    if look.grade or look.grade_sets:
        return "color_grade"
    if look.weather and not look.style:
        return "set_weather"
    if look.style:
        return "set_style"
    return "set_camera" if (look.camera or look.aim) and not look.tells_colours else "change_scene"


def restyled(piece: Raw, look: Look, desk: Desk, remarks: list[str]) -> Raw:
    """Return a shot as a look wants it.

    Parameters
    ----------
    remarks : list of str
        Takes up what there is to say about what can't be had.
    """
    piece = _framed(piece, look, desk, remarks)
    if "calm" in look.moods:
        piece = _calmed(piece)
    if not is_drawn(piece):
        return piece
    return _lit(_weathered(piece, look, desk), look, desk, remarks)


def _about_uploads(look: Look, pieces: Sequence[Raw], desk: Desk) -> list[str]:
    """Return what to say about uploaded files that were to have another weather or light."""
    names = desk.voice.listed(list(dict.fromkeys(str(meta(piece).get("name")) for piece in pieces)))
    if not names:
        return []
    if look.weather and look.weather != "clear":
        return [desk.voice.say("no_weather", name=names)]
    return [desk.voice.say("no_light_on_footage", name=names)] if look.tells_colours else []


def _framed(piece: Raw, look: Look, desk: Desk, remarks: list[str]) -> Raw:
    """Apply what any shot can have: style, camera, grade, pace."""
    facts: dict[str, object] = {}
    if look.style:
        facts["style"] = None if look.style == "natural" else look.style
    if look.aim:
        facts["camera"] = look.aim
        move = desk.voice.name("camera", look.aim)
        remarks.append(desk.voice.say("near_camera", word=look.aim_word, camera=move))
    if look.camera:
        facts["camera"] = None if look.camera == "gentle" else look.camera
    if look.grade or look.grade_sets:
        facts["grade"] = graded(meta(piece).get("grade"), look.grade, look.grade_sets)
    speed = look.speed
    if speed is not None and (is_drawn(piece) or is_film(piece)):
        facts["speed"] = None if speed == 1 else min(FASTEST, max(SLOWEST, speed))
    return altered(piece, **facts)


_CALMER, _CALMEST = 0.75, 0.4
"""What calming makes of a speed, and the slowest that it leads to."""


def _calmed(piece: Raw) -> Raw:
    """Let a shot be calmer than it is: slower, without a storm, and with a steady camera."""
    facts: dict[str, object] = {}
    if meta(piece).get("weather") == "storm":
        facts["weather"] = None
    if meta(piece).get("camera") == "handheld":
        facts["camera"] = None
    if (is_drawn(piece) or is_film(piece)) and speed_of(piece) > _CALMEST:
        facts["speed"] = max(_CALMEST, round(speed_of(piece) * _CALMER, 2))
    return altered(piece, **facts)


def graded(now: object, adds: Mapping[str, float], sets: Mapping[str, float]) -> dict[str, float] | None:
    """Return a grade with steps added and values set, each between -1 and 1; None when nothing is left of it."""
    before = now if isinstance(now, Mapping) else {}
    grade = {name: sets.get(name, float(before.get(name) or 0.0)) + adds.get(name, 0.0) for name in GRADES}
    left = {name: round(min(1.0, max(-1.0, value)), 2) for name, value in grade.items()}
    return {name: value for name, value in left.items() if value} or None


def _weathered(piece: Raw, look: Look, desk: Desk) -> Raw:
    weather = look.weather
    scene = str(meta(piece)["scene"])
    if (
        not weather
        and look.season == "winter"
        and not any(palette.season == "winter" for palette in palettes_of(scene))
    ):
        weather = "snow"
    if not weather:
        return piece
    return altered(piece, weather=None if weather == "clear" else weather)


def _lit(piece: Raw, look: Look, desk: Desk, remarks: list[str]) -> Raw:
    scene = str(meta(piece)["scene"])
    if not look.tells_colours or scene not in SCENES:
        return piece
    seed = int(meta(piece).get("seed") or 0)
    choice = palette_for(scene, look, seed, str(meta(piece).get("palette") or ""))
    name = desk.voice.name("scene", scene)
    if choice.lacks_light:
        remarks.append(desk.voice.say("no_such_light", scene=name, light=desk.voice.light(choice.lacks_light)))
    if choice.lacks_hue:
        remarks.append(desk.voice.say("no_such_hue", scene=name, hue=desk.voice.name("hue", choice.lacks_hue)))
    return altered(piece, palette=choice.palette.name, name=desk.voice.picture(scene, choice.palette, look.time))


def differences(old: Raw, new: Raw, desk: Desk, time: str = "") -> list[str]:
    """Return in words what is different about a shot's look."""
    before, after = meta(old), meta(new)
    told: list[str] = []

    def changed(key: str) -> bool:
        return before.get(key) != after.get(key)

    if changed("palette") or (time and changed("name")):
        palette = palette_of(new)
        if palette is not None:
            told.append(desk.voice.colours(palette, time))
    for key, none in (("weather", "clear"), ("style", "natural"), ("camera", "gentle")):
        if changed(key):
            told.append(desk.voice.say(f"now_{key}", what=desk.voice.name(key, str(after.get(key) or none))))
    if changed("grade"):
        told += grade_words(before.get("grade"), after.get("grade"), desk)
    if changed("speed"):
        told.append(desk.voice.say("now_speed", speed=times(speed_of(new))))
    return told


def grade_words(before: object, after: object, desk: Desk) -> list[str]:
    """Return in words how a grade differs from the one before."""
    old = before if isinstance(before, Mapping) else {}
    new = after if isinstance(after, Mapping) else {}
    if old and not new:
        return [desk.voice.say("grade_none")]
    words = []
    for name in GRADES:
        was, now = float(old.get(name) or 0), float(new.get(name) or 0)
        if was == now:
            continue
        if name == "saturation" and now == -1:
            words.append(desk.voice.say("grade_black_and_white"))
        else:
            words.append(desk.voice.say(f"grade_{name}_{'up' if now > was else 'down'}"))
    return words


def turn(wish: Turn, draft: Raw, desk: Desk) -> Stage:
    """Turn shots clockwise."""
    meant = named(shots(draft), wish.shots)
    changed = []
    for piece in shots(draft):
        if piece in meant:
            angle = (int(meta(piece).get("rotate") or 0) + wish.degrees) % 360
            piece = altered(piece, rotate=angle or None)
        changed.append(piece)
    after = with_shots(draft, changed)
    if after == draft:
        return desk.only_says(draft, "looks_so")
    says = desk.voice.say("turned", shots=shot_names(desk, draft, wish.shots), degrees=wish.degrees)
    return desk.done("rotate", {"degrees": wish.degrees}, draft, after, says)


def flip(wish: Flip, draft: Raw, desk: Desk) -> Stage:
    """Mirror shots; once more in the same direction, and they are as before."""
    meant = named(shots(draft), wish.shots)
    changed = []
    for piece in shots(draft):
        if piece in meant:
            again = str(meta(piece).get("flip") or "") == wish.axis
            piece = altered(piece, flip=None if again or not wish.axis else wish.axis)
        changed.append(piece)
    after = with_shots(draft, changed)
    if after == draft:
        return desk.only_says(draft, "looks_so")
    says = desk.voice.say(f"flipped_{wish.axis or 'none'}", shots=shot_names(desk, draft, wish.shots))
    return desk.done("flip", {"axis": wish.axis}, draft, after, says)


def set_canvas(wish: SetCanvas, draft: Raw, desk: Desk) -> Stage:
    """Change the shape of the picture."""
    width, height = RATIOS[wish.ratio]
    facts = draft.get("m") or {}
    if (facts.get("width"), facts.get("height")) == (width, height):
        return desk.only_says(draft, "same_ratio", ratio=wish.ratio)
    after = with_facts(draft, width=width, height=height)
    says = desk.voice.say("ratio_changed", ratio=wish.ratio, width=width, height=height)
    return desk.done("set_canvas", {"ratio": wish.ratio}, draft, after, says)


def is_photo(piece: Raw) -> bool:
    """Whether a shot is an uploaded photo."""
    return is_upload(piece) and not is_film(piece)


def describe(look: Look, desk: Desk) -> str:
    """Return in words what a look asks beside its subject and light: weather, style, camera, pace."""
    told = [
        desk.voice.say(f"now_{kind}", what=desk.voice.name(kind, value))
        for kind, value in (("weather", look.weather), ("style", look.style), ("camera", look.camera or look.aim))
        if value and value not in ("clear", "natural", "gentle")
    ]
    if look.pace:
        told.append(desk.voice.say("now_speed", speed=times(float(entry("pace", look.pace)["speed"]))))
    return desk.voice.listed(told)
