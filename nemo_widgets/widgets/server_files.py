"""Files of the notebook's server, as its file browser names them: below a root that the kernel must find."""

import os
from collections.abc import Iterator
from pathlib import Path, PurePosixPath

from nemo_widgets.client.upload_checks import shown_name
from nemo_widgets.errors import InputError


def server_file(path: str, root: str = "") -> Path:
    """Return a file of the notebook's server.

    Parameters
    ----------
    path : str
        As Jupyter's contents API names it, below the server's root; the collaboration drive ``RTC:`` is that too.
    root : str
        The root as the server's pages tell it, with ``~`` for the home that it runs in; empty when they don't. It is
        believed only where the notebook lies below it.

    Raises
    ------
    InputError
        There is no such file, or several: the kernel is not told where the root is.
    """
    inside = PurePosixPath(path.removeprefix("RTC:").lstrip("/"))
    said = shown_name(inside.name)
    elsewhere = f'Upload it from a cell, by its whole path: await session.upload("…/{said}").'
    if not inside.parts or ".." in inside.parts or "\0" in path or ":" in inside.parts[0] or "\\" in path:
        raise InputError(f"{said} is not below the folder of the notebook's server. {elsewhere}")
    found: dict[tuple[int, int], Path] = {}
    for folder in _roots():
        if root and not _is_called(folder, root):
            continue
        file = folder / inside
        try:
            about = file.stat()
        except (OSError, ValueError):
            continue
        if file.is_file():
            found.setdefault((about.st_dev, about.st_ino), file)
    if not found:
        raise InputError(f"{said} is not where the kernel looks for the files of the notebook's server. {elsewhere}")
    if len(found) > 1:
        raise InputError(f"There are several files {said}, and the kernel can't tell which is meant. {elsewhere}")
    return next(iter(found.values()))


def _roots() -> Iterator[Path]:
    """Give the folders that may be the server's root: those above the notebook."""
    seen: set[Path] = set()
    notebook = Path(os.environ.get("JPY_SESSION_NAME", ""))
    for start in (notebook.parent if notebook.is_absolute() else Path.cwd(), Path.cwd()):
        for folder in (start, *start.parents):
            if folder not in seen:
                seen.add(folder)
                yield folder


def _is_called(folder: Path, root: str) -> bool:
    root = root.rstrip("/") or "/"
    if root.startswith("~"):
        return folder.as_posix().endswith(root[1:]) if root != "~" else folder == Path.home()
    return folder == Path(root)
