"""A client spends no more than its budget, and says what a message cost when that can be known."""

import asyncio
import random
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from typing import Any, cast

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from nemo_widgets import kernel
from nemo_widgets.client import Client, connect
from nemo_widgets.client.api import Api
from nemo_widgets.client.auth import Access
from nemo_widgets.client.credits import Ledger
from nemo_widgets.errors import OutOfCreditsError, StreamBrokenError
from nemo_widgets.protocol.account import Account

from .conftest import TOKEN, FastClock, Service


class Bank:
    """A service's account: work holds its price while it runs and is charged at its end; others may top it up."""

    def __init__(self, seed: int) -> None:
        self.total = 10_000.0
        self.held = 0.0
        self.spent = 0.0
        self._random = random.Random(seed)

    async def access(self) -> Access:
        return Access("http://127.0.0.1:9", "", Account())

    async def get(self, path: str) -> Mapping[str, Any]:
        answer = {"available": self.total - self.held, "frozen": self.held, "total": self.total}
        await self.idle()
        return answer

    async def idle(self) -> None:
        for _ in range(self._random.randrange(4)):
            await asyncio.sleep(0)

    @asynccontextmanager
    async def work(self, price: float, *, holds: bool) -> AsyncIterator[None]:
        await self.idle()
        held = price if holds else 0.0
        self.held += held
        await self.idle()
        yield
        self.held -= held
        self.total -= price
        self.spent += price
        await self.idle()


MESSAGES = st.lists(
    st.tuples(st.sampled_from([0, 10, 50, 100]), st.booleans(), st.sampled_from(["fine", "fine", "lost", "top-up"])),
    min_size=1,
    max_size=12,
)


@settings(max_examples=500, deadline=None)
@example(messages=[(10, False, "fine"), (100, False, "fine")], budget=100, together=True, seed=3812)
@given(messages=MESSAGES, budget=st.integers(0, 700), together=st.booleans(), seed=st.integers(0, 2**16))
def test_no_order_of_messages_spends_more_than_the_budget(
    messages: list[tuple[float, bool, str]], budget: float, together: bool, seed: int
) -> None:
    async def scenario() -> tuple[float, int]:
        bank = Bank(seed)
        ledger = Ledger(cast(Api, bank), budget)
        refused = 0

        async def send(price: float, holds: bool, fate: str) -> None:
            nonlocal refused
            try:
                async with ledger.accounted():
                    async with bank.work(price, holds=holds):
                        pass
                    if fate == "lost":
                        raise StreamBrokenError("nobody knows")
            except StreamBrokenError:
                pass
            except OutOfCreditsError:
                refused += 1
            if fate == "top-up":
                bank.total += 5_000

        if together:
            await asyncio.wait_for(asyncio.gather(*(send(*message) for message in messages)), 10)
        else:
            for message in messages:
                await send(*message)
        return bank.spent, refused

    spent, refused = asyncio.run(scenario())
    assert spent <= budget
    fates = [fate for _, _, fate in messages]
    if "top-up" not in fates and budget >= 100 * (len(messages) + fates.count("lost")):
        assert refused == 0


def test_a_spent_budget_refuses_before_anything_is_sent(service: Service, clock: FastClock) -> None:
    async def twice() -> None:
        async with connect(service.url, token=TOKEN, clock=clock, budget=105) as client:
            session = client.new_session()
            await session.send("a city", show=False)
            with pytest.raises(OutOfCreditsError, match=r"^Nothing was sent: .* 95 of this client's budget of 105"):
                await session.send("a city", show=False)

    kernel.run(twice())
    assert service.accepted == 1


def test_messages_side_by_side_share_the_budget(service: Service, clock: FastClock) -> None:
    async def four() -> list[object]:
        async with connect(service.url, token=TOKEN, clock=clock, budget=115) as client:
            sends = (client.new_session().send("a city", show=False) for _ in range(4))
            return await asyncio.gather(*sends, return_exceptions=True)

    results = kernel.run(four())
    assert [type(result).__name__ for result in results] == ["Turn", "Turn", "OutOfCreditsError", "OutOfCreditsError"]
    assert service.accepted == 2


def test_messages_side_by_side_have_no_known_cost_unless_nothing_was_spent(client: Client, service: Service) -> None:
    async def both() -> list[object]:
        turns = await asyncio.gather(*(client.new_session().send("a city", show=False) for _ in range(2)))
        return [turn.credits_spent for turn in turns]

    assert kernel.run(both()) == [None, None]
    service.price = 0
    assert kernel.run(both()) == [0, 0]


def test_without_a_budget_an_unknown_balance_is_no_obstacle(client: Client, service: Service) -> None:
    service.script["credits"].extend([service.wrap({"nothing": 1})] * 2)
    assert kernel.run(client.new_session().send("a city", show=False)).credits_spent is None
