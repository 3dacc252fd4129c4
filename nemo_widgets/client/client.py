"""Whom to talk to: `connect` and the `Client` it makes."""

import os
import re
from collections.abc import Callable
from contextlib import AbstractAsyncContextManager
from dataclasses import replace
from difflib import get_close_matches
from functools import partial
from types import TracebackType
from typing import Final, Literal, Self

from nemo_widgets import __version__, settings
from nemo_widgets.client.addresses import is_loopback
from nemo_widgets.client.api import Api, ask_for_token
from nemo_widgets.client.auth import Access, AccessSource, AnonymousToken, GivenToken, LocalStudioToken, Secret
from nemo_widgets.client.cassette.recorder import current
from nemo_widgets.client.cassette.taping import Taped
from nemo_widgets.client.clock import Clock, SystemClock
from nemo_widgets.client.credits import Credits, Ledger, Spending
from nemo_widgets.client.history import orphans_told
from nemo_widgets.client.http import LinksLike, Network, Patience
from nemo_widgets.client.keeper import Keeper, own_keeper
from nemo_widgets.client.project import IN_ORDER, Project
from nemo_widgets.client.session import Session
from nemo_widgets.client.turn import LOCAL_PACE, Pace
from nemo_widgets.errors import InputError, SetupError
from nemo_widgets.kernel import on_job_loop
from nemo_widgets.library import Place
from nemo_widgets.library.cassette import SUFFIX
from nemo_widgets.protocol.address import StudioAddress
from nemo_widgets.protocol.redact import redact

Backend = Literal["cloud", "local", "custom"]

# The service documents no form of its ids; these are characters that none would hold.
_SESSION_ID: Final = re.compile(r"[^\s/\\\x00-\x20\x7f-\x9f\u200b-\u200f\u2028-\u202e\ufeff]{1,200}")

LOCAL_NOTICE = 'Working locally: drawn by a program, not by the AI. For the AI: connect("cloud").'
_TOLD: Final[set[str]] = set()


class Client:
    """A connection to one service. Made by `connect`; an async context manager.

    Nothing is asked of the network before the first call. Every coroutine may be awaited on any loop.

    Parameters
    ----------
    backend : {"cloud", "local", "custom"}
        What kind of service it is, as far as its address tells.
    source : AccessSource
        Where the token comes from.
    budget : float, optional
        Credits that this client may spend: before each message the balance is asked for, and a message that might not
        fit is refused before anything is sent.
    clock : Clock, optional
        What waiting is done with.
    patience : Patience, optional
        How long the service may be quiet.
    network : Network, optional
        The ways to the service, when it is none of the internet.
    keeper : Keeper, optional
        What is written down, and where; by default this person's library.
    replays : str
        The name of the cassette that is replayed; empty for a live service.
    prompts : callable, optional
        Of a cassette: takes a session's id and returns the messages that it has an answer to at this point.

    Attributes
    ----------
    url : str
        The service's origin; empty while a local studio was not asked for yet.
    made : int
        In which order clients and sessions were made, counted together.
    """

    def __init__(
        self,
        backend: Backend,
        source: AccessSource,
        *,
        url: str = "",
        budget: float | None = None,
        clock: Clock | None = None,
        patience: Patience | None = None,
        network: Network | None = None,
        keeper: Keeper | None = None,
        replays: str = "",
        prompts: Callable[[str | None], list[str]] = lambda _session: [],
    ) -> None:
        self._backend: Backend = backend
        self.made = next(IN_ORDER)
        self.url = url
        self.replays = replays
        self.prompts = prompts
        self.clock = clock or SystemClock()
        self._network = network or Taped(patience, current)
        self.api = Api(source, self.clock, self._network.wire())
        self.keeper = keeper or own_keeper()
        self._links: dict[str, LinksLike] = {}
        self._budget = budget
        self._ledger = Ledger(self.api, budget)

    @property
    def place(self) -> Place:
        """Where its sessions are; a local studio of another version draws otherwise, and does not know them."""
        return Place(self.backend, f"local {__version__}" if self._backend == "local" else self.url)

    def __repr__(self) -> str:
        if self.replays:
            return f"<Client of {self.replays}, a recording of {self.backend}>"
        where = f" at {self.url}" if self.url else ""
        budget = f", budget {self._budget:g} credits" if self._budget is not None else ""
        return f"<Client of {self.backend}{where}{budget}>"

    @property
    def backend(self) -> Backend:
        """What kind of service it is: ``"local"`` draws and is no AI, also at an address that a person gave.

        A local studio says what it is with its first answer; until then one that was given by its address is "custom".
        """
        return "local" if self._backend == "custom" and self.api.is_local_studio else self._backend

    def new_session(self, task_name: str = "project", language: str | None = None) -> Session:
        """Begin a new timeline. The service is asked for it at the first call.

        Parameters
        ----------
        task_name : str
            What the project is called.
        language : str, optional
            ISO code that the agent answers in; by default that of the first prompt.
        """
        return Session(Project(self, task_name, language))

    def open_session(self, session_id: str) -> Session:
        """Go on with a timeline that was begun before, here or in the web app. Nothing is asked of the service yet.

        Parameters
        ----------
        session_id : str
            ``Session.id``, as it was then.

        Raises
        ------
        InputError
            It cannot be one.
        """
        if not isinstance(session_id, str) or not _SESSION_ID.fullmatch(session_id.strip()):
            raise InputError(
                f"{str(session_id)[:40]!r} cannot be a session's id: that is one word, without blanks and slashes, as "
                "session.id said it when the session was opened."
            )
        return Session(Project(self, "project", None, session_id.strip()))

    @on_job_loop
    async def credits(self) -> Credits:
        """Return what the account has."""
        return await self._ledger.balance()

    @on_job_loop
    async def close(self) -> None:
        """End all connections; the client can be used again."""
        links = list(self._links.values())
        self._links.clear()
        for link in links:
            await link.close()
        await self.api.close()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, tb: TracebackType | None
    ) -> None:
        await self.close()

    async def access(self) -> Access:
        """Return the origin and the account that calls are made with."""
        access = await self.api.access()
        self.url = access.origin
        return access

    async def links(self) -> LinksLike:
        """Return what follows the service's URLs."""
        origin = (await self.access()).origin
        if origin not in self._links:
            self._links[origin] = self._network.links(origin)
        return self._links[origin]

    async def pace(self) -> Pace:
        """Return how often the service may be asked."""
        if self.replays:
            return replace(LOCAL_PACE if self.backend == "local" else Pace(), poll_s=LOCAL_PACE.poll_s)
        return LOCAL_PACE if is_loopback((await self.access()).origin) else Pace()

    def accounted(self) -> AbstractAsyncContextManager[Spending]:
        """Keep account of what is spent while a block runs."""
        return self._ledger.accounted()


def connect(
    target: str | os.PathLike[str] | None = None,
    *,
    token: str | None = None,
    budget: float | None = None,
    speed: float = 1.0,
    clock: Clock | None = None,
) -> Client:
    """Choose whom to talk to. Nothing is asked of the network yet.

    Parameters
    ----------
    target : str or path, optional
        ``"local"``, ``"cloud"``, or the origin of a service, such as ``"http://127.0.0.1:8000"``; or a file that
        ``nemo.record`` made, such as ``"demo.nemo"``, which is replayed without a network. By default the cloud
        when ``NEMO_TOKEN`` or ``NEMO_API_URL`` is set, else the local studio; one printed line says which (the local
        studio says so once in a process).
    token : str, optional
        A bearer token; by default ``NEMO_TOKEN``, else, at the first call, an anonymous one, which is kept.
    budget : float, optional
        Credits that this client may spend. A message may cost 100 credits, so it is refused, before anything is sent,
        when fewer are left; one that might not fit beside those under way waits for them.
    speed : float, default 1
        Of a replay: 1 is as it was recorded, 10 is ten times as fast.
    clock : Clock, optional
        What waiting is done with; for tests.

    Raises
    ------
    InputError
        The budget is no number of credits, or only a replay has such a speed.
    CassetteError
        The file is no recording.
    SetupError
        The target, or a variable, is no origin, or the token is none.
    """
    if budget is not None and not (isinstance(budget, int | float) and 0 <= budget < float("inf")):
        raise InputError(f"budget={budget!r} is no number of credits. Write for example budget=500; None is no limit.")
    if isinstance(target, os.PathLike) or (target is not None and target.strip().lower().endswith(SUFFIX)):
        from nemo_widgets.client.cassette.replaying import replay

        return replay(target, speed, clock)
    if speed != 1:
        raise InputError('Only a replay has another speed: connect("demo.nemo", speed=10).')
    given = Secret("token=", token or "")
    del token  # a report with variables would show it
    if given and (target or default_target()) == "local":
        raise InputError(
            "The local studio takes no token, and connect() works locally unless it is told otherwise. For the cloud: "
            'connect("cloud", token=…). Nothing was connected.'
        )
    if target is None:
        target = default_target()
        if notice := notice_of(target):
            print(notice)  # noqa: T201  a person chooses by it
    if unfinished := orphans_told():
        print(unfinished)  # noqa: T201  the one place where a person sees it after a crash
    return client_of(target, given, budget=budget, clock=clock)


def client_of(
    target: str, given: Secret | None = None, *, budget: float | None = None, clock: Clock | None = None
) -> Client:
    """Return what `connect` returns, and print nothing.

    Raises
    ------
    SetupError
        The target, or a variable, is no origin, or the token is none.
    """
    environment = settings.environment()
    secret = given or Secret("NEMO_TOKEN", environment.token)
    if target == "local":
        return Client("local", LocalStudioToken(_find_or_start), budget=budget, clock=clock)
    if target != "cloud" and "://" not in target:
        raise SetupError(_no_service(target))
    origin = environment.api_url if target == "cloud" else settings.origin_of(target, "target")
    backend: Backend = "cloud" if origin == settings.CLOUD_API_URL else "custom"
    clock = clock or SystemClock()
    source: AccessSource
    if secret:
        source = GivenToken(origin, secret, web_url=environment.web_url)
    else:
        ask = partial(ask_for_token, clock, web_url=environment.web_url)
        source = AnonymousToken(origin, web_url=environment.web_url, ask=ask)
    return Client(backend, source, url=origin, budget=budget, clock=clock)


def _no_service(target: str) -> str:
    meant = get_close_matches(target.strip().lower(), ("local", "cloud"), n=1)
    if meant:
        return f'There is no service called "{target}". Did you mean connect("{meant[0]}")? Nothing was connected.'
    return (
        f'There is no service called "{redact(target)[:40]}". There are connect("local"), connect("cloud"), and your '
        'own server by its address: connect("http://127.0.0.1:8000").'
    )


def notice_of(target: Backend) -> str:
    """Return the line that says where `connect` goes when it is not told; where nothing costs, once in a process."""
    if target == "local":
        is_new = LOCAL_NOTICE not in _TOLD
        _TOLD.add(LOCAL_NOTICE)
        return LOCAL_NOTICE if is_new else ""
    environment = settings.environment()
    if environment.api_url_is_set:
        return f'Working at {environment.api_url}, as NEMO_API_URL says. To work on this machine: connect("local").'
    return (
        "Working in the NemoVideo cloud, because NEMO_TOKEN is set: generating costs credits. To work on this machine: "
        'connect("local").'
    )


def default_target() -> Backend:
    """Return where `connect` goes when it is not told: to the cloud when a variable speaks of it, else nowhere far."""
    environment = settings.environment()
    return "cloud" if environment.token or environment.api_url_is_set else "local"


def _find_or_start() -> StudioAddress:
    from nemo_widgets.client.studio_process import find_or_start

    return find_or_start()
