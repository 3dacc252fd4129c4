"""The media helper as the kernel sees it: requests about files, answered by a process that may be lost and replaced."""

import asyncio
import atexit
import contextlib
import itertools
import os
import subprocess
import sys
import threading
from concurrent.futures import Future
from dataclasses import dataclass, field
from io import BufferedReader
from pathlib import Path

from nemo_widgets.errors import MediaError, StoppedError
from nemo_widgets.media import pipe
from nemo_widgets.media.limits import limit_s

Answer = tuple[dict[str, object], list[pipe.Bytes]]

_TRIES = 2
_PROGRAM = "import sys; sys.path += {path!r}; from nemo_widgets.media.helper import main; main()"


@dataclass(slots=True)
class _Asked:
    request: pipe.Request
    answered: Future[Answer] = field(default_factory=Future)
    tries: int = 0
    alarm: threading.Timer | None = None
    process: subprocess.Popen[bytes] | None = None

    def disarm(self) -> None:
        """Stop the alarm, and let go of it: it holds this, and this may hold megabytes."""
        alarm, self.alarm = self.alarm, None
        if alarm is not None:
            alarm.cancel()


class MediaService:
    """Asks the helper, which it starts with the first request, and again when it was lost. Safe on several threads.

    A request that takes longer than `limits` say ends the helper: native code can't be stopped otherwise. What else
    was asked at that moment is asked again, once.
    """

    def __init__(self) -> None:
        self._lock = threading.RLock()
        self._writing = threading.Lock()
        self._numbers = itertools.count(1)
        self._asked: dict[int, _Asked] = {}
        self._process: subprocess.Popen[bytes] | None = None

    def submit(self, what: str, path: Path, **options: object) -> tuple[int, Future[Answer]]:
        """Ask, and return the request's number and what will hold the answer.

        Parameters
        ----------
        what : str
            A method of `Desk`.
        path : Path
            The file.
        **options
            That method's.
        """
        path = path.absolute()
        asked = _Asked(pipe.Request(number=next(self._numbers), what=what, path=str(path), options=options))
        asked.answered.set_running_or_notify_cancel()  # else who stops waiting would cancel it, and it takes no answer
        self._send(asked)
        return asked.request.number, asked.answered

    def ask(self, what: str, path: Path, **options: object) -> Answer:
        """Ask and wait.

        Raises
        ------
        MediaError
            The file can't be read, in words for a person.
        """
        number, answered = self.submit(what, path, **options)
        try:
            return answered.result()
        except BaseException:
            self.cancel(number)
            raise

    async def answer(self, what: str, path: Path, **options: object) -> Answer:
        """Ask, on any loop; cancelling stops the work in the helper."""
        number, answered = await asyncio.to_thread(self.submit, what, path, **options)
        try:
            return await asyncio.wrap_future(answered)
        except asyncio.CancelledError:
            self.cancel(number)
            raise

    def cancel(self, number: int) -> None:
        """Stop a request that nobody waits for any more."""
        with self._lock:
            process = self._process if number in self._asked else None
        if process is not None:
            self._write(process, pipe.Request(number=number, what="cancel"))

    def forget(self, path: Path) -> None:
        """Close what the helper holds open of a file, without starting one for it, and without waiting."""
        if self.process_id is not None:
            self.submit("forget", path)

    def close(self) -> None:
        """End the helper; the next request starts another."""
        with self._lock:
            process, self._process = self._process, None
        if process is not None:
            process.kill()
            process.wait()

    @property
    def process_id(self) -> int | None:
        """The helper's, None while there is none."""
        with self._lock:
            return self._process.pid if self._process is not None else None

    def _send(self, asked: _Asked) -> None:
        with self._lock:
            asked.tries += 1
            self._asked[asked.request.number] = asked
            asked.process = process = self._running()
            seconds = limit_s(asked.request.what)
            asked.alarm = threading.Timer(seconds, self._too_long, (asked, seconds, process))
            asked.alarm.daemon = True
            asked.alarm.start()
        self._write(process, asked.request)

    def _write(self, process: subprocess.Popen[bytes], request: pipe.Request) -> None:
        assert process.stdin is not None
        with self._writing, contextlib.suppress(OSError, ValueError):  # it is gone: its reader notices too
            pipe.write(process.stdin, request)  # type: ignore[arg-type]

    def _running(self) -> subprocess.Popen[bytes]:
        if self._process is None or self._process.poll() is not None:
            environment = os.environ | {"MALLOC_ARENA_MAX": "2"}  # each arena takes addresses, which are limited
            environment.pop("PYTHONSTARTUP", None)
            self._process = subprocess.Popen(
                # The person's folders come last: a file av.py there is not ours to run.
                [sys.executable, "-P", "-c", _PROGRAM.format(path=[entry for entry in sys.path if entry])],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
                env=environment,
                start_new_session=True,  # an interrupt of the cell is not meant for it
            )
            threading.Thread(target=self._listen, args=(self._process,), name="nemo-media", daemon=True).start()
        return self._process

    def _listen(self, process: subprocess.Popen[bytes]) -> None:
        responses = process.stdout
        assert isinstance(responses, BufferedReader)
        with contextlib.suppress(OSError, ValueError):
            while (read := pipe.read_response(responses)) is not None:
                self._settle(*read)
        process.kill()
        process.wait()
        with self._writing:
            for file in (process.stdin, process.stdout):
                with contextlib.suppress(OSError):
                    if file is not None:
                        file.close()
        self._lost(process)

    def _settle(self, response: pipe.Response, buffers: list[pipe.Bytes]) -> None:
        with self._lock:
            asked = self._asked.pop(response.number, None)
        if asked is None:
            return
        asked.disarm()
        if response.stopped:
            asked.answered.set_exception(StoppedError("It was stopped."))
        elif response.failed:
            asked.answered.set_exception(MediaError(response.failed))
        else:
            asked.answered.set_result((response.told, buffers))

    def _too_long(self, asked: _Asked, seconds: float, process: subprocess.Popen[bytes]) -> None:
        with self._lock:
            if self._asked.pop(asked.request.number, None) is None:
                return
        name = Path(asked.request.path).name
        asked.answered.set_exception(
            MediaError(f"{name} wasn't read within {seconds:.0f} s: it is damaged or too large. Convert it to MP4.")
        )
        process.kill()

    def _lost(self, process: subprocess.Popen[bytes]) -> None:
        with self._lock:
            if self._process is process:
                self._process = None
            left = [asked for asked in self._asked.values() if asked.process is process]
            for asked in left:
                del self._asked[asked.request.number]
        for asked in left:
            asked.disarm()
            if asked.tries < _TRIES:
                self._send(asked)
                continue
            name = Path(asked.request.path).name
            asked.answered.set_exception(
                MediaError(f"{name} is damaged so badly that reading it broke off. Convert it to MP4 and try again.")
            )


service = MediaService()
"""The kernel's own."""

atexit.register(service.close)
