"""All wishes of a message, in the order in which its clauses say them."""

from nemo_widgets.local.planner.reading.clauses import Clause
from nemo_widgets.local.planner.reading.message import Message
from nemo_widgets.local.planner.timeline import Raw
from nemo_widgets.local.planner.wishes.context import Context, Say
from nemo_widgets.local.planner.wishes.cutting import read_lengths, read_speed
from nemo_widgets.local.planner.wishes.files import read_own_sound
from nemo_widgets.local.planner.wishes.gathering import gathered
from nemo_widgets.local.planner.wishes.history import read_history
from nemo_widgets.local.planner.wishes.insets import read_inset
from nemo_widgets.local.planner.wishes.joins import read_joins
from nemo_widgets.local.planner.wishes.looks import read_canvas, read_restyling, read_turning
from nemo_widgets.local.planner.wishes.ordering import read_order_list, read_ordering, read_take
from nemo_widgets.local.planner.wishes.shots import read_shots, read_unknown
from nemo_widgets.local.planner.wishes.sounds import read_sounds
from nemo_widgets.local.planner.wishes.splitting import read_split
from nemo_widgets.local.planner.wishes.talk import is_left_alone, is_remark, read_missing
from nemo_widgets.local.planner.wishes.texts import read_texts

_READERS = (
    read_missing, read_history, read_texts, read_own_sound, read_sounds, read_inset, read_shots, read_ordering,
    read_joins, read_split, read_speed, read_take, read_lengths, read_canvas, read_turning, read_restyling,
    read_unknown,
)  # fmt: skip
"""Each takes what is its own from a clause and leaves the rest to those after it."""


def read_wishes(message: Message, draft: Raw) -> list[object]:
    """Return what a message wants changed on a timeline."""
    context = Context(message, draft)
    if is_remark(message):
        return []
    order = read_order_list(message, context)
    if order is not None:
        return [order]
    for clause in message.clauses():
        context.begin_clause()
        if is_left_alone(clause):
            context.wish(Say("left_alone"))
            context.focus = [
                one for token in clause.all("shots") for one in context.resolved(token.get("shots"))
            ] or None
            continue
        _read(clause, context)
        context.end_clause(clause)
    wishes = gathered(context.wishes)
    only_left = [wish for wish in wishes if wish != Say("left_alone")]
    return only_left or wishes


def _read(clause: Clause, context: Context) -> None:
    for reader in _READERS:
        reader(clause, context)
