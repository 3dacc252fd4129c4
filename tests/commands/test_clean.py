"""``nemo-widgets clean``: what goes, what stays, and what is said of it."""

import pytest

from nemo_widgets.library import Library

from .conftest import Program, kept, left_behind


def test_there_is_nothing_to_delete_where_nothing_is_kept(program: Program) -> None:
    assert program("clean") == (0, "Nothing is kept here, so there is nothing to delete.\n", "")


def test_what_is_in_use_stays_unless_asked_for(program: Program, library: Library, session: int) -> None:
    digest = kept(library, b"x" * 300_000)
    library.ledger.end(library.ledger.begin("export", session, ""), "done", clip=digest)
    assert program("clean")[1].startswith("Nothing to delete: the library takes up 0.3 MB of 10,000 MB.")
    told = program("clean", "--unused-for", "0", "--dry-run")[1]
    assert told == "Would delete 1 clip, 0.3 MB; 0.0 MB of 10,000 MB would be left.\n"
    assert library.clips.has(digest)
    assert program("clean", "--unused-for", "0")[1] == "Deleted 1 clip, 0.3 MB; 0.0 MB of 10,000 MB are left.\n"
    assert not library.clips.has(digest)
    assert len(library.ledger.jobs()) == 1, "the history stays"


def test_a_clip_of_an_unfinished_job_stays_whatever_is_asked_for(
    program: Program, library: Library, session: int
) -> None:
    digest, job = kept(library), library.ledger.begin("export", session, "")
    library.ledger.clip_kept(job, digest)
    left_behind(library, job)
    program("clean", "--unused-for", "0")
    assert library.clips.has(digest)


def test_a_job_is_forgotten(program: Program, library: Library, session: int) -> None:
    job = library.ledger.begin("message", session, "a secret plan")
    assert "Would take 1 job out" in program("clean", "--forget", job, "--dry-run")[1]
    assert library.ledger.job(job) is not None
    assert "Took 1 job out of the history." in program("clean", "--forget", job)[1]
    assert library.ledger.job(job) is None
    code, said, error = program("clean", "--forget", "message-none")
    assert (code, said) == (2, "")
    assert "nothing was done" in error


@pytest.mark.parametrize("days", ["-1", "some", "nan", "inf"])
def test_days_that_are_none_are_wrong_use(program: Program, days: str) -> None:
    code, _, error = program("clean", f"--unused-for={days}")
    assert code == 2
    assert "no number of days" in error
