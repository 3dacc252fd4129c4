"""The same prompt, seed and version give the same planes: here to the bit, on any other machine within a step or two.

What was drawn is kept in recorded.npz, with the versions and the processor's abilities by which it was drawn: NumPy's
sines and exponentials differ in their last bit from one set of instructions to the other, and a pixel with them now
and then. Where those are the same, so is every pixel. After a scene was changed on purpose or added, record anew:
``python tests/local/picture/test_recorded_planes.py``.
"""

import json
import sys
from functools import cache
from pathlib import Path

import av
import numpy as np
import PIL
import pytest

from nemo_widgets.local.picture.compose import Painter
from nemo_widgets.local.picture.scenes import SCENES
from nemo_widgets.local.picture.scenes.planes import Bytes, Planes
from nemo_widgets.local.planner.planner import plan
from nemo_widgets.protocol.draft import Draft

RECORD = Path(__file__).with_name("recorded.npz")
SIZE = (160, 90)
PROMPT = "a 4-second clip of the sea at sunset, cinematic, title 'Home'"
_STEP, _FEW = 3, 0.01
"""By how much a pixel may differ on another machine, and how many may differ by more."""


def conditions() -> dict[str, object]:
    """Return what decides about the last bit."""
    found = np.show_config(mode="dicts")["SIMD Extensions"].get("found", [])
    return {
        "numpy": np.__version__,
        "pillow": PIL.__version__,
        "av": av.__version__,
        "processor": sorted(found),
        "system": sys.platform,
    }


def packed(draft: Draft, at_s: float) -> Bytes:
    planes = Planes.black(*SIZE)
    Painter(draft, SIZE, "final", {}).paint(planes, at_s)
    return np.concatenate([plane.reshape(-1) for plane in (planes.y, planes.u, planes.v)])


def shot(scene: str) -> Draft:
    return Draft.parse({"t": [{"tt": 0, "sg": [{"d": 4000, "m": {"scene": scene, "seed": 11}}]}]})


def of_prompt() -> Bytes:
    return packed(Draft.parse(plan(PROMPT, Draft.parse({}), (), 5).stages[-1].draft), 2.0)


@cache
def recorded() -> dict[str, Bytes]:
    if not RECORD.exists():
        return {}
    with np.load(RECORD) as file:
        return dict(file)


def check(name: str, drawn: Bytes) -> None:
    kept = recorded()
    if json.loads(bytes(kept["conditions"])) == conditions():
        assert np.array_equal(drawn, kept[name]), f"{name} has changed. If it was meant to, record it anew."
    else:
        assert (np.abs(drawn.astype(int) - kept[name]) > _STEP).mean() < _FEW


@pytest.mark.parametrize("scene", sorted(set(SCENES) & set(recorded())))
def test_a_scene_is_drawn_as_it_was_recorded(scene: str) -> None:
    check(scene, packed(shot(scene), 1.5))


def test_a_prompt_gives_the_planes_that_were_recorded() -> None:
    check("prompt", of_prompt())


def test_the_record_would_tell_another_seed_and_a_moment_later() -> None:
    kept = recorded()["sea"]
    later = packed(shot("sea"), 1.6)
    assert (np.abs(later.astype(int) - kept) > _STEP).mean() > _FEW


def record(scenes: list[str]) -> None:
    """Keep what is drawn now."""
    kept = {scene: packed(shot(scene), 1.5) for scene in scenes}
    kept["prompt"] = of_prompt()
    kept["conditions"] = np.frombuffer(json.dumps(conditions()).encode(), np.uint8)
    np.savez_compressed(RECORD, allow_pickle=False, **kept)


if __name__ == "__main__":
    record(sys.argv[1:] or sorted(SCENES))
