"""The process that reads files from people, so that what is wrong with one ends there: with limits, and replaceable.

It is started by `service` with a command line of its own, so it never runs the person's script or notebook. It ends
when the kernel does, since its standard input ends then.
"""

import contextlib
import os
import sys
import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import BinaryIO

import msgspec

from nemo_widgets.errors import NemoError, StoppedError
from nemo_widgets.media import pipe
from nemo_widgets.media.limits import ProcessorTime, limit_s

_THREADS = 4
_MEMORY_BYTES = 3 * 1024**3  # of addresses, which libraries and threads take more of than of memory
_OPEN_FILES = 128


def main() -> None:
    """Answer requests on standard input until it ends."""
    requests, responses = os.fdopen(os.dup(0), "rb"), os.fdopen(os.dup(1), "wb")
    with open(os.devnull, "w") as nowhere:  # noqa: PTH123
        os.dup2(nowhere.fileno(), 1)  # what a library prints must not get between the responses
        os.dup2(nowhere.fileno(), 2)
    _limit()
    try:
        serve(requests, responses)
    finally:
        os._exit(0)  # threads may still be inside a damaged file


def _limit() -> None:
    """Bound memory, open files and what may be written. Windows has no such limits; `service` bounds time there too."""
    if sys.platform == "win32":
        return
    import resource

    for what, most in (
        (resource.RLIMIT_AS, _MEMORY_BYTES),
        (resource.RLIMIT_NOFILE, _OPEN_FILES),
        (resource.RLIMIT_CORE, 0),
        (resource.RLIMIT_FSIZE, 0),
    ):
        with contextlib.suppress(ValueError, OSError):  # the machine's own limit is lower, or it knows none
            resource.setrlimit(what, (most, most))


def serve(requests: BinaryIO, responses: BinaryIO) -> None:
    """Answer requests, several at a time, until there are no more."""
    from nemo_widgets.media.desk import Desk

    desk = Desk()
    processors = ProcessorTime()
    writing = threading.Lock()
    cancels: dict[int, threading.Event] = {}

    def work(request: pipe.Request, cancelled: threading.Event) -> None:
        told: dict[str, object] = {}
        buffers: list[bytes] = []
        failed, stopped = "", False
        try:
            if cancelled.is_set():
                raise StoppedError("It was stopped.")
            answer = getattr(desk, request.what)
            with processors.granted(limit_s(request.what)):
                told, buffers = answer(Path(request.path), cancelled.is_set, **request.options)
        except StoppedError:
            stopped = True
        except NemoError as error:
            failed = str(error)
        except MemoryError:
            failed = f"{Path(request.path).name} needs more memory than a clip may take. Make it smaller."
        except OSError as error:
            failed = f"{Path(request.path).name} can't be read ({error.strerror or error}). Check the file."
        except Exception as error:
            failed = (
                f"{Path(request.path).name} can't be read: it is damaged ({type(error).__name__}). Convert it to MP4."
            )
        cancels.pop(request.number, None)
        sizes = [len(buffer) for buffer in buffers]
        response = pipe.Response(number=request.number, told=told, sizes=sizes, failed=failed, stopped=stopped)
        with writing, contextlib.suppress(OSError):  # the kernel has ended
            pipe.write(responses, response, buffers)

    with ThreadPoolExecutor(_THREADS) as pool:
        while (line := pipe.read_line(requests)) is not None:
            request = msgspec.json.decode(line, type=pipe.Request)
            if request.what == "cancel":
                if (cancelled := cancels.get(request.number)) is not None:
                    cancelled.set()
                continue
            cancels[request.number] = threading.Event()
            pool.submit(work, request, cancels[request.number])
        os._exit(0)
