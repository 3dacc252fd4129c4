"""Shots added and replaced, and pictures in corners."""

from collections.abc import Sequence
from dataclasses import replace

from nemo_widgets.local.planner.cuts import is_drawn, is_upload
from nemo_widgets.local.planner.edits.cutting import named, shot_names
from nemo_widgets.local.planner.edits.desk import Desk
from nemo_widgets.local.planner.edits.joins import TRANSITION_MS
from nemo_widgets.local.planner.edits.looks import restyled
from nemo_widgets.local.planner.looks import Look
from nemo_widgets.local.planner.making import make_shot, not_drawn
from nemo_widgets.local.planner.palettes import palette_of, palettes_of
from nemo_widgets.local.planner.plans import Stage
from nemo_widgets.local.planner.timeline import (
    LONGEST_MS,
    SHORTEST_SHOT_MS,
    Raw,
    altered,
    end_of,
    insets,
    meta,
    role_of,
    shots,
    start_of,
    texts,
    total_ms,
    with_insets,
    with_shots,
)
from nemo_widgets.local.planner.voice import joined, seconds
from nemo_widgets.local.planner.wishes.context import Spot
from nemo_widgets.local.planner.wishes.insets import ChangeInset, PutInset, RemoveInset
from nemo_widgets.local.planner.wishes.shots import AddShots, NewShot, ReplaceShots

_KEPT = ("weather", "style", "camera", "speed", "grade", "fade_in_ms", "fade_out_ms", "transition", "rotate", "flip")
"""What a shot hands on to the one that takes its place."""


def add_shots(wish: AddShots, draft: Raw, desk: Desk) -> Stage:
    """Put new shots where they are wished; captions behind them go along."""
    remarks = not_drawn([new.look for new in wish.new if not new.url], desk)
    room = LONGEST_MS - total_ms(draft)
    if room < SHORTEST_SHOT_MS:
        return desk.only_says(draft, "no_room", high=seconds(LONGEST_MS))
    made = []
    for index, new in enumerate(wish.new):
        piece = make_shot(new, desk.seed + index, desk, remarks)
        if new.transition:
            piece = altered(piece, transition={"kind": new.transition, "ms": TRANSITION_MS})
        if int(piece["d"]) > room:
            remarks.append(desk.voice.say("no_room", high=seconds(LONGEST_MS)))
            piece = {**piece, "d": room}
        room -= int(piece["d"])
        if int(piece["d"]) >= SHORTEST_SHOT_MS:
            made.append(piece)
    pieces = shots(draft)
    at = place_of(wish.spot, pieces)
    begin = start_of(pieces[at]) if at < len(pieces) else total_ms(draft)
    length = sum(int(piece["d"]) for piece in made)
    titled = {start_of(piece) for piece in texts(draft) if role_of(piece) == "title"}
    after = with_shots(
        draft,
        [*pieces[:at], *made, *pieces[at:]],
        # A title at the very start stays there; what lies behind the new shots goes along.
        moved=lambda ms: ms + length if ms > begin or (ms == begin and begin and ms not in titled) else ms,
    )
    where = "shot_added_first" if at == 0 else "shot_added" if at == len(pieces) else "shot_added_between"
    names = desk.voice.listed([str(meta(piece)["name"]) for piece in made])
    each = desk.voice.listed(list(dict.fromkeys(seconds(int(piece["d"])) for piece in made)))
    says = desk.voice.say(where, name=names, duration=each, total=seconds(total_ms(after)), number=at + 1)
    if wish.is_unsure and len(made) == 1:
        remarks.append(desk.voice.say("to_have_only", number=at + 1))
    tool = "add_footage" if all(is_upload(piece) for piece in made) else "add_shot"
    return desk.done(tool, {"shots": [str(meta(piece)["name"]) for piece in made]}, draft, after, says, *remarks)


def place_of(spot: Spot, pieces: Sequence[Raw]) -> int:
    """Return the index at which something is put in."""
    if spot.after is None:
        return len(pieces)
    return next((index + 1 for index, piece in enumerate(pieces) if str(piece.get("id")) == spot.after), 0)


def replace_shots(wish: ReplaceShots, draft: Raw, desk: Desk) -> Stage:
    """Put others in the place of shots; of the whole picture, only what is drawn gives way to a drawn one."""
    if not wish.new:
        return desk.only_says(draft, "nothing_understood")
    remarks = not_drawn([new.look for new in wish.new if not new.url], desk)
    pieces = shots(draft)
    if wish.shots is None:
        return _whole(wish.new, pieces, draft, desk, remarks)
    meant = named(pieces, wish.shots)
    if not meant:
        return desk.only_says(draft, "shot_gone")
    changed: list[Raw] = []
    for piece in pieces:
        if piece not in meant:
            changed.append(piece)
        elif len(wish.new) == 1 or piece is meant[0]:
            news = [_in_place(piece, new, desk, remarks, len(wish.new)) for new in wish.new]
            changed += [{**news[0], "id": piece.get("id")}, *news[1:]]
    after = with_shots(draft, changed)
    if after == draft:
        return Stage("", {}, joined(*remarks, desk.voice.say("looks_so")), draft)
    now = next(piece for piece in shots(after) if piece.get("id") == meant[0].get("id"))
    which = shot_names(desk, draft, wish.shots)
    says = desk.voice.say("shot_replaced", shots=which, name=str(meta(now)["name"]), duration=seconds(int(now["d"])))
    return desk.done("replace_shot", {"shots": list(wish.shots)}, draft, after, says, *remarks)


def _in_place(old: Raw, new: NewShot, desk: Desk, remarks: list[str], count: int) -> Raw:
    """Return what takes the place of a shot: as long, and with the look that it had."""
    length = new.length_ms if new.length_ms is not None or count > 1 else int(old["d"])
    made = make_shot(NewShot(_lit_as(old, new), new.url, length, from_ms=new.from_ms), desk.seed, desk, remarks)
    kept = {key: meta(old)[key] for key in _KEPT if key in meta(old)}
    if is_upload(made):
        kept.pop("weather", None)
        kept.pop("speed", None)
    palette = palette_of(made)
    if new.look.weather == "clear" or (kept.get("weather") == "aurora" and palette and palette.light != "night"):
        kept.pop("weather", None)
    return altered(made, **{**kept, **{key: value for key, value in meta(made).items() if value is not None}})


def _lit_as(old: Raw, new: NewShot) -> Look:
    """Return the look of what takes the place of a shot by day: by day too, where nothing else is said of its light."""
    there, look = palette_of(old), new.look
    scene = look.subject.scene if look.subject is not None else ""
    told = look.time or look.hues or look.season or look.moods or look.words or look.weather in ("storm", "aurora")
    if new.url or told or there is None or there.light != "day":
        return look
    return replace(look, time="day") if any(one.light == "day" for one in palettes_of(scene)) else look


def _whole(new: Sequence[NewShot], pieces: list[Raw], draft: Raw, desk: Desk, remarks: list[str]) -> Stage:
    drawn = [piece for piece in pieces if is_drawn(piece)]
    uploads = [piece for piece in pieces if is_upload(piece)]
    if any(shot.url for shot in new):
        made = [make_shot(one, desk.seed + index, desk, remarks) for index, one in enumerate(new)]
        after = with_shots(draft, made)
        says = desk.voice.say(
            "asset_only",
            name=desk.voice.listed([str(meta(piece)["name"]) for piece in made]),
            total=seconds(total_ms(after)),
        )
        return desk.done("add_footage", {"shots": len(made)}, draft, after, says, *remarks)
    wanted = new[0]
    if drawn and _is_same(drawn, wanted):
        return _relit(wanted, pieces, draft, desk, remarks)
    if not drawn:
        length = wanted.length_ms or total_ms(draft)
        made = [make_shot(NewShot(wanted.look, "", length), desk.seed, desk, remarks)]
        names = desk.voice.listed([str(meta(piece).get("name")) for piece in uploads])
        remarks.append(desk.voice.say("uploads_gone", names=names))
    else:
        made = []
        for piece in pieces:
            if is_upload(piece):
                made.append(piece)
            elif made and is_drawn(made[-1]):
                made[-1] = {**made[-1], "d": int(made[-1]["d"]) + int(piece["d"])}
            else:
                made.append({**_in_place(piece, NewShot(wanted.look), desk, remarks, 1), "id": piece.get("id")})
        if wanted.length_ms is not None and len(made) == 1:
            made = [{**made[0], "d": wanted.length_ms}]
        if uploads:
            names = desk.voice.listed(list(dict.fromkeys(str(meta(piece).get("name")) for piece in uploads)))
            remarks.append(desk.voice.say("uploads_stay", names=names))
    after = with_shots(draft, made)
    scene = next(str(meta(piece)["name"]) for piece in shots(after) if is_drawn(piece))
    says = desk.voice.say("scene_changed", scene=scene)
    return desk.done("change_scene", {"scene": scene}, draft, after, says, *remarks)


def _is_same(drawn: Sequence[Raw], wanted: NewShot) -> bool:
    subject = wanted.look.subject
    return subject is not None and all(meta(piece)["scene"] == subject.scene for piece in drawn)


def _relit(wanted: NewShot, pieces: list[Raw], draft: Raw, desk: Desk, remarks: list[str]) -> Stage:
    """Answer a wish for the scene that is there: its light and weather may be others."""
    changed = [restyled(piece, wanted.look, desk, remarks) if is_drawn(piece) else piece for piece in pieces]
    after = with_shots(draft, changed)
    if after == draft:
        name = next(str(meta(piece)["name"]) for piece in pieces if is_drawn(piece))
        return Stage("", {}, " ".join([*remarks, desk.voice.say("scene_is_that", scene=name)]), draft)
    name = next(str(meta(piece)["name"]) for piece in shots(after) if is_drawn(piece))
    return desk.done(
        "change_scene", {"scene": name}, draft, after, desk.voice.say("scene_changed", scene=name), *remarks
    )


# Insets

_MARGIN = 0.04


def frame_of(corner: str, size: float) -> list[float]:
    """Return the share of the canvas that an inset fills: left, top, width, height."""
    if corner in ("left_half", "right_half"):
        return [0.0 if corner == "left_half" else 0.5, 0.0, 0.5, 1.0]
    far = round(1 - _MARGIN - size, 3)
    near = min(_MARGIN, max(0.0, (1 - size) / 2))
    left = near if "left" in corner else max(0.0, far)
    top = near if "top" in corner else max(0.0, far)
    return [round(left, 3), round(top, 3), round(min(size, 1 - left), 3), round(min(size, 1 - top), 3)]


def put_inset(wish: PutInset, draft: Raw, desk: Desk) -> Stage:
    """Show a picture over the shots, in a corner."""
    remarks: list[str] = []
    total = total_ms(draft)
    after = draft
    if wish.new is not None:
        remarks += [] if wish.new.url else not_drawn([wish.new.look], desk)
        piece = make_shot(NewShot(wish.new.look, wish.new.url), desk.seed, desk, remarks, total)
        is_still = bool(wish.new.url) and "source_ms" not in meta(piece)
        length = total if is_still else int(piece["d"])
    else:
        chosen = named(shots(draft), wish.of_shots)
        if not chosen or len(chosen) == len(shots(draft)):
            return desk.only_says(draft, "no_inset_source")
        piece = {key: value for key, value in chosen[0].items() if key not in ("id", "s")}
        piece = altered(piece, transition=None)
        length = int(piece["d"])
        after = with_shots(draft, [other for other in shots(draft) if other is not chosen[0]])
    start = min(wish.start_ms or 0, max(0, total_ms(after) - SHORTEST_SHOT_MS))
    if wish.end_ms is not None:
        length = min(length, wish.end_ms - (wish.start_ms or 0)) if wish.end_ms > (wish.start_ms or 0) else length
    corner = wish.corner or "bottom_right"
    placed = altered(
        {**piece, "s": start, "d": min(length, total_ms(after) - start)}, frame=frame_of(corner, wish.size)
    )
    after = with_insets(after, [*insets(after), placed])
    name = str(meta(piece)["name"])
    place = desk.voice.say(f"corner_{corner}")
    says = desk.voice.say("inset_added", name=name, place=place, start=seconds(start), end=seconds(end_of(placed)))
    return desk.done("add_overlay", {"name": name, "place": corner}, draft, after, says, *remarks)


def change_inset(wish: ChangeInset, draft: Raw, desk: Desk) -> Stage:
    """Put pictures in corners elsewhere, or make them larger or smaller."""
    there = insets(draft)
    if not there:
        return desk.only_says(draft, "no_inset")
    changed = []
    for piece in there:
        left, top, width, _ = (float(side) for side in meta(piece).get("frame") or frame_of("bottom_right", 0.32))
        corner = wish.corner or f"{'top' if top < 0.4 else 'bottom'}_{'left' if left < 0.4 else 'right'}"
        changed.append(altered(piece, frame=frame_of(corner, wish.size or min(width, 0.5))))
    after = with_insets(draft, changed)
    if after == draft:
        return desk.only_says(draft, "looks_so")
    return desk.done("move_overlay", {"place": wish.corner}, draft, after, desk.voice.say("inset_moved"))


def remove_inset(wish: RemoveInset, draft: Raw, desk: Desk) -> Stage:
    """Take the pictures in corners off."""
    if not insets(draft):
        return desk.only_says(draft, "no_inset")
    return desk.done("remove_overlay", {}, draft, with_insets(draft, []), desk.voice.say("inset_removed"))
