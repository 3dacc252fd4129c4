"""How fast the kernel takes in a file, and hands it over: without a browser, whose half is measured in JupyterLab.

*Taken in* is what chunks of a file cost the kernel: written where they belong, hashed beside it, the digest compared,
the file renamed. *Bare* is the same chunks, written to nothing. *Handed over* is ``session.upload`` of the same file to
a local studio in another process: read to see what it is, hashed, and sent. Memory is that of this process.
"""

import argparse
import hashlib
import os
import platform
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import psutil

from nemo_widgets.client import connect
from nemo_widgets.kernel import run
from nemo_widgets.widgets.uploads import UploadDesk

MIB = 1024 * 1024
_STUDIO = """
import sys
from nemo_widgets.local import LocalStudio, Options
with LocalStudio(options=Options(workers=1, max_file_bytes=2**31, max_upload_bytes=2**31)) as studio:
    print(studio.url, studio.token, flush=True)
    sys.stdin.readline()
"""


class Memory:
    """The most that this process grows while a block runs, in bytes."""

    def __enter__(self) -> "Memory":
        self._process, self._ended = psutil.Process(), threading.Event()
        self._before = self._most = self._process.memory_info().rss
        self._watcher = threading.Thread(target=self._watch)
        self._watcher.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._ended.set()
        self._watcher.join()

    def _watch(self) -> None:
        while not self._ended.wait(0.01):
            self._most = max(self._most, self._process.memory_info().rss)

    @property
    def grown_mb(self) -> float:
        return (self._most - self._before) / 1e6


def film(path: Path, size_bytes: int) -> None:
    """Write a real film of any length in bytes: a box that players skip makes it long."""
    sys.path.insert(0, str(Path(__file__).parents[2]))
    from tests.small_files import make

    beginning = make("mp4")
    rest = size_bytes - len(beginning)
    with path.open("wb") as file:
        file.write(beginning + (1).to_bytes(4, "big") + b"free" + rest.to_bytes(8, "big"))
        while (left := size_bytes - file.tell()) > 0:
            file.write(os.urandom(min(left, 16 * MIB)))


def taken_in(path: Path, chunk_bytes: int, digest: str) -> None:
    """Send a file to the desk as a view does."""
    desk, hasher = UploadDesk(), ThreadPoolExecutor(1)
    size_bytes = path.stat().st_size
    begun = desk.begin((path.name, size_bytes, 1))
    with path.open("rb") as file:
        while chunk := file.read(chunk_bytes):
            desk.take(begun.upload, file.tell() - len(chunk), chunk)
            hasher.submit(begun.prefix)
    desk.finish(begun.upload, digest)
    desk.close()
    hasher.shutdown()


def bare(path: Path, chunk_bytes: int) -> None:
    """Read the same chunks and write them to nothing."""
    with path.open("rb") as file, Path(os.devnull).open("wb", buffering=0) as nothing:
        while chunk := file.read(chunk_bytes):
            nothing.write(chunk)


def timed(work: Callable[[], object], runs: int) -> tuple[float, float]:
    """Return the median of seconds, and the most that memory grew by, in MB."""
    seconds, grown = [], []
    for _ in range(runs):
        with Memory() as memory:
            began_s = time.perf_counter()
            work()
            seconds.append(time.perf_counter() - began_s)
        grown.append(memory.grown_mb)
    return statistics.median(seconds), max(grown)


def say(words: str) -> None:
    """Write a line."""
    sys.stdout.write(f"{words}\n")
    sys.stdout.flush()


def main() -> None:
    """Print a row for each size."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--runs", type=int, default=3)
    options.add_argument("--mb", type=int, nargs="+", default=[5, 50, 200])
    options.add_argument("--chunk-mib", type=int, default=4)
    given = options.parse_args()
    say(f"{platform.system()}, {os.cpu_count()} processors, Python {platform.python_version()}, median of {given.runs}")
    say(f"chunks of {given.chunk_mib} MiB, files in {tempfile.gettempdir()}")
    say("| file | bare | taken in | kernel grows by | handed over | kernel grows by |")
    say("|---|---|---|---|---|---|")
    studio = subprocess.Popen([sys.executable, "-c", _STUDIO], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    assert studio.stdout is not None
    url, token = studio.stdout.readline().split()
    try:
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / "film.mp4"
            client = connect(url, token=token)
            for size in given.mb:
                film(path, size * 1_000_000)
                with path.open("rb") as file:
                    digest = hashlib.file_digest(file, "sha256").hexdigest()
                chunk_bytes = given.chunk_mib * MIB
                bare_s, _ = timed(lambda size=chunk_bytes: bare(path, size), given.runs)  # type: ignore[misc]
                in_s, in_mb = timed(lambda d=digest, size=chunk_bytes: taken_in(path, size, d), given.runs)  # type: ignore[misc]

                def hand_over() -> None:
                    run(client.new_session().upload(path, max_file_bytes=2**31, show=False))

                hand_over() if size == given.mb[0] else None
                out_s, out_mb = timed(hand_over, given.runs)
                rate = [f"{size / seconds:,.0f} MB/s" for seconds in (bare_s, in_s, out_s)]
                say(f"| {size} MB | {rate[0]} | {rate[1]} | {in_mb:.0f} MB | {rate[2]} | {out_mb:.0f} MB |")
            run(client.close())
    finally:
        studio.communicate("end\n")


if __name__ == "__main__":
    main()
