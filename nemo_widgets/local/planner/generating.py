"""Plans for a new video: the raw clip first, then music and title."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from nemo_widgets.local.picture.fonts import can_write
from nemo_widgets.local.planner.plans import Plan, PlanAsset, Stage, Voice, percent, seconds
from nemo_widgets.local.planner.reading import RATIOS, Reading, Subject, find_subject, read
from nemo_widgets.local.planner.timeline import (
    TEXT,
    VIDEO,
    Raw,
    new_draft,
    segments,
    shot,
    total_ms,
    with_length,
    with_music,
    with_title,
)
from nemo_widgets.local.planner.vocabulary import vocabulary
from nemo_widgets.local.sound.music import DEFAULT_VOLUME

DEFAULT_S, SHORTEST_S, LONGEST_S = 10.0, 1.0, 180.0
PHOTO_S = 4.0
_FALLBACK = "abstract_light"
_THEN = re.compile(r"(?:[,;.]?\s*\b(?:and )?(?:then|after that|followed by|finally)\b|[,;，；]?\s*(?:然后|接着|最后))")


@dataclass(frozen=True, slots=True)
class View:
    """A shot to be drawn: its scene, palette, seed, and what there is to say about the choice."""

    scene: str
    palette: str
    seed: int
    remark: str

    def shot(self, voice: Voice, length_ms: int) -> Raw:
        """Return it as a segment."""
        return shot(voice.scene(self.scene), length_ms, scene=self.scene, palette=self.palette, seed=self.seed)


def choose_view(reading: Reading, subject: Subject | None, seed: int, voice: Voice) -> View:
    """Decide what is drawn for a subject; for none, abstract light, and say so."""
    scene = subject.scene if subject else _FALLBACK
    remark = ""
    if subject is None:
        remark = voice.say("unknown_subject", scenes=voice.scenes(), scene=voice.scene(scene))
    elif subject.near:
        remark = voice.say("near_subject", word=subject.word, scene=voice.scene(scene))
    return View(scene, reading.palette(scene) or "", seed, remark)


def wanted_ms(reading: Reading, voice: Voice, default_s: float) -> tuple[int, str]:
    """Return the length that was asked for within the bounds, and what there is to say about it."""
    asked = reading.lengths[0].seconds if reading.lengths else default_s
    length = min(LONGEST_S, max(SHORTEST_S, asked))
    if length == asked:
        return round(length * 1000), ""
    bounds = {"low": seconds(SHORTEST_S * 1000), "high": seconds(LONGEST_S * 1000)}
    return round(length * 1000), voice.say("duration_bounds", duration=seconds(length * 1000), **bounds)


def _views(reading: Reading, seed: int, voice: Voice) -> list[View]:
    parts = [read(part) for part in _THEN.split(reading.text) if part.strip()]
    subjects = [(part, find_subject(part.text)) for part in parts]
    named = [(part, subject) for part, subject in subjects if subject is not None]
    if len(named) > 1:
        views = [choose_view(part, subject, seed + index, voice) for index, (part, subject) in enumerate(named)]
        if any(first.scene != second.scene or first.palette != second.palette for first, second in pairwise(views)):
            return views
    subject = reading.subject or (find_subject(reading.title.lower()) if reading.title else None)
    return [choose_view(reading, subject, seed, voice)]


def plan_video(reading: Reading, seed: int) -> Plan:
    """Plan a video that is drawn: one shot, or several when the message says *then*."""
    voice = Voice(reading.language)
    views = _views(reading, seed, voice)
    length, remark = wanted_ms(reading, voice, DEFAULT_S)
    each = length // len(views)
    lengths = [each] * (len(views) - 1) + [length - each * (len(views) - 1)]
    shots = [view.shot(voice, piece) for view, piece in zip(views, lengths, strict=True)]
    ratio = reading.ratio or "16:9"
    scenes = voice.listed([voice.scene(view.scene) for view in views])
    title = reading.title or f"{scenes[0].upper()}{scenes[1:]}"
    draft = new_draft(shots, title=title, size=RATIOS[ratio])
    remarks = list(dict.fromkeys([view.remark for view in views] + [remark]))
    if reading.means("wants_hd"):
        remarks.append(voice.say("resolution"))
    if missing := voice.missing(reading.text):
        remarks.append(missing)
    says = voice.say("generated", scene=scenes, duration=seconds(length), ratio=ratio)
    args = {"prompt": reading.text.strip(), "duration_s": length / 1000, "ratio": ratio, "seed": views[0].seed}
    first = Stage("generate_video", args, _joined(says, *remarks), draft)
    return Plan((first, *finishing(reading, draft, voice, vocabulary().scenes[views[0].scene].music, seed)))


def plan_footage(reading: Reading, assets: Sequence[PlanAsset], seed: int) -> Plan:
    """Plan a video made of uploaded files, in the order given; sound files become its music."""
    voice = Voice(reading.language)
    pictures = [asset for asset in assets if asset.kind != "audio"]
    shots = [shot_of(asset) for asset in pictures]
    whole = sum(int(piece["d"]) for piece in shots) / 1000
    length, remark = wanted_ms(reading, voice, whole)
    ratio = reading.ratio or "16:9"
    title = reading.title or pictures[0].name.rpartition(".")[0] or pictures[0].name
    draft = trimmed(new_draft(shots, title=title, size=RATIOS[ratio]), length)
    names = voice.listed([asset.name for asset in pictures])
    says = voice.say("footage", names=names, duration=seconds(total_ms(draft)), ratio=ratio)
    first = Stage("add_footage", {"files": [asset.name for asset in pictures]}, _joined(says, remark), draft)
    sound = next((asset for asset in assets if asset.kind == "audio"), None)
    if sound is not None:
        draft = with_music(draft, music_of(sound, reading.volume))
        volume = percent(reading.volume if reading.volume is not None else DEFAULT_VOLUME)
        music = Stage(
            "add_music", {"file": sound.name}, voice.say("asset_music", name=sound.name, volume=volume), draft
        )
        return Plan((first, music, *_titled(reading, draft, voice)))
    wanted = reading.tune is not None or reading.about_music()
    style = "ambient" if wanted else ""
    return Plan((first, *finishing(reading, draft, voice, style, seed)))


def trimmed(draft: Raw, length_ms: int) -> Raw:
    """Cut or lengthen a draft, but no uploaded video beyond its end."""
    pieces = segments(draft, VIDEO)
    last = pieces[-1].get("m", {}) if pieces else {}
    if "source_ms" in last:
        spare = int(last["source_ms"]) - int(last.get("in_ms", 0)) - int(pieces[-1]["d"])
        length_ms = min(length_ms, total_ms(draft) + max(0, spare))
    return with_length(draft, length_ms)


def shot_of(asset: PlanAsset) -> Raw:
    """Return an uploaded video or photo as a segment."""
    if asset.kind == "image" or not asset.duration_s:
        return shot(asset.name, round(PHOTO_S * 1000), url=asset.url)
    length = round(asset.duration_s * 1000)
    return shot(asset.name, length, url=asset.url, source_ms=length)


def music_of(asset: PlanAsset, volume: float | None) -> Raw:
    """Return the metadata of an uploaded piece of music."""
    return {"name": asset.name, "url": asset.url, "volume": DEFAULT_VOLUME if volume is None else volume}


def tune_meta(style: str, volume: float, seed: int, voice: Voice) -> Raw:
    """Return the metadata of a synthesised bed."""
    return {"name": voice.style(style), "style": style, "volume": volume, "seed": seed}


def finishing(reading: Reading, draft: Raw, voice: Voice, style: str, seed: int) -> tuple[Stage, ...]:
    """Plan the second stage: music unless it is not wanted (or `style` is empty), and a title when one is asked for."""
    stages: list[Stage] = []
    quiet = reading.about_music("off")
    if quiet:
        stages.append(Stage("", {}, voice.say("no_music"), draft))
    elif reading.tune or style:
        style = reading.tune.style if reading.tune else style
        volume = DEFAULT_VOLUME if reading.volume is None else reading.volume
        draft = with_music(draft, tune_meta(style, volume, seed, voice))
        says = voice.say("music_added", music=voice.style(style), volume=percent(volume))
        if reading.tune and reading.tune.near:
            says = _joined(says, voice.say("near_music", word=reading.tune.word, music=voice.style(style)))
        stages.append(Stage("add_music", {"style": style, "volume": volume}, says, draft))
    return (*stages, *_titled(reading, draft, voice))


def _titled(reading: Reading, draft: Raw, voice: Voice) -> tuple[Stage, ...]:
    text = reading.title
    if text is None:
        if not _wants_title(reading):
            return ()
        text = str(draft["m"]["title"])
    draft = with_title(draft, text, None if reading.title_s is None else round(reading.title_s * 1000))
    piece = segments(draft, TEXT)[0]
    says = voice.say("title_added", title=text, start=seconds(piece["s"]), end=seconds(piece["s"] + piece["d"]))
    if not can_write(text):
        says = _joined(says, voice.say("no_glyphs", title=text))
    return (Stage("add_title", {"text": text}, says, draft),)


def _wants_title(reading: Reading) -> bool:
    """Whether a title is asked for without its words: *with a title*, but neither *no title* nor *city called home*."""
    return bool(
        re.search(
            r"(?:with|add|and|plus|include|put)\s+(?:a\s+|an\s+|the\s+|some\s+)?(?:\w+\s+){0,2}titles?\b", reading.text
        )
        or re.search(r"(?:加|配|带|有)(?:上|个|一个)?标题", reading.text)
    ) and not re.search(r"(?:no|without|don't add)\s+(?:a\s+|any\s+)?titles?|(?:不要|不加|无|没有)标题", reading.text)


def _joined(*sentences: str) -> str:
    return " ".join(sentence for sentence in sentences if sentence)
