"""What an account has, and what messages cost."""

import asyncio
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from typing import Any, Final

from nemo_widgets.client.api import Api
from nemo_widgets.client.http import InterruptedRequestError
from nemo_widgets.client.turn import Turn
from nemo_widgets.errors import (
    DeadlineError,
    NemoError,
    OutOfCreditsError,
    ProtocolError,
    StreamBrokenError,
)
from nemo_widgets.protocol.account import Account, check_address

MESSAGE_CREDITS: Final = 100.0
"""What a message costs at most, roughly: a generation (``protocol/README.md``, *Paid work*)."""

_UNCLEAR: Final = (DeadlineError, InterruptedRequestError, StreamBrokenError)


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
        return f"<Credits {self.in_words()}>"

    def in_words(self, *, chinese: bool = False) -> str:
        """Return ``90 available, 10 held by running work``."""
        if chinese:
            return f"可用 {self.available:g}" + (f"，进行中占用 {self.frozen:g}" if self.frozen else "")
        return f"{self.available:g} available" + (f", {self.frozen:g} held by running work" if self.frozen else "")


class Spending:
    """What one message costs.

    The service tells a balance, not the price of a message. So the cost is known when no other message of this client
    ran beside it, and when nothing at all was spent meanwhile; else nobody can tell whose the credits were.
    """

    def __init__(self, ledger: "Ledger", before: Credits | None, *, alone: bool) -> None:
        self._ledger = ledger
        self._before = before
        self._after: Credits | None = None
        self._asked_after = False
        self.alone = alone

    async def left(self) -> Credits | None:
        """Return what is left once the message was answered; None when it cannot be asked. It is asked for once."""
        if not self._asked_after:
            self._asked_after = True
            self._after = await self._ledger.known_balance()
        return self._after

    async def spent(self) -> float | None:
        """Return what it has cost by now; None when nobody can tell."""
        after = await self.left() if self._before else None
        if after is None or self._before is None:
            return None
        spent = self._before.total - after.total
        self._ledger.learn(spent if self.alone else 0)
        return spent if self.alone or spent == 0 else None

    async def settled(self, turn: Turn) -> Turn:
        """Return the turn with what it cost."""
        return replace(turn, credits_spent=await self.spent())


class Ledger:
    """Asks for the balance, and holds a client to its budget.

    What a message costs is known only afterwards. So each one that is sent reserves `MESSAGE_CREDITS`, or as much as
    the dearest so far; when that might not fit, it waits for those under way to end, and when none is under way it is
    refused. A message whose end nobody knows stays reserved, as the service may still charge for it.

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
        self._running: list[Spending] = []
        self._admission = asyncio.Lock()
        self._ended = asyncio.Event()
        self._dearest = MESSAGE_CREDITS
        self._at_first: Credits | None = None
        self._last: Credits | None = None
        self._paying = 0
        self._topped_up = 0.0
        self._when_quiet = 0.0
        self._sent_since = 0
        self._unclear = 0

    async def balance(self) -> Credits:
        """Return the balance (call 5)."""
        answer = await self._api.get("/api/credits/balance/simple")
        return _credits(answer, (await self._api.access()).account)

    async def known_balance(self) -> Credits | None:
        """Return the balance, or None when it cannot be asked: an answer must not fail because of it."""
        try:
            return await self.balance()
        except NemoError:
            return None

    def learn(self, spent: float) -> None:
        """Take note of what a message cost."""
        self._dearest = max(self._dearest, spent)

    @asynccontextmanager
    async def accounted(self) -> AsyncIterator[Spending]:
        """Keep account of one message.

        Raises
        ------
        OutOfCreditsError
            The budget might not suffice. Nothing was sent.
        """
        spending = await self._admitted()
        try:
            yield spending
        except _UNCLEAR:
            self._unclear += 1
            raise
        finally:
            self._running.remove(spending)
            self._ended.set()

    async def _admitted(self) -> Spending:
        if self._budget is None:
            return self._begun(await self.known_balance())
        async with self._admission:
            return self._begun(await self._within(self._budget))

    def _begun(self, before: Credits | None) -> Spending:
        spending = Spending(self, before, alone=not self._running)
        for other in self._running:
            other.alone = False
        self._running.append(spending)
        self._sent_since += 1
        self._paying += 1
        return spending

    async def _within(self, budget: float) -> Credits:
        """Return the balance once one more message surely fits into the budget."""
        while True:
            self._ended.clear()
            under_way = len(self._running)  # one that ends meanwhile may be charged after the balance was told
            balance = await self.balance()
            left = budget - self._spent(balance, under_way)
            if left >= self._dearest:
                return balance
            if not under_way:
                raise OutOfCreditsError(
                    f"Nothing was sent: a message may cost {self._dearest:g} credits, and {max(0.0, left):g} of this "
                    f"client's budget of {budget:g} are left. connect(budget=…) sets another one."
                )
            await self._ended.wait()

    def _spent(self, balance: Credits, under_way: int) -> float:
        """Return what may have been spent at most, with what is under way."""
        self._at_first = self._at_first or balance
        gained = balance.total - (self._last or balance).total
        if gained > 0:
            # Someone topped up. What was spent meanwhile is hidden by it, so it counts as the most that it can be.
            self._topped_up += gained + self._paying * self._dearest
        self._last, self._paying = balance, under_way
        gone = self._at_first.available + self._topped_up - balance.available
        if not under_way:
            self._when_quiet, self._sent_since = gone, 0
        # Either is safe. Since the last quiet moment no message cost more than the dearest; and what is gone now is
        # gone, with as much again for each one under way, part of which may be counted twice.
        since_quiet = self._when_quiet + self._sent_since * self._dearest
        return min(since_quiet, gone + under_way * self._dearest) + self._unclear * self._dearest


def _credits(answer: Mapping[str, Any], account: Account) -> Credits:
    def number(key: str) -> float | None:
        try:
            return float(answer[key])
        except (KeyError, TypeError, ValueError):
            return None

    available, frozen, total = number("available"), number("frozen") or 0.0, number("total")
    if available is None:
        available = None if total is None else total - frozen
    if available is None:
        raise ProtocolError(f"The service did not say how many credits there are. {check_address(account)}")
    return Credits(available, frozen, available + frozen if total is None else total)
