"""The planner: what it says, what it takes back, and the rules that a table of cases does not show."""

import statistics
import time

import pytest

from nemo_widgets.local.planner.planner import plan
from nemo_widgets.local.planner.plans import History, PlanAsset
from nemo_widgets.protocol.draft import Draft

from .test_cases import EMPTY, GROUPS, UPLOADS, after, before, tools

BASE = "a 10-second clip of a city at night with the title 'Start' and lo-fi music"


def base() -> Draft:
    return before(BASE, False)


def said(message: str, there: Draft = EMPTY, assets: tuple[PlanAsset, ...] = ()) -> str:
    return " ".join(stage.says for stage in plan(message, there, assets, 2).stages)


def test_the_same_message_and_seed_give_the_same_plan_and_another_seed_another_take() -> None:
    first, again, other = (plan("a forest", EMPTY, (), seed) for seed in (3, 3, 4))
    assert first == again
    assert first != other


def test_without_a_seed_it_follows_from_the_words() -> None:
    assert after(plan("a forest", EMPTY, ())) == after(plan(" a forest ", EMPTY, ()))
    seeds = [plan(text, EMPTY, ()).stages[0].args["seed"] for text in ("a forest", "a quiet forest")]
    assert seeds[0] != seeds[1]


def test_a_seed_in_the_message_wins() -> None:
    assert plan("a forest, seed 7", EMPTY, (), 3).stages[0].args["seed"] == 7


def test_the_raw_clip_comes_first_and_music_and_title_after_it() -> None:
    planned = plan("a forest, title 'Quiet'", EMPTY, (), 1)
    kinds = [[track.kind for track in Draft.parse(stage.draft).tracks] for stage in planned.stages]
    assert kinds == [["video"], ["video", "audio"], ["video", "audio", "text"]]


def test_what_cannot_be_drawn_is_said_with_what_is_nearest() -> None:
    assert '"friendship"' in said("a video about friendship")
    assert '"castle"' in said("a castle")
    assert '"dog"' in said("dog on the moon", base())
    assert "rock" in said("the sea, rock music")


def test_what_cannot_be_done_is_said_and_the_rest_is_done() -> None:
    planned = plan("add a voiceover and make it vertical", base(), (), 2)
    assert tools(planned) == "-+set_canvas"
    assert "no narrator" in planned.stages[0].says


def test_a_length_out_of_bounds_is_said() -> None:
    assert "180" in said("a 20 minute forest")


def test_it_answers_in_the_language_of_the_message() -> None:
    assert "森林" in said("10秒的森林")


def test_a_new_scene_leaves_uploaded_files_alone_or_says_that_they_go() -> None:
    mixed = after(plan("use beach.mov, then a forest for 4 s", EMPTY, UPLOADS, 1))
    assert "beach.mov" in said("make it a city", mixed, UPLOADS)
    assert after(plan("make it a city", mixed, UPLOADS, 2)).tracks[0].segments[0].name == "beach.mov"
    assert "beach.mov" in said("a 5-second clip of the sea", mixed, UPLOADS)


def test_a_shot_that_there_is_not_is_said_once() -> None:
    assert said("make the fifth shot darker", base()) == "There is no shot 5: the timeline has only one."


def test_several_changes_are_taken_back_at_once() -> None:
    first, second = base(), after(plan("make it noir", base(), (), 2))
    third = after(plan("trim it to 5 seconds", second, (), 3))
    stage = plan("undo the last 2 changes", third, (), 4, History((EMPTY.raw, first.raw, second.raw))).stages[0]
    assert (stage.draft, stage.moves) == (first.raw, -2)
    everything = plan("undo everything", third, (), 4, History((EMPTY.raw, first.raw, second.raw))).stages[0]
    assert (everything.draft, everything.moves) == (first.raw, -2)


def test_starting_over_empties_the_timeline_and_can_be_taken_back() -> None:
    emptied = after(plan("start over", base(), (), 2))
    assert emptied.is_empty
    assert plan("undo", emptied, (), 3, History((base().raw,))).stages[0].draft == base().raw


def test_a_file_that_nobody_uploaded_is_asked_for() -> None:
    answer = said("use sunset.mp4", EMPTY, UPLOADS)
    assert "sunset.mp4" in answer
    assert "beach.mov" in answer


def test_a_film_goes_on_where_it_was_cut_and_keeps_its_end() -> None:
    film = after(plan("use beach.mov", EMPTY, UPLOADS, 1))
    cut = after(plan("cut the first 2 seconds", film, UPLOADS, 2)).tracks[0].segments[0]
    assert (cut.meta["in_ms"], cut.duration_ms) == (2000, 5500)
    backwards = after(plan("play it backwards", film, UPLOADS, 2))
    assert "in_ms" not in after(plan("cut the first 2 seconds", backwards, UPLOADS, 3)).tracks[0].segments[0].meta
    assert after(plan("make it 20 seconds", film, UPLOADS, 2)).duration_ms == 7500


def test_planning_is_cheap() -> None:
    there = [before(group["base"], group["uploads"]) for group in GROUPS]
    costs_s = []
    for group, draft in zip(GROUPS, there, strict=True):
        for message, _, _ in group["rows"][::10]:
            runs = []
            for _ in range(3):
                began_s = time.perf_counter()
                plan(message, draft, UPLOADS, 1)
                runs.append(time.perf_counter() - began_s)
            costs_s.append(min(runs))
    assert statistics.median(costs_s) < 0.005


@pytest.mark.parametrize("message", ["make it warmer", "make it warm", "画面更暖"])
def test_warmth_is_a_grade_and_not_another_light(message: str) -> None:
    shot = after(plan(message, base(), (), 2)).tracks[0].segments[0].meta
    assert shot["palette"] == base().tracks[0].segments[0].meta["palette"]
    assert shot["grade"]["warmth"] > 0


def test_calming_goes_on_until_nothing_is_left_to_calm_and_never_says_that_it_was_so() -> None:
    there = after(plan("add a storm", base(), (), 2))
    calmer = after(plan("make it calmer", there, (), 3))
    assert "weather" not in calmer.tracks[0].segments[0].meta
    speeds = []
    for number in range(4):
        speeds.append(calmer.tracks[0].segments[0].meta["speed"])
        calmer = after(plan("make it calmer", calmer, (), number))
    assert speeds == sorted(set(speeds), reverse=True)
    assert "as calm as I can make it" in said("make it calmer", calmer)
