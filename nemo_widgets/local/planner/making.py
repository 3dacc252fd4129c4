"""New shots, drawn or of uploaded files, as segments, with what there is to say about them."""

from collections.abc import Sequence

from nemo_widgets.local.picture.scenes import FALLBACK
from nemo_widgets.local.planner.cuts import lasting, part_of
from nemo_widgets.local.planner.edits.desk import Desk
from nemo_widgets.local.planner.edits.looks import graded
from nemo_widgets.local.planner.lexicon import entry
from nemo_widgets.local.planner.looks import Look, with_moods
from nemo_widgets.local.planner.palettes import Choice, palette_for, palettes_of
from nemo_widgets.local.planner.plans import PlanAsset
from nemo_widgets.local.planner.timeline import SHORTEST_SHOT_MS, Raw, shot
from nemo_widgets.local.planner.wishes.shots import NewShot

SHOT_MS, PHOTO_MS = 5_000, 4_000
"""What a shot lasts when nobody says it."""


def make_shot(new: NewShot, seed: int, desk: Desk, remarks: list[str], default_ms: int = SHOT_MS) -> Raw:
    """Return a new shot as a segment without an id and a start.

    Parameters
    ----------
    new : NewShot
        What it is to be.
    seed : int
        Which take of a drawn one.
    desk : Desk
        Whose voice tells what can't be had.
    remarks : list of str
        Takes that up.
    default_ms : int
        How long a drawn one lasts when that isn't said.
    """
    look = with_moods(new.look, chooses_colours=not new.url)
    if new.url:
        return _from_file(desk.message.asset(new.url), new, look, desk, remarks)
    scene = look.subject.scene if look.subject is not None else FALLBACK
    choice = palette_for(scene, look, seed)
    tell_lacks(scene, choice, desk, remarks)
    weather = look.weather
    if not weather and look.season == "winter" and not any(one.season == "winter" for one in palettes_of(scene)):
        weather = "snow"
    facts: dict[str, object] = {"scene": scene, "palette": choice.palette.name, "seed": seed}
    if weather and weather != "clear":
        facts["weather"] = weather
    name = desk.voice.picture(scene, choice.palette, look.time)
    length = max(SHORTEST_SHOT_MS, default_ms if new.length_ms is None else new.length_ms)
    return shot(name, length, **facts, **_framing(look, desk, remarks))


def not_drawn(looks: Sequence[Look], desk: Desk, *more: str) -> list[str]:
    """Return one sentence for all that pictures were to show and don't, with what is drawn instead; none for nothing.

    Parameters
    ----------
    looks : sequence of Look
        Of drawn shots.
    desk : Desk
        Whose voice tells it.
    *more : str
        What else was asked for.
    """
    words = list(dict.fromkeys([*(word for look in looks for word in look.without), *more]))
    if not words:
        return []
    unknown = any(look.subject is None and look.without for look in looks)
    taken = [FALLBACK for look in looks if look.subject is None and look.without]
    taken += [look.subject.scene for look in looks if look.subject is not None and look.subject.fit == "near"]
    scene = desk.voice.listed([f"**{desk.voice.name('scene', one)}**" for one in dict.fromkeys(taken)])
    sentence = "unknown_subject" if unknown else "nearest" if taken else "without"
    return [desk.voice.say(sentence, word=desk.voice.quoted(words), scene=scene, scenes=desk.voice.scenes())]


def tell_lacks(scene: str, choice: Choice, desk: Desk, remarks: list[str]) -> None:
    """Note what was asked of the light and colours of a scene and isn't there."""
    name = desk.voice.name("scene", scene)
    if choice.lacks_light and not entry("scene", scene).get("plain"):
        remarks.append(desk.voice.say("no_such_light", scene=name, light=desk.voice.light(choice.lacks_light)))
    if choice.lacks_hue:
        remarks.append(desk.voice.say("no_such_hue", scene=name, hue=desk.voice.name("hue", choice.lacks_hue)))


def _framing(look: Look, desk: Desk, remarks: list[str]) -> dict[str, object]:
    """Return what any shot can have: style, camera, speed, grade."""
    facts: dict[str, object] = {}
    if look.style and look.style != "natural":
        facts["style"] = look.style
    if look.aim and not look.camera:
        remarks.append(desk.voice.say("near_camera", word=look.aim_word, camera=desk.voice.name("camera", look.aim)))
    camera = look.camera or look.aim
    if camera and camera != "gentle":
        facts["camera"] = camera
    if look.speed is not None and look.speed != 1:
        facts["speed"] = look.speed
    grade = graded(None, look.grade, look.grade_sets)
    if grade:
        facts["grade"] = grade
    return facts


def file_ms(asset: PlanAsset) -> int:
    """Return how long a file lasts on the timeline when nobody says it."""
    if asset.kind == "image" or not asset.duration_s:
        return PHOTO_MS
    return max(SHORTEST_SHOT_MS, round(asset.duration_s * 1000))


def _from_file(asset: PlanAsset, new: NewShot, look: Look, desk: Desk, remarks: list[str]) -> Raw:
    if look.weather and look.weather != "clear":
        remarks.append(desk.voice.say("no_weather", name=asset.name))
    framing = _framing(look, desk, remarks)
    if asset.kind == "image" or not asset.duration_s:
        framing.pop("speed", None)
        length = PHOTO_MS if new.length_ms is None else max(SHORTEST_SHOT_MS, new.length_ms)
        return shot(asset.name, length, url=asset.url, **framing)
    source = max(SHORTEST_SHOT_MS, round(asset.duration_s * 1000))
    speed = framing.get("speed")
    whole = round(source / float(speed)) if isinstance(speed, int | float) else source
    piece = shot(asset.name, whole, url=asset.url, source_ms=source, **framing)
    if new.from_ms >= source:
        remarks.append(desk.voice.say("file_shorter", name=asset.name, duration=f"{source / 1000:g}"))
    elif new.from_ms:
        piece = part_of(piece, round(new.from_ms / (float(speed) if isinstance(speed, int | float) else 1)), whole)
    if new.length_ms is None:
        return piece
    cut = lasting(piece, new.length_ms)
    if int(cut["d"]) < new.length_ms:
        remarks.append(desk.voice.say("file_shorter", name=asset.name, duration=f"{source / 1000:g}"))
    return cut
