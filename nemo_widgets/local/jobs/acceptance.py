"""Messages that the agent takes on: written down before anything is answered, those of one moment together."""

import asyncio

from nemo_widgets.local.state.store import Store


class Acceptance:
    """Takes messages on. Used on the server's loop only.

    Parameters
    ----------
    store : Store
        Where they are counted.
    """

    def __init__(self, store: Store) -> None:
        self._store = store
        self._waiting: list[tuple[str, asyncio.Future[int]]] = []

    async def take_on(self, session_id: str) -> int:
        """Count one more message of a session; return how many came before it, once that is on the disk.

        Messages that arrive in one pass of the loop share a transaction. One whose sender leaves meanwhile counts too.
        """
        loop = asyncio.get_running_loop()
        if not self._waiting:
            loop.call_soon(self._write_down)
        number: asyncio.Future[int] = loop.create_future()
        self._waiting.append((session_id, number))
        return await number

    def _write_down(self) -> None:
        waiting, self._waiting = self._waiting, []
        try:
            counted = self._store.accept_messages([session_id for session_id, _ in waiting])
        except Exception as problem:
            for _, number in waiting:
                if not number.done():
                    number.set_exception(problem)
            return
        for (_, number), earlier in zip(waiting, counted, strict=True):
            if not number.done():
                number.set_result(earlier)
