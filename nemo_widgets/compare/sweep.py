"""A comparison: every variant generated and rendered, a bounded number at a time."""

import asyncio
import secrets
from collections.abc import Callable, Generator, Mapping, Sequence
from pathlib import Path
from typing import Any

import pandas as pd

from nemo_widgets import display, kernel, settings
from nemo_widgets.client import Client, Clip, connect
from nemo_widgets.compare.take import Take
from nemo_widgets.compare.variants import Variant, variants

# Renders share one machine's cores and the cloud limits requests; two prompts side by side is what people compare most.
_AT_ONCE = 2

_COLUMNS = {
    "variant": "int64",
    "prompt": "string",
    "repeat": "int64",
    "phase": "string",
    "reused": "bool",
    "elapsed_s": "float64",
    "credits_spent": "float64",
    "duration_s": "float64",
    "width": "Int64",
    "height": "Int64",
    "size_bytes": "Int64",
    "backend": "string",
    "path": "string",
    "error": "string",
}


class Sweep:
    """Variants of a prompt, each with a session and a clip of its own. Made by `compare`.

    Nothing is sent before it is awaited, run with ``nemo.run(sweep)``, or started. Each prompt is sent once: starting
    again takes up only what did not finish, and a take whose answer is there is rendered without sending anything.

    Attributes
    ----------
    takes : tuple of Take
        In the order of the variants.
    folder : Path
        Where the clips are written.
    """

    def __init__(self, rows: Sequence[Variant], client: Client, folder: Path, *, reuse: bool = False) -> None:
        self.client = client
        self.folder = folder
        self.takes = tuple(Take(variant, self._changed, reuse=reuse) for variant in rows)
        self._listeners: list[Callable[[Take | None], None]] = []
        self._job: kernel.Job[None] | None = None

    def __repr__(self) -> str:
        done = sum(take.state.phase == "done" for take in self.takes)
        reused = sum(take.is_reused for take in self.takes)
        told = f", {reused} from the library" if reused else ""
        return f"<Sweep of {len(self.takes)} variants, {done} done{told}>"

    def __await__(self) -> Generator[Any, None, "Sweep"]:
        return self._finish().__await__()

    def _ipython_display_(self) -> None:
        display.resolve("sweep")(self)

    @property
    def running(self) -> bool:
        """Whether a variant is being made now."""
        return self._job is not None and not self._job.done()

    @property
    def clips(self) -> tuple[Clip, ...]:
        """The finished clips, in the order of the variants."""
        return tuple(take.state.clip for take in self.takes if take.state.clip is not None)

    @property
    def table(self) -> pd.DataFrame:
        """One row a variant: its values, how far it is, what it cost, and its clip's figures."""
        names = list(dict.fromkeys(name for take in self.takes for name in take.variant.values))
        frame = pd.DataFrame([_row(take) for take in self.takes], columns=list(_COLUMNS)).astype(_COLUMNS)
        for place, name in enumerate(names, start=1):
            frame.insert(place, name, [take.variant.values.get(name, "") for take in self.takes], allow_duplicates=True)
        return frame

    def start(self) -> "kernel.Job[None]":
        """Begin what is not done yet, in the background; a sweep that is running already goes on."""
        if self._job is None or self._job.done():
            self._job = kernel.submit(self._make_all(), name="sweep")
            self._job.add_done_callback(lambda _: self._changed(None))
            self._changed(None)
        return self._job

    def stop(self) -> None:
        """Stop all that is running; finished clips stay."""
        if self._job is not None:
            self._job.cancel()

    def on_change(self, listener: Callable[[Take | None], None]) -> Callable[[], None]:
        """Call `listener` when something changes: with the take, or with None when the sweep itself began or ended.

        It is called on any thread. Returns a function that ends it.
        """
        self._listeners.append(listener)

        def end() -> None:
            if listener in self._listeners:
                self._listeners.remove(listener)

        return end

    def _changed(self, take: Take | None) -> None:
        for listener in tuple(self._listeners):
            listener(take)

    async def _finish(self) -> "Sweep":
        try:
            await kernel.wait(self.start())
        except asyncio.CancelledError:
            task = asyncio.current_task()
            if task is not None and task.cancelling():  # the waiting was stopped, not only the sweep
                raise
        return self

    async def _make_all(self) -> None:
        slots = asyncio.Semaphore(_AT_ONCE)
        self.folder.mkdir(parents=True, exist_ok=True)

        async def make(take: Take) -> None:
            async with slots:
                await take.make(self.client, self.folder / f"variant-{take.variant.index + 1}.mp4")

        async with asyncio.TaskGroup() as group:
            for take in self.takes:
                if take.state.phase != "done":
                    group.create_task(make(take))


def _row(take: Take) -> dict[str, object]:
    state, clip = take.state, take.state.clip
    return {
        "variant": take.variant.index + 1,
        "prompt": take.variant.prompt,
        "repeat": take.variant.repeat,
        "phase": state.phase,
        "reused": take.is_reused,
        "elapsed_s": round(state.elapsed_s, 1),
        "credits_spent": state.credits_spent,
        "duration_s": clip and clip.duration_s,
        "width": clip and clip.width,
        "height": clip and clip.height,
        "size_bytes": clip and clip.size_bytes,
        "backend": clip.backend if clip else "",
        "path": str(clip.path) if clip else "",
        "error": state.error,
    }


def compare(
    prompts: str | Sequence[str],
    *,
    axes: Mapping[str, Sequence[str]] | None = None,
    repeats: int = 1,
    client: Client | None = None,
    folder: str | Path | None = None,
    reuse: bool = False,
) -> Sweep:
    """Put prompt variants side by side.

    Parameters
    ----------
    prompts : str or sequence of str
        Several prompts, or a template such as ``"a {style} clip of {place}"``.
    axes : mapping of str to sequence of str, optional
        The values of each name in the template; every combination is one variant.
    repeats : int, default 1
        How many takes of each prompt.
    client : Client, optional
        Whom to ask; ``connect()`` by default.
    folder : str or Path, optional
        Where the clips go; by default a new folder in the user's data folder.
    reuse : bool, default False
        Take what was made before from the library instead of paying again: each prompt's first, second … take. What is
        not there yet is sent. The table's ``reused`` tells which.

    Returns
    -------
    Sweep
        Nothing has been sent yet: ``await sweep``, ``nemo.run(sweep)``, or press "Make all" in the grid it shows.

    Raises
    ------
    InputError
        When the template and the axes do not fit, or a prompt is empty.
    """
    rows = variants(prompts, axes, repeats=repeats)
    home = Path(folder) if folder is not None else settings.data_dir() / "sweeps" / secrets.token_hex(4)
    return Sweep(rows, client or connect(), home, reuse=reuse)
