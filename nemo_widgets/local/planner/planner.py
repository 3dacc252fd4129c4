"""The local studio's agent: what to do about a message. Deterministic; its words are in ``vocabulary.toml``."""

import hashlib
import re
from collections.abc import Sequence

from nemo_widgets.local.planner.editing import EDITS, adds_shot, length_edit, music_edit, picture_edit
from nemo_widgets.local.planner.generating import music_of, plan_footage, plan_video, shot_of
from nemo_widgets.local.planner.plans import History, Plan, PlanAsset, Stage, Voice, percent, seconds
from nemo_widgets.local.planner.reading import Reading, read
from nemo_widgets.local.planner.timeline import VIDEO, Raw, segments, total_ms, with_music, with_shots
from nemo_widgets.local.sound.music import DEFAULT_VOLUME
from nemo_widgets.protocol.draft import Draft

__all__ = ["History", "Plan", "PlanAsset", "Stage", "plan"]

_NO_HISTORY = History()
_LONGEST = 4000
"""Characters of a message that are read."""

_FILE = re.compile(
    r"(?<![\w()-])[\w()-][\w .()-]{0,80}?\.(?:mp4|mov|avi|webm|mkv|jpe?g|png|gif|webp|mp3|wav|m4a|aac)\b", re.IGNORECASE
)
_NEW = re.compile(
    r"\b(?:generate|create|produce|make|film|shoot)\s+(?:me\s+|us\s+)?(?:an?|another|a new|new|one)\b"
    r"(?!\s+(?:title|caption|text|song|tune|bgm))"
    r"|\b(?:new|another)\s+(?:video|clip|film|movie)\b|^\s*(?:an?|another|the)\s+(?:[\w-]+\s+){0,4}(?:clip|video|film|movie|shot|timelapse)\b"
    r"|生成|制作一|做一个|做个|做一段|来一个|来一段|拍一"
)
_INSTEAD = re.compile(r"\binstead\b|\b(?:make|turn|change)\s+(?:it|this|that)\b|换成|改成|改为|变成")


def plan(
    prompt: str,
    draft: Draft,
    assets: Sequence[PlanAsset],
    seed: int | None = None,
    history: History = _NO_HISTORY,
) -> Plan:
    """Decide what to do about a message.

    Parameters
    ----------
    prompt : str
        What the person wrote.
    draft : Draft
        The timeline as it is.
    assets : sequence of PlanAsset
        What they uploaded, in that order.
    seed : int, optional
        Which take to draw; without one, and without ``seed 7`` in the message, it follows from the message's words.
    history : History
        The timelines that can be gone back to.

    Returns
    -------
    Plan
        At least one stage. The same arguments give the same plan.
    """
    prompt = prompt[:_LONGEST]
    reading = read(prompt, [asset.name for asset in assets])
    voice = Voice(reading.language)
    if reading.seed is not None:
        seed = reading.seed
    elif seed is None:
        seed = int.from_bytes(hashlib.sha256(prompt.strip().encode()).digest()[:4])
    raw = draft.dump()
    named, unknown = _meant(reading, prompt, assets)
    if unknown and not named:
        known = voice.say("asset_known", names=voice.listed([asset.name for asset in assets])) if assets else ""
        return _talk(voice.say("asset_unknown", name=unknown, known=known), raw)
    if draft.is_empty:
        return _begin(reading, raw, named, assets, seed, voice)
    if named:
        return _use(reading, raw, named, seed, voice)
    if _NEW.search(reading.text) and not _INSTEAD.search(reading.text) and not adds_shot(reading):
        return plan_video(reading, seed)
    return _edit(reading, raw, seed, voice)


def _talk(says: str, draft: Raw) -> Plan:
    return Plan((Stage("", {}, says, draft),))


def _meant(reading: Reading, prompt: str, assets: Sequence[PlanAsset]) -> tuple[list[PlanAsset], str | None]:
    """Find the uploaded files that a message names, in its order, and a file name that nobody uploaded."""
    lower = prompt.lower()
    places: dict[str, int] = {}
    for asset in assets:
        stem = asset.name.rpartition(".")[0] or asset.name
        at = lower.find(asset.name.lower())
        if at < 0 and len(stem) > 3 and (hit := re.search(rf"(?<!\w){re.escape(stem.lower())}(?!\w)", lower)):
            at = hit.start()
        if at >= 0:
            places[asset.url] = at
    named = sorted((asset for asset in assets if asset.url in places), key=lambda asset: places[asset.url])
    if not named and reading.means("mine"):
        named = list(assets)
    names = {asset.name.lower() for asset in assets}
    unknown = next(
        (
            hit.group()
            for hit in _FILE.finditer(prompt)
            if not any(hit.group().lower().endswith(name) for name in names)
        ),
        None,
    )
    return named, unknown.split()[-1] if unknown else None


def _begin(
    reading: Reading, raw: Raw, named: Sequence[PlanAsset], assets: Sequence[PlanAsset], seed: int, voice: Voice
) -> Plan:
    """Answer the first message of a session."""
    wants_picture = reading.subject is not None or _NEW.search(reading.text) is not None
    chosen = list(named) or ([] if wants_picture else list(assets))
    if any(asset.kind != "audio" for asset in chosen):
        return plan_footage(reading, chosen, seed)
    if chosen:
        return _only_sound(reading, chosen[0], raw, seed, voice)
    if not wants_picture:
        if answer := _small_talk(reading, voice):
            return _talk(answer, raw)
        if missing := voice.missing(reading.text):
            return _talk(missing, raw)
        if _only_edits(reading):
            return _talk(voice.say("empty_timeline"), raw)
    return plan_video(reading, seed)


def _only_sound(reading: Reading, asset: PlanAsset, raw: Raw, seed: int, voice: Voice) -> Plan:
    if reading.subject is None:
        return _talk(voice.say("asset_none_visual", name=asset.name), raw)
    drawn = plan_video(reading, seed)
    first = drawn.stages[0]
    music = with_music(first.draft, music_of(asset, reading.volume))
    volume = percent(DEFAULT_VOLUME if reading.volume is None else reading.volume)
    says = voice.say("asset_music", name=asset.name, volume=volume)
    return Plan((first, Stage("add_music", {"file": asset.name}, says, music)))


_VERBS = re.compile(
    r"\W*(?:please\s+)?(?:add|remove|delete|change|trim|cut|shorten|set|put|turn|make|lower|raise)\b"
    r"|\W*(?:请)?(?:添加|加|去掉|删除|缩短|剪|把|换|改|调)"
)


def _only_edits(reading: Reading) -> bool:
    """Whether a first message speaks of nothing but changes, so that it describes no picture."""
    named = reading.names_title or reading.about_music() or reading.tune is not None
    changed = reading.means("trim") or reading.means("extend")
    return (named or changed) and (_VERBS.match(reading.text) is not None or not reading.text.strip(" ⟦⟧"))


def _small_talk(reading: Reading, voice: Voice) -> str | None:
    if reading.means("vague"):
        return voice.say("vague")
    if (reading.means("help") and len(reading.text.split()) <= 8) or not reading.text.strip(" ?!.。！？⟦⟧"):
        return voice.say("help", scenes=voice.scenes())
    if reading.means("gui"):
        return voice.say("click_export")
    return None


def _edit(reading: Reading, raw: Raw, seed: int, voice: Voice) -> Plan:
    """Make every change that the message asks for, one stage each."""
    missing = voice.missing(reading.text)
    stages: list[Stage] = []
    draft = raw
    for edit in EDITS:
        if missing and edit in (length_edit, picture_edit):
            continue
        if edit is length_edit and any(stage.tool == "add_shot" for stage in stages):
            continue
        stage = edit(reading, draft, seed, voice)
        if stage is not None:
            stages.append(stage)
            draft = stage.draft
    if missing:
        stages.append(Stage("", {}, missing, draft))
    if stages:
        return Plan(tuple(stages))
    return _talk(_small_talk(reading, voice) or voice.say("nothing_understood"), raw)


def _use(reading: Reading, raw: Raw, named: Sequence[PlanAsset], seed: int, voice: Voice) -> Plan:
    """Put uploaded files on a timeline that has something on it; then make the other changes in the message."""
    stages: list[Stage] = []
    draft = raw
    sounds = [asset for asset in named if asset.kind == "audio"]
    pictures = [asset for asset in named if asset.kind != "audio"]
    for asset in sounds[:1]:
        draft = with_music(draft, music_of(asset, reading.volume))
        volume = percent(DEFAULT_VOLUME if reading.volume is None else reading.volume)
        stages.append(
            Stage("add_music", {"file": asset.name}, voice.say("asset_music", name=asset.name, volume=volume), draft)
        )
    if pictures:
        shots = [shot_of(asset) for asset in pictures]
        name = voice.listed([asset.name for asset in pictures])
        before = segments(draft, VIDEO)
        if reading.means("replace") or re.search(r"\bonly\b|只用|只要", reading.text):
            order, sentence = shots, "asset_only"
        elif reading.means("prepend"):
            order, sentence = [*shots, *before], "asset_first"
        else:
            order, sentence = [*before, *shots], "asset_last"
        draft = with_shots(draft, order)
        says = voice.say(sentence, name=name, total=seconds(total_ms(draft)))
        stages.append(Stage("add_footage", {"files": [asset.name for asset in pictures]}, says, draft))
    for edit in EDITS[2:]:
        if sounds and edit is music_edit:
            continue
        stage = edit(reading, draft, seed, voice)
        if stage is not None and stage.tool:
            stages.append(stage)
            draft = stage.draft
    return Plan(tuple(stages))
