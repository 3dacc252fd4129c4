"""Messages of one moment: each is counted once, together, before anything is answered."""

import asyncio
from collections.abc import Sequence
from typing import cast

import pytest

from nemo_widgets.local.jobs.acceptance import Acceptance
from nemo_widgets.local.state.store import Store


class Counting:
    """Counts messages, and the transactions that it took."""

    def __init__(self, problem: Exception | None = None) -> None:
        self.problem = problem
        self.transactions: list[list[str]] = []

    def accept_messages(self, session_ids: Sequence[str]) -> list[int]:
        self.transactions.append(list(session_ids))
        if self.problem:
            raise self.problem
        return list(range(len(session_ids)))


def test_messages_of_one_moment_share_a_transaction_and_each_has_its_number() -> None:
    store = Counting()

    async def arrive() -> list[int]:
        acceptance = Acceptance(cast(Store, store))
        return await asyncio.gather(*(acceptance.take_on(f"s{number}") for number in range(200)))

    assert asyncio.run(arrive()) == list(range(200))
    assert store.transactions == [[f"s{number}" for number in range(200)]]


def test_a_message_whose_sender_leaves_at_once_is_counted_and_others_are_not_held_up() -> None:
    store = Counting()

    async def arrive() -> int:
        acceptance = Acceptance(cast(Store, store))
        leaving, staying = (asyncio.create_task(acceptance.take_on(name)) for name in ("leaves", "stays"))
        await asyncio.sleep(0)
        leaving.cancel()
        return await staying

    assert asyncio.run(arrive()) == 1
    assert store.transactions == [["leaves", "stays"]]


def test_what_keeps_them_from_being_written_down_reaches_every_sender() -> None:
    async def arrive() -> list[int | BaseException]:
        acceptance = Acceptance(cast(Store, Counting(OSError("the disk is full"))))
        return await asyncio.gather(*(acceptance.take_on("s") for _ in range(3)), return_exceptions=True)

    assert [str(told) for told in asyncio.run(arrive())] == ["the disk is full"] * 3
    with pytest.raises(OSError, match="full"):
        asyncio.run(Acceptance(cast(Store, Counting(OSError("full")))).take_on("s"))
