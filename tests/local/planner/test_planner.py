"""The planner: a table of messages and the drafts they give, and what holds for all of them."""

import tomllib
from pathlib import Path

import pytest

from nemo_widgets.local.planner.planner import Plan, PlanAsset, plan
from nemo_widgets.protocol.draft import Draft

CASES = tomllib.loads(Path(__file__).with_name("planner_cases.toml").read_text("utf-8"))
BASE, NEW, EDITS = CASES["base"], CASES["new"], CASES["edits"]

EMPTY = Draft.parse({})
BEACH = PlanAsset("beach.mov", "video", "/up/beach.mov", 7.5, "studio://1")
CAT = PlanAsset("cat.png", "image", "/up/cat.png", None, "studio://2")
SONG = PlanAsset("song.mp3", "audio", "/up/song.mp3", 60.0, "studio://3")


def shape(draft: Draft) -> str:
    """Write a draft in one line, as ``planner_cases.toml`` does."""
    if draft.is_empty:
        return "empty"
    parts = [f"{draft.width}x{draft.height}"]
    for track in draft.tracks:
        if track.kind == "video":
            parts.append(", ".join(_shot(segment.meta, segment.start_ms, segment.end_ms) for segment in track.segments))
        for segment in track.segments:
            span = f"{segment.start_ms}-{segment.end_ms}"
            if track.kind == "audio":
                parts.append(f"♪ {segment.style or segment.name} {round((segment.volume or 0) * 100)}% {span}")
            elif track.kind == "text":
                parts.append(f"T '{segment.text}' {span}")
    return " | ".join(parts)


def _shot(meta, start_ms: int, end_ms: int) -> str:
    palette = f"/{meta['palette']}" if meta.get("palette") else ""
    return f"{meta.get('scene', meta['name'])}{palette} {start_ms}-{end_ms}"


def tools(planned: Plan) -> str:
    return "+".join(stage.tool or "-" for stage in planned.stages)


def after(planned: Plan) -> Draft:
    return Draft.parse(planned.stages[-1].draft)


def base() -> Draft:
    return after(plan(BASE, EMPTY, (), 1))


@pytest.mark.parametrize(("prompt", "used", "draft"), NEW, ids=[prompt for prompt, _, _ in NEW])
def test_a_first_message_gives_this_draft(prompt: str, used: str, draft: str) -> None:
    planned = plan(prompt, EMPTY, (), 1)
    assert (tools(planned), shape(after(planned))) == (used, draft)


@pytest.mark.parametrize(("prompt", "used", "draft"), EDITS, ids=[prompt for prompt, _, _ in EDITS])
def test_an_edit_gives_this_draft(prompt: str, used: str, draft: str) -> None:
    before = base()
    planned = plan(prompt, before, (), 2)
    expected = shape(before) if draft == "=" else draft
    assert (tools(planned), shape(after(planned))) == (used, expected)


@pytest.mark.parametrize("prompt", [prompt for prompt, used, _ in EDITS if used == "-"])
def test_what_cannot_be_done_changes_nothing_and_is_said(prompt: str) -> None:
    before = base()
    planned = plan(prompt, before, (), 2)
    assert [stage.draft for stage in planned.stages] == [before.raw]
    assert planned.stages[0].says


def test_the_same_message_and_seed_give_the_same_plan_and_another_seed_another_take() -> None:
    first, again, other = (plan("a forest", EMPTY, (), seed) for seed in (3, 3, 4))
    assert first == again
    assert first != other


def test_without_a_seed_it_follows_from_the_words() -> None:
    assert plan("a forest", EMPTY, ()) == plan(" a forest ", EMPTY, ())
    assert (
        plan("a forest", EMPTY, ()).stages[0].args["seed"] != plan("a quiet forest", EMPTY, ()).stages[0].args["seed"]
    )


def test_a_seed_in_the_message_wins() -> None:
    assert plan("a forest, seed 7", EMPTY, (), 3).stages[0].args["seed"] == 7


def test_the_raw_clip_comes_first_and_music_and_title_after_it() -> None:
    planned = plan("a forest, title 'Quiet'", EMPTY, (), 1)
    kinds = [[track.kind for track in Draft.parse(stage.draft).tracks] for stage in planned.stages]
    assert kinds == [["video"], ["video", "audio"], ["video", "audio", "text"]]


def test_an_edit_leaves_the_draft_that_it_was_given_alone() -> None:
    before = base()
    kept = str(before.raw)
    plan("make it a forest, trim it to 4 seconds, remove the title", before, (), 1)
    assert str(before.raw) == kept


def test_an_unknown_subject_is_drawn_as_light_and_said() -> None:
    planned = plan("a cat playing chess", EMPTY, (), 1)
    assert "can't draw that" in planned.stages[0].says
    assert "forest" in planned.stages[0].says


def test_a_near_subject_and_near_music_are_said() -> None:
    planned = plan("a mountain with rock music", EMPTY, (), 1)
    assert '"mountain"' in planned.stages[0].says
    assert "rock" in planned.stages[1].says


def test_a_length_out_of_bounds_is_said() -> None:
    assert "180" in plan("a 20 minute forest", EMPTY, (), 1).stages[0].says


def test_it_answers_in_the_language_of_the_message() -> None:
    assert "森林" in plan("10秒的森林", EMPTY, (), 1).stages[0].says


def test_uploads_become_the_picture_in_the_order_named() -> None:
    planned = plan("use cat.png and then beach.mov, 9 seconds, title 'Holiday'", EMPTY, (BEACH, CAT, SONG), 1)
    assert shape(after(planned)) == "1920x1080 | cat.png 0-4000, beach.mov 4000-9000 | T 'Holiday' 0-3000"


def test_uploads_are_meant_when_the_message_only_says_what_to_do_with_them() -> None:
    planned = plan("trim it to 5 seconds", EMPTY, (BEACH,), 1)
    assert shape(after(planned)) == "1920x1080 | beach.mov 0-5000"


def test_a_subject_is_drawn_even_when_there_are_uploads() -> None:
    assert tools(plan("a 5-second forest", EMPTY, (BEACH,), 1)) == "generate_video+add_music"


@pytest.mark.parametrize(
    ("prompt", "draft"),
    [
        ("use beach.mov first", "beach.mov 0-7500, city 7500-17500"),
        ("put cat.png at the end", "city 0-10000, cat.png 10000-14000"),
        ("use only beach.mov", "beach.mov 0-7500"),
        ("replace the picture with beach.mov", "beach.mov 0-7500"),
        ("use my photo as the opening", "cat.png 0-4000, city 4000-14000"),
    ],
)
def test_uploads_go_where_the_message_says(prompt: str, draft: str) -> None:
    assets = (CAT,) if "my photo" in prompt else (BEACH, CAT, SONG)
    assert draft in shape(after(plan(prompt, base(), assets, 1)))


def test_an_uploaded_song_becomes_the_music() -> None:
    planned = plan("use song.mp3 as music at 50%", base(), (SONG,), 1)
    assert "♪ song.mp3 50% 0-10000" in shape(after(planned))
    assert "♪ song.mp3 80%" in shape(after(plan("a forest with song.mp3 as music", EMPTY, (SONG,), 1)))


def test_an_uploaded_clip_is_not_made_longer_than_it_is() -> None:
    clip = after(plan("use beach.mov", EMPTY, (BEACH,), 1))
    assert after(plan("make it 20 seconds", clip, (), 1)).duration_ms == 7500


def test_a_file_that_nobody_uploaded_is_asked_for() -> None:
    planned = plan("use sunset.mp4", EMPTY, (BEACH,), 1)
    assert "sunset.mp4" in planned.stages[0].says
    assert "beach.mov" in planned.stages[0].says
    assert not planned.stages[0].tool


def test_cutting_the_beginning_moves_into_the_scene() -> None:
    segment = after(plan("cut the first 2 seconds", base(), (), 1)).tracks[0].segments[0]
    assert segment.meta["in_ms"] == 2000


@pytest.mark.parametrize(
    "prompt",
    [
        "",
        "   ",
        "?",
        "'",
        "「",
        "⟦⟧",
        "seed",
        "0 seconds",
        "%",
        "1:1:1",
        "\u2028",
        "a" * 20_000,
        "add first no title " * 900,
    ],
)
def test_odd_messages_get_an_answer(prompt: str) -> None:
    for draft in (EMPTY, base()):
        assert plan(prompt, draft, (), 1).stages
