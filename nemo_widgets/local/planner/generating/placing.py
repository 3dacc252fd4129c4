"""Which shot of a new video a text is shown over."""

from collections.abc import Sequence
from dataclasses import replace

from nemo_widgets.local.planner.generating.story import Story
from nemo_widgets.local.planner.reading.clauses import Clause
from nemo_widgets.local.planner.timeline import Raw, shots
from nemo_widgets.local.planner.wishes.texts import PutText, When


def over_their_shots(
    spoken: Sequence[Sequence[object]], clauses: Sequence[Clause], story: Story, draft: Raw
) -> list[object]:
    """Return the wishes of all clauses, in order; a text said of one of several shots is shown over that one."""
    several = _titled_shots(spoken, clauses, story) > 1
    return [
        wish for index, found in enumerate(spoken) for wish in _placed(found, clauses[index], story, draft, several)
    ]


def _shot_of(clause: Clause, story: Story, anywhere: bool) -> int | None:
    """Return the index of the shot that a clause tells of, in its first clause or `anywhere` in what tells of it."""
    told = (clauses if anywhere else clauses[:1] for clauses in story.clauses)
    return next((index for index, clauses in enumerate(told) if clause in clauses), None)


def _titled_shots(spoken: Sequence[Sequence[object]], clauses: Sequence[Clause], story: Story) -> int:
    """Return how many shots have a text of their own."""
    texted = [clauses[index] for index, found in enumerate(spoken) if any(isinstance(w, PutText) for w in found)]
    return len({_shot_of(clause, story, True) for clause in texted} - {None})


def _placed(found: Sequence[object], clause: Clause, story: Story, draft: Raw, several: bool) -> list[object]:
    """Return the wishes of a clause; a text said of one of several shots is shown over that one."""
    pieces_ = shots(draft)
    if len(story.shots) < 2 or len(pieces_) != len(story.shots):
        return list(found)
    index = _shot_of(clause, story, several)
    placed = []
    for wish in found:
        if isinstance(wish, PutText) and index is not None and wish.when == When():
            over = When(shots=(str(pieces_[index]["id"]),))
            wish = replace(wish, when=over) if wish.role == "caption" or index or several else wish
        placed.append(wish)
    return placed
