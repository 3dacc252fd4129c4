"""A session as the service keeps it: opened at the first call, forgotten when the service has forgotten it."""

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager
from http import HTTPStatus
from itertools import count
from typing import TYPE_CHECKING, Final
from urllib.parse import quote

from nemo_widgets.client.language import language_of, reads_chinese
from nemo_widgets.client.recording import Recording
from nemo_widgets.client.reuse import StandIn
from nemo_widgets.client.state import State
from nemo_widgets.client.weblink import WebLink
from nemo_widgets.errors import InputError, ProtocolError, ServiceError, SessionGoneError
from nemo_widgets.protocol.account import check_address
from nemo_widgets.protocol.refusals import Asked, session_gone

if TYPE_CHECKING:
    from nemo_widgets.client.client import Client

IN_ORDER: Final = count(1)
"""Numbers clients and sessions as they are made, so that the newest of both is known."""


class Project:
    """What the service knows by an id.

    Parameters
    ----------
    client : Client
        Whom it talks through.
    task_name : str
        What the project is called.
    language : str or None
        ISO code that the agent answers in; None is that of the first prompt.
    id : str, optional
        Of a session that was opened before.
    """

    def __init__(self, client: "Client", task_name: str, language: str | None, id: str | None = None) -> None:
        self.client = client
        self.task_name = task_name
        self.language = language
        self._spoken = language or ""
        self.id = id
        self.record = Recording(client.keeper, lambda: client.place, task_name, language, id, client.clock)
        self.stand_in: StandIn | None = None
        self._task_id = ""
        self._opening = asyncio.Lock()
        self._lost = False

    async def opened(self, prompt: str = "") -> str:
        """Return its id; the first call opens it (call 2)."""
        async with self._opening:
            if self.stand_in is not None:
                await self._move_in(self.stand_in)
            if self.id is None:
                await self.record.opening()
                self._spoken = self._spoken or await asyncio.to_thread(language_of, prompt)
                answer = await self.client.api.post(
                    "/api/tasks/me/with-session/nemo_agent", {"task_name": self.task_name, "language": self._spoken}
                )
                session_id = answer.get("session_id")
                if not isinstance(session_id, str) or not session_id:
                    account = (await self.client.access()).account
                    raise ProtocolError(f"The service opened no session. {check_address(account)}")
                self.id, self._task_id = session_id, str(answer.get("task_id") or "")
                await self.record.opened(session_id)
            return self.id

    async def opened_before(self) -> str | None:
        """Return its id; None while nothing was said in it."""
        return None if self.id is None and self.stand_in is None else await self.opened()

    async def _move_in(self, stand_in: StandIn) -> None:
        """Go on in the session that a kept answer was made in, if it is still as that answer left it."""
        path = f"/api/state/nemo_agent/me/{quote(stand_in.session_id, safe='')}/latest"
        stand_in.check(State.parse(await stand_in.asked(self.client.api.get(path))))
        self.id, self._task_id, self.stand_in = stand_in.session_id, "", None

    def loss_to_tell(self) -> str:
        """Return, once, that this is a new session in place of one that is gone; else nothing."""
        lost, self._lost = self._lost and self.id is not None, False
        return "The old session and its timeline are gone: this goes into a new one" if lost else ""

    def speaks_chinese(self, prompt: str) -> bool:
        """Whether what is said beside an answer to this prompt is said in Chinese."""
        return reads_chinese(self._spoken, prompt)

    async def state(self) -> State:
        """Ask what the service knows about it; while nothing was said, that is nothing."""
        if self.stand_in is not None:
            return self.stand_in.state(self.task_name)
        if self.id is None:
            return State.parse({"task_name": self.task_name})
        return await self.state_of(self.id, "look")

    async def state_of(self, session_id: str, asked: Asked) -> State:
        """Ask what the service knows about a session (call 6), in order to do what was `asked`."""
        with self.not_found_told(asked):
            return State.parse(
                await self.client.api.get(f"/api/state/nemo_agent/me/{quote(session_id, safe='')}/latest")
            )

    async def web_link(self) -> WebLink:
        """Ask for the way into the web app (call 11).

        Raises
        ------
        InputError
            Nothing was made yet, or the service has no web app.
        """
        session_id = await self.opened_before()
        if session_id is None:
            raise InputError("There is no project to open yet. Ask for a clip first: await session.send(…)")
        if self.client.backend == "local":
            raise InputError(
                "The local studio has no web app, so there is no page to open. Look at the timeline here with "
                'session.tracks(), or make the clip in the cloud: nemo.connect("cloud").'
            )
        with self.not_found_told("link"):
            # A session that was opened elsewhere has not told its task yet.
            task_id = self._task_id or (await self.state()).task_id
            ids = {"task_id": task_id, "session_id": session_id}
            answer = await self.client.api.post("/api/auth/claim-token", ids)
        return WebLink.parse(answer, session_id, (await self.client.access()).account.web_url)

    @contextmanager
    def gone_told(self, asked: Asked) -> Iterator[None]:
        """Forget a session that the service has forgotten: the next message opens a new one."""
        try:
            yield
        except SessionGoneError as error:
            self.id, self._lost = None, True
            raise session_gone(asked) from error

    @contextmanager
    def not_found_told(self, asked: Asked) -> Iterator[None]:
        """Take a 404 for a forgotten session too, where nothing else could be meant by it."""
        with self.gone_told(asked):
            try:
                yield
            except ServiceError as error:
                if error.code == HTTPStatus.NOT_FOUND:
                    raise session_gone(asked) from error
                raise
