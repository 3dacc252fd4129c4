"""Plans for changes to a timeline: each wish in a message is one edit, made in turn."""

import re
from collections.abc import Callable, Sequence

from nemo_widgets.local.picture.fonts import can_write
from nemo_widgets.local.planner.generating import (
    LONGEST_S,
    SHORTEST_S,
    choose_view,
    trimmed,
    tune_meta,
    wanted_ms,
)
from nemo_widgets.local.planner.plans import Stage, Voice, percent, seconds
from nemo_widgets.local.planner.reading import RATIOS, Reading
from nemo_widgets.local.planner.timeline import (
    AUDIO,
    TEXT,
    VIDEO,
    Raw,
    segments,
    total_ms,
    with_canvas,
    with_length,
    with_look,
    with_music,
    with_shots,
    with_title,
    with_volume,
    without,
)
from nemo_widgets.local.planner.vocabulary import vocabulary
from nemo_widgets.local.sound.music import DEFAULT_VOLUME, GENRES

Edit = Callable[[Reading, Raw, int, Voice], Stage | None]
"""Makes one kind of change when the message asks for it; None when it does not."""

_LOUDER = 1.4
_APPENDED_S = 5.0
_REMOVE_TITLE = re.compile(
    r"(?:remove|delete|drop|get rid of|take out|take away|take off|clear|erase|without|no|hide)\s+(?:\w+\s+){0,2}"
    r"(?:title|caption|text|headline)"
    r"|(?:title|caption|text|headline)s?\s+(?:off|away|out)\b"
    r"|(?:去掉|删除|删掉|移除|不要|取消|去除)[^,，。]{0,4}(?:标题|文字|字幕)|把?(?:标题|文字|字幕)(?:去掉|删除|删掉|移除|取消)"
)
_REMOVE_MUSIC = re.compile(
    r"(?:remove|delete|drop|get rid of|take out|take away|turn off|stop|kill|cut)\s+"
    r"(?:(?!add\b|put\b|with\b|use\b|change\b)\w+\s+){0,5}"
    r"(?:music|bgm|soundtrack|song|audio|sound|track)"
    r"|(?:music|bgm|soundtrack|sound)\s+off\b"
    r"|(?:去掉|删除|删掉|移除|不要|取消|去除)[^,，。]{0,5}(?:音乐|配乐|声音)|把?(?:音乐|配乐|声音)(?:去掉|删除|删掉|移除|取消|关掉)"
)
_FROM_START = re.compile(r"\b(?:the\s+)?first\s*$|(?:前面?|开头的?)\s*$")
_FROM_END = re.compile(r"\b(?:the\s+)?last\s*$|(?:后面?|最后的?|结尾的?)\s*$")
_RELATIVE = re.compile(r"\bby\s*$|(?:延长|加长|增加|多)\s*$")
_CUT_BY = re.compile(r"(?:减少|剪掉|缩短)\s*$")


_ADDED_SHOT = re.compile(
    r"\b(?:add|insert|append|attach)\b(?!.*\b(?:music|title)\b).*\b(?:shot|scene|clip|view|ending)s?\b"
    r"|(?:加|添加|插入|接)[^,，。]{0,8}(?:镜头|场景|片段)"
)


def adds_shot(reading: Reading) -> bool:
    """Whether one more shot is asked for, after those that are there."""
    return not reading.means("prepend") and (reading.means("append") or _ADDED_SHOT.search(reading.text) is not None)


def title_edit(reading: Reading, draft: Raw, seed: int, voice: Voice) -> Stage | None:
    """Add, change or remove the title."""
    if _REMOVE_TITLE.search(reading.text) and reading.title is None:
        if not segments(draft, TEXT):
            return Stage("", {}, voice.say("no_title"), draft)
        return Stage("remove_title", {}, voice.say("title_removed"), without(draft, TEXT))
    if reading.title is None and not (reading.names_title and reading.means("add")):
        return None
    text = reading.title or str(draft.get("m", {}).get("title") or "")
    if not text:
        return None
    existed = bool(segments(draft, TEXT))
    changed = with_title(draft, text, None if reading.title_s is None else round(reading.title_s * 1000))
    piece = segments(changed, TEXT)[0]
    span = {"start": seconds(piece["s"]), "end": seconds(piece["s"] + piece["d"])}
    says = voice.say("title_changed" if existed else "title_added", title=text, **span)
    if not can_write(text):
        says += " " + voice.say("no_glyphs", title=text)
    return Stage("edit_title" if existed else "add_title", {"text": text}, says, changed)


def music_edit(reading: Reading, draft: Raw, seed: int, voice: Voice) -> Stage | None:
    """Add, change or remove the music, or set its volume."""
    there = segments(draft, AUDIO)
    if _REMOVE_MUSIC.search(reading.text) or reading.about_music("off"):
        if not there:
            return Stage("", {}, voice.say("no_music_there"), draft)
        return Stage("remove_music", {}, voice.say("music_removed"), without(draft, AUDIO))
    volume = _volume(reading, there)
    style = _style(reading, draft)
    if style is None:
        if volume is None:
            return None
        if not there:
            return Stage("", {}, voice.say("no_music_there"), draft)
        changed = with_volume(draft, volume)
        return Stage("set_volume", {"volume": volume}, voice.say("volume_set", volume=percent(volume)), changed)
    level = volume if volume is not None else (_current(there) if there else DEFAULT_VOLUME)
    changed = with_music(draft, tune_meta(style, level, seed, voice))
    sentence = "music_changed" if there else "music_added"
    says = voice.say(sentence, music=voice.style(style), volume=percent(level))
    if reading.tune and reading.tune.near:
        says += " " + voice.say("near_music", word=reading.tune.word, music=voice.style(style))
    return Stage("edit_music" if there else "add_music", {"style": style, "volume": level}, says, changed)


def _style(reading: Reading, draft: Raw) -> str | None:
    """Which kind of music is asked for: words such as *epic* count only where music is meant."""
    spoken_of = reading.about_music() or (reading.means("add") and reading.subject is None)
    if reading.tune and spoken_of:
        return reading.tune.style
    if not reading.about_music() or not (reading.means("add") or reading.means("replace") or reading.means("other")):
        return None
    if reading.volume is not None or reading.about_music("louder") or reading.about_music("quieter"):
        return None
    current = next((str(piece.get("m", {}).get("style")) for piece in segments(draft, AUDIO)), "")
    if current in GENRES:
        names = list(GENRES)
        return names[(names.index(current) + 1) % len(names)]
    scene = next((str(piece["m"]["scene"]) for piece in segments(draft, VIDEO) if "scene" in piece.get("m", {})), "")
    return vocabulary().scenes[scene].music if scene in vocabulary().scenes else "ambient"


def _current(pieces: Sequence[Raw]) -> float:
    volume = pieces[0].get("m", {}).get("volume") if pieces else None
    return float(volume) if isinstance(volume, int | float) else DEFAULT_VOLUME


def _volume(reading: Reading, there: Sequence[Raw]) -> float | None:
    if reading.volume is not None:
        return reading.volume
    if reading.about_music("louder"):
        return round(min(1.0, _current(there) * _LOUDER), 2)
    if reading.about_music("quieter"):
        return round(_current(there) / _LOUDER, 2)
    return None


def length_edit(reading: Reading, draft: Raw, seed: int, voice: Voice) -> Stage | None:
    """Cut or lengthen the picture: to a length, by a length, or its first or last seconds."""
    total = total_ms(draft)
    if not reading.lengths:
        if not (reading.means("trim") or reading.means("extend")):
            return None
        goal, from_start = round(total * (0.5 if reading.means("trim") else 1.5)), 0
    else:
        goal, from_start = _goal(reading, total)
    goal = round(min(LONGEST_S, max(SHORTEST_S, goal / 1000)) * 1000)
    changed = with_length(draft, goal, from_start_ms=from_start) if from_start else trimmed(draft, goal)
    now = total_ms(changed)
    if now == total and not from_start:
        return Stage("", {}, voice.say("same_duration", duration=seconds(total)), draft)
    return Stage("trim_timeline", {"duration_s": now / 1000}, voice.say("trimmed", duration=seconds(now)), changed)


def _goal(reading: Reading, total: int) -> tuple[int, int]:
    length = reading.lengths[0]
    before, after = reading.text[: length.start], reading.text[length.end :]
    some = round(length.seconds * 1000)
    shorter = reading.means("trim") or reading.means("remove")
    keep = re.search(r"\bkeep\b|只?保留|只留", before)
    if _FROM_START.search(before) and not keep:
        return total - some, some
    if _FROM_END.search(before):
        return (some, total - some) if keep else (total - some, 0)
    if re.match(r"\s*(?:longer|more)\b", after):
        return total + some, 0
    if re.match(r"\s*(?:shorter|less)\b", after) or _CUT_BY.search(before):
        return total - some, 0
    if _RELATIVE.search(before):
        return (total - some if shorter else total + some), 0
    return some, 0


def canvas_edit(reading: Reading, draft: Raw, seed: int, voice: Voice) -> Stage | None:
    """Change the shape of the picture."""
    if reading.ratio is None:
        return None
    width, height = RATIOS[reading.ratio]
    says = voice.say("ratio_changed", ratio=reading.ratio, width=width, height=height)
    return Stage("set_canvas", {"ratio": reading.ratio}, says, with_canvas(draft, (width, height)))


def picture_edit(reading: Reading, draft: Raw, seed: int, voice: Voice) -> Stage | None:
    """Change what is seen: another scene, another light, one more shot, or another take of the same."""
    drawn = [piece["m"] for piece in segments(draft, VIDEO) if piece.get("m", {}).get("scene")]
    subject = reading.subject
    if subject is not None and adds_shot(reading):
        return _append(reading, draft, seed, voice)
    scene = str(drawn[0]["scene"]) if drawn else ""
    light = reading.palette(scene) if scene in vocabulary().palettes else None
    if subject is not None and not (subject.scene == scene and (light or reading.means("another"))):
        if light and subject.near:
            return _light(draft, scene, light, voice)
        view = choose_view(reading, subject, seed if reading.seed is None else reading.seed, voice)
        length = total_ms(draft)
        changed = with_shots(draft, [view.shot(voice, length)])
        says = " ".join(
            part for part in (voice.say("scene_changed", scene=voice.scene(view.scene)), view.remark) if part
        )
        return Stage("change_scene", {"scene": view.scene}, says, changed)
    if light:
        return _light(draft, scene, light, voice)
    if drawn and (reading.means("another") or reading.seed is not None) and not reading.about_music():
        take = seed if reading.seed is None else reading.seed
        says = voice.say("another_take", scene=voice.scene(scene), seed=take)
        return Stage("change_scene", {"seed": take}, says, with_look(draft, seed=take))
    return None


def _light(draft: Raw, scene: str, light: str, voice: Voice) -> Stage:
    says = voice.say("light_changed", palette=light)
    return Stage("change_scene", {"scene": scene, "palette": light}, says, with_look(draft, palette=light))


def _append(reading: Reading, draft: Raw, seed: int, voice: Voice) -> Stage:
    view = choose_view(reading, reading.subject, seed if reading.seed is None else reading.seed, voice)
    length, remark = wanted_ms(reading, voice, _APPENDED_S)
    changed = with_shots(draft, [*segments(draft, VIDEO), view.shot(voice, length)])
    total = seconds(total_ms(changed))
    says = voice.say("shot_added", scene=voice.scene(view.scene), duration=seconds(length), total=total)
    says = " ".join(part for part in (says, view.remark, remark) if part)
    return Stage("add_shot", {"scene": view.scene, "duration_s": length / 1000}, says, changed)


EDITS: tuple[Edit, ...] = (picture_edit, length_edit, canvas_edit, music_edit, title_edit)
"""In the order in which they are made."""
