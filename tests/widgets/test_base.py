"""Every question from the browser gets one answer, whatever it is and whichever thread it comes on."""

import asyncio
import base64
import gzip
import logging
import os
import subprocess
import sys
import threading

import pytest

from nemo_widgets.errors import InputError
from nemo_widgets.widgets.base import Answer, Buffers, Later, NemoWidget
from nemo_widgets.widgets.messages import Ask, Done, StartExport, StopAnswer, StopExport
from nemo_widgets.widgets.runtime import bundle


class Desk(NemoWidget):
    """Answers at once, later, or not as it should."""

    def __init__(self) -> None:
        super().__init__(_kind="desk")
        self.begun = threading.Event()
        self.cancelled = threading.Event()

    def answer(self, ask: Ask, buffers: Buffers) -> Answer | Later:
        match ask:
            case StopAnswer():
                return Done(id=ask.id)
            case StartExport():
                return self._much_later(ask.id)
            case StopExport():
                raise InputError("There is nothing to stop.")
            case _:
                raise ZeroDivisionError("nobody thought of this")

    async def _much_later(self, asked_as: str) -> Answer:
        self.begun.set()
        try:
            await asyncio.sleep(60)
        except asyncio.CancelledError:
            self.cancelled.set()
            raise
        return Done(id=asked_as)


def test_a_question_is_answered_under_its_own_id(view_of) -> None:
    assert view_of(Desk()).ask("stop_answer")["type"] == "done"


def test_a_refusal_comes_in_the_errors_own_words(view_of) -> None:
    assert view_of(Desk()).ask("stop_export")["message"] == "There is nothing to stop."


def test_what_nobody_foresaw_is_answered_too_and_logged(view_of, caplog) -> None:
    with caplog.at_level(logging.ERROR):
        reply = view_of(Desk()).ask("read_range", clip="a", offset=0, length=1)
    assert reply["type"] == "failed"
    assert "nobody thought of this" in reply["message"]
    assert "ZeroDivisionError" in caplog.text


@pytest.mark.parametrize(
    "content",
    [
        {"type": "no_such_thing", "id": "v-1"},
        {"type": "read_range", "id": "v-1", "clip": "a", "offset": "zero", "length": 1},
        {"type": "read_range", "id": "v-1"},
        {"id": "v-1"},
    ],
)
def test_a_message_that_is_none_gets_an_error_reply_and_no_exception(view_of, content) -> None:
    view = view_of(Desk())
    view.send(content)
    assert [reply["type"] for reply in view.replies("v-1")] == ["failed"]


@pytest.mark.parametrize("content", [None, 7, "hello", [], {"type": "read_range"}, {"type": "cancel", "id": "unknown"}])
def test_a_message_that_nobody_waits_for_is_passed_over(view_of, content) -> None:
    view = view_of(Desk())
    view.send(content)
    assert view.line.messages == []
    assert view.ask("stop_answer")["type"] == "done"


def test_a_cancelled_question_stops_its_work_and_gets_no_answer(view_of) -> None:
    desk = Desk()
    view = view_of(desk)
    view.send({"type": "start_export", "id": "v-9"})
    assert desk.begun.wait(5)
    view.send({"type": "cancel", "id": "v-9"})
    assert desk.cancelled.wait(5)
    assert view.ask("stop_answer")["type"] == "done"
    assert view.replies("v-9") == []


def test_questions_on_many_threads_get_one_answer_each(view_of) -> None:
    view = view_of(Desk())
    start = threading.Barrier(8)

    def ask_often(name: int) -> None:
        start.wait()
        for number in range(50):
            view.send({"type": "stop_answer", "id": f"{name}-{number}"})

    threads = [threading.Thread(target=ask_often, args=(name,)) for name in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    answered = [content["id"] for content, _ in view.line.messages]
    assert sorted(answered) == sorted(f"{name}-{number}" for name in range(8) for number in range(50))


def test_the_bundle_travels_once_however_many_widgets_there_are() -> None:
    one, other = Desk(), Desk()
    assert one._runtime is other._runtime
    assert len(one._esm) < 2000
    assert len(one._runtime._esm) < 2000
    assert gzip.decompress(base64.b64decode(one._runtime._bundle)) == bundle().read_bytes()
    assert len(one._runtime._bundle) < bundle().stat().st_size / 2


def test_a_new_carrier_is_made_when_all_widgets_were_closed() -> None:
    first = Desk()._runtime
    first.close()
    assert Desk()._runtime is not first


def test_closing_cancels_what_a_view_waits_for(view_of) -> None:
    desk = Desk()
    view_of(desk).send({"type": "start_export", "id": "v-9"})
    assert desk.begun.wait(5)
    desk.close()
    assert desk.cancelled.wait(5)
    desk.close()


def test_with_hot_reload_each_widget_carries_the_bundle_itself() -> None:
    code = (
        "from nemo_widgets.widgets.base import NemoWidget\n"
        "class Desk(NemoWidget): pass\n"
        "print(len(Desk(_kind='desk')._esm) > 20_000)"
    )
    ran = subprocess.run(
        [sys.executable, "-c", code],
        env={**os.environ, "ANYWIDGET_HMR": "1", "PYTHONPATH": os.pathsep.join(sys.path)},
        capture_output=True,
        text=True,
        timeout=60,
        check=True,
    )
    assert ran.stdout.strip() == "True"
