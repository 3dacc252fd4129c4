"""An interpreter with an older ipykernel, in an environment of its own that borrows everything else from this one."""

import os
import subprocess
import sys
import sysconfig
from pathlib import Path

import pytest

REQUIREMENT = "ipykernel==6.29.*"


def python_with_ipykernel_6() -> str:
    """Return the interpreter, in an environment that is made when there is none."""
    version = f"py{sys.version_info.major}{sys.version_info.minor}"
    venv = Path.home() / ".cache" / "nemo-widgets-tests" / f"ipykernel-6.29-{version}"
    python = venv / ("Scripts" if os.name == "nt" else "bin") / "python"
    environment = {name: value for name, value in os.environ.items() if not name.startswith("PYTHON")}
    if not python.exists():
        steps = [
            [sys.executable, "-m", "venv", str(venv)],
            [str(python), "-m", "pip", "install", "--quiet", "--no-deps", REQUIREMENT],
        ]
        for step in steps:
            done = subprocess.run(step, capture_output=True, text=True, env=environment, check=False)
            if done.returncode:
                pytest.skip(f"{REQUIREMENT} cannot be installed here: {done.stderr.strip()[-200:]}")
    # Behind the environment's own packages, so that its ipykernel is the one that is found.
    asked = [str(python), "-c", "import sysconfig; print(sysconfig.get_path('purelib'))"]
    own = subprocess.run(asked, capture_output=True, text=True, env=environment, check=True).stdout.strip()
    (Path(own) / "borrowed.pth").write_text(sysconfig.get_path("purelib") + "\n", "utf-8")
    return str(python)
