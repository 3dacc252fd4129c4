"""New shots, drawn or of uploaded files, as segments, with what there is to say about them."""

from nemo_widgets.local.picture.scenes import FALLBACK
from nemo_widgets.local.planner.cuts import lasting
from nemo_widgets.local.planner.edits.desk import Desk
from nemo_widgets.local.planner.edits.looks import graded
from nemo_widgets.local.planner.lexicon import entry
from nemo_widgets.local.planner.looks import Look, with_moods
from nemo_widgets.local.planner.palettes import Choice, palette_for, palettes_of
from nemo_widgets.local.planner.plans import PlanAsset
from nemo_widgets.local.planner.subjects import Subject
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
    scene = _scene(look, desk, remarks)
    choice = palette_for(scene, look, seed)
    tell_lacks(scene, choice, desk, remarks)
    weather = look.weather
    if not weather and look.season == "winter" and not any(one.season == "winter" for one in palettes_of(scene)):
        weather = "snow"
    facts: dict[str, object] = {"scene": scene, "palette": choice.palette.name, "seed": seed}
    if weather and weather != "clear":
        facts["weather"] = weather
    name = desk.voice.picture(scene, choice.palette)
    length = max(SHORTEST_SHOT_MS, default_ms if new.length_ms is None else new.length_ms)
    return shot(name, length, **facts, **_framing(look, desk, remarks))


def _scene(look: Look, desk: Desk, remarks: list[str]) -> str:
    subject = look.subject
    if subject is None:
        if look.without:
            remarks.append(
                desk.voice.say(
                    "unknown_subject",
                    word=look.without,
                    scenes=desk.voice.scenes(),
                    scene=desk.voice.name("scene", FALLBACK),
                )
            )
        return FALLBACK
    if subject.fit == "near":
        remarks.append(tell_nearest(subject, desk))
    if look.without:
        remarks.append(desk.voice.say("without", word=look.without))
    return subject.scene


def tell_nearest(subject: Subject, desk: Desk) -> str:
    """Return that what was asked for is not drawn here, and what comes nearest."""
    scene = desk.voice.name("scene", subject.scene)
    if subject.extra:
        return desk.voice.say(
            "near_thing", what=desk.voice.name("extra", subject.extra), word=subject.word, scene=scene
        )
    return desk.voice.say("near_subject", word=subject.word, scene=scene)


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
    if new.length_ms is None:
        return piece
    cut = lasting(piece, new.length_ms)
    if int(cut["d"]) < new.length_ms:
        remarks.append(desk.voice.say("file_shorter", name=asset.name, duration=f"{source / 1000:g}"))
    return cut
