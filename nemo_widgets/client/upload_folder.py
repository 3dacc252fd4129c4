"""The owner-only folder in which a process keeps what is uploaded to it; folders of processes that died are swept."""

import atexit
import hashlib
import os
import re
import shutil
import socket
import stat
import tempfile
import time
from pathlib import Path
from threading import Lock

from nemo_widgets.errors import InputError
from nemo_widgets.library.owner import Owner

_NAME = re.compile(r"nemo-upload-(?P<host>[0-9a-f]{8})-(?P<pid>\d{1,10})-(?P<began>\d{1,12})-\w+")
_ELSEWHERE_S = 86_400.0  # a machine that shares this folder: its processes cannot be looked for

_lock = Lock()
_made: tuple[int, Path] | None = None


def process_folder() -> Path:
    """Return this process's folder, made at the first call; it is removed when the process ends.

    Raises
    ------
    InputError
        It cannot be made.
    """
    global _made
    with _lock:
        if _made is not None and _made[0] == os.getpid() and _made[1].is_dir():
            return _made[1]
        sweep()
        me = Owner.this()
        try:
            folder = Path(tempfile.mkdtemp(prefix=f"nemo-upload-{_host()}-{me.pid}-{int(me.began_at)}-"))
        except OSError as error:
            raise InputError(
                f"Nothing can be uploaded: the kernel cannot write to {tempfile.gettempdir()} ({error.strerror}). "
                "Make room there, or set TMPDIR to another folder before the kernel starts."
            ) from error
        _made = (me.pid, folder)
        atexit.register(_remove, me.pid, folder)
        return folder


def sweep() -> None:
    """Remove the folders of this person's processes that have died."""
    for folder in Path(tempfile.gettempdir()).glob("nemo-upload-*"):
        if (match := _NAME.fullmatch(folder.name)) is None:
            continue
        try:
            about = folder.lstat()
            # Nobody else's, and no link to somewhere else: the folder above may be anybody's.
            if not stat.S_ISDIR(about.st_mode) or (hasattr(os, "getuid") and about.st_uid != os.getuid()):
                continue
            if _is_gone(match["host"], int(match["pid"]), int(match["began"]), folder):
                shutil.rmtree(folder, ignore_errors=True)
        except OSError:
            continue  # another process sweeps too


def _is_gone(host: str, pid: int, began_at: int, folder: Path) -> bool:
    if host == _host():
        return Owner(socket.gethostname(), pid, float(began_at)).is_gone(0.0)
    newest = max((path.lstat().st_mtime for path in [folder, *folder.rglob("*")]), default=0.0)
    return time.time() - newest > _ELSEWHERE_S


def _host() -> str:
    return hashlib.sha256(socket.gethostname().encode()).hexdigest()[:8]


def _remove(pid: int, folder: Path) -> None:
    if os.getpid() == pid:  # not a child's that was forked and ends on its own
        shutil.rmtree(folder, ignore_errors=True)
