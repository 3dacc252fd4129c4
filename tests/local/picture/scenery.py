"""Frames that tests look at. A scene is prepared once for all of them; run by itself, this file tells what it draws."""

import hashlib
import subprocess
import sys
from functools import cache, lru_cache

from nemo_widgets.local.picture.lens.looks import STYLES, in_style
from nemo_widgets.local.picture.lens.view import View
from nemo_widgets.local.picture.scenes import SCENES, make_scene
from nemo_widgets.local.picture.scenes.planes import Planes
from nemo_widgets.local.picture.scenes.setting import Scene

SIZE = (320, 180)


@lru_cache(maxsize=32)
def prepared(name: str, size: tuple[int, int], seed: int, palette: str) -> Scene:
    return make_scene(name, size=size, seed=seed, palette=palette)


def drawn(name: str, seed: int = 1, at_s: float = 2.0, size: tuple[int, int] = SIZE, palette: str = "") -> Planes:
    """Draw a frame of a scene that was made for nothing else."""
    planes = Planes.black(*size)
    make_scene(name, size=size, seed=seed, palette=palette).draw(planes, at_s)
    return planes


@cache
def frame(name: str, seed: int = 1, at_s: float = 2.0, size: tuple[int, int] = SIZE, palette: str = "") -> Planes:
    """Draw a frame, or return it as it was drawn before: nobody may change it."""
    planes = Planes.black(*size)
    prepared(name, size, seed, palette).draw(planes, at_s)
    return planes


@cache
def styled(name: str, style: str, at_s: float = 2.0) -> Planes:
    planes = Planes.black(*SIZE)
    in_style(prepared(name, SIZE, 1, ""), style, View(*SIZE, seed=1), 2.0).draw(planes, at_s)
    return planes


def digest(planes: Planes) -> str:
    return hashlib.sha256(planes.y.tobytes() + planes.u.tobytes() + planes.v.tobytes()).hexdigest()


def digests() -> dict[str, str]:
    """Return the digests of a frame of every scene, and of one scene in every style."""
    plain = {name: digest(frame(name)) for name in sorted(SCENES)}
    return plain | {f"city {style}": digest(styled("city", style)) for style in sorted(STYLES)}


@cache
def digests_of_another_process() -> dict[str, str]:
    ran = subprocess.run([sys.executable, __file__], capture_output=True, text=True, check=True)
    return dict(line.split("\t") for line in ran.stdout.splitlines())


if __name__ == "__main__":
    sys.stdout.writelines(f"{name}\t{found}\n" for name, found in digests().items())
