#!/usr/bin/env python3
"""The test command: sets everything up on a bare machine, then lints, types and tests. Needs Python 3.11 and Node 20.

Usage: ``python3 tests/check.py [--venv FOLDER] [--only STEP ...]``. It ends with a line ``N passed, N failed``, and
with a code other than 0 when anything failed or no test ran.
"""

import argparse
import importlib.util
import os
import re
import shutil
import subprocess
import sys
import tempfile
import threading
import time
import xml.etree.ElementTree as ElementTree
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
STEP_LIMIT_S = 900
FAST = "not slow and not browser and not notebook and not peer and not fuzz"


@dataclass(frozen=True)
class Step:
    """One command; a step that runs pytest is counted from its report, one that runs vitest from what it prints."""

    name: str
    command: Sequence[str | Path]
    folder: Path = ROOT


@dataclass
class Outcome:
    """What came of a step."""

    name: str
    ok: bool
    seconds: float
    passed: int = 0
    failed: int = 0
    skipped: int = 0


def main() -> int:
    """Run every step and return the exit code."""
    parser = argparse.ArgumentParser(description="Set up, lint, type-check and test everything.")
    parser.add_argument("--venv", type=Path, default=ROOT / ".venv", help="(default: .venv)")
    parser.add_argument(
        "--only", nargs="+", metavar="STEP", help="run just these steps, in an environment that is set up"
    )
    options = parser.parse_args()
    bin_folder = options.venv.resolve() / ("Scripts" if os.name == "nt" else "bin")
    with tempfile.TemporaryDirectory(prefix="nemo-check-") as name:
        work = Path(name)
        outcomes = [] if options.only else set_up(options.venv.resolve(), bin_folder)
        if all(outcome.ok for outcome in outcomes):
            for step in steps(bin_folder):
                if not options.only or step.name in options.only:
                    outcomes.append(run(step, bin_folder, work))
    return report(outcomes, tests_expected=not options.only)


def set_up(venv: Path, bin_folder: Path) -> list[Outcome]:
    """Make the virtual environment, install the package with what the tests need, and see to Chromium."""
    todo = []
    if importlib.util.find_spec("ensurepip") is None:
        todo.append(apt("python3-venv"))
    todo.append(Step("virtual environment", [sys.executable, "-m", "venv", venv]))
    # The package's own build makes the bundle, and leaves in js/ only what that takes.
    todo.append(
        Step("install", [bin_folder / "python", "-m", "pip", "install", "--quiet", "--editable", f"{ROOT}[test]"])
    )
    tools = ["npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund"]
    todo.append(Step("front-end tools", tools, folder=ROOT / "js"))
    if not any(shutil.which(name) for name in ("chromium", "chromium-browser", "google-chrome")):
        todo.append(apt("chromium fonts-liberation"))
    outcomes: list[Outcome] = []
    for step in todo:
        outcomes.append(run(step, bin_folder, None))
        if not outcomes[-1].ok:
            break
    return outcomes


def apt(packages: str) -> Step:
    """Return the step that installs Debian packages."""
    become_root = "" if hasattr(os, "geteuid") and os.geteuid() == 0 else "sudo "
    install = f"{become_root}apt-get install --yes --quiet --no-install-recommends {packages}"
    return Step(f"install {packages}", ["sh", "-c", f"{become_root}apt-get update --quiet && {install}"])


def steps(bin_folder: Path) -> list[Step]:
    """Return what is checked, in order: what fails fast comes first."""
    python = bin_folder / "python"
    pytest = [python, "-m", "pytest", "-p", "no:nbval"]  # it takes two seconds to load; test_notebooks runs it itself
    return [
        Step("ruff", [bin_folder / "ruff", "check", "."]),
        Step("format", [bin_folder / "ruff", "format", "--check", "."]),
        Step("mypy", [bin_folder / "mypy"]),
        Step("imports", [bin_folder / "lint-imports"]),
        Step("front end", ["npm", "run", "check"], folder=ROOT / "js"),
        # Two processes: more than the two cores of a usual machine can't be kept busy, and some tests measure.
        Step("unit", [*pytest, "tests", "-m", FAST, "--numprocesses", "2", "--dist", "worksteal"]),
        Step("notebooks", [*pytest, "tests/test_notebooks.py", "-m", "not slow"]),
        Step("browser", [*pytest, "tests/browser", "-m", "browser and not slow"]),
        Step("packaging", [*pytest, "tests/test_packaging.py"]),
    ]


def run(step: Step, bin_folder: Path, work: Path | None) -> Outcome:
    """Run a step, showing what it says while it says it."""
    print(f"\n━━ {step.name}: {' '.join(map(str, step.command))}", flush=True)
    command = [str(part) for part in step.command]
    junit = work / f"{step.name}.xml" if work is not None and "pytest" in command else None
    if junit is not None:
        command.append(f"--junitxml={junit}")
    env = {name: value for name, value in os.environ.items() if not name.startswith(("NEMO_", "PYTHON"))}
    env |= {"PATH": f"{bin_folder}{os.pathsep}{env.get('PATH', '')}", "NO_COLOR": "1", "PYTHONUNBUFFERED": "1"}
    env |= {"PIP_DISABLE_PIP_VERSION_CHECK": "1", "JUPYTER_PLATFORM_DIRS": "1", "DEBIAN_FRONTEND": "noninteractive"}
    begun = time.monotonic()
    said: list[str] = []
    try:
        process = subprocess.Popen(
            command,
            cwd=step.folder,
            env=env,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            encoding="utf-8",
            errors="replace",
        )
    except OSError as error:
        print(f"{command[0]} cannot be run: {error}", flush=True)
        return Outcome(step.name, False, 0)
    assert process.stdout is not None
    too_long = threading.Timer(STEP_LIMIT_S, process.kill)
    too_long.start()
    try:
        for line in process.stdout:
            print(line, end="", flush=True)
            said.append(line)
        code = process.wait()
    finally:
        too_long.cancel()
        process.kill()
    outcome = Outcome(step.name, code == 0, time.monotonic() - begun)
    if junit is not None and junit.exists():
        count_pytest(junit, outcome)
    else:
        count_vitest("".join(said), outcome)
    print(
        f"━━ {step.name}: {'ok' if outcome.ok else f'FAILED with code {code}'} after {outcome.seconds:.0f} s",
        flush=True,
    )
    return outcome


def count_pytest(junit: Path, outcome: Outcome) -> None:
    """Add up pytest's own report."""
    for suite in ElementTree.parse(junit).iter("testsuite"):
        failed = int(suite.get("failures", 0)) + int(suite.get("errors", 0))
        skipped = int(suite.get("skipped", 0))
        outcome.failed += failed
        outcome.skipped += skipped
        outcome.passed += max(0, int(suite.get("tests", 0)) - failed - skipped)


def count_vitest(said: str, outcome: Outcome) -> None:
    """Read vitest's line ``Tests  1 failed | 45 passed (46)``."""
    found = re.findall(r"^\s*Tests\s+(.*)$", said, re.MULTILINE)
    for number, word in re.findall(r"(\d+) (passed|failed|skipped)", found[-1] if found else ""):
        setattr(outcome, word, getattr(outcome, word) + int(number))


def report(outcomes: Sequence[Outcome], *, tests_expected: bool) -> int:
    """Print the table of steps and the sums; return the exit code."""
    print()
    for outcome in outcomes:
        counts = f"{outcome.passed} passed, {outcome.failed} failed" if outcome.passed or outcome.failed else ""
        print(f"{'ok    ' if outcome.ok else 'FAILED'} {outcome.seconds:6.0f} s  {outcome.name:20} {counts}")
    print(f"       {sum(outcome.seconds for outcome in outcomes):6.0f} s  altogether\n")
    passed = sum(outcome.passed for outcome in outcomes)
    # A step that failed without a failed test, such as a linter, counts as one.
    failed = sum(max(outcome.failed, 0 if outcome.ok else 1) for outcome in outcomes)
    skipped = sum(outcome.skipped for outcome in outcomes)
    print(f"{passed} passed, {failed} failed" + (f", {skipped} skipped" if skipped else ""), flush=True)
    return 0 if failed == 0 and (passed > 0 or not tests_expected) else 1


if __name__ == "__main__":
    sys.exit(main())
