"""A finished file, and where it goes."""

import errno
import filecmp
import glob
import os
import re
import secrets
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from types import TracebackType
from typing import IO, Any, Final
from weakref import WeakValueDictionary

from nemo_widgets.display import resolve
from nemo_widgets.errors import OutputPathError

_LONGEST_NAME: Final = 60
_NO_ROOM: Final = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)


_CLIPS: Final[WeakValueDictionary[int, "Clip"]] = WeakValueDictionary()


@dataclass(frozen=True, slots=True, repr=False, weakref_slot=True)
class Clip:
    """A video file on this machine. In a notebook it shows itself as a player.

    Attributes
    ----------
    path : Path
        The file. It follows when a later export of this program sets the file aside.
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

    path: Path = field(hash=False)
    duration_s: float
    width: int
    height: int
    fps: float
    size_bytes: int
    backend: str
    prompt: str = ""

    def __post_init__(self) -> None:
        _CLIPS[id(self)] = self

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

    Entering writes a hidden file beside it, so a path that cannot be written to is found out at once. An older file of
    that name is set aside under a number, ``city-1.mp4``; when it has the same content it is left as it is.

    Parameters
    ----------
    path : path
        Where it goes; a suffix is added when there is none.
    suffix : str
        What it must end with.
    overwrite : bool
        Replace an older file instead.

    Attributes
    ----------
    path : Path
        Where it goes.
    set_aside : Path or None
        Where the older file is now.

    Raises
    ------
    OutputPathError
        It cannot be written there.
    """

    def __init__(self, path: str | os.PathLike[str], *, suffix: str = ".mp4", overwrite: bool = False) -> None:
        target = Path(path).expanduser()
        if not target.suffix:
            target = target.with_name(target.name + suffix)
        if target.suffix.lower() != suffix:
            raise OutputPathError(f"{target.name} does not end with {suffix}: that is what an export is.")
        self.path = target.absolute()
        self.set_aside: Path | None = None
        self._overwrite = overwrite
        self._draft = self.path.with_name(f"{self._draft_of(os.getpid())}{secrets.token_hex(4)}.part")
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
            if isinstance(error, OSError):
                raise self._unwritable(error) from error
            return
        try:
            self._content.flush()
            os.fsync(self._content.fileno())
            self._content.close()
            self._appear()
        except OSError as problem:
            self._discard()
            raise self._unwritable(problem) from problem

    def _appear(self) -> None:
        if self._overwrite:
            self._draft.replace(self.path)
        while self._draft.exists():
            try:
                _move_to_free(self._draft, self.path)
            except FileExistsError:
                if _same_content(self.path, self._draft):
                    self._draft.unlink()
                else:
                    self.set_aside = _set_aside(self.path)
                    if self.set_aside is not None:
                        _follow(self.path, self.set_aside)

    def check(self) -> None:
        """Find out whether it can be written, before work that costs; nothing is left behind."""
        self.__enter__()
        self._discard()

    def tidy_up_after(self, pid: int) -> None:
        """Delete what a process that has ended has left of the same file.

        Parameters
        ----------
        pid : int
            The number it had.
        """
        for left in self.path.parent.glob(f"{glob.escape(self._draft_of(pid))}????????.part"):
            with suppress(OSError):
                left.unlink()

    def _draft_of(self, pid: int) -> str:
        return f".{self.path.stem[:_LONGEST_NAME]}-{pid}-"

    def _discard(self) -> None:
        if self._content is not None:
            with suppress(OSError):
                self._content.close()
            self._draft.unlink(missing_ok=True)

    def _unwritable(self, error: OSError) -> OutputPathError:
        advice = "Make room, or choose another place." if error.errno in _NO_ROOM else "Choose another place."
        return OutputPathError(f"{self.path} cannot be written ({error.strerror or error}). {advice}")


def _move_to_free(file: Path, name: Path) -> None:
    """Give a file another name; raise FileExistsError where there is one of that name, also one that just came."""
    try:
        os.link(file, name)
    except FileExistsError:
        raise
    except OSError:  # the disk has no hard links
        if name.exists():
            raise FileExistsError(name) from None
        file.replace(name)
    else:
        file.unlink()


def _same_content(file: Path, draft: Path) -> bool:
    """Tell whether two files hold the same; no, when another program has just moved the first one away."""
    try:
        return filecmp.cmp(file, draft, shallow=False)
    except FileNotFoundError:
        return False


def _set_aside(file: Path) -> Path | None:
    """Move a file to a numbered name, and return that; None when another program was faster."""
    for aside in _numbered(file, from_number=1):
        try:
            aside.open("xb").close()  # the number is ours, whatever other programs do now
        except FileExistsError:
            continue
        try:
            file.replace(aside)
        except OSError as error:
            aside.unlink()
            if isinstance(error, FileNotFoundError):
                return None
            raise
        return aside
    raise FileExistsError(errno.EEXIST, "All numbers are taken", str(file))


def _follow(old: Path, new: Path) -> None:
    """Let the clips of this program whose file was moved tell where it is now."""
    size_bytes = new.stat().st_size
    for clip in list(_CLIPS.values()):
        if (clip.path, clip.size_bytes) == (old, size_bytes):
            object.__setattr__(clip, "path", new)


def _numbered(file: Path, *, from_number: int) -> Iterator[Path]:
    return (file.with_name(f"{file.stem}-{number}{file.suffix}") for number in range(from_number, 10_000))


def free_name(words: str) -> Path:
    """Return a file name made of words, in the current folder, that no file has yet."""
    stem = re.sub(r"[^\w]+", "-", words.lower()).strip("-_")
    if len(stem) > _LONGEST_NAME:
        whole_words = stem[: _LONGEST_NAME + 1].rpartition("-")[0]
        stem = (whole_words or stem[:_LONGEST_NAME]).rstrip("-_")
    return free_path(Path(f"{stem or 'clip'}.mp4"))


def free_path(path: Path) -> Path:
    """Return a path, with a number in its name where there is a file already."""
    return path if not path.exists() else next(free for free in _numbered(path, from_number=2) if not free.exists())
