"""What every edit has at hand."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from nemo_widgets.local.planner.plans import Stage
from nemo_widgets.local.planner.reading.message import Message
from nemo_widgets.local.planner.timeline import Raw, dropped_texts
from nemo_widgets.local.planner.voice import Voice, joined


@dataclass(frozen=True, slots=True)
class Desk:
    """The message, the voice in which it is answered, and the seed of what is drawn."""

    message: Message
    voice: Voice
    seed: int

    def done(self, tool: str, args: Mapping[str, Any], before: Raw, after: Raw, *says: str) -> Stage:
        """Return a step that was taken; texts that went with it are told."""
        lost = dropped_texts(before, after)
        if lost and not tool.startswith("remove_"):
            says = (*says, self.voice.say("texts_dropped", texts=self.voice.quoted(lost)))
        return Stage(tool, args, joined(*says), after)

    def only_says(self, draft: Raw, sentence: str, **values: object) -> Stage:
        """Return a step that changes nothing."""
        return Stage("", {}, self.voice.say(sentence, **values), draft)
