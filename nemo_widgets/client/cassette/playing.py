"""Where a replay is: which recorded session stands for which one of now, and how far that has come."""

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from nemo_widgets.client.cassette.script import (
    Beat,
    Export,
    Looks,
    RecordedSession,
    credits_of,
    is_given,
    is_said,
    is_wanted,
    quoted,
    sessions_of,
    steps_of,
)
from nemo_widgets.client.clock import Clock
from nemo_widgets.errors import NotRecordedError
from nemo_widgets.library.cassette import Call, Tape


@dataclass(slots=True)
class Render:
    """An export that is replayed."""

    export: Export
    began_s: float
    is_cancelled: bool = False


class Player:
    """One session of now, as far as it has come. It stands for a recorded one from the first thing that is said in it.

    Parameters
    ----------
    clock : Clock
        The time of the tape.
    """

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self.session: RecordedSession | None = None
        self._at = 0
        self._began_s = 0.0
        self._stopped_s: float | None = None
        self._is_over = True
        self._looks = Looks(())

    @property
    def beat(self) -> Beat:
        """Where it is."""
        return self.session.beats[self._at] if self.session else Beat(None)

    @property
    def next(self) -> Beat | None:
        """What was said next; None at the end."""
        if self.session is None or self._at + 1 >= len(self.session.beats):
            return None
        return self.session.beats[self._at + 1]

    def take(self, session: RecordedSession) -> None:
        """Stand for a recorded session."""
        self.session, self._at = session, 0
        self._looks = Looks(look for beat in session.beats for look in beat.looks)

    def begin(self) -> Call:
        """Go on to the next thing that was said."""
        self._at += 1
        self._began_s, self._stopped_s, self._is_over = self._clock.now(), None, False
        step = self.beat.step
        assert step is not None, "only the first beat has none"
        return step

    def end(self, *, stopped: bool) -> None:
        """Note that its answer has come, or that the person stopped it."""
        if not self._is_over:
            self._is_over = True
            self._stopped_s = self._tape_s() if stopped else None

    def seen(self, looks: Looks | None = None, until_s: float = math.inf) -> Call | None:
        """Return what was seen at this point of the timeline, or of something else."""
        looks = looks or self._looks
        if self._stopped_s is not None or not self._is_over:
            return looks.at(self._tape_s() if self._stopped_s is None else self._stopped_s)
        step, following = self.beat.step, self.next
        begin_s = step.answer.ended_s if step else -1.0
        if following is not None and following.step is not None:
            until_s = min(until_s, following.step.answer.began_s)
        return looks.between(begin_s, until_s)

    def _tape_s(self) -> float:
        step = self.beat.step
        return (step.answer.began_s if step else 0.0) + self._clock.now() - self._began_s


class Replay:
    """All of it: finds what was recorded for what is asked now.

    Parameters
    ----------
    tape : Tape
        What was recorded.
    name : str
        What a message calls it.
    clock : Clock
        The time of the tape.
    """

    def __init__(self, tape: Tape, name: str, clock: Clock) -> None:
        self._name = name
        self._clock = clock
        self._sessions = sessions_of(tape)
        self._steps = steps_of(tape)
        self._credits = credits_of(tape)
        self._players: dict[str, Player] = {}
        self._renders: dict[str, Render] = {}
        self._last: Player | None = None

    def open(self) -> str:
        """Begin a session; return its id."""
        id = f"session-{len(self._players) + 1}"
        self._players[id] = Player(self._clock)
        return id

    def prompts(self, session: str | None) -> list[str]:
        """Return the messages that have an answer at this point; none at the end, and none before an upload."""
        player = self._players.get(session or "")
        if player is not None and player.session is not None:
            following = [player.next]
        else:
            taken = [player.session for player in self._players.values()]
            free = [found for found in self._sessions if found not in taken] or self._sessions
            following = [found.beats[1] for found in free if len(found.beats) > 1]
        steps = [beat.step for beat in following if beat is not None and beat.step is not None]
        return list(dict.fromkeys(step.said for step in steps if step.what == "message"))

    def say(self, session: str, text: str) -> tuple[Player, Call]:
        """Return the answer to a message."""
        return self._step(session, lambda call: is_said(call, text), quoted(text))

    def give(self, session: str, files: Sequence[str]) -> tuple[Player, Call]:
        """Return the answer to an upload."""
        return self._step(session, lambda call: is_given(call, files), f"the upload of {', '.join(files)}")

    def state(self, session: str) -> Call | None:
        """Return what was seen of a session's timeline at this point; None for nothing."""
        player = self._player(session)
        if player.session is not None:
            return player.seen()
        free = self._free()
        return free[0].beats[0].looks[0] if free and free[0].beats[0].looks else None

    def credits(self) -> Call:
        """Return what the account had at this point.

        Raises
        ------
        NotRecordedError
            Nobody had asked.
        """
        player = self._last
        if player is None:
            found = self._credits.between(-1.0, self._steps[0].answer.began_s if self._steps else math.inf)
        else:
            began_s = player.beat.step.answer.began_s if player.beat.step else 0.0
            later = [step.answer.began_s for step in self._steps if step.answer.began_s > began_s]
            found = player.seen(self._credits, later[0] if later else math.inf)
        if found is None:
            raise NotRecordedError(f"The credits were never asked for while {self._name} was recorded.")
        return found

    def submit(self, session: str, render: str, output: Mapping[str, Any]) -> Call:
        """Begin an export.

        Raises
        ------
        NotRecordedError
            It was not exported at this point, or not so.
        """
        player = self._player(session)
        if player.session is None:
            begun = [found for found in self._free() if found.beats[0].exports]
            if begun:
                player.take(begun[0])
        here = [export for export in player.beat.exports if is_wanted(export, output)]
        if not here:
            raise NotRecordedError(self._not_exported(player))
        export = min(here, key=lambda export: export.times_played)  # an attempt that failed comes before the second
        export.times_played += 1
        self._renders[render] = Render(export, self._clock.now())
        return export.submitted

    def status(self, render: str) -> Call:
        """Return how far an export is."""
        now = self.render(render)
        return now.export.after(self._clock.now() - now.began_s)

    def render(self, render: str) -> Render:
        """Return an export that was begun."""
        if render not in self._renders:
            raise NotRecordedError(f"{self._name} knows no such export. Begin it again: await session.export()")
        return self._renders[render]

    def _player(self, session: str) -> Player:
        return self._players.setdefault(session, Player(self._clock))

    def _free(self) -> list[RecordedSession]:
        """Return the recorded sessions, those that nobody stands for yet first: whoever begins anew begins anew."""
        taken = [player.session for player in self._players.values()]
        return sorted(self._sessions, key=lambda session: session in taken)

    def _step(self, session: str, fits: Callable[[Call], bool], asked: str) -> tuple[Player, Call]:
        player = self._player(session)
        if player.session is None:
            beginnings = [
                found for found in self._free() if len(found.beats) > 1 and (step := found.beats[1].step) and fits(step)
            ]
            if not beginnings:
                raise NotRecordedError(self._not_said(player, fits, asked))
            player.take(beginnings[0])
        following = player.next
        if following is None or following.step is None or not fits(following.step):
            raise NotRecordedError(self._not_said(player, fits, asked))
        self._last = player
        return player, player.begin()

    def _not_said(self, player: Player, fits: Callable[[Call], bool], asked: str) -> str:
        if player.session is not None:
            goes_on = f"It goes on with {player.next.said}" if player.next else "It ends here"
        else:
            first = list(dict.fromkeys(found.beats[1].said for found in self._sessions if len(found.beats) > 1))
            goes_on = f"It begins with {' or '.join(first[:3])}" if first else "Nothing was said in it"
        if any(fits(step) for step in self._steps):
            return (
                f"{self._name} has {asked}, but not at this point: it is replayed in the order in which it was "
                f"recorded. {goes_on}. To start over: session = client.new_session()"
            )
        return (
            f"{self._name} has no answer to {asked}: what was not recorded cannot be replayed. {goes_on}. For "
            "something new, ask the service: nemo.connect()"
        )

    def _not_exported(self, player: Player) -> str:
        here = [_in_words(export.submitted.output) for export in player.beat.exports]
        if here:
            return f"{self._name} has this export {' and '.join(dict.fromkeys(here))}, and not as it is wanted now."
        where = f"after {player.beat.said}" if player.beat.step else "before anything was said"
        others = [beat.said or "the beginning" for found in self._sessions for beat in found.beats if beat.exports]
        only = f" It was exported after {' and '.join(dict.fromkeys(others))}." if others else ""
        return f"{self._name} has no export {where}: what was not recorded cannot be replayed.{only}"


def _in_words(output: Mapping[str, Any]) -> str:
    fps = f" and fps={output['fps']}" if "fps" in output else ""
    return f'with resolution="{output.get("resolution", "1080p")}", quality="{output.get("quality", "high")}"{fps}'
