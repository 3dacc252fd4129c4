"""How the accounts and the exports of a studio stand, for a class to see."""

from collections.abc import Mapping
from dataclasses import dataclass

_MOST_NAMED = 5


@dataclass(frozen=True, slots=True)
class Standing:
    """A moment of a studio.

    Attributes
    ----------
    credits : Mapping[str, int]
        What each account has, by its user id, what is held included.
    held : Mapping[str, int]
        What running work holds of it.
    drawing, waiting : int
        Exports that are being drawn, and that wait for their turn.
    """

    credits: Mapping[str, int]
    held: Mapping[str, int]
    drawing: int
    waiting: int

    def __str__(self) -> str:
        accounts = [self._told(user) for user in self.credits]
        if len(accounts) > 1:
            accounts = [f"{user} {told}" for user, told in zip(self.credits, accounts, strict=True)]
        more = [f"and {len(accounts) - _MOST_NAMED} more"] if len(accounts) > _MOST_NAMED else []
        credits = "; ".join([*accounts[:_MOST_NAMED], *more])
        exports = [f"{self.drawing} being drawn"] if self.drawing else []
        exports += [f"{self.waiting} waiting"] if self.waiting else []
        return f"Credits: {credits} · Exports: {', '.join(exports) or 'none under way'}"

    def _told(self, user: str) -> str:
        held = self.held.get(user, 0)
        return f"{self.credits[user] - held:,} available" + (f", {held:,} held by running work" if held else "")
