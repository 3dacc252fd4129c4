"""Keeps the studio's folder from growing for ever."""

import shutil
from collections.abc import Iterator
from pathlib import Path

from nemo_widgets.local.state.store import FOLDERS, Store

KEPT_S = 30 * 24 * 3600.0


def tidy(store: Store) -> None:
    """Forget sessions that nobody used for thirty days, and files that nothing knows of: a killed process leaves some.

    Parameters
    ----------
    store : Store
        With nobody using it yet.
    """
    store.forget_sessions(used_before=store.clock() - KEPT_S)
    known = store.paths()
    for path in _everything(store.folder):
        if path.relative_to(store.folder).as_posix() in known:
            continue
        if path.is_dir() and not path.is_symlink():
            shutil.rmtree(path, ignore_errors=True)
        else:
            path.unlink(missing_ok=True)


def _everything(folder: Path) -> Iterator[Path]:
    for name in FOLDERS:
        yield from list((folder / name).iterdir())
