"""Which timeline the magics speak of: the one that the notebook has, and what they begin the notebook has as well."""

from collections.abc import Iterator, MutableMapping
from weakref import WeakSet

from IPython.core.error import UsageError

from nemo_widgets.client import Client, Session, connect
from nemo_widgets.kernel import run
from nemo_widgets.widgets import PromptBox


class Timelines:
    """Finds sessions among the variables of a notebook, and puts new ones there.

    Without a name that is the newest of all that its variables and its ``Out`` hold: a `Session`, that of a widget, or
    a new one of a `Client` that was connected later. One that was begun by its name is spoken of by that name alone.

    Parameters
    ----------
    variables : MutableMapping
        The notebook's, by their names.
    """

    def __init__(self, variables: MutableMapping[str, object]) -> None:
        self._variables = variables
        self._client: Client | None = None
        self._session: Session | None = None
        self._by_name: WeakSet[Session] = WeakSet()
        self._told: Session | None = None
        self._published: dict[str, Client | Session] = {}

    def session(self, name: str | None, *, new: bool) -> Session:
        """Return the session that is meant, begun if need be; when it is another than before, say so.

        Raises
        ------
        UsageError
            The name is that of something else.
        """
        return self._named(name, new=new) if name else self._newest(new=new)

    def connect(self, target: str | None, speed: float) -> Client:
        """Talk to another service, or a recording, from now on."""
        client = connect(target, speed=speed)
        self.close()
        self._client, self._told = client, None
        self._publish("client", client)
        return client

    def close(self) -> None:
        """End the connections that were begun here; sessions of them that a variable holds still work."""
        if self._client is not None:
            run(self._client.close())
        self._client = self._session = None

    def at_hand(self) -> Session | Client | None:
        """Return what would be spoken of, without beginning anything: a client when it has no session yet."""
        session, client = self._newest_session(), self._newest_client()
        if client is not None and (session is None or client.made > session.made):
            return client
        return session

    def all(self) -> list[Session]:
        """Return every session that the notebook has."""
        found = [session for _, session in self._sessions()]
        return list({id(session): session for session in [*found, self._session] if session is not None}.values())

    def names(self) -> list[str]:
        """Return the variables with a session, or a widget that has one."""
        return [name for name, _ in self._sessions() if not name.startswith("_")]

    def name_of(self, session: Session) -> str:
        """Return the variable that holds a session; empty when none does."""
        return next((name for name, held in self._sessions() if held is session and not name.startswith("_")), "")

    def _named(self, name: str, *, new: bool) -> Session:
        if not name.isidentifier():
            raise UsageError(f"--session {name}: a variable's name has letters, digits and _ alone.")
        held = self._variables.get(name)
        session = _session_of(held)
        if held is not None and (session is None or (new and not isinstance(held, Session))):
            raise UsageError(f"--session {name}: {name} is a {type(held).__name__} already. Choose another name.")
        if session is None or new:
            client = session.client if session is not None else self._connected()
            session = client.new_session()
            self._by_name.add(session)
            self._variables[name] = session
            print(f"{name} is a new timeline.")  # noqa: T201  a slip in a name would pay for a second one
        return session

    def _newest(self, *, new: bool) -> Session:
        found = self.at_hand()
        if isinstance(found, Session) and not new:
            self._tell(found)
            return found
        is_first = found is None
        client = found.client if isinstance(found, Session) else found or self._connected()
        session = self._session = self._told = client.new_session()
        self._publish("session", session)
        name = self.name_of(session)
        if not name:
            print("A new timeline. For Python: %nemo session --into NAME")  # noqa: T201  else nobody finds it
        elif not is_first:
            print(f"{name} is a new timeline, {where(client)}.")  # noqa: T201  what was there before is elsewhere
        return session

    def _connected(self) -> Client:
        client = self._newest_client()
        if client is None:
            client = self._client = connect()
            self._publish("client", client)
        return client

    def _tell(self, session: Session) -> None:
        if session is not self._told:
            self._told = session
            name = self.name_of(session)
            print(f"On the timeline of {name or 'the newest widget'}, {where(session.client)}.")  # noqa: T201

    def _publish(self, name: str, value: Client | Session) -> None:
        """Give a variable to the notebook; what a person keeps under that name stays."""
        before = self._variables.get(name)
        if before is None or self._published.get(name) is before:
            self._variables[name] = self._published[name] = value

    def _newest_session(self) -> Session | None:
        found = [session for session in self.all() if session not in self._by_name]
        return max(found, key=lambda session: session.made, default=None)

    def _newest_client(self) -> Client | None:
        found = [value for value in list(self._variables.values()) if isinstance(value, Client)]
        clients = [*found, self._client]
        return max((client for client in clients if client is not None), key=lambda client: client.made, default=None)

    def _sessions(self) -> Iterator[tuple[str, Session]]:
        for name, value in list(self._variables.items()):
            session = _session_of(value)
            if session is not None:
                yield name, session


def _session_of(value: object) -> Session | None:
    if isinstance(value, PromptBox):
        return value.session
    return value if isinstance(value, Session) else None


def where(client: Client) -> str:
    """Return who does the work, in words."""
    if client.replays:
        return f"in {client.replays}, a recording that is replayed"
    match client.backend:
        case "local":
            return "in the local studio: drawn by a program, not by the AI"
        case "cloud":
            return "in the NemoVideo cloud"
        case _:
            return f"at {client.url}"
