"""Long sounds are made in pieces, between which someone may say that nobody wants them any more."""

from collections.abc import Callable

Check = Callable[[], None]
"""Called at least every tenth of a second or so; raises what is to end the work."""


def go_on() -> None:
    """Never end it."""
