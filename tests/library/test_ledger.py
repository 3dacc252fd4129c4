"""Rows against a plain model of them, and the words that find them again."""

import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

import psutil
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import Bundle, RuleBasedStateMachine, invariant, rule

from nemo_widgets.library import Library, Wanted
from nemo_widgets.library.owner import Owner
from nemo_widgets.library.records import Before, UploadedFile

from .conftest import CLOUD, LOCAL, FakeTime

KINDS = st.sampled_from(["message", "upload", "export", "preview"])
TEXTS = st.text(st.characters(blacklist_categories=["Cs"]), max_size=20)


class LedgerMachine(RuleBasedStateMachine):
    """Whatever is written, in whatever order and however often the file is closed meanwhile, is read again."""

    jobs: Bundle[str] = Bundle("jobs")

    def __init__(self) -> None:
        super().__init__()
        self.folder = tempfile.TemporaryDirectory()
        self.clock = FakeTime()
        self.library = Library(Path(self.folder.name), max_bytes=10**6, clock=self.clock)
        self.sessions = [self.library.ledger.begin_session(place, "project", None) for place in (LOCAL, CLOUD)]
        self.model: dict[str, dict[str, Any]] = {}

    def teardown(self) -> None:
        self.library.close()
        self.folder.cleanup()

    @rule(target=jobs, kind=KINDS, which=st.integers(0, 1), text=TEXTS)
    def begin(self, kind: Any, which: int, text: str) -> str:
        job = self.library.ledger.begin(kind, self.sessions[which], text)
        self.model[job] = {"kind": kind, "state": "running", "error": "", "backend": ["local", "cloud"][which]}
        return job

    @rule(job=jobs, state=st.sampled_from(["done", "failed", "stopped", "unclear"]), error=st.sampled_from(["", "no"]))
    def end(self, job: str, state: Any, error: str) -> None:
        self.library.ledger.end(job, state, error=error)
        if job in self.model:
            self.model[job] |= {"state": state, "error": error}

    @rule(job=jobs)
    def take_over(self, job: str) -> None:
        row = self.model.get(job, {})
        can = row.get("kind") in ("message", "export") and row.get("state") == "unclear"
        assert self.library.ledger.take_over(job) == can
        if can:
            row["state"] = "running"

    @rule(job=jobs)
    def forget(self, job: str) -> None:
        assert self.library.forget(job) == (self.model.pop(job, None) is not None)

    @rule()
    def reopen(self) -> None:
        self.library.close()

    @invariant()
    def the_rows_are_those_of_the_model(self) -> None:
        rows = self.library.ledger.jobs()
        told = {
            row.id: {"kind": row.kind, "state": row.state, "error": row.error, "backend": row.place.backend}
            for row in rows
        }
        assert told == self.model
        assert [row.began_at for row in rows] == sorted(row.began_at for row in rows)


TestLedger = LedgerMachine.TestCase
TestLedger.settings = settings(max_examples=15, stateful_step_count=15, deadline=None)


def test_jobs_are_found_by_what_is_said_of_them(library: Library, clock: FakeTime) -> None:
    ledger = library.ledger
    here, there = ledger.begin_session(LOCAL, "project", "en"), ledger.begin_session(CLOUD, "film", None)
    ledger.session_opened(here, "s1", "local")
    city = ledger.begin("message", here, "a City at night")
    clock.now += 100
    sea = ledger.begin("message", there, "the sea")
    export = ledger.begin("export", here, "", path="/tmp/city.mp4")
    ledger.end(sea, "failed", error="The render failed")

    def found(**said: Any) -> list[str]:
        return [job.id for job in ledger.jobs(Wanted(**said))]

    assert found() == [city, sea, export]
    assert found(session="s1") == [city, export]
    assert found(text="CITY") == [city]
    assert found(backends=["cloud"]) == [sea]
    assert found(states=["failed", "done"]) == [sea]
    assert found(kinds=["export"]) == [export]
    assert found(since=clock.now - 50) == [sea, export]
    assert found(job="no-such") == []


def test_the_same_session_of_a_service_is_one_row(library: Library) -> None:
    opened = library.ledger.begin_session(LOCAL, "project", "en")
    library.ledger.session_opened(opened, "s1", "local")
    assert library.ledger.session_of(LOCAL, "s1", "project") == opened
    assert library.ledger.session_of(CLOUD, "s1", "project") != opened


def test_a_running_job_is_interrupted_once_its_process_is_gone(library: Library) -> None:
    session = library.ledger.begin_session(LOCAL, "project", None)
    ours, theirs = library.ledger.begin("export", session, ""), library.ledger.begin("export", session, "")
    assert library.ledger.orphans() == []
    with subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE) as child:
        began_at = psutil.Process(child.pid).create_time()
        library.database.write(
            lambda db: db.execute(
                "UPDATE jobs SET pid = ?, pid_began_at = ? WHERE id = ?", (child.pid, began_at, theirs)
            )
        )
        assert library.ledger.orphans() == [], "while it runs it is its owner's"
        assert not library.ledger.take_over(theirs)
        child.kill()
    assert [job.id for job in library.ledger.orphans()] == [theirs]
    assert library.ledger.job(theirs).shown_state == "interrupted"  # type: ignore[union-attr]
    assert library.ledger.take_over(theirs)
    assert not library.ledger.take_over(theirs), "only one takes it over"
    assert not library.ledger.take_over(ours)


def test_a_process_is_told_from_a_later_one_with_its_number() -> None:
    this = Owner.this()
    assert not this.is_gone(0)
    assert Owner(this.host, this.pid, this.began_at - 3600).is_gone(0)
    assert Owner(this.host, 2**22 + 1, this.began_at).is_gone(0)


def test_a_process_of_another_machine_counts_as_gone_after_an_hour(clock: FakeTime) -> None:
    other = Owner("another-machine", os.getpid(), 0.0)
    assert not other.is_gone(time.time() - 60)
    assert other.is_gone(time.time() - 7200)


def test_a_message_keeps_what_it_met_and_what_came(library: Library) -> None:
    ledger = library.ledger
    session = ledger.begin_session(LOCAL, "project", None)
    first = ledger.begin("message", session, "a city")
    assert ledger.before(first) is None, "it was not sent"
    ledger.about_to_send(first, "r1", Before({"t": [{"m": {"url": "https://h/a?sig=1"}}]}, 2))
    assert ledger.before(first) == Before({"t": [{"m": {"url": "https://h/a"}}]}, 2)
    assert ledger.answer_to("r1", 1) is None, "it has no answer yet"
    ledger.answered(first, {"text": "Done: https://h/b?sig=2 \ud800"}, 90.0)
    kept = ledger.answer_to("r1", 1)
    assert kept is not None
    assert kept.answer["text"].startswith("Done: https://h/b ")
    assert kept.job.credits_spent == 90
    assert ledger.answer_to("r1", 2) is None
    assert ledger.answer_to("r2", 1) is None

    second = ledger.begin("message", session, "a city")
    ledger.about_to_send(second, "r1", Before({"d": 5}, 3))
    ledger.answered(second, {"text": "Another take"}, None)
    take = ledger.answer_to("r1", 2)
    assert take is not None
    assert take.job.id == second
    job = ledger.job(first)
    assert job is not None
    assert ledger.next_before(job) == Before({"d": 5}, 3)


def test_an_export_keeps_its_id_and_finds_the_clip_of_the_same_timeline(library: Library) -> None:
    ledger = library.ledger
    session = ledger.begin_session(LOCAL, "project", None)
    job = ledger.begin("export", session, "", path="/tmp/a\udcff.mp4", output={"quality": "high", "format": "mp4"})
    ledger.about_to_render(job, "render_1", "draft-digest")
    render = ledger.render(job)
    assert render is not None
    assert (render.remote_id, render.draft, render.output["format"]) == ("render_1", "draft-digest", "mp4")
    with library.clips.incoming() as part:
        part.write_bytes(b"film")
        clip = library.keep(part, {})
    ledger.end(job, "done", clip=clip.digest)
    wanted = {"format": "mp4", "quality": "high"}
    assert ledger.clip_of(LOCAL, "draft-digest", wanted) == clip.digest
    assert ledger.clip_of(LOCAL, "another", wanted) is None
    assert ledger.clip_of(LOCAL, "draft-digest", {**wanted, "resolution": "720p"}) is None
    assert ledger.clip_of(CLOUD, "draft-digest", wanted) is None
    ledger.uploads(job, [UploadedFile("a\ud800.mp4", "d1", 5)])


def test_no_secret_reaches_the_disk(library: Library) -> None:
    ledger = library.ledger
    session = ledger.begin_session(LOCAL, "nmv_usr_1secret", None)
    job = ledger.begin("message", session, "use nmv_usr_2secret and https://h/a?sig=3secret")
    ledger.about_to_send(job, None, Before({"claim_token": "4secret"}, 0))
    ledger.answered(job, {"events": [{"args": {"link": "https://h/claim?ct=5secret"}}]}, None)
    ledger.end(job, "failed", error="refused Bearer 6secret6secret")
    ledger.uploads(job, [UploadedFile("clm_7secret", "https://h?8secret", None)])
    library.close()
    for file in library.folder.rglob("*"):
        if file.is_file():
            assert b"secret" not in file.read_bytes(), file
