"""A finished file, and where it goes."""

import os
import re
import secrets
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import IO, Any, Final

from nemo_widgets.display import resolve
from nemo_widgets.errors import OutputPathError

_LONGEST_NAME: Final = 60


@dataclass(frozen=True, slots=True, repr=False)
class Clip:
    """A video file on this machine. In a notebook it shows itself as a player.

    Attributes
    ----------
    path : Path
        The file.
    duration_s, fps : float
        Length in seconds, and frames a second.
    width, height : int
        In pixels.
    size_bytes : int
        Of the file.
    backend : str
        Who made it: ``"cloud"``, ``"custom"``, or ``"local"``, which draws and is no AI.
    prompt : str
        What was asked for; may be empty.
    """

    path: Path
    duration_s: float
    width: int
    height: int
    fps: float
    size_bytes: int
    backend: str
    prompt: str = ""

    @classmethod
    def of_file(cls, path: Path, *, backend: str, prompt: str = "") -> "Clip":
        """Read the facts of a file from the file itself.

        Raises
        ------
        MediaError
            It is no video.
        """
        facts = resolve("probe")(path)
        return cls(
            path=path,
            duration_s=facts.duration_s,
            width=facts.width,
            height=facts.height,
            fps=facts.fps,
            size_bytes=facts.size_bytes,
            backend=backend,
            prompt=prompt,
        )

    def __repr__(self) -> str:
        made = ", drawn locally, not by the AI" if self.backend == "local" else ""
        return (
            f"<Clip {self.path}: {self.duration_s:.1f} s, {self.width}×{self.height}, {self.fps:g} fps, "
            f"{self.size_bytes / 1e6:.1f} MB{made}>"
        )

    def _repr_mimebundle_(self, include: Any = None, exclude: Any = None) -> Any:
        shown = resolve("clip")(self)
        return shown._repr_mimebundle_(include=include, exclude=exclude)


class OutputFile:
    """A file that appears under its name only when it is whole. A context manager.

    Entering writes a hidden file beside it, so a path that cannot be written to is found out at once.

    Parameters
    ----------
    path : path
        Where it goes; a suffix is added when there is none.
    suffix : str
        What it must end with.

    Raises
    ------
    OutputPathError
        It cannot be written there.
    """

    def __init__(self, path: str | os.PathLike[str], *, suffix: str = ".mp4") -> None:
        target = Path(path).expanduser()
        if not target.suffix:
            target = target.with_name(target.name + suffix)
        if target.suffix.lower() != suffix:
            raise OutputPathError(f"{target.name} does not end with {suffix}: that is what an export is.")
        self.path = target.absolute()
        self._draft = self.path.with_name(f".{self.path.stem[:_LONGEST_NAME]}-{secrets.token_hex(4)}.part")
        self._content: IO[bytes] | None = None

    def __enter__(self) -> IO[bytes]:
        if self.path.is_dir():
            raise OutputPathError(f"{self.path} is a folder. Give a file in it, such as {self.path / 'clip.mp4'}.")
        try:
            self._content = self._draft.open("xb")
            if self.path.exists():
                self.path.open("ab").close()
        except FileNotFoundError as error:
            raise OutputPathError(f"There is no folder {self.path.parent}. Make it, or choose another.") from error
        except OSError as error:
            self._discard()
            raise self._unwritable(error) from error
        return self._content

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, tb: TracebackType | None) -> None:
        assert self._content is not None, "only an entered file is left"
        if error is not None:
            self._discard()
            return
        try:
            self._content.flush()
            os.fsync(self._content.fileno())
            self._content.close()
            self._draft.replace(self.path)
        except OSError as problem:
            self._discard()
            raise self._unwritable(problem) from problem

    def check(self) -> None:
        """Find out whether it can be written, before work that costs; nothing is left behind."""
        self.__enter__()
        self._discard()

    def _discard(self) -> None:
        if self._content is not None:
            with suppress(OSError):
                self._content.close()
            self._draft.unlink(missing_ok=True)

    def _unwritable(self, error: OSError) -> OutputPathError:
        return OutputPathError(f"{self.path} cannot be written ({error.strerror}). Choose another place.")


def free_name(words: str) -> Path:
    """Return a file name made of words, in the current folder, that no file has yet."""
    stem = re.sub(r"[^\w]+", "-", words.lower()).strip("-_")
    if len(stem) > _LONGEST_NAME:
        whole_words = stem[: _LONGEST_NAME + 1].rpartition("-")[0]
        stem = (whole_words or stem[:_LONGEST_NAME]).rstrip("-_")
    stem = stem or "clip"
    candidates = (f"{stem}{number}.mp4" for number in ("", *(f"-{count}" for count in range(2, 10_000))))
    return next(path for name in candidates if not (path := Path(name)).exists())
