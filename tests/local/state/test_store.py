"""What the studio remembers, and for how long."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from nemo_widgets.local.state.housekeeping import KEPT_S, tidy
from nemo_widgets.local.state.records import Account, AssetRecord, FileRecord, SessionRecord
from nemo_widgets.local.state.store import Store

WEEK_S = 7 * 24 * 3600.0


class Clock:
    """A clock that a test moves."""

    def __init__(self) -> None:
        self.now_s = 1_000_000.0

    def __call__(self) -> float:
        return self.now_s


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def store(tmp_path: Path, clock: Clock) -> Iterator[Store]:
    store = Store(tmp_path / "state", clock=clock)
    yield store
    store.close()


def session(name: str, used_at: float) -> SessionRecord:
    return SessionRecord(name, f"t_{name}", "me", "project", "en", 1, 0, 0, "{}", "[]", used_at)


def with_file(store: Store, session_id: str, name: str) -> Path:
    """Keep a file as an upload of a session."""
    path = store.folder / "assets" / name
    path.write_bytes(b"x")
    store.add_file(FileRecord(f"key-{name}", session_id, name, f"assets/{name}", "image/png"))
    store.add_asset(AssetRecord(f"key-{name}", session_id, name, "image", 1, "digest", None, 1, 1, None))
    return path


def test_a_token_is_valid_until_it_expires(store: Store, clock: Clock) -> None:
    store.save_account(Account("anon_1", "client", "digest", clock() + WEEK_S, 100))
    clock.now_s += WEEK_S - 1
    assert store.account_of("digest") is not None
    clock.now_s += 1
    assert store.account_of("digest") is None
    assert store.account_for("client") is not None


def test_a_new_token_leaves_the_credits_as_they_are(store: Store) -> None:
    store.save_account(Account("anon_1", "client", "old", 2e9, 100))
    store.spend("anon_1", 30)
    store.save_account(Account("anon_1", "client", "new", 2e9, 100))
    assert store.credits("anon_1") == 70
    assert store.account_of("old") is None


def test_everything_survives_a_restart(tmp_path: Path) -> None:
    first = Store(tmp_path)
    first.add_session(session("s1", first.clock()))
    first.save_draft("s1", {"t": [], "m": {"title": "夜"}, "unknown": [1]})
    assert first.accept_messages(["s1", "s1"]) == [0, 1]
    first.close()
    second = Store(tmp_path)
    kept = second.session("s1")
    second.close()
    assert kept is not None
    assert (kept.draft, kept.accepted) == ({"t": [], "m": {"title": "夜"}, "unknown": [1]}, 2)


def test_sessions_that_nobody_uses_are_forgotten_with_their_files(store: Store, clock: Clock) -> None:
    for name in ("old", "used"):
        store.add_session(session(name, clock()))
    old, used = with_file(store, "old", "old.png"), with_file(store, "used", "used.png")
    clock.now_s += KEPT_S
    store.accept_messages(["used"])
    clock.now_s += 1
    tidy(store)
    assert (store.session("old"), store.assets("old"), old.exists()) == (None, [], False)
    assert store.session("used") is not None
    assert used.exists()


def test_what_a_killed_process_left_lying_is_removed(store: Store, clock: Clock) -> None:
    store.add_session(session("s1", clock()))
    kept = with_file(store, "s1", "kept.png")
    parts = store.folder / "renders" / ".x.mp4.parts"
    parts.mkdir()
    (parts / "0.mp4").write_bytes(b"x")
    (store.folder / "raw" / "torn.mp4").write_bytes(b"x")
    tidy(store)
    assert kept.exists()
    assert list((store.folder / "renders").iterdir()) == []
    assert list((store.folder / "raw").iterdir()) == []
