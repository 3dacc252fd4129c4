"""However the package is installed, the front end is the same: from the checkout, its sdist, with and without Node."""

import hashlib
import os
import shutil
import subprocess
import sys
import tarfile
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
BUNDLE = "nemo_widgets/static/nemo_widgets.js"
NODE = {"node", "npm", "npx", "corepack", "nodejs"}

pytestmark = [pytest.mark.slow, pytest.mark.timeout(600)]


@pytest.fixture(scope="module")
def checkout(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a copy of what version control would hand out: no bundle, no ``node_modules``."""
    copy = tmp_path_factory.mktemp("checkout")
    listed = _run(["git", "ls-files", "--cached", "--others", "--exclude-standard", "-z"], cwd=ROOT)
    for name in filter(None, listed.split("\0")):
        if (ROOT / name).is_file():
            (copy / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(ROOT / name, copy / name)
    assert not (copy / BUNDLE).exists()
    return copy


@pytest.fixture(scope="module")
def wheel(checkout: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return _pip_wheel(checkout, tmp_path_factory.mktemp("wheel"))


@pytest.fixture(scope="module")
def sdist(checkout: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("sdist")
    _run([sys.executable, "-m", "hatchling", "build", "--target", "sdist", "--directory", str(folder)], cwd=checkout)
    return next(folder.glob("*.tar.gz"))


@pytest.fixture(scope="module")
def path_without_node(tmp_path_factory: pytest.TempPathFactory) -> str:
    folder = tmp_path_factory.mktemp("bin")
    for place in os.environ["PATH"].split(os.pathsep):
        for program in Path(place).iterdir() if Path(place).is_dir() else ():
            if program.name not in NODE and not (folder / program.name).is_symlink():
                (folder / program.name).symlink_to(program)
    assert shutil.which("node", path=str(folder)) is None
    return str(folder)


def test_the_wheel_has_the_bundle_and_the_notebooks(wheel: Path) -> None:
    names = zipfile.ZipFile(wheel).namelist()
    assert BUNDLE in names
    notebooks = {file.relative_to(ROOT).as_posix() for file in (ROOT / "notebooks").rglob("[0-9]*.ipynb")}
    assert {f"nemo_widgets/{name}" for name in notebooks if "checkpoint" not in name} <= set(names)
    assert "nemo_widgets/static/LICENSES.txt" in names  # of what others wrote and the bundle holds
    assert "nemo_widgets/py.typed" in names
    assert not [name for name in names if name.startswith(("js/", "tests/"))]


def test_the_sdist_has_the_same_bundle_and_no_node_modules(sdist: Path, wheel: Path) -> None:
    with tarfile.open(sdist) as archive:
        names = archive.getnames()
        inside = archive.extractfile(next(name for name in names if name.endswith(BUNDLE)))
        assert inside is not None
        assert hashlib.sha256(inside.read()).hexdigest() == _bundle_hash(wheel)
    assert not [name for name in names if "node_modules" in name]


def test_a_wheel_made_from_the_sdist_without_node_has_the_same_bundle(
    sdist: Path, wheel: Path, path_without_node: str, tmp_path: Path
) -> None:
    assert _bundle_hash(_pip_wheel(sdist, tmp_path, path=path_without_node)) == _bundle_hash(wheel)


def test_a_checkout_without_node_on_the_path_gives_the_same_bundle(
    checkout: Path, wheel: Path, path_without_node: str, tmp_path: Path
) -> None:
    copy = shutil.copytree(checkout, tmp_path / "checkout", ignore=shutil.ignore_patterns("node_modules", "static"))
    assert _bundle_hash(_pip_wheel(copy, tmp_path / "wheel", path=path_without_node)) == _bundle_hash(wheel)


def test_an_editable_install_builds_the_same_bundle_in_place(checkout: Path, wheel: Path, tmp_path: Path) -> None:
    copy = shutil.copytree(checkout, tmp_path / "checkout", ignore=shutil.ignore_patterns("node_modules", "static"))
    venv = tmp_path / "venv"
    _run([sys.executable, "-m", "venv", str(venv)], cwd=tmp_path)
    python = next(path for path in (venv / "bin" / "python", venv / "Scripts" / "python.exe") if path.exists())
    _run([str(python), "-m", "pip", "install", "--quiet", "--no-deps", "--editable", str(copy)], cwd=tmp_path)
    found = _run([str(python), "-c", "import nemo_widgets; print(nemo_widgets.__file__)"], cwd=tmp_path).strip()
    bundle = Path(found).parent.parent / BUNDLE
    assert bundle.is_relative_to(copy)
    assert hashlib.sha256(bundle.read_bytes()).hexdigest() == _bundle_hash(wheel)


def test_no_package_is_made_from_an_sdist_that_lacks_the_bundle(sdist: Path, tmp_path: Path) -> None:
    with tarfile.open(sdist) as archive:
        archive.extractall(tmp_path, filter="data")
    source = next(tmp_path.iterdir())
    (source / BUNDLE).unlink()
    done = subprocess.run(_pip_wheel_command(source, tmp_path / "wheel"), capture_output=True, text=True)
    assert done.returncode != 0
    assert "The front end is missing" in done.stdout + done.stderr


def _bundle_hash(wheel: Path) -> str:
    return hashlib.sha256(zipfile.ZipFile(wheel).read(BUNDLE)).hexdigest()


def _pip_wheel_command(source: Path, folder: Path) -> list[str]:
    return [sys.executable, "-m", "pip", "wheel", "--quiet", "--no-deps", "--wheel-dir", str(folder), str(source)]


def _pip_wheel(source: Path, folder: Path, *, path: str | None = None) -> Path:
    _run(_pip_wheel_command(source, folder), cwd=folder.parent, path=path)
    return next(folder.glob("*.whl"))


def _run(command: list[str], *, cwd: Path, path: str | None = None) -> str:
    environment = {**os.environ, "PIP_DISABLE_PIP_VERSION_CHECK": "1"} | ({"PATH": path} if path else {})
    environment.pop("PYTHONPATH", None)
    done = subprocess.run(command, cwd=cwd, env=environment, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout
