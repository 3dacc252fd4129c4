"""What `doctor` looks at: the installation and the settings. Nothing is changed, and nothing is sent."""

import platform
import sys
from collections.abc import Callable, Iterator
from importlib import metadata
from pathlib import Path
from typing import Final

from packaging.requirements import Requirement

import nemo_widgets
from nemo_widgets import settings
from nemo_widgets.client.auth import Secret
from nemo_widgets.client.client import default_target
from nemo_widgets.client.studio_process import find
from nemo_widgets.client.tokens import TokenFile
from nemo_widgets.commands.checking_disk import disk, ledger
from nemo_widgets.commands.findings import Finding, note, ok, problem
from nemo_widgets.errors import NemoError

_OLDEST_PYTHON: Final = (3, 11)
_DISTRIBUTION: Final = "nemo-widgets"
_FRONT_ENDS: Final = ("jupyterlab", "notebook")


def all_findings() -> Iterator[Finding]:
    """Look at everything, and tell of each thing as soon as it is known."""
    for check in (python, package, packages, front_ends, service, studio, ledger, disk):
        yield from _safely(check)


def _safely(check: Callable[[], Iterator[Finding]]) -> Iterator[Finding]:
    """Tell what a check finds; one that fails is a finding itself, and the others go on."""
    try:
        yield from check()
    except NemoError as error:
        yield problem(str(error), "")
    except Exception as error:  # a doctor that falls ill tells of it, and goes on
        yield problem(f"The check of {check.__name__} failed: {type(error).__name__}: {error}", "Please report this.")


def python() -> Iterator[Finding]:
    """Look at the interpreter."""
    words = f"Python {platform.python_version()} ({sys.executable}), {platform.system()} {platform.release()}"
    if sys.version_info < _OLDEST_PYTHON:
        yield problem(words, "nemo-widgets needs Python 3.11 or newer. Make a new environment with one.")
    else:
        yield ok(words)


def package() -> Iterator[Finding]:
    """Look at this package itself, and at its front end."""
    folder = Path(nemo_widgets.__file__).parent
    yield ok(f"nemo-widgets {nemo_widgets.__version__} ({folder})")
    bundle = folder / "static" / "nemo_widgets.js"
    if not bundle.is_file():
        yield problem(f"The front end is missing ({bundle}): no widget can be shown.", _reinstall())


def packages() -> Iterator[Finding]:
    """Look at what it needs."""
    try:
        wanted = [Requirement(line) for line in metadata.requires(_DISTRIBUTION) or []]
    except metadata.PackageNotFoundError:
        yield note("This copy is not installed, so what it needs is not checked.", _reinstall())
        return
    needed = [need for need in wanted if need.marker is None or need.marker.evaluate({"extra": ""})]
    wrong = [words for need in needed if (words := _wrong_with(need))]
    for words in wrong:
        yield problem(words, _reinstall())
    if not wrong:
        versions = ", ".join(f"{need.name} {metadata.version(need.name)}" for need in needed)
        yield ok(f"All {len(needed)} packages are there: {versions}")


def front_ends() -> Iterator[Finding]:
    """Look for JupyterLab and Notebook, which may as well run elsewhere."""
    found = [f"{name} {version}" for name in _FRONT_ENDS if (version := _version(name))]
    if found:
        yield ok(f"In this environment: {', '.join(found)}")
    else:
        yield note(
            "Neither JupyterLab nor Notebook is in this environment; they may run in another one.",
            "pip install 'nemo-widgets[lab]'",
        )


def service() -> Iterator[Finding]:
    """Look where `connect` goes, and whether there is a token; it is not shown."""
    environment = settings.environment()
    if default_target() == "local":
        yield ok("nemo.connect() works with the local studio, as no variable says otherwise.")
    else:
        why = "NEMO_API_URL" if environment.api_url_is_set else "NEMO_TOKEN"
        yield ok(f"nemo.connect() works with {environment.api_url}, as {why} says.")
    yield from _token(environment)


def _token(environment: settings.Environment) -> Iterator[Finding]:
    if environment.token:
        Secret("NEMO_TOKEN", environment.token)
        yield ok("NEMO_TOKEN is set (it is not shown).")
        return
    kept = TokenFile(settings.config_dir() / "tokens.json").read(environment.api_url)
    if kept is not None and kept.has_time:
        until = f"{kept.expires_at.astimezone():%d %B %Y, %H:%M}".lstrip("0")
        yield ok(f"An anonymous token for {environment.api_url} is kept until {until} (it is not shown).")
    elif kept is not None:
        yield note(f"The anonymous token for {environment.api_url} has expired; the next call asks for a new one.")
    else:
        yield note("There is no token. The local studio needs none; the cloud gives an anonymous one when asked.")


def studio() -> Iterator[Finding]:
    """Look for the local studio; it is not started."""
    address = find(answer_s=2.0)
    if address is None:
        yield ok("The local studio is not running; it starts when it is needed.")
    else:
        yield ok(f"The local studio is running at {address.url} (process {address.pid}).")


def _wrong_with(need: Requirement) -> str:
    version = _version(need.name)
    if not version:
        return f"{need.name} is missing."
    if not need.specifier.contains(version, prereleases=True):
        return f"{need.name} {version} is installed, and {need.specifier} is needed."
    return ""


def _version(name: str) -> str:
    try:
        return metadata.version(name)
    except metadata.PackageNotFoundError:
        return ""


def _reinstall() -> str:
    return f"pip install --upgrade {_DISTRIBUTION}"
