"""What a person can do about a refusal depends on whose service it is, and whose token."""

from dataclasses import dataclass
from typing import Final

LOCALLY: Final = 'work without the cloud: connect("local")'


@dataclass(frozen=True, slots=True)
class Account:
    """Whose words an error is told in.

    Attributes
    ----------
    web_url : str
        Origin of the web app, for links.
    user_id : str
        The anonymous user's id, which a registration link binds; empty for a token of one's own.
    token_source : str
        Where the token came from, as a message names it: ``"NEMO_TOKEN"``, ``"token="``, ``"the local studio"``; empty
        when the service gave it to an anonymous user.
    server : str
        Origin of a server that the person chose; empty for the NemoVideo cloud and for the local studio.
    """

    web_url: str = "https://nemovideo.com"
    user_id: str = ""
    token_source: str = ""
    server: str = ""

    @property
    def register_url(self) -> str:
        """Where an anonymous user keeps the work, and gets credits and exports."""
        return f"{self.web_url}/register?bind={self.user_id}" if self.user_id else f"{self.web_url}/register"

    @property
    def is_local(self) -> bool:
        """Whether it is the local studio's, where registering helps nobody."""
        return self.token_source == "the local studio"


def refused_token(account: Account) -> str:
    """Return what a person reads whose token is refused."""
    source, server = account.token_source, account.server
    if account.is_local:
        return 'The local studio was started anew and does not know this token. Connect again: connect("local").'
    if not source and server:
        return (
            f"The server at {server} gives no free token, or does not accept the one it gave, also not a new one. Set "
            "NEMO_TOKEN to a token of that server, or give it to connect(…, token=…); `nemo-widgets serve` prints its "
            "own when it starts."
        )
    if not source:
        return (
            "The service does not accept the free token, also not a new one. Try again in a few minutes, set "
            f"NEMO_TOKEN to a token of your own ({account.web_url}), or {LOCALLY}."
        )
    named, without = (
        (f"of {source}", f"unset {source}") if source.isidentifier() else (f"given as {source}", f"leave {source} out")
    )
    if server:
        return (
            f"The server at {server} does not accept the token {named}: it is wrong or has expired, or it is another "
            "server's. Copy it again from where that server shows it (`nemo-widgets serve` prints its own when it "
            f"starts), or {without} if it wants none."
        )
    return (
        f"The service does not accept the token {named}: it is wrong or has expired. Copy it again from "
        f"{account.web_url}, or {without} to work without one."
    )


def more_credits(account: Account) -> str:
    """Return where more credits come from."""
    if account.is_local:
        return "They are for practice and cost nothing: a studio that is started anew has new ones."
    if account.token_source:
        top_up = f"Top up at {account.web_url}."
        if account.server:
            top_up = f"Ask whoever runs {account.server}; NemoVideo's own are topped up at {account.web_url}."
        return f"{top_up} Exports are free and still work."
    return f"Exports are free and still work. {_register(account, 'Register to get more, and to keep your work')}"


def better_plan(account: Account) -> str:
    """Return how to have what the plan does not include."""
    if account.is_local:
        return (
            "The local studio refuses it only because it was told to, as the cloud does on its free plan: start it "
            "again without that fault."
        )
    return _register(account, "Registering, or a plan that includes it, unlocks it")


def other_account(account: Account) -> str:
    """Return what to do where this account may not do it."""
    if account.is_local:
        return 'Connect again: connect("local").'
    return f"Check whose token you use. {_register(account, 'Registering helps, where that is what is missing')}"


def check_address(account: Account) -> str:
    """Return what to do where something answers that does not seem to be the service."""
    if account.is_local:
        return 'Connect again: connect("local").'
    if account.server:
        return f"Check the address {account.server} (NEMO_API_URL, or what connect() was given): is it the API's own?"
    return "If the network is fine, this package may be older than the service: pip install --upgrade nemo-widgets."


def try_elsewhere(account: Account) -> str:
    """Return what to do while the service fails."""
    return "Try again later." if account.is_local else f"Try again later, or {LOCALLY}."


def _register(account: Account, what_for: str) -> str:
    asked = f"Ask whoever runs {account.server}. At NemoVideo: " if account.server else ""
    return f"{asked}{what_for}: {account.register_url}"
