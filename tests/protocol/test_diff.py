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
    ],
)
def test_a_change_of_look_is_told(old: dict[str, object], new: dict[str, object], told: str) -> None:
    before, after = (draft((0, [segment(1_000, 0, "a", name="sea", **meta)])) for meta in (old, new))
    assert changes(before, after) == (told,)


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


def test_names_are_listed_where_some_shots_share_a_change_and_others_do_not() -> None:
    plain = [segment(1_000, at * 1_000, name, name=name) for at, name in enumerate(["sea", "city", "dunes"])]
    rainy = [{**one, "m": {**one["m"], "weather": "rain"}} if one["id"] != "city" else one for one in plain]
    assert changes(draft((0, plain)), draft((0, rainy))) == ("Video weather: sea, dunes, rain",)
    other = [{**plain[0], "m": {"name": "sea", "weather": "snow"}}, *rainy[1:]]
    assert changes(draft((0, plain)), draft((0, other))) == ("Video weather: sea, snow", "Video weather: dunes, rain")
    grainy = [{**one, "m": {**one["m"], "grain": 3}} for one in plain]
    assert changes(draft((0, plain)), draft((0, grainy))) == tuple(
        f"Video adjusted: {name}" for name in ("sea", "city", "dunes")
    )


def test_only_the_first_track_of_pictures_is_every_shot() -> None:
    shots = (0, [segment(1_000, 0, "a", name="sea"), segment(1_000, 1_000, "b", name="city")])
    inset = segment(500, 0, "c", name="boat")
    rainy = {**inset, "m": {"name": "boat", "weather": "rain"}}
    wet = (0, [{**one, "m": {**one["m"], "weather": "rain"}} for one in shots[1]])
    assert changes(draft(shots, (0, [inset])), draft(wet, (0, [inset]))) == ("Video weather: every shot, rain",)
    assert changes(draft((0, [shots[1][0]]), (0, [inset])), draft((0, [wet[1][0]]), (0, [rainy]))) == (
        "Video weather: sea, boat, rain",
    )
    # An inset that moves is told, also where a shot would only have followed.
    moved = (0, [{**inset, "d": 200}, segment(500, 200, "d", name="gull")])
    before = (0, [inset, segment(500, 500, "d", name="gull")])
    assert changes(draft(shots, before), draft(shots, moved)) == (
        "Video shortened: boat, 0.5 s → 0.2 s",
        "Video moved: gull, to 0.2–0.7 s",
    )


def test_a_track_without_pictures_is_not_the_shots() -> None:
    plain = [segment(1_000, 0, "a", name="sea"), segment(1_000, 1_000, "b", name="city")]
    shorter = [{**plain[0], "d": 500}, {**plain[1], "s": 500}]
    assert changes(draft((0, []), (0, plain)), draft((0, []), (0, shorter))) == ("Video shortened: sea, 1 s → 0.5 s",)


@pytest.mark.parametrize(
    ("music", "later", "told"),
    [
        ((2_000, 0), (1_000, 0), ()),  # it lasted as long as the pictures, and does
        ((2_000, 0), (1_500, 0), ("Music shortened: Lo-fi, 2 s → 1.5 s",)),
        ((1_500, 0), (1_000, 0), ("Music shortened: Lo-fi, 1.5 s → 1 s",)),
        ((1_500, 500), (500, 500), ("Music shortened: Lo-fi, 1.5 s → 0.5 s",)),  # not from the beginning
    ],
)
def test_music_that_lasts_as_long_as_the_pictures_goes_with_them(
    music: tuple[int, int], later: tuple[int, int], told: tuple[str, ...]
) -> None:
    def timeline(video_ms: int, song: tuple[int, int]) -> Draft:
        return draft((0, [segment(video_ms, 0, "a", name="sea")]), (1, [segment(*song, "m", name="Lo-fi")]))

    shortened = "Video shortened: sea, 2 s → 1 s"
    assert changes(timeline(2_000, music), timeline(1_000, later)) == (shortened, *told)


def test_a_title_as_long_as_the_pictures_does_not_go_with_them() -> None:
    def timeline(ms: int) -> Draft:
        return draft((0, [segment(ms, 0, "a", name="sea")]), (7, [segment(ms, 0, "t", text="Hi")]))

    assert changes(timeline(2_000), timeline(1_000)) == (
        "Video shortened: sea, 2 s → 1 s",
        'Title shortened: "Hi", 2 s → 1 s',
    )


def test_other_music_is_told_once_and_another_name_of_a_shot_does_not_hide_its_style() -> None:
    def timeline(kind: int, name: str, style: str) -> Draft:
        return draft((kind, [segment(1_000, 0, "a", name=name, style=style, volume=0.5)]))

    assert changes(timeline(1, "Lo-fi", "lofi"), timeline(1, "Jazz", "jazz")) == ("Music changed: Lo-fi → Jazz",)
    assert changes(timeline(1, "Lo-fi", "lofi"), timeline(1, "Lo-fi", "jazz")) == ("Music restyled: Lo-fi, jazz",)
    assert changes(timeline(0, "sea", "noir"), timeline(0, "city", "neon")) == (
        "Video changed: sea → city",
        "Video restyled: city, neon",
    )
    louder = draft((1, [segment(1_000, 0, "a", name="Jazz", style="jazz", volume=0.8)]))
    assert changes(timeline(1, "Lo-fi", "lofi"), louder) == (
        "Music changed: Lo-fi → Jazz",
        "Music volume: Jazz, 50 % → 80 %",
    )


def test_footage_that_begins_elsewhere_in_its_file_says_where() -> None:
    def timeline(**meta: object) -> Draft:
        return draft((0, [segment(1_000, 0, "a", name="beach.mp4", **meta)]))

    assert changes(timeline(in_ms=500), timeline(in_ms=2_500)) == ("Video begins elsewhere: beach.mp4, 2.5 s into it",)
    assert changes(timeline(), timeline(in_ms=2_500)) == ("Video begins elsewhere: beach.mp4, 2.5 s into it",)
    assert changes(timeline(in_ms=2_500), timeline()) == ("Video adjusted: beach.mp4",)
    assert changes(timeline(in_ms=500), timeline(in_ms=500, grain=1)) == ("Video adjusted: beach.mp4",)


def test_an_inset_that_is_added_says_where_it_lies() -> None:
    inset = segment(1_000, 0, "b", name="boat", frame=[0.64, 0.04, 0.32, 0.32])
    assert changes(draft(VIDEO), draft(VIDEO, (0, [inset]))) == ("Video added: boat, 0–1 s, top right",)


def test_shots_that_change_places_and_more_tell_both() -> None:
    a, b = segment(1_000, 0, "a", name="sea"), segment(2_000, 1_000, "b", name="city")
    swapped = [{**b, "s": 0}, {**a, "s": 2_000, "m": {"name": "sea", "weather": "rain"}}]
    assert changes(draft((0, [a, b])), draft((0, swapped))) == ("Video weather: sea, rain", "Order changed: city, sea")
    # Without ids a shot that moved cannot be told from another one of its name.
    unnamed = [{key: value for key, value in one.items() if key != "id"} for one in (a, b)]
    turned = [{**unnamed[1], "s": 0}, {**unnamed[0], "s": 2_000}]
    assert changes(draft((0, unnamed)), draft((0, turned))) == (
        "Video moved: city, to 0–2 s",
        "Video moved: sea, to 2–3 s",
    )


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
