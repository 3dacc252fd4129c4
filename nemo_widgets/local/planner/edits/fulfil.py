"""Each wish and the edit that fulfils it."""

from collections.abc import Callable
from typing import Any

from nemo_widgets.local.planner.edits import cutting, joins, looks, ordering, shots, sounds, texts
from nemo_widgets.local.planner.edits.desk import Desk
from nemo_widgets.local.planner.edits.history import redo, restart, undo
from nemo_widgets.local.planner.plans import History, Stage
from nemo_widgets.local.planner.timeline import Raw
from nemo_widgets.local.planner.wishes import cutting as cut
from nemo_widgets.local.planner.wishes import history as past
from nemo_widgets.local.planner.wishes import insets as inset
from nemo_widgets.local.planner.wishes import joins as join
from nemo_widgets.local.planner.wishes import looks as look
from nemo_widgets.local.planner.wishes import ordering as order
from nemo_widgets.local.planner.wishes import shots as picture
from nemo_widgets.local.planner.wishes import sounds as sound
from nemo_widgets.local.planner.wishes import texts as text
from nemo_widgets.local.planner.wishes.context import Say, Told
from nemo_widgets.local.planner.wishes.music_timing import FadeMusic, StartMusic
from nemo_widgets.local.planner.wishes.splitting import SplitShot

Edit = Callable[[Any, Raw, Desk], Stage]

EDITS: dict[type, Edit] = {
    text.PutText: texts.put_text,
    text.PutCaptions: texts.put_captions,
    text.ChangeText: texts.change_text,
    text.RemoveText: texts.remove_text,
    sound.SetMusic: sounds.set_music,
    sound.RemoveMusic: sounds.remove_music,
    sound.PutAmbience: sounds.put_ambience,
    sound.RemoveAmbience: sounds.remove_ambience,
    sound.SetVolume: sounds.set_volume,
    FadeMusic: sounds.fade_music,
    StartMusic: sounds.start_music,
    cut.SetLength: cutting.set_length,
    cut.ChangeLength: cutting.change_length,
    cut.CutEdge: cutting.cut_edge,
    cut.CutSpan: cutting.cut_span,
    SplitShot: cutting.split_shot,
    cut.SetSpeed: cutting.set_speed,
    cut.SetDirection: cutting.set_direction,
    order.RemoveShots: ordering.remove_shots,
    order.KeepShots: ordering.keep_shots,
    order.MoveShots: ordering.move_shots,
    order.SwapShots: ordering.swap_shots,
    order.Reorder: ordering.reorder,
    order.DuplicateShots: ordering.duplicate_shots,
    order.AnotherTake: ordering.another_take,
    picture.AddShots: shots.add_shots,
    picture.ReplaceShots: shots.replace_shots,
    inset.PutInset: shots.put_inset,
    inset.ChangeInset: shots.change_inset,
    inset.RemoveInset: shots.remove_inset,
    look.Restyle: looks.restyle,
    look.Turn: looks.turn,
    look.Flip: looks.flip,
    look.SetCanvas: looks.set_canvas,
    join.SetTransition: joins.set_transition,
    join.RemoveTransitions: joins.remove_transitions,
    join.Fade: joins.fade,
    past.Restart: restart,
}


def fulfil(wish: object, draft: Raw, desk: Desk, history: History) -> Stage:
    """Make the change that a wish asks for, or say why not."""
    match wish:
        case past.Undo():
            return undo(wish, draft, desk, history)
        case past.Redo():
            return redo(wish, draft, desk, history)
        case Told(words):
            return Stage("", {}, words, draft)
        case Say(sentence, values):
            return Stage("", {}, said(sentence, values, desk), draft)
        case _:
            return EDITS[type(wish)](wish, draft, desk)


def said(sentence: str, values: dict[str, object], desk: Desk) -> str:
    """Fill in a sentence; files in it become a list."""
    files = values.get("files")
    listed = {"files": desk.voice.listed(files)} if isinstance(files, list) else {}
    return desk.voice.say(sentence, **{**values, **listed})
