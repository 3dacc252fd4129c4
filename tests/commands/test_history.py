"""``nemo-widgets history`` as a person reads it."""

import csv
import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nemo_widgets.commands.history import table
from nemo_widgets.library import JobRecord, Library
from nemo_widgets.library.owner import Owner
from nemo_widgets.library.records import STATES
from nemo_widgets.terminal import width

from .conftest import LOCAL, Program, kept, left_behind


def test_an_empty_history_says_so(program: Program) -> None:
    assert program("history") == (0, "The history has nothing yet.\n", "")
    assert program("history", "--text", "city")[1] == "The history has nothing like that.\n"


def test_a_history_that_is_switched_off_says_so(program: Program, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NEMO_LIBRARY", "off")
    assert program("history") == (0, "NEMO_LIBRARY is off, so no history is kept.\n", "")
    assert program("resume")[1] == "Nothing was left unfinished.\n"


def test_each_job_is_a_line_and_what_is_unfinished_is_told(program: Program, library: Library, session: int) -> None:
    message = library.ledger.begin("message", session, "a city\nat night")
    library.ledger.answered(message, {"text": "Done"}, 100.0)
    export = library.ledger.begin("export", session, "a city at night", path="/tmp/city.mp4")
    left_behind(library, export)
    code, said, _ = program("history")
    head, first, second, last = said.splitlines()
    assert code == 0
    assert head.split() == ["JOB", "BEGAN", "STATE", "TOOK", "CREDITS", "PROMPT", "OR", "FILE"]
    assert first.startswith(message)
    assert first.endswith("100  a city at night")
    assert second.startswith(export)
    assert "interrupted" in second
    assert second.endswith("/tmp/city.mp4")
    assert last == "1 left unfinished: nemo-widgets resume takes it up."


def test_only_the_last_ones_are_shown_and_it_is_said_how_to_see_all(
    program: Program, library: Library, session: int
) -> None:
    for number in range(5):
        library.ledger.end(library.ledger.begin("message", session, f"prompt {number}"), "done")
    said = program("history", "--last", "2")[1].splitlines()
    assert [line.rsplit("  ", 1)[-1] for line in said[1:3]] == ["prompt 3", "prompt 4"]
    assert said[3] == "3 earlier ones: --last 0 shows all."
    assert len(program("history", "--last", "0")[1].splitlines()) == 6


def test_a_spreadsheet_gets_all_columns(program: Program, library: Library, session: int) -> None:
    digest = kept(library)
    library.ledger.end(library.ledger.begin("export", session, 'say "hi", 你好'), "done", clip=digest)
    (row,) = csv.DictReader(io.StringIO(program("history", "--csv", "--kind", "export")[1]))
    assert (row["text"], row["width"], row["kept"], row["state"]) == ('say "hi", 你好', "640", "True", "done")
    assert program("history", "--csv", "--state", "failed")[1].count("\n") == 1, "the head alone"
    for number in range(25):
        library.ledger.end(library.ledger.begin("message", session, f"prompt {number}"), "done")
    assert program("history", "--csv")[1].count("\n") == 1 + 26, "all of them"
    assert program("history", "--csv", "--last", "3")[1].count("\n") == 1 + 3


@pytest.mark.parametrize(
    ("arguments", "words"),
    [(["--since", "soon"], "is no time"), (["--last", "few"], "is no number"), (["--kind", "film"], "invalid choice")],
)
def test_a_slip_is_wrong_use(program: Program, arguments: list[str], words: str) -> None:
    code, said, error = program("history", *arguments)
    assert (code, said) == (2, "")
    assert words in error


def backdate(library: Library, job: str, days: int) -> None:
    sql = "UPDATE jobs SET began_at = began_at - ? WHERE id = ?"
    library.database.write(lambda db: db.execute(sql, (days * 86_400, job)))


def test_only_what_began_since_then_is_listed(program: Program, library: Library, session: int) -> None:
    for days, prompt in ((3, "an old city"), (0, "a new city")):
        job = library.ledger.begin("message", session, prompt)
        library.ledger.end(job, "done")
        backdate(library, job, days)
    code, said, _ = program("history", "--since", "yesterday")
    assert code == 0
    assert [line.rsplit("  ", 1)[-1] for line in said.splitlines()[1:]] == ["a new city"]
    assert len(program("history", "--since", "4d")[1].splitlines()) == 3
    (row,) = csv.DictReader(io.StringIO(program("history", "--since", "Yesterday", "--csv")[1]))
    assert row["text"] == "a new city"


@st.composite
def jobs(draw: st.DrawFn) -> JobRecord:
    state = draw(st.sampled_from(STATES[:5]))
    ended_at = draw(st.none() | st.floats(0, 2e9))
    return JobRecord(
        "export-4f2a91c07b", "message", state, LOCAL, 1, "s1", "project", draw(st.text(max_size=200)), "", 1.7e9,
        ended_at, Owner("host", 1, 0.0), draw(st.none() | st.floats(0, 1e6)), "", "",
    )  # fmt: skip


@given(st.lists(jobs(), min_size=1, max_size=5), st.integers(40, 200))
def test_whatever_was_asked_for_every_job_is_one_line_that_fits(found: list[JobRecord], columns: int) -> None:
    lines = table(found, columns).splitlines()
    assert len(lines) == len(found) + 1
    longest = max(map(width, lines))
    assert longest <= max(columns, 110)
    assert not any(char in line for line in lines for char in "\x1b\x07\r")
