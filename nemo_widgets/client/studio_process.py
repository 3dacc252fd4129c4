"""Finds the local studio of this user and version, or starts it: a process that outlives the kernel that wants it."""

import http.client
import os
import site
import subprocess
import sys
import threading
import time
from pathlib import Path
from urllib.parse import urlsplit

import psutil
from filelock import FileLock, Timeout

import nemo_widgets
from nemo_widgets.errors import StudioUnavailableError
from nemo_widgets.protocol.address import StudioAddress, parse_address
from nemo_widgets.settings import private_folder, studio_address_file, studio_state_dir

_READY_S = 60.0
_ANSWER_S = 5.0
_LOOK_EVERY_S = 0.05
_START_TIMES_DIFFER_S = 10.0
_LOG_TAIL_CHARS = 2000

# Off the kernel's console and process group, so that neither an interrupt nor the kernel's end reaches it.
if sys.platform == "win32":
    _FLAGS = subprocess.CREATE_NEW_PROCESS_GROUP | subprocess.CREATE_NO_WINDOW
else:
    _FLAGS = 0


def find_or_start(*, idle_s: float = 600.0, deadline_s: float = _READY_S) -> StudioAddress:
    """Return how to reach the local studio, starting it if there is none. Blocks; safe from several kernels at once.

    Parameters
    ----------
    idle_s : float
        When it has to be started: how long it stays after its last use, in seconds.
    deadline_s : float
        How long to wait until it answers, in seconds.

    Raises
    ------
    StudioUnavailableError
        It could not be started, or does not answer.
    """
    found = find()
    if found:
        return found
    ends_at = time.monotonic() + deadline_s
    file = studio_address_file()
    private_folder(file.parent)
    lock = FileLock(file.with_suffix(".lock"), mode=0o600, is_singleton=False)
    try:
        with lock.acquire(timeout=deadline_s):
            return find() or _start(file, idle_s, ends_at)
    except Timeout as problem:
        raise StudioUnavailableError(
            f"Another program has been starting the local studio for {deadline_s:.0f} s. "
            f"Try again; if that does not help, delete {lock.lock_file}."
        ) from problem


def find(*, answer_s: float = _ANSWER_S) -> StudioAddress | None:
    """Return how to reach the local studio that is running, or None.

    Parameters
    ----------
    answer_s : float
        How long it may take to answer, in seconds.

    Raises
    ------
    StudioUnavailableError
        It is running and does not answer.
    """
    ends_at = time.monotonic() + answer_s
    while True:
        address = _read(studio_address_file())
        if address is None or not _is_alive(address):
            return None
        if _answers(address, answer_s):
            return address
        if time.monotonic() > ends_at:
            raise StudioUnavailableError(
                f"The local studio (process {address.pid}) is running but does not answer. "
                "End that process and try again."
            )
        # It may be ending just now: a killed process closes its port before it is gone.
        time.sleep(_LOOK_EVERY_S)


def stop(address: StudioAddress, *, deadline_s: float = 10.0) -> None:
    """End a local studio; its unfinished renders go on when the next one starts.

    Parameters
    ----------
    address : StudioAddress
        From `find` or `find_or_start`.
    deadline_s : float
        How long it may take to put things away before it is killed, in seconds.
    """
    if not _is_alive(address):
        return
    process = psutil.Process(address.pid)
    process.terminate()
    try:
        process.wait(deadline_s)
    except psutil.TimeoutExpired:
        process.kill()


def _read(file: Path) -> StudioAddress | None:
    try:
        address = parse_address(file.read_text("utf-8"))
    except (OSError, UnicodeDecodeError):
        return None
    return address if address and address.version == nemo_widgets.__version__ else None


def _is_alive(address: StudioAddress) -> bool:
    try:
        process = psutil.Process(address.pid)
        ours = abs(process.create_time() - address.started_at) < _START_TIMES_DIFFER_S
        return ours and process.status() != psutil.STATUS_ZOMBIE
    except psutil.Error:
        return False


def _answers(address: StudioAddress, answer_s: float = _ANSWER_S) -> bool:
    parts = urlsplit(address.url)
    connection = http.client.HTTPConnection(parts.hostname or "", parts.port, timeout=answer_s)
    try:
        headers = {"Authorization": f"Bearer {address.token}"}
        connection.request("GET", "/api/credits/balance/simple", headers=headers)
        return int(connection.getresponse().status) == http.client.OK
    except (OSError, http.client.HTTPException):
        return False
    finally:
        connection.close()


def _start(file: Path, idle_s: float, ends_at: float) -> StudioAddress:
    state_dir = private_folder(studio_state_dir())
    file.unlink(missing_ok=True)
    log = state_dir / "studio.log"
    command = [sys.executable, "-P", "-m", "nemo_widgets.local", "--state-dir", str(state_dir)]
    command += ["--address-file", str(file), "--idle-s", str(idle_s)]
    descriptor = os.open(log, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    try:
        child = subprocess.Popen(
            command,
            stdin=subprocess.DEVNULL,
            stdout=descriptor,
            stderr=descriptor,
            cwd=state_dir,
            env=_environment(),
            start_new_session=True,
            creationflags=_FLAGS,
        )
    except OSError as problem:
        raise StudioUnavailableError(f"The local studio could not be started: {problem}.") from problem
    finally:
        os.close(descriptor)
    while child.poll() is None and time.monotonic() < ends_at:
        address = _read(file)
        if address and address.pid == child.pid and _answers(address):
            # Only its parent can take note of its end; until then it would look alive.
            threading.Thread(target=child.wait, name="nemo-studio-end", daemon=True).start()
            return address
        if address and address.pid != child.pid and _is_alive(address) and _answers(address):
            child.kill()  # whoever began to start this one was killed meanwhile; ours would wait for its folder
            child.wait()
            return address
        time.sleep(_LOOK_EVERY_S)
    what = "does not answer" if child.poll() is None else f"ended with exit code {child.returncode}"
    child.kill()
    child.wait()
    raise StudioUnavailableError(f"The local studio was started but {what}. Its log ({log}) ends with:\n{_tail(log)}")


def _environment() -> dict[str, str]:
    """Return this process's environment; a package that is not installed stays importable."""
    root = str(Path(nemo_widgets.__file__).resolve().parent.parent)
    # Made absolute, because the studio has a working folder of its own.
    paths = [str(Path(path).absolute()) for path in os.environ.get("PYTHONPATH", "").split(os.pathsep) if path]
    installed = [*site.getsitepackages(), site.getusersitepackages()]
    if root not in paths and root not in [str(Path(folder).resolve()) for folder in installed]:
        paths.append(root)
    kept = {name: value for name, value in os.environ.items() if not name.startswith("JPY_")}
    return {**kept, "PYTHONPATH": os.pathsep.join(paths)} if paths else kept


def _tail(log: Path) -> str:
    text = log.read_text("utf-8", errors="replace").strip()
    return text[-_LOG_TAIL_CHARS:] or "(nothing)"
