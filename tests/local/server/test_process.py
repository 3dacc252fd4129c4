"""The studio as a detached process: found, started, shared, survived and left."""

import json
import os
import shutil
import signal
import stat
import subprocess
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import psutil
import pytest

from nemo_widgets.client.studio_process import find, find_or_start, stop
from nemo_widgets.errors import StudioUnavailableError
from nemo_widgets.protocol.address import parse_address
from nemo_widgets.settings import private_folder, studio_address_file, studio_state_dir

from ..conftest import Caller, until

ASK = """
import json
from nemo_widgets.client.studio_process import find_or_start
address = find_or_start(idle_s=60)
print(json.dumps([address.pid, address.url]), flush=True)
"""


@pytest.fixture(autouse=True)
def _no_studio_stays() -> Iterator[None]:
    yield
    file = studio_address_file()
    address = parse_address(file.read_text()) if file.exists() else None
    if address:
        stop(address)


def ended(status: object) -> bool:
    """Return whether a process is gone, or only waits for its parent to notice."""
    return status in (False, psutil.STATUS_ZOMBIE)


def kernel(code: str, **options: bool) -> "subprocess.Popen[str]":
    """Start a Python process that stands for a kernel."""
    return subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE, text=True, **options)


def test_a_studio_is_started_once_and_then_found() -> None:
    assert find() is None
    started = find_or_start(idle_s=60)
    assert find_or_start(idle_s=60) == started == find()
    call = Caller(started.url, started.token)
    with call.http:
        assert call.credits()["available"] == 10_000


def test_the_address_is_for_its_owner_alone_and_hidden_in_a_repr() -> None:
    address = find_or_start(idle_s=60)
    assert stat.S_IMODE(studio_address_file().stat().st_mode) == 0o600
    assert stat.S_IMODE(studio_state_dir().stat().st_mode) == 0o700
    assert address.token not in repr(address)
    assert address.token not in " ".join(psutil.Process(address.pid).cmdline())


def test_two_kernels_starting_at_once_get_the_same_studio() -> None:
    with kernel(ASK) as first, kernel(ASK) as second:
        answers = [json.loads(process.stdout.readline()) for process in (first, second) if process.stdout]
    assert answers[0] == answers[1]


def test_two_threads_starting_at_once_get_the_same_studio() -> None:
    with ThreadPoolExecutor(4) as threads:
        found = list(threads.map(lambda _: find_or_start(idle_s=60), range(4)))
    assert len(set(found)) == 1


def test_a_studio_outlives_the_kill_of_its_kernel_and_of_its_process_group() -> None:
    with kernel(ASK + "import time; time.sleep(60)", start_new_session=True) as process:
        assert process.stdout
        pid, url = json.loads(process.stdout.readline())
        os.killpg(process.pid, signal.SIGKILL)
    assert psutil.Process(pid).is_running()
    found = find_or_start(idle_s=60)
    assert (found.pid, found.url) == (pid, url)


def test_a_studio_whose_kernel_is_killed_while_it_starts_is_the_one_that_is_found(tmp_path: Path) -> None:
    elsewhere = tmp_path / "not-told-yet.json"
    command = [sys.executable, "-m", "nemo_widgets.local", "--state-dir", str(private_folder(studio_state_dir()))]
    with subprocess.Popen([*command, "--address-file", str(elsewhere)]) as left, ThreadPoolExecutor(1) as threads:
        try:
            until(elsewhere.exists, bool)
            known = psutil.Process().children()  # other tests may have left helpers of multiprocessing
            finding = threads.submit(find_or_start, idle_s=60)
            begun = until(lambda: [child for child in psutil.Process().children() if child not in known], bool)
            shutil.copy(elsewhere, studio_address_file())
            assert finding.result(60).pid == left.pid
            assert psutil.wait_procs(begun, timeout=5)[1] == [], "nobody waits for its folder"
        finally:
            left.kill()


def test_a_killed_studio_is_started_again_with_its_sessions() -> None:
    first = find_or_start(idle_s=60)
    call = Caller(first.url, first.token)
    with call.http:
        session = call.open_session()
    os.kill(first.pid, signal.SIGKILL)
    second = find_or_start(idle_s=60)
    assert second.pid != first.pid
    call = Caller(second.url, second.token)
    with call.http:
        assert call.state(session)["generated_media"] == []


def test_a_stopped_studio_withdraws_its_address() -> None:
    address = find_or_start(idle_s=60)
    stop(address)
    assert not studio_address_file().exists()
    assert find() is None


def test_a_studio_ends_when_nobody_has_needed_it_for_long_enough() -> None:
    address = find_or_start(idle_s=0.5)
    until(lambda: studio_address_file().exists(), lambda there: not there)
    until(find, lambda found: found is None)
    assert find_or_start(idle_s=60).pid != address.pid


def test_a_studio_whose_address_file_is_gone_ends() -> None:
    address = find_or_start(idle_s=600)
    studio_address_file().unlink()
    until(lambda: psutil.pid_exists(address.pid) and psutil.Process(address.pid).status(), ended)


def test_an_address_file_that_is_not_one_is_replaced() -> None:
    private_folder(studio_address_file().parent)
    for content in ("", '{"url": 1}', "\udcff"):
        studio_address_file().write_text(content, errors="surrogateescape")
        assert find() is None
    address = find_or_start(idle_s=60)
    assert find() == address


def test_the_address_of_a_dead_process_whose_id_lives_on_is_not_believed() -> None:
    address = find_or_start(idle_s=60)
    stop(address)
    forged = json.loads(address.dump()) | {"pid": os.getpid(), "started_at": time.time() - 1e6}
    studio_address_file().write_text(json.dumps(forged))
    assert find() is None


def test_a_studio_that_cannot_start_tells_the_end_of_its_log(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    broken = tmp_path / "starlette.py"
    broken.write_text("raise ImportError('this starlette is broken')")
    monkeypatch.setenv("PYTHONPATH", os.pathsep.join([str(tmp_path), os.environ.get("PYTHONPATH", "")]))
    with pytest.raises(StudioUnavailableError, match="this starlette is broken"):
        find_or_start(idle_s=60)


def test_a_studio_that_hangs_is_told_with_its_process_id() -> None:
    address = find_or_start(idle_s=60)
    os.kill(address.pid, signal.SIGSTOP)
    try:
        with pytest.raises(StudioUnavailableError, match=f"process {address.pid}"):
            find(answer_s=0.5)
    finally:
        os.kill(address.pid, signal.SIGCONT)


def test_a_port_that_is_taken_is_told_by_the_process(tmp_path: Path) -> None:
    address = find_or_start(idle_s=60)
    command = [sys.executable, "-m", "nemo_widgets.local", "--state-dir", str(tmp_path / "other")]
    port = address.url.rpartition(":")[2]
    ended = subprocess.run([*command, "--port", port], capture_output=True, text=True, timeout=60, check=False)
    assert ended.returncode == 1
    assert ended.stderr.startswith(f"Port {port} is in use")
    assert "Traceback" not in ended.stderr


def test_finding_a_studio_imports_no_server() -> None:
    servers = "('starlette', 'uvicorn', 'av')"
    code = f"import sys, nemo_widgets.client.studio_process; print([m for m in {servers} if m in sys.modules])"
    ended = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=60, check=True)
    assert ended.stdout.strip() == "[]"


def test_a_render_goes_on_after_the_studio_was_killed_in_the_middle_of_it() -> None:
    first = find_or_start(idle_s=60)
    call = Caller(first.url, first.token)
    with call.http:
        session = call.open_session()
        call.say(session, "a 3-second clip of abstract light, no title, no music")
        call.submit(session, "render_1", resolution="540p")
        until(lambda: call.render("render_1"), lambda record: record["progress"] > 0.1)
    workers = psutil.Process(first.pid).children(recursive=True)
    assert workers
    os.kill(first.pid, signal.SIGKILL)
    second = find_or_start(idle_s=60)
    call = Caller(second.url, second.token)
    with call.http:
        assert call.finished("render_1")["status"] == "completed"
        assert call.state(session)["generated_media"]
    _, left = psutil.wait_procs(workers, timeout=10)
    assert left == []
