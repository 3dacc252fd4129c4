"""What all visible widgets share: the bundle, and questions from the browser that always get an answer.

JupyterLab delivers comm messages on the main thread or on a subshell's, in no fixed order: `answer` may run on several
threads at once, and subclasses guard what they own with `self._guard`.
"""

import logging
from collections.abc import Coroutine, Sequence
from dataclasses import dataclass
from threading import RLock

import anywidget
import msgspec
import traitlets as t
from IPython.display import HTML, DisplayHandle, display

from nemo_widgets.display import in_notebook
from nemo_widgets.errors import NemoError
from nemo_widgets.kernel import Job, submit
from nemo_widgets.widgets.message_kinds import Ask, Reply
from nemo_widgets.widgets.messages import AnyAsk, Cancel, Failed, ToBrowser, to_wire
from nemo_widgets.widgets.runtime import BUNDLE, STUB, front_end, hot_reload

logger = logging.getLogger(__name__)

Buffers = Sequence[bytes | memoryview]


@dataclass(frozen=True, slots=True)
class WithBytes:
    """A reply and the bytes that travel beside it."""

    reply: Reply
    buffers: Buffers


Answer = Reply | WithBytes
Later = Coroutine[object, None, Answer]


class NemoWidget(anywidget.AnyWidget):
    """A widget whose views ask questions; subclasses implement `answer`."""

    _esm = BUNDLE if hot_reload() else t.Unicode(STUB).tag(sync=True)  # anywidget watches a path
    _kind = t.Unicode().tag(sync=True)
    _fallback = t.Unicode().tag(sync=True)  # the mark of the output that a live view hides
    _runtime = anywidget.WidgetTrait().tag(sync=True)

    def __init__(self, **traits: object) -> None:
        self._guard = RLock()
        self._sending = RLock()
        self._jobs: dict[str, Job[Answer]] = {}
        self._left_behind: list[DisplayHandle] = []
        super().__init__(_runtime=front_end(), **traits)
        self.on_msg(self._receive)

    def answer(self, ask: Ask, buffers: Buffers) -> Answer | Later:
        """Answer a view: at once, or with a coroutine that the job loop runs until the view cancels it.

        Parameters
        ----------
        ask : Ask
            What the view wants; `Cancel` is dealt with before.
        buffers : sequence of bytes
            What travelled beside it.

        Raises
        ------
        NemoError
            Its message becomes the `Failed` reply.
        """
        raise NotImplementedError

    def fallback(self) -> str:
        """Return the HTML that stays in a notebook without a kernel; empty for none."""
        return ""

    def refresh_fallback(self) -> None:
        """Bring what would stay without a kernel up to date, wherever this widget was displayed."""
        with self._guard:
            handles = list(self._left_behind)
        for handle in handles:
            handle.update(HTML(self.fallback()))  # type: ignore[no-untyped-call]

    def close(self) -> None:
        """Take the widget away, and end what it has under way."""
        if self.comm is not None:  # else it is closed already, or was never made: a failed __init__ ends here too
            self.wind_up()
        super().close()

    def wind_up(self) -> None:
        """End what is under way; called once, when the widget closes."""
        with self._guard:
            jobs = list(self._jobs.values())
            self._jobs.clear()
        for job in jobs:
            job.cancel()

    def _repr_mimebundle_(self, **kwargs: object) -> tuple[dict[str, object], dict[str, object]] | None:
        if in_notebook() and (markup := self.fallback()):
            handle = display(HTML(markup), display_id=True)  # type: ignore[no-untyped-call]
            with self._guard:
                self._left_behind.append(handle)
        return super()._repr_mimebundle_(**kwargs)  # type: ignore[arg-type]

    def tell(self, message: ToBrowser, buffers: Buffers = ()) -> None:
        """Send a message to every view of this widget; callable from any thread."""
        with self._sending:
            if self.comm is not None:
                # Not self.send: on a prompt box that sends a prompt.
                anywidget.AnyWidget.send(self, to_wire(message), list(buffers))

    def _receive(self, _widget: object, content: object, buffers: Buffers) -> None:
        try:
            ask = msgspec.convert(content, AnyAsk)
        except msgspec.ValidationError as error:
            asked_as = content.get("id") if isinstance(content, dict) else None
            if isinstance(asked_as, str):
                self.tell(Failed(id=asked_as, message=f"The kernel does not understand this message: {error}."))
            return
        if isinstance(ask, Cancel):
            with self._guard:
                job = self._jobs.pop(ask.id, None)
            if job is not None:
                job.cancel()
            return
        try:
            answer = self.answer(ask, buffers)
        except Exception as error:
            self._fail(ask.id, error)
            return
        if isinstance(answer, Coroutine):
            self._later(ask.id, answer)
        else:
            self._reply(answer)

    def _later(self, asked_as: str, answer: Later) -> None:
        job = submit(answer, name=f"{self._kind}:{asked_as}")
        with self._guard:
            self._jobs[asked_as] = job
        job.add_done_callback(lambda done: self._finish(asked_as, done))

    def _finish(self, asked_as: str, job: Job[Answer]) -> None:
        with self._guard:
            wanted = self._jobs.pop(asked_as, None) is not None
        try:
            answer = job.result()
        except BaseException as error:
            if wanted:
                self._fail(asked_as, error)
            return
        if wanted:
            self._reply(answer)

    def _reply(self, answer: Answer) -> None:
        if isinstance(answer, WithBytes):
            self.tell(answer.reply, answer.buffers)  # type: ignore[arg-type]
        else:
            self.tell(answer)  # type: ignore[arg-type]

    def _fail(self, asked_as: str, error: BaseException) -> None:
        self.tell(Failed(id=asked_as, message=in_words(error)))


def mime_bundle(widget: anywidget.AnyWidget) -> dict[str, object]:
    """Return what shows a widget, for the ``_repr_mimebundle_`` of another object."""
    shown = widget._repr_mimebundle_()
    return dict(shown[0]) if isinstance(shown, tuple) else dict(shown or {})


def in_words(error: BaseException) -> str:
    """Return what to tell the person; what nobody foresaw also goes to the log with its traceback."""
    if isinstance(error, NemoError):
        return str(error)
    logger.error("unexpected error in a widget", exc_info=error)
    return f"Something went wrong that should not have: {type(error).__name__}: {error}"
