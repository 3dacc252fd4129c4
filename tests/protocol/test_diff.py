"""What changed between two drafts is told in plain sentences."""

import copy

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nemo_widgets.protocol.diff import changes
from nemo_widgets.protocol.draft import Draft


def segment(duration_ms: int, start_ms: int | None = 0, id: str = "", **meta: object) -> dict[str, object]:
    raw: dict[str, object] = {"d": duration_ms, "m": meta}
    if start_ms is not None:
        raw["s"] = start_ms
    return {**raw, "id": id} if id else raw


def draft(*tracks: tuple[int, list[dict[str, object]]], **meta: object) -> Draft:
    return Draft.parse({"t": [{"tt": kind, "sg": segments} for kind, segments in tracks], "m": meta})


VIDEO = (0, [segment(10_000, name="city timelapse", url="u1")])
TITLE = (7, [segment(3_000, text="Urban Dreams")])


def audio(volume: float) -> tuple[int, list[dict[str, object]]]:
    return (1, [segment(10_000, name="Lo-fi", volume=volume)])


@pytest.mark.parametrize(
    ("before", "after", "told"),
    [
        (draft(VIDEO), draft(VIDEO, TITLE), ('Title added: "Urban Dreams", 0–3 s',)),
        (draft(VIDEO), draft(VIDEO, audio(0.35)), ("Music added: Lo-fi, 0–10 s, 35 %",)),
        (draft(), draft(VIDEO), ("Video added: city timelapse, 0–10 s",)),
        (draft(VIDEO, TITLE), draft(VIDEO), ('Title removed: "Urban Dreams"',)),
        (draft(VIDEO, TITLE), draft(VIDEO, (7, [])), ('Title removed: "Urban Dreams"',)),
        (draft(VIDEO, audio(0.5)), draft(VIDEO, audio(0.2)), ("Music volume: Lo-fi, 50 % → 20 %",)),
        (
            draft(TITLE),
            draft((7, [segment(3_000, text="Night")])),
            ('Title changed: "Urban Dreams" → "Night"',),
        ),
        (
            draft(VIDEO),
            draft((0, [segment(5_000, name="city timelapse", url="u1")])),
            ("Video shortened: city timelapse, 10 s → 5 s",),
        ),
        (
            draft(TITLE),
            draft((7, [segment(3_500, 2_000, text="Urban Dreams")])),
            ('Title lengthened: "Urban Dreams", 3 s → 3.5 s', 'Title moved: "Urban Dreams", to 2–5.5 s'),
        ),
        (
            draft(VIDEO),
            draft((0, [segment(10_000, name="city timelapse", url="u2")])),
            ("Video replaced: city timelapse",),
        ),
        (
            draft(VIDEO),
            draft((0, [segment(10_000, name="city timelapse", url="u1", style="noir")])),
            ("Video restyled: city timelapse, noir",),
        ),
        (
            draft(VIDEO),
            draft((0, [segment(10_000, name="city timelapse", url="u1", grain=3)])),
            ("Video adjusted: city timelapse",),
        ),
        (draft(VIDEO), draft(TITLE), ('Title added: "Urban Dreams", 0–3 s', "Video removed: city timelapse")),
        (
            draft(),
            draft((0, [segment(10_000, name="city timelapse", volume=0.5)])),
            ("Video added: city timelapse, 0–10 s",),
        ),
        (
            draft((0, [segment(10_000, name="city timelapse", url="u1", style="noir")])),
            draft(VIDEO),
            ("Video restyled: city timelapse",),
        ),
        (
            draft((1, [segment(10_000, name="Lo-fi")])),
            draft(audio(0.99)),
            ("Music volume: Lo-fi, as recorded → 99 %",),
        ),
        (
            draft(VIDEO),
            draft((0, [segment(5_000, name="city timelapse", url="u1", grain=3)])),
            ("Video shortened: city timelapse, 10 s → 5 s",),
        ),
        (
            draft((0, [segment(1_000, None, name="a"), segment(1_000, None, name="b")])),
            draft((0, [segment(2_000, None, name="a"), segment(1_000, None, name="b")])),
            ("Video lengthened: a, 1 s → 2 s", "Video moved: b, to 2–3 s"),
        ),
        (
            draft((7, [segment(1_000, 0, text="One"), segment(1_000, 0, text="Two")])),
            draft((7, [segment(1_000, 0, text="Two"), segment(1_000, 0, text="One")])),
            ("Settings of the timeline changed",),
        ),
        (
            draft((7, [segment(1_000, 0, "a", text="One")])),
            draft((7, [segment(1_000, 0, text="Two")])),
            ('Title changed: "One" → "Two"',),
        ),
        (draft(VIDEO), draft(VIDEO, width=1080, height=1920), ("Frame set to 1080×1920",)),
        (
            draft(VIDEO, width=1920, height=1080),
            draft(VIDEO, width=1080, height=1920),
            ("Frame changed: 1920×1080 → 1080×1920",),
        ),
        (draft(VIDEO), draft(VIDEO, title="City"), ("Project named: City",)),
        (draft(VIDEO, title="City"), draft(VIDEO), ("Settings of the timeline changed",)),
        (draft(VIDEO, title="City"), draft(VIDEO, title="City", mood="calm"), ("Settings of the timeline changed",)),
        (draft(VIDEO, width=1920, height=1080), draft(VIDEO), ("Settings of the timeline changed",)),
        (
            draft(VIDEO, width=1920, height=1080),
            draft(VIDEO, width=1920, height=1080, mood="calm"),
            ("Settings of the timeline changed",),
        ),
        (draft(VIDEO), draft(VIDEO, mood="calm"), ("Settings of the timeline changed",)),
        (draft(VIDEO), draft(VIDEO), ()),
    ],
)
def test_a_change_is_told(before: Draft, after: Draft, told: tuple[str, ...]) -> None:
    assert changes(before, after) == told


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ({}, {"weather": "rain"}, "Video weather: sea, rain"),
        ({"weather": "rain"}, {}, "Video weather: sea, rain → clear"),
        ({}, {"camera": "pan_left"}, "Video camera: sea, pans left"),
        ({}, {"speed": 0.5}, "Video speed: sea, 1× → 0.5×"),
        ({}, {"reverse": True}, "Video reversed: sea"),
        ({"reverse": True}, {}, "Video plays forwards again: sea"),
        ({}, {"grade": {"warmth": 0.25, "contrast": -0.5}}, "Video colours: sea, warmer, less contrast"),
        ({}, {"grade": {"saturation": -1}}, "Video colours: sea, black and white"),
        ({"grade": {"warmth": 0.25}}, {}, "Video colours: sea, as they were"),
        ({}, {"transition": {"kind": "crossfade", "ms": 800}}, "Video comes in with a crossfade: sea, 0.8 s"),
        ({"transition": {"kind": "wipe", "ms": 800}}, {}, "Video comes in with a hard cut: sea"),
        ({}, {"fade_in_ms": 1000}, "Video fades in: sea, 1 s"),
        ({"fade_out_ms": 1000}, {}, "Video no longer fades out: sea"),
        ({}, {"frame": [0.64, 0.04, 0.32, 0.32]}, "Video shown: sea, top right"),
        ({}, {"rotate": 90}, "Video rotated: sea, 90°"),
        ({}, {"flip": "h"}, "Video mirrored: sea, from left to right"),
        ({"seed": 1}, {"seed": 2}, "Video made anew: sea"),
        ({"palette": "gold"}, {"palette": "rose"}, "Video colours: sea, gold → rose"),
        ({"grade": 3, "frame": "x", "transition": []}, {"speed": "fast"}, "Video colours: sea, adjusted"),
    ],
)
def test_a_change_of_look_is_told(old: dict[str, object], new: dict[str, object], told: str) -> None:
    before, after = (draft((0, [segment(1_000, 0, "a", name="sea", **meta)])) for meta in (old, new))
    assert told in changes(before, after)


def test_what_several_shots_share_is_one_sentence() -> None:
    plain = [segment(1_000, 0, "a", name="sea"), segment(1_000, 1_000, "b", name="city")]
    rainy = [{**one, "m": {**one["m"], "weather": "rain"}} for one in plain]
    assert changes(draft((0, plain)), draft((0, rainy))) == ("Video weather: every shot, rain",)


def test_another_order_is_one_sentence_and_what_follows_of_itself_is_none() -> None:
    a, b = segment(1_000, 0, "a", name="sea"), segment(2_000, 1_000, "b", name="city")
    swapped = [{**b, "s": 0}, {**a, "s": 2_000}]
    assert changes(draft((0, [a, b])), draft((0, swapped))) == ("Order changed: city, sea",)
    shorter = [{**a, "d": 500}, {**b, "s": 500}]
    assert changes(draft((0, [a, b])), draft((0, shorter))) == ("Video shortened: sea, 1 s → 0.5 s",)


def test_captions_and_ambience_have_names_of_their_own() -> None:
    rain = segment(1_000, 0, name="Rain", ambience="rain", volume=0.5)
    caption = segment(1_000, 0, text="Hi", role="caption")
    assert changes(draft(), draft((1, [rain]), (7, [caption]))) == (
        "Ambience added: Rain, 0–1 s, 50 %",
        'Caption added: "Hi", 0–1 s',
    )


def test_the_segment_with_the_same_id_is_the_same_segment() -> None:
    before = draft((7, [segment(1_000, 0, "a", text="One"), segment(1_000, 1_000, "b", text="Two")]))
    after = draft((7, [segment(1_000, 0, "b", text="Two"), segment(1_000, 1_000, "a", text="Three")]))
    assert changes(before, after) == (
        'Title moved: "Two", to 0–1 s',
        'Title changed: "One" → "Three"',
        'Title moved: "Three", to 1–2 s',
    )


def test_new_ids_for_the_same_content_are_no_change_of_content() -> None:
    told = changes(draft((7, [segment(1_000, 0, "a", text="One")])), draft((7, [segment(2_000, 0, "b", text="One")])))
    assert told == ('Title lengthened: "One", 1 s → 2 s',)


def test_one_of_two_equal_segments_is_removed() -> None:
    pair = (0, [segment(1_000, None, name="x"), segment(1_000, None, name="x")])
    assert changes(draft(pair), draft((0, [segment(1_000, None, name="x")]))) == ("Video removed: x",)


raws = st.recursive(
    st.none() | st.booleans() | st.integers(-5, 20_000) | st.text(max_size=3),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(["t", "tt", "sg", "s", "d", "m", "id", "name", "text", "volume"]), inner, max_size=4
        )
    ),
    max_leaves=20,
)


@given(raws, raws)
def test_any_two_drafts_can_be_compared_and_a_difference_is_never_silent(a: object, b: object) -> None:
    before, after = Draft.parse(a), Draft.parse(b)
    assert bool(changes(before, after)) == (before.raw != after.raw)
    assert changes(after, Draft.parse(copy.deepcopy(after.raw))) == ()
