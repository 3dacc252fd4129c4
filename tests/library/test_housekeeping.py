"""What goes when there is no room, and what never does."""

import os
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nemo_widgets.errors import LibraryError
from nemo_widgets.library import Library
from nemo_widgets.library.housekeeping import IN_USE_S, Space, fits, to_delete, unused
from nemo_widgets.library.records import ClipRecord

from .conftest import LOCAL, FakeTime, put

NOW = 1_800_000_000.0


@st.composite
def clips(draw: st.DrawFn) -> list[ClipRecord]:
    ages = draw(st.lists(st.floats(0, 3 * IN_USE_S), max_size=8))
    sizes = draw(st.lists(st.integers(0, 500), min_size=len(ages), max_size=len(ages)))
    return [
        ClipRecord(f"{number:064x}", size, 0.0, NOW - age, {})
        for number, (age, size) in enumerate(zip(ages, sizes, strict=True))
    ]


@given(clips(), st.integers(0, 2000), st.integers(0, 1000), st.data())
def test_what_is_in_use_stays_and_no_more_goes_than_must(
    there: list[ClipRecord], max_bytes: int, coming_bytes: int, data: st.DataObject
) -> None:
    held = frozenset(data.draw(st.sets(st.sampled_from([clip.digest for clip in there])))) if there else frozenset()
    idle = unused(there, held, NOW)
    space = Space(sum(clip.size_bytes for clip in there), max_bytes, tuple(idle))
    going = to_delete(space, coming_bytes)

    assert all(clip.digest not in held and clip.used_at < NOW - IN_USE_S for clip in going)
    assert going == idle[: len(going)], "the ones that nobody has used for longest go first"
    left_bytes = space.size_bytes - sum(clip.size_bytes for clip in going) + coming_bytes
    assert left_bytes <= max_bytes or going == idle, "all of the unused go before there is no room"
    assert fits(space, coming_bytes) == (left_bytes <= max_bytes)
    if going:
        assert left_bytes + going[-1].size_bytes > max_bytes, "the last one had to go as well"


def test_a_full_library_makes_room_by_its_oldest_unused_clip(library: Library, clock: FakeTime) -> None:
    oldest, older = put(library, b"a" * 400_000), put(library, b"b" * 400_000)
    clock.now += IN_USE_S + 1
    newest = put(library, b"c" * 400_000)
    assert {clip.digest for clip in library.all_clips()} == {older, newest}
    assert not library.clips.has(oldest)


def test_a_download_that_its_kernel_did_not_finish_makes_room_after_a_day(library: Library) -> None:
    with library.clips.incoming() as part:
        part.write_bytes(b"half" * 200_000)
        left = part.with_name("left-by-another.part")
        part.rename(left)
    with pytest.raises(LibraryError, match="no room"):
        put(library, b"a" * 400_000)
    a_day_ago = time.time() - 86_500
    os.utime(left, (a_day_ago, a_day_ago))
    put(library, b"a" * 400_000)
    assert not left.exists()


def test_a_library_full_of_clips_in_use_takes_no_more_and_loses_none(library: Library) -> None:
    kept = [put(library, bytes([number]) * 400_000) for number in range(2)]
    with pytest.raises(LibraryError, match="no room for this clip"):
        put(library, b"c" * 400_000)
    assert all(library.clips.has(digest) for digest in kept)
    assert library.clips.size_bytes() < 1_000_000


def test_a_clip_of_a_job_that_has_not_ended_stays_however_old(library: Library, clock: FakeTime) -> None:
    digest = put(library, b"film")
    session = library.ledger.begin_session(LOCAL, "project", None)
    job = library.ledger.begin("export", session, "")
    library.ledger.end(job, "unclear", clip=digest)
    clock.now += 10 * IN_USE_S
    assert library.clean(unused_for_s=0).clips == ()
    library.ledger.end(job, "done")
    assert [clip.digest for clip in library.clean(unused_for_s=0).clips] == [digest]


def test_using_a_clip_keeps_it_for_longer(library: Library, clock: FakeTime) -> None:
    digest = put(library, b"a" * 800_000)
    clock.now += IN_USE_S + 1
    assert library.use(digest)
    with pytest.raises(LibraryError, match="no room"):
        put(library, b"b" * 800_000)


def test_what_would_be_deleted_is_told_without_deleting_it(library: Library, clock: FakeTime) -> None:
    digest = put(library, b"a" * 5000)
    clock.now += 100
    planned = library.clean(unused_for_s=50, dry_run=True)
    assert [clip.digest for clip in planned.clips] == [digest]
    assert library.clips.has(digest)
    done = library.clean(unused_for_s=50)
    assert (done.clips, done.freed_bytes) == (planned.clips, planned.freed_bytes)
    assert not library.clips.has(digest)


def test_forgetting_a_job_lets_its_clip_go_unless_another_job_names_it(library: Library) -> None:
    shared, own = put(library, b"shared"), put(library, b"own")
    session = library.ledger.begin_session(LOCAL, "project", None)
    jobs = []
    for digest in (shared, shared, own):
        jobs.append(library.ledger.begin("export", session, ""))
        library.ledger.end(jobs[-1], "done", clip=digest)
    assert library.forget(jobs[0], jobs[2], "export-nothing") == 2
    assert [clip.digest for clip in library.clean(unused_for_s=IN_USE_S).clips] == [own]
    assert library.clips.has(shared)
