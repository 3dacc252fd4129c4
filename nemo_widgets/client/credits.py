"""What an account has, and what messages cost."""

from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from typing import Any

from nemo_widgets.client.api import Api
from nemo_widgets.client.turn import Turn
from nemo_widgets.errors import NemoError, OutOfCreditsError, ProtocolError


@dataclass(frozen=True, slots=True, repr=False)
class Credits:
    """What an account has.

    Attributes
    ----------
    available, frozen, total : float
        Free to use, held by running work, and both together.
    """

    available: float
    frozen: float
    total: float

    def __repr__(self) -> str:
        held = f", {self.frozen:g} held by running work" if self.frozen else ""
        return f"<Credits {self.available:g} available{held}>"


class Spending:
    """What one message costs: known only when no other one ran beside it."""

    def __init__(self, ledger: "Ledger", before: Credits | None, *, alone: bool) -> None:
        self._ledger = ledger
        self._before = before
        self.alone = alone

    async def settled(self, turn: Turn) -> Turn:
        """Return the turn with what it cost."""
        after = await self._ledger.known_balance() if self.alone and self._before else None
        if after is None or self._before is None:
            return turn
        return replace(turn, credits_spent=self._before.total - after.total)


class Ledger:
    """Asks for the balance, and holds a client to its budget.

    Parameters
    ----------
    api : Api
        Where to ask.
    budget : float or None
        Credits that may be spent; None for as many as there are.
    """

    def __init__(self, api: Api, budget: float | None) -> None:
        self._api = api
        self._budget = budget
        self._at_first: Credits | None = None
        self._running: list[Spending] = []

    async def balance(self) -> Credits:
        """Return the balance (call 5)."""
        return _credits(await self._api.get("/api/credits/balance/simple"))

    async def known_balance(self) -> Credits | None:
        """Return the balance, or None when it cannot be asked: an answer must not fail because of it."""
        try:
            return await self.balance()
        except NemoError:
            return None

    @asynccontextmanager
    async def accounted(self) -> AsyncIterator[Spending]:
        """Keep account of one message.

        Raises
        ------
        OutOfCreditsError
            The budget is spent. Nothing was sent.
        """
        before = await self.known_balance() if self._budget is None else await self.balance()
        self._at_first = self._at_first or before
        if self._budget is not None and before is not None and self._at_first is not None:
            spent = self._at_first.total - before.total
            if spent >= self._budget:
                raise OutOfCreditsError(
                    f"The budget of {self._budget:g} credits is spent ({spent:g}), so nothing was sent. "
                    "connect(budget=…) sets another one."
                )
        spending = Spending(self, before, alone=not self._running)
        for other in self._running:
            other.alone = False
        self._running.append(spending)
        try:
            yield spending
        finally:
            self._running.remove(spending)


def _credits(answer: Mapping[str, Any]) -> Credits:
    def number(key: str) -> float | None:
        try:
            return float(answer[key])
        except (KeyError, TypeError, ValueError):
            return None

    available, frozen, total = number("available"), number("frozen") or 0.0, number("total")
    if available is None:
        available = None if total is None else total - frozen
    if available is None:
        raise ProtocolError("The service did not say how many credits there are. Check NEMO_API_URL.")
    return Credits(available, frozen, available + frozen if total is None else total)
