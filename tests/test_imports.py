"""What an import brings along: nothing heavy, before it is needed."""

import subprocess
import sys

import pytest

HEAVY = {"anywidget", "av", "httpx", "IPython", "ipywidgets", "nest_asyncio", "numpy", "pandas", "starlette", "uvicorn"}


def _imported_by(module: str) -> set[str]:
    command = [sys.executable, "-X", "importtime", "-c", f"import {module}"]
    report = subprocess.run(command, capture_output=True, text=True, check=True).stderr
    return {line.rpartition("|")[2].strip().partition(".")[0] for line in report.splitlines()}


@pytest.mark.parametrize("module", ["nemo_widgets", "nemo_widgets.kernel", "nemo_widgets.display", "nemo_widgets.cli"])
def test_importing_brings_nothing_heavy_along(module: str) -> None:
    imported = _imported_by(module)
    assert "nemo_widgets" in imported
    assert not imported & HEAVY
