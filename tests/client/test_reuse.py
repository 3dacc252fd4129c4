"""An identical request gets the answer that was paid for before; anything else is sent."""

import asyncio
from pathlib import Path

import pytest

from nemo_widgets import kernel
from nemo_widgets.client import Client, Session, Turn, connect
from nemo_widgets.client.history import history
from nemo_widgets.compare import Sweep, compare
from nemo_widgets.errors import InputError, NemoError
from nemo_widgets.local import LocalStudio, Options
from nemo_widgets.protocol.events import TextDelta

from ..small_files import make
from .conftest import DRAFT, TITLED, TOKEN, Answer, FastClock, Service, stream, text

CITY = "a city at night"


@pytest.fixture(autouse=True)
def answers(service: Service) -> None:
    service.script["chat"].extend(
        [
            stream(text("The city glows."), draft=DRAFT),
            stream(text("It has a title."), draft=TITLED),
            stream(text("Third."), draft=DRAFT),
        ]
    )


def send(session: Session, words: str = CITY, *, reuse: bool = True, repeat: int = 1) -> Turn:
    return kernel.run(session.send(words, show=False, reuse=reuse, repeat=repeat))


def fresh(client: Client, service: Service) -> Session:
    """Return a new session; the service's only timeline is empty again, as a new session's is."""
    service.draft = {}
    return client.new_session()


def test_the_first_message_of_a_new_session_is_answered_from_the_library(client: Client, service: Service) -> None:
    first = send(fresh(client, service))
    asked = len(service.calls)
    again = send(fresh(client, service))
    assert len(service.calls) == asked, "nothing was asked of the service"
    assert service.accepted == 1
    assert (again.text, again.events, again.changes) == (first.text, first.events, first.changes)
    assert again.draft.raw == first.draft.raw
    assert (again.credits_spent, first.credits_spent) == (0, 10)
    assert again.note.startswith("From the library: made on ")
    assert again.note.endswith("nothing was sent.")
    assert first.note == ""


def test_it_says_so_where_the_answer_is_shown(
    client: Client, service: Service, capsys: pytest.CaptureFixture[str]
) -> None:
    send(fresh(client, service))
    kernel.run(fresh(client, service).send(CITY, reuse=True))
    shown = capsys.readouterr().out
    assert "The city glows." in shown
    assert "From the library" in shown


def test_a_stream_gives_the_kept_events(client: Client, service: Service) -> None:
    send(fresh(client, service))

    async def heard() -> list[str]:
        async with fresh(client, service).stream(CITY, reuse=True) as events:
            return [event.text async for event in events if isinstance(event, TextDelta)]

    assert kernel.run(heard()) == ["The city glows."]
    assert service.accepted == 1


def test_without_being_asked_to_nothing_is_reused(client: Client, service: Service) -> None:
    send(fresh(client, service), reuse=False)
    send(fresh(client, service), reuse=False)
    assert service.accepted == 2


def test_another_take_is_sent_once_and_then_kept_as_well(client: Client, service: Service) -> None:
    takes = [send(fresh(client, service), repeat=number).text for number in (1, 2, 1, 2)]
    assert takes == ["The city glows.", "It has a title.", "The city glows.", "It has a title."]
    assert service.accepted == 2


@pytest.mark.parametrize("repeat", [0, -1, 1.5])
def test_a_take_that_is_none_is_refused(client: Client, service: Service, repeat: int) -> None:
    with pytest.raises(InputError, match="is no take"):
        send(fresh(client, service), repeat=repeat)
    assert service.calls == []


def test_other_words_another_language_or_other_files_are_another_request(
    client: Client, service: Service, tmp_path: Path
) -> None:
    send(fresh(client, service))
    send(fresh(client, service), CITY + "!")
    service.draft = {}
    send(client.new_session(language="fr"))
    assert service.accepted == 3
    given = fresh(client, service)
    kernel.run(given.upload(make("png")))
    send(given)
    assert service.accepted == 4


def test_the_same_file_makes_the_same_request(client: Client, service: Service) -> None:
    for _ in range(2):
        session = fresh(client, service)
        kernel.run(session.upload(make("png")))
        turn = send(session)
    assert service.accepted == 1
    assert turn.note


def test_a_conversation_is_reused_message_by_message(client: Client, service: Service) -> None:
    paid = fresh(client, service)
    first, second = send(paid), send(paid, "add a title")
    session = fresh(client, service)
    assert [send(session).text, send(session, "add a title").text] == [first.text, second.text]
    assert kernel.run(session.draft()).raw == second.draft.raw
    assert service.accepted == 2
    other = fresh(client, service)
    send(other, "add a title")
    assert service.accepted == 3, "as a first message it is another request"


def test_exporting_a_kept_answer_gives_the_kept_clip(client: Client, service: Service, tmp_path: Path) -> None:
    paid = fresh(client, service)
    send(paid)
    kernel.run(paid.export(tmp_path / "paid.mp4", show=False))
    asked = len(service.calls)
    session = fresh(client, service)
    send(session)
    clip = kernel.run(session.export(tmp_path / "kept.mp4", show=False))
    assert clip.path.read_bytes() == service.clip
    assert len(service.calls) == asked


def test_exporting_it_otherwise_renders_in_the_session_it_was_made_in(
    client: Client, service: Service, tmp_path: Path
) -> None:
    paid = fresh(client, service)
    send(paid)
    kernel.run(paid.export(tmp_path / "paid.mp4", show=False))
    session = fresh(client, service)
    send(session)
    service.draft = DRAFT
    kernel.run(session.export(tmp_path / "small.mp4", resolution="360p", show=False))
    assert [call.json["sessionId"] for call in service.told("submit")] == ["s1", "s1"]
    assert len(service.told("session")) == 1


def test_what_is_said_next_goes_on_in_the_session_it_was_made_in(client: Client, service: Service) -> None:
    send(fresh(client, service))
    session = fresh(client, service)
    send(session)
    service.draft = DRAFT
    assert send(session, "add a title", reuse=False).text == "It has a title."
    assert session.id == "s1"
    assert [call.json["session_id"] for call in service.told("chat")] == ["s1", "s1"]


def test_a_session_that_was_gone_on_with_elsewhere_is_not_touched(client: Client, service: Service) -> None:
    send(fresh(client, service))
    session = fresh(client, service)
    send(session)
    service.draft = TITLED
    with pytest.raises(InputError, match=r"Nothing was sent.*has been changed since"):
        send(session, "add a title", reuse=False)
    assert service.accepted == 1


@pytest.mark.parametrize("answer", [Answer({"code": 1002}), Answer({"detail": "Not Found"}, status=404)])
def test_a_session_that_the_service_forgot_is_told(client: Client, service: Service, answer: Answer) -> None:
    send(fresh(client, service))
    session = fresh(client, service)
    send(session)
    service.script["state"].append(answer)
    with pytest.raises(InputError, match=r"Nothing was sent.*does not know that session any more"):
        send(session, "add a title", reuse=False)
    assert service.accepted == 1


def test_two_identical_requests_at_once_are_paid_for_once(client: Client, service: Service) -> None:
    async def both() -> list[Turn]:
        one, other = client.new_session(), client.new_session()
        return await asyncio.gather(*(each.send(CITY, show=False, reuse=True) for each in (one, other)))

    turns = kernel.run(both())
    assert service.accepted == 1
    assert sorted(bool(turn.note) for turn in turns) == [False, True]


def test_an_answer_that_failed_is_not_reused(client: Client, service: Service) -> None:
    service.script["chat"].appendleft(stream({"type": "error", "message": "no GPU"}, draft={}))
    with pytest.raises(Exception, match="no GPU"):
        send(fresh(client, service))
    assert send(fresh(client, service)).text == "The city glows."
    assert service.accepted == 2


def test_another_service_answers_for_itself(client: Client, service: Service, clock: FastClock) -> None:
    send(fresh(client, service))
    service.draft = {}

    async def elsewhere() -> Turn:
        async with connect(service.url.replace("127.0.0.1", "localhost"), token=TOKEN, clock=clock) as other:
            return await other.new_session().send(CITY, show=False, reuse=True)

    assert kernel.run(elsewhere()).note == ""
    assert service.accepted == 2


def test_a_kept_answer_that_cannot_be_read_is_sent_again(client: Client, service: Service) -> None:
    send(fresh(client, service))
    library = client.keeper.library
    assert library is not None
    library.database.write(lambda db: db.execute("UPDATE messages SET answer = x'00'"))
    assert send(fresh(client, service)).note == ""
    assert service.accepted == 2


def compared(client: Client, folder: Path, repeats: int = 1) -> Sweep:
    return kernel.run(compare([CITY], repeats=repeats, client=client, folder=folder, reuse=True))


def test_a_comparison_that_was_made_before_is_not_paid_for_again(
    client: Client, service: Service, tmp_path: Path
) -> None:
    first = compared(client, tmp_path / "first")
    service.draft = {}
    again = compared(client, tmp_path / "again", repeats=2)
    assert service.accepted == 2, "the second take alone was sent"
    assert list(first.table["reused"]) == [False]
    assert list(again.table["reused"]) == [True, False]
    assert repr(again) == "<Sweep of 2 variants, 2 done, 1 from the library>"
    assert "From the library" in again.takes[0].state.text
    assert again.clips[0].path.read_bytes() == first.clips[0].path.read_bytes()
    assert again.clips[0].path.parent == tmp_path / "again"
    assert list(again.table["credits_spent"]) == [0, 10]


def test_a_studio_that_says_later_that_it_is_a_local_one_is_the_same_service(tmp_path: Path) -> None:
    async def asked(url: str) -> Turn:
        async with connect(url) as client:
            return await client.new_session().send("hello", show=False, reuse=True)

    with LocalStudio(options=Options(workers=1)) as studio:
        notes = [kernel.run(asked(studio.url)).note for _ in range(2)]
        assert studio.accepted() == 1
    assert [bool(note) for note in notes] == [False, True]
    assert set(history()["backend"]) == {"local"}


def test_the_same_said_again_straight_after_is_answered_for_nothing(client: Client, service: Service) -> None:
    session = fresh(client, service)
    first, again, once_more = (send(session, reuse=reuse) for reuse in (False, True, True))
    assert service.accepted == 1
    assert (again.text, again.events, again.draft.raw) == (first.text, first.events, first.draft.raw)
    assert (again.credits_spent, once_more.credits_spent) == (0, 0)
    assert again.note.startswith("The answer to the same words just before; nothing was sent")
    assert kernel.run(session.draft()).raw == first.draft.raw


def test_an_answer_from_the_library_that_is_asked_for_twice_stays_free(client: Client, service: Service) -> None:
    send(fresh(client, service))
    session = fresh(client, service)
    asked = len(service.calls)
    assert "nothing was sent" in send(session).note
    assert "nothing was sent" in send(session).note
    assert len(service.calls) == asked


@pytest.mark.parametrize("between", ["another message", "a changed timeline", "an upload", "another take"])
def test_the_same_said_again_after_something_else_is_sent_and_says_why(
    client: Client, service: Service, between: str
) -> None:
    session = fresh(client, service)
    send(session)
    repeat = 1
    match between:
        case "another message":
            send(session, "add a title")
        case "a changed timeline":
            service.draft = TITLED
        case "an upload":
            kernel.run(session.upload(make("png")))
        case "another take":
            repeat = 2
    before = service.accepted
    turn = send(session, repeat=repeat)
    assert service.accepted == before + 1
    assert turn.note.startswith("Sent, though") == (between != "another take")


def test_what_failed_is_not_answered_by_what_was_said_before_it(client: Client, service: Service) -> None:
    session = fresh(client, service)
    send(session)
    service.script["chat"].appendleft(stream(text("Oh"), {"error": "the agent fell over"}, draft=DRAFT))
    with pytest.raises(NemoError):
        send(session, "brighter")
    assert send(session).note.startswith("Sent, though")
