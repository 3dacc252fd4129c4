"""The way into the web app for one project (``protocol/README.md``, call 11): used, and never shown."""

import webbrowser
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

from nemo_widgets.errors import ProtocolError, SetupError


class UnshownText(str):
    """Text that a cell does not show as its result, so that no saved notebook holds it."""

    __slots__ = ()

    def __repr__(self) -> str:
        return "<not shown: whoever has it can open the project>"


@dataclass(frozen=True, slots=True, repr=False)
class WebLink:
    """Opens a project in the web app, once, for whoever has it.

    Attributes
    ----------
    url : str
        Holds the claim token. As the result of a cell it is not shown; printing it would write it into the notebook.
    session_id : str
        Whose project it is.
    valid_s : float or None
        How long it works from when it was made, in seconds; None when the service did not say.
    """

    url: str
    session_id: str
    valid_s: float | None

    @classmethod
    def parse(cls, answer: Mapping[str, Any], session_id: str, web_url: str) -> "WebLink":
        """Read an answer.

        Raises
        ------
        ProtocolError
            It holds no token.
        """
        token, valid_s = answer.get("claim_token"), answer.get("expires_in")
        if not isinstance(token, str) or not token:
            raise ProtocolError(
                "The service gave no link to the project. Try again; the timeline itself is there: session.tracks()"
            )
        return cls(
            url=UnshownText(f"{web_url}/workspace/claim?ct={quote(token, safe='')}"),
            session_id=session_id,
            valid_s=float(valid_s) if isinstance(valid_s, int | float) else None,
        )

    def open(self) -> None:
        """Open it in the browser of the machine that the kernel runs on.

        Raises
        ------
        SetupError
            There is no browser, as on a server.
        """
        if not webbrowser.open(self.url):
            raise SetupError(
                "No browser opened: the kernel may run on another machine than yours. print(link.url) shows the "
                "address; open it, then clear that output, because whoever has the address can open the project."
            )

    def __repr__(self) -> str:
        valid = f", valid for {self.valid_s:.0f} s" if self.valid_s is not None else ""
        return f"<WebLink to session {self.session_id}{valid}: open() opens it in the browser>"
