"""The local studio's agent: what to do about a message. Deterministic; its words are in ``words/*.toml``."""

import hashlib
from collections.abc import Sequence
from dataclasses import replace

from nemo_widgets.local.planner.edits.cutting import bounds_of
from nemo_widgets.local.planner.edits.desk import Desk
from nemo_widgets.local.planner.edits.fulfil import fulfil
from nemo_widgets.local.planner.generating.video import plan_video
from nemo_widgets.local.planner.leftover import leftover
from nemo_widgets.local.planner.plans import History, Plan, PlanAsset, Stage
from nemo_widgets.local.planner.reading.message import Message, read_message
from nemo_widgets.local.planner.timeline import LONGEST_MS, Raw, meta, music, prepared, shots, texts, total_ms
from nemo_widgets.local.planner.voice import Voice, joined, seconds
from nemo_widgets.local.planner.wishes.context import Say
from nemo_widgets.local.planner.wishes.intent import wants_new_video, wants_picture
from nemo_widgets.local.planner.wishes.reading import read_wishes
from nemo_widgets.local.planner.wishes.shots import NEW
from nemo_widgets.local.planner.wishes.talk import is_about_state, is_foreign, is_remark, small_talk
from nemo_widgets.protocol.draft import Draft

__all__ = ["History", "Plan", "PlanAsset", "Stage", "plan"]

_NO_HISTORY = History()


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
    raw = prepared(draft.dump())
    message = read_message(prompt, assets, raw)
    if message.seed is not None:
        seed = message.seed
    elif seed is None:
        seed = int.from_bytes(hashlib.sha256(prompt.strip().encode("utf-8", "replace")).digest()[:4])
    desk = Desk(message, Voice(message.language), seed)
    planned = _new(message, raw, desk, history) if not shots(raw) else _change(message, raw, desk, history)
    first, *rest = (_unprepared(stage, raw, draft) for stage in planned.stages)
    typos = [desk.voice.say("typo", said=said, meant=meant) for said, meant in message.typos]
    stages = _bounded(desk, raw, [replace(first, says=joined(*typos, first.says)), *rest])
    stages[-1] = replace(stages[-1], says=joined(stages[-1].says, _left_out(message, stages, desk)))
    return Plan(tuple(stages))


def _left_out(message: Message, stages: Sequence[Stage], desk: Desk) -> str:
    """Return what to say of words that nothing took up; nothing where nothing was asked for."""
    if is_foreign(message) or is_remark(message) or is_about_state(message):
        return ""
    if not any(stage.tool for stage in stages) and small_talk(message):
        return ""
    words = leftover(message, " ".join(stage.says for stage in stages))
    return desk.voice.say("left_out", words=desk.voice.quoted(words)) if words else ""


def _bounded(desk: Desk, raw: Raw, stages: list[Stage]) -> list[Stage]:
    """Say that a clip can't be as long as it was asked for before the work on it begins, which takes long then."""
    bounds = bounds_of(desk, LONGEST_MS)
    first = stages[0]
    if not first.tool or not any(bounds in stage.says for stage in stages):
        return stages
    told = [replace(stage, says=" ".join(stage.says.replace(bounds, "").split())) for stage in stages]
    return [Stage("", {}, bounds, raw), *told]


def _unprepared(stage: Stage, raw: Raw, draft: Draft) -> Stage:
    """Give a step that changed nothing the timeline back as it came."""
    if stage.draft is raw or (not stage.tool and stage.draft == raw):
        return Stage(stage.tool, stage.args, stage.says, draft.dump(), stage.silent, stage.moves)
    return stage


def _talk(says: str, draft: Raw) -> Plan:
    return Plan((Stage("", {}, says, draft),))


def _new(message: Message, raw: Raw, desk: Desk, history: History) -> Plan:
    """Answer a message while there is nothing on the timeline."""
    pictures = [asset for asset in message.assets if asset.kind != "audio"]
    named = message.has("file") or message.has("own")
    means_picture = any(asset.kind != "audio" and _is_named(asset, message) for asset in message.assets)
    if message.has("verb", "undo", "undo_all", "redo") and not wants_picture(message):
        return _change(message, raw, desk, history)
    if wants_picture(message) or (named and means_picture):
        return plan_video(message, desk, raw)
    if message.has("lost_file"):
        return _change(message, raw, desk, history)
    if named and message.assets:
        heard = next((asset for asset in message.assets if _is_named(asset, message)), message.assets[0])
        return _talk(desk.voice.say("asset_none_visual", name=heard.name), raw)
    if message.has("talk", "surprise") and not message.has("quote"):
        return plan_video(message, desk, raw)
    talk = small_talk(message) or ("help" if is_remark(message) else "")
    wishes = read_wishes(message, raw)
    changes = [wish for wish in wishes if not isinstance(wish, Say)]
    if pictures and changes and not talk:
        return _with_uploads(message, raw, desk, history)
    if talk:
        return _talk(desk.voice.say(talk, scenes=desk.voice.scenes()), raw)
    if changes or wishes:
        told = [stage for stage in _made(changes, raw, desk, history, only_talk=True) if stage.says]
        return Plan(tuple(told)) if told else _talk(desk.voice.say("empty_timeline"), raw)
    if not message.has("thing", "clip") and (
        message.has("verb") or not any(token.is_unknown for token in message.tokens)
    ):
        return _talk(desk.voice.say("empty_timeline"), raw)
    return plan_video(message, desk, raw)


def _is_named(asset: PlanAsset, message: Message) -> bool:
    return any(token.get("file") == asset.url or token.get("own") in ("file", asset.kind) for token in message.tokens)


def _with_uploads(message: Message, raw: Raw, desk: Desk, history: History) -> Plan:
    """Put everything that was uploaded on the timeline, then make the changes that were asked for."""
    names = ", then ".join(f'"{asset.name}"' for asset in message.assets if asset.kind != "audio")
    use = Desk(read_message(f"use {names}", message.assets, raw), desk.voice, desk.seed)
    first = plan_video(use.message, use, raw).stages[0]
    again = read_message(message.prompt, message.assets, first.draft)
    stages = _made(read_wishes(again, first.draft), first.draft, desk, history)
    return Plan((first, *stages))


def _change(message: Message, raw: Raw, desk: Desk, history: History) -> Plan:
    """Answer a message about what is on the timeline."""
    if wants_new_video(message, raw):
        return plan_video(message, desk, raw)
    stages = _made(read_wishes(message, raw), raw, desk, history)
    if stages:
        return Plan(tuple(stages))
    if is_about_state(message):
        return _talk(summary(raw, desk), raw)
    talk = small_talk(message) or "nothing_understood"
    says = desk.voice.say(talk, scenes=desk.voice.scenes())
    return _talk(f"{says} {desk.voice.say('languages')}" if is_foreign(message) else says, raw)


def summary(raw: Raw, desk: Desk) -> str:
    """Return in words what is on a timeline."""
    voice, facts = desk.voice, raw.get("m") or {}
    shown = [
        f"{index}. {meta(piece).get('name')} ({seconds(int(piece['d']))} s)"
        for index, piece in enumerate(shots(raw), 1)
    ]
    none = voice.say("nothing")
    return voice.say(
        "summary", total=seconds(total_ms(raw)), ratio=f"{facts.get('width')} × {facts.get('height')}",
        shots=voice.listed(shown), texts=voice.quoted([str(meta(piece).get("text")) for piece in texts(raw)]) or none,
        music=voice.listed([str(meta(piece).get("name")) for piece in music(raw)]) or none,
    )  # fmt: skip


def _made(wishes: Sequence[object], raw: Raw, desk: Desk, history: History, *, only_talk: bool = False) -> list[Stage]:
    """Make every change in turn, one stage each; what is only said twice is said once."""
    stages: list[Stage] = []
    draft = raw
    added: tuple[str, ...] = ()
    for wish in wishes:
        if only_talk and type(wish).__name__ not in ("Told", "Say", "Undo", "Redo"):
            continue
        if not shots(draft) and type(wish).__name__ not in ("Told", "Say", "Undo", "Redo", "AddShots", "ReplaceShots"):
            continue
        if getattr(wish, "shots", None) == (NEW,):
            wish = replace(wish, shots=added)  # type: ignore[type-var]
        stage = fulfil(wish, draft, desk, history)
        if stage.tool or stage.says not in [other.says for other in stages]:
            stages.append(stage)
        known = {str(piece["id"]) for piece in shots(draft)}
        draft = prepared(stage.draft)
        added = tuple(one for piece in shots(draft) if (one := str(piece["id"])) not in known) or added
    return stages
