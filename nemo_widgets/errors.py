"""Everything that can go wrong, as one tree.

::

    NemoError
    ├── SetupError                 the settings or the machine do not allow it
    │   ├── CassetteError          a file with a recorded session cannot be read or written
    │   ├── LibraryError           what is kept on disk cannot be read or written
    │   ├── PortTakenError         the port asked for is in use
    │   └── StudioUnavailableError the local studio could not be found or started
    ├── InputError                 what was asked for cannot be done; nothing was sent
    │   ├── EmptyPromptError
    │   ├── NotRecordedError       a cassette is replayed, and this is not on it, or not yet
    │   ├── NothingToExportError   there is no draft yet
    │   ├── OutputPathError        the file cannot be written there
    │   ├── FileTypeError          code 4001
    │   └── FileTooLargeError      code 4002
    ├── ConnectionFailedError      no answer, or the network broke
    │   └── StreamBrokenError      the answer stopped half-way and could not be recovered
    ├── DeadlineError              it took longer than it may
    ├── ServiceError               the service answered with an error
    │   ├── AuthError              codes 1001, 1010, 1011; HTTP 401
    │   ├── SessionGoneError       code 1002; HTTP 404 of a stream
    │   ├── OutOfCreditsError      code 2001
    │   ├── SubscriptionError      HTTP 402
    │   ├── RateLimitedError       HTTP 429
    │   ├── RenderFailedError      a render ended as ``failed``
    │   ├── AgentFailedError       the agent reported an error inside its stream
    │   └── ProtocolError          an answer that does not follow the protocol
    ├── MediaError                 a file cannot be read as media
    └── StoppedError               a person stopped it

Messages say what happened, what it means and what to do next; the cause stays chained.
"""


class NemoError(Exception):
    """Base of every error that this package raises on purpose.

    IPython shows its message alone: a person can do nothing about the frames between the cell and where it was raised.
    They are still there: ``sys.last_value.__traceback__`` and ``__cause__``.
    """

    def _render_traceback_(self) -> list[str]:
        return [f"\x1b[31m{type(self).__name__}\x1b[39m: {self}"]


class SetupError(NemoError):
    """The settings or the machine do not allow it."""


class CassetteError(SetupError):
    """A file with a recorded session cannot be read or written."""


class LibraryError(SetupError):
    """What is kept on disk cannot be read or written."""


class PortTakenError(SetupError):
    """The port asked for is in use."""


class StudioUnavailableError(SetupError):
    """The local studio could not be found or started."""


class InputError(NemoError):
    """What was asked for cannot be done; nothing was sent."""


class EmptyPromptError(InputError):
    """There is no text to send."""


class NotRecordedError(InputError):
    """A cassette is replayed, and what was asked is not on it, or not at this point."""


class NothingToExportError(InputError):
    """There is no draft with anything on it yet."""


class OutputPathError(InputError):
    """The file cannot be written there."""


class FileTypeError(InputError):
    """The service does not take this kind of file (code 4001)."""


class FileTooLargeError(InputError):
    """The file is larger than the service takes (code 4002)."""


class ConnectionFailedError(NemoError):
    """The service gave no answer, or the network broke."""


class StreamBrokenError(ConnectionFailedError):
    """The answer stopped half-way and asking for the state did not recover it."""


class DeadlineError(NemoError):
    """It took longer than it may."""


class ServiceError(NemoError):
    """The service answered with an error.

    Parameters
    ----------
    message : str
        What a person reads.
    code : int or None
        The service's own code, or the HTTP status when there is none.
    """

    def __init__(self, message: str, *, code: int | None = None) -> None:
        super().__init__(message)
        self.code = code


class AuthError(ServiceError):
    """The token is wrong or has expired (codes 1001, 1010, 1011; HTTP 401)."""


class SessionGoneError(ServiceError):
    """The session is not known any more, or went idle (code 1002)."""


class OutOfCreditsError(ServiceError):
    """The credits are used up (code 2001)."""


class SubscriptionError(ServiceError):
    """The plan does not include this (HTTP 402); credits do not help."""


class RateLimitedError(ServiceError):
    """Too many requests (HTTP 429), also after waiting once.

    Parameters
    ----------
    message : str
        What a person reads.
    code : int or None
        The service's own code, or the HTTP status when there is none.
    retry_after_s : float or None
        After how many seconds the service takes the next request; None when it did not say.
    """

    def __init__(self, message: str, *, code: int | None = None, retry_after_s: float | None = None) -> None:
        super().__init__(message, code=code)
        self.retry_after_s = retry_after_s


class RenderFailedError(ServiceError):
    """The render ended as ``failed``."""


class AgentFailedError(ServiceError):
    """The agent reported an error inside its answer."""


class ProtocolError(ServiceError):
    """The answer does not follow the protocol: often not the service at all, but a login page."""


class MediaError(NemoError):
    """The file cannot be read as media."""


class StoppedError(NemoError):
    """A person stopped it."""
