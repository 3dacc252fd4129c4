"""Every difference of one segment has a verb and a detail, and no two readings of the wire make another one."""

import pytest

from nemo_widgets.protocol.alterations import Alteration, framed, look_alterations, percent
from nemo_widgets.protocol.draft import Draft, Segment


def segment(**meta: object) -> Segment:
    raw = {"t": [{"tt": 0, "sg": [{"d": 1_000, "m": {"name": "sea", **meta}}]}]}
    return Draft.parse(raw).tracks[0].segments[0]


def told(old: dict[str, object], new: dict[str, object]) -> list[tuple[str, str]]:
    return [(one.verb, one.detail) for one in look_alterations(segment(**old), segment(**new))]


@pytest.mark.parametrize(
    ("old", "new", "verb", "detail"),
    [
        ({"volume": 0.5}, {}, "volume", "50 % → as recorded"),
        ({}, {"volume": 0.995}, "volume", "as recorded → 100 %"),
        ({"style": "noir"}, {"style": "neon"}, "restyled", "neon"),
        ({"style": "noir"}, {}, "restyled", ""),
        ({"weather": "rain"}, {"weather": "snow"}, "weather", "rain → snow"),
        ({"weather": "rain"}, {}, "weather", "rain → clear"),
        ({}, {"weather": "rain"}, "weather", "rain"),
        ({}, {"palette": "rose"}, "colours", "rose"),
        ({"palette": "rose"}, {}, "colours", "rose → its own"),
        *(
            ({"camera": "none of these"}, {"camera": camera}, "camera", words)
            for camera, words in {
                "still": "stands still",
                "pan_left": "pans left",
                "pan_right": "pans right",
                "push": "moves in",
                "pull": "moves out",
                "handheld": "is handheld",
                "": "drifts gently",
                "crane": "crane",
            }.items()
        ),
        ({}, {"grade": {"warmth": 0.1, "brightness": 0.1}}, "colours", "warmer, brighter"),
        ({}, {"grade": {"warmth": -0.1, "brightness": -0.1}}, "colours", "cooler, darker"),
        ({}, {"grade": {"contrast": 1, "saturation": 1}}, "colours", "more contrast, stronger colours"),
        ({}, {"grade": {"saturation": -0.5}}, "colours", "paler colours"),
        ({"grade": {"saturation": 1}}, {"grade": {"saturation": -1}}, "colours", "black and white"),
        ({"grade": {"saturation": -1}}, {"grade": {"saturation": -1, "warmth": 1}}, "colours", "warmer"),
        ({"grade": {"warmth": 0.5}}, {"grade": {"warmth": 0.25}}, "colours", "cooler"),
        ({"grade": {"warmth": True}}, {"grade": {"warmth": "1"}}, "colours", "adjusted"),
        ({"speed": 2}, {"speed": 0.25}, "speed", "2× → 0.25×"),
        ({"speed": 10}, {}, "speed", "10× → 1×"),
        ({}, {"speed": 1.254}, "speed", "1× → 1.25×"),
        ({}, {"reverse": True}, "reversed", ""),
        ({"reverse": True}, {"reverse": False}, "plays forwards again", ""),
        *(
            ({}, {"transition": {"kind": kind, "ms": 800}}, f"comes in with a {words}", "0.8 s")
            for kind, words in {
                "crossfade": "crossfade",
                "fade_black": "fade through black",
                "wipe": "wipe",
                "slide": "slide",
                "spin": "spin",
            }.items()
        ),
        ({"transition": {"kind": "wipe"}}, {}, "comes in with a hard cut", ""),
        ({}, {"fade_in_ms": 1_500}, "fades in", "1.5 s"),
        ({"fade_in_ms": 1_500}, {"fade_in_ms": 0}, "no longer fades in", ""),
        ({}, {"fade_out_ms": 500}, "fades out", "0.5 s"),
        ({"fade_out_ms": 500}, {}, "no longer fades out", ""),
        ({}, {"fade_out_ms": 1e12}, "no longer fades out", ""),
        ({}, {"fade_out_ms": 10**12 - 1}, "fades out", "1000000000 s"),
        ({}, {"frame": [0.64, 0.64, 0.32, 0.32]}, "shown", "bottom right"),
        ({"frame": [0.64, 0.64, 0.32, 0.32]}, {}, "shown", "over the whole picture"),
        ({}, {"rotate": 180}, "rotated", "180°"),
        ({"rotate": 180}, {}, "rotated", "0°"),
        ({}, {"flip": "h"}, "mirrored", "from left to right"),
        ({}, {"flip": "v"}, "mirrored", "from top to bottom"),
        ({}, {"flip": "both"}, "mirrored", "both"),
        ({"flip": "v"}, {}, "no longer mirrored", ""),
        ({}, {"place": "top"}, "placed", "at the top"),
        ({}, {"place": "center"}, "placed", "in the middle"),
        ({}, {"place": "bottom"}, "placed", "at the bottom"),
        ({}, {"place": "aside"}, "placed", "aside"),
        ({"place": "top"}, {}, "placed", "as usual"),
        *(
            ({"animation": "none of these"}, {"animation": animation}, "appears", words)
            for animation, words in {
                "type": "letter by letter",
                "rise": "rising",
                "fade": "fading in",
                "none": "at once",
                "": "as usual",
                "spin": "spin",
            }.items()
        ),
        ({"weather": "rain"}, {"weather": 3}, "weather", "rain → clear"),
        ({"seed": 1}, {"seed": 2}, "made anew", ""),
    ],
)
def test_a_difference_is_one_verb_and_one_detail(
    old: dict[str, object], new: dict[str, object], verb: str, detail: str
) -> None:
    assert told(old, new) == [(verb, detail)]


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ({"palette": "rose"}, {"palette": "gold", "name": "city"}),  # another picture has other colours of itself
        ({"seed": 1}, {"seed": 2, "name": "city"}),
        ({"seed": 1, "scene": "sea"}, {"seed": 2, "scene": "city"}),
        ({"weather": ""}, {"weather": None}),
        ({"reverse": False}, {}),
        ({"begun_by": 1}, {"begun_by": 2}),
    ],
)
def test_what_follows_of_itself_or_says_the_same_is_no_difference(
    old: dict[str, object], new: dict[str, object]
) -> None:
    assert told(old, new) == []


def test_several_differences_come_in_one_order() -> None:
    assert told({}, {"animation": "fade", "weather": "rain", "rotate": 90, "fade_in_ms": 500}) == [
        ("weather", "rain"),
        ("fades in", "0.5 s"),
        ("rotated", "90°"),
        ("appears", "fading in"),
    ]


def test_a_difference_without_a_detail_has_an_empty_one() -> None:
    assert Alteration("reversed").detail == ""


@pytest.mark.parametrize(
    ("frame", "where"),
    [
        ([0.04, 0.04, 0.32, 0.32], "top left"),
        ([0.64, 0.04, 0.32, 0.32], "top right"),
        ([0.04, 0.64, 0.32, 0.32], "bottom left"),
        ((0.64, 0.64, 0.32, 0.32), "bottom right"),
        ([0.34, 0.04, 0.32, 0.32], "top middle"),
        ([0.34, 0.64, 0.32, 0.32], "bottom middle"),
        ([0.04, 0.34, 0.32, 0.32], "left"),
        ([0.64, 0.34, 0.32, 0.32], "right"),
        ([0, 0, 1, 1], "middle"),
        ([0.45, 0.45, 0, 0], "middle"),
        ([0.55, 0.55, 0, 0], "middle"),
        ([0.44, 0.44, 0, 0], "top left"),
        ([0.56, 0.56, 0, 0], "bottom right"),
        ([0.3, 0.3, 0.32, 0.32], "middle"),  # its centre counts, at 0.46
        ([0.3, 0.3, 0.28, 0.28], "top left"),
        ([0.5, 0.5, 0.14, 0.14], "bottom right"),
        ([0.5, 0.5, 0.08, 0.08], "middle"),
        (["0", 0, 1, 1], ""),
        ([0, 0, 1], ""),
        ([0, 0, 1, 1, 1], ""),
        ("1234", ""),
        (None, ""),
    ],
)
def test_an_inset_lies_where_its_centre_is(frame: object, where: str) -> None:
    assert framed({"frame": frame}) == where


@pytest.mark.parametrize(("volume", "words"), [(None, "as recorded"), (0.0, "0 %"), (0.345, "34 %"), (1.0, "100 %")])
def test_a_volume_is_told_in_percent(volume: float | None, words: str) -> None:
    assert percent(volume) == words
