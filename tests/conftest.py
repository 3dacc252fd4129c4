"""What holds for every test: folders of its own, no settings from outside, no cloud."""

import os
import signal
from collections.abc import Iterator
from pathlib import Path

import pytest

from nemo_widgets.client.studio_process import stop
from nemo_widgets.protocol.address import parse_address
from nemo_widgets.settings import studio_address_file

# Read when jupyter_core is imported, which then warns unless it is told.
os.environ.setdefault("JUPYTER_PLATFORM_DIRS", "1")

# A shell that starts the tests with "&" has them ignore interrupts, and every program that a test starts would too.
if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
    signal.signal(signal.SIGINT, signal.default_int_handler)

_FOLDERS = {
    "XDG_CONFIG_HOME": "config",
    "XDG_DATA_HOME": "data",
    "XDG_CACHE_HOME": "cache",
    "XDG_RUNTIME_DIR": "runtime",
    "JUPYTER_CONFIG_DIR": "jupyter-config",
    "JUPYTER_DATA_DIR": "jupyter-data",
    "JUPYTER_RUNTIME_DIR": "jupyter-runtime",
    "IPYTHONDIR": "ipython",
}


def _isolate(patch: pytest.MonkeyPatch, home: Path) -> None:
    for variable, name in _FOLDERS.items():
        folder = home / name
        folder.mkdir(mode=0o700)
        patch.setenv(variable, str(folder))
    for variable in [name for name in os.environ if name.startswith("NEMO_") or name == "SKILL_SOURCE"]:
        patch.delenv(variable)


@pytest.fixture(scope="session", autouse=True)
def _isolated_session(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:  # for fixtures that live longer than one test
        _isolate(patch, tmp_path_factory.mktemp("session"))
        yield
        _end_studio()


@pytest.fixture(autouse=True)
def _isolated_test(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    _isolate(monkeypatch, tmp_path_factory.mktemp("home"))
    yield
    _end_studio()


def _end_studio() -> None:
    """End the local studio that was started in these folders; by itself it would stay for ten minutes."""
    file = studio_address_file()
    address = parse_address(file.read_text("utf-8")) if file.exists() else None
    if address is not None:
        stop(address)
