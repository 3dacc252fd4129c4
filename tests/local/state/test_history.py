"""Earlier timelines: changes are taken back and made again, like pages turned."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nemo_widgets.local.state.history import LONGEST
from nemo_widgets.local.state.records import SessionRecord
from nemo_widgets.local.state.store import Store


def draft(number: int) -> dict[str, object]:
    return {"t": [], "m": {"title": f"夜 {number}"}}


def open_store(folder: Path, *names: str) -> Store:
    store = Store(folder)
    for name in names:
        text = '{"t": [], "m": {"title": "夜 0"}}'
        store.add_session(SessionRecord(name, f"t_{name}", "me", "project", "en", 1, 0, 0, text, "[]", store.clock()))
    return store


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    store = open_store(tmp_path / "state", "s1", "s2")
    yield store
    store.close()


def titles(store: Store, session_id: str = "s1") -> tuple[list[int], int, list[int]]:
    kept = store.history.of(session_id)
    now = store.session(session_id)
    assert now is not None
    number = [int(raw["m"]["title"].split()[1]) for raw in (*kept.earlier, now.draft, *kept.undone)]
    at = len(kept.earlier)
    return number[:at], number[at], number[at + 1 :]


def test_the_first_change_of_a_message_keeps_the_timeline_before_it(store: Store) -> None:
    store.save_draft("s1", draft(1), keep=True)
    store.save_draft("s1", draft(2))
    assert titles(store) == ([0], 2, [])


def test_steps_back_can_be_made_again(store: Store) -> None:
    for number in (1, 2, 3):
        store.save_draft("s1", draft(number), keep=True)
    store.save_draft("s1", draft(1), move=-2)
    assert titles(store) == ([0], 1, [2, 3])
    store.save_draft("s1", draft(2), move=1)
    assert titles(store) == ([0, 1], 2, [3])


def test_a_change_forgets_what_was_undone(store: Store) -> None:
    store.save_draft("s1", draft(1), keep=True)
    store.save_draft("s1", draft(0), move=-1)
    assert titles(store) == ([], 0, [1])
    store.save_draft("s1", draft(2), keep=True)
    assert titles(store) == ([0], 2, [])


def test_no_more_than_fifty_are_kept(store: Store) -> None:
    for number in range(1, 60):
        store.save_draft("s1", draft(number), keep=True)
    earlier, now, _ = titles(store)
    assert (len(earlier), earlier[0], earlier[-1], now) == (LONGEST, 9, 58, 59)


def test_sessions_have_histories_of_their_own_and_are_forgotten_with_them(store: Store) -> None:
    store.save_draft("s1", draft(1), keep=True)
    assert titles(store, "s2") == ([], 0, [])
    store.forget_sessions(used_before=store.clock() + 1)
    assert store.history.of("s1").earlier == ()


def test_the_history_survives_a_restart(tmp_path: Path) -> None:
    first = open_store(tmp_path, "s1")
    first.save_draft("s1", draft(1), keep=True)
    first.close()
    second = Store(tmp_path)
    assert titles(second) == ([0], 1, [])
    second.close()


@settings(deadline=None)  # it writes to the disk, which others use too
@given(st.lists(st.integers(-3, 3), max_size=20))
def test_it_is_a_list_of_pages_and_a_bookmark(tmp_path_factory: pytest.TempPathFactory, walk: list[int]) -> None:
    store = open_store(tmp_path_factory.mktemp("history"), "s1")
    pages, at = [0], 0
    for number, step in enumerate(walk, start=1):
        if step == 0:
            pages, at = [*pages[: at + 1], number], at + 1
            store.save_draft("s1", draft(number), keep=True)
        elif 0 <= at + step < len(pages):
            at += step
            store.save_draft("s1", draft(pages[at]), move=step)
        assert titles(store) == (pages[:at], pages[at], pages[at + 1 :])
    store.close()
