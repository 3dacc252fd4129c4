"""What the agent says about its web editor: a look is taken for the person, anything else is suggested and not done."""

import pytest

from nemo_widgets import kernel
from nemo_widgets.client import Client, Turn
from nemo_widgets.protocol.suggestions import Suggestion

from .conftest import DRAFT, Answer, Service, refusal, stream, text

EXPORT = Suggestion("export", "To have this as a file", "await session.export()")


def answered(client: Client, service: Service, *said: str, prompt: str = "a city", draft: object = DRAFT) -> Turn:
    service.script["chat"].append(stream(*map(text, said), draft=draft))
    return kernel.run(client.new_session().send(prompt, show=False))


def calls(service: Service) -> list[str]:
    return [name for name, _ in service.calls]


def test_what_writes_a_file_is_suggested_and_not_done(client: Client, service: Service) -> None:
    turn = answered(client, service, "Ready. ", "Click Export to download it.")
    assert turn.text == "Ready."
    assert turn.suggestions == (EXPORT,)
    assert turn.shown == ()
    assert {"submit", "status", "file"}.isdisjoint(calls(service))


def test_an_edit_is_suggested_as_the_message_it_would_be_and_not_sent(client: Client, service: Service) -> None:
    turn = answered(client, service, "Ready. You can drag the title to the start. Click [Add Music]. ")
    assert [(found.action, found.prompt) for found in turn.suggestions] == [
        ("edit", "Drag the title to the start"),
        ("edit", "Add Music"),
    ]
    assert turn.suggestions[0].call == 'await session.send("Drag the title to the start")'
    assert service.accepted == len(service.told("chat")) == 1


def test_uploading_and_playing_are_suggested_and_not_done(client: Client, service: Service) -> None:
    turn = answered(client, service, "Ready. Click the Upload button. Press the Play button. ")
    assert [found.action for found in turn.suggestions] == ["upload", "preview"]
    assert {"upload", "file"}.isdisjoint(calls(service))


@pytest.mark.parametrize("said", ["Preview it in the timeline.", "Open the Effects panel.", "打开素材面板。"])
def test_a_look_at_the_timeline_is_taken(client: Client, service: Service, said: str) -> None:
    turn = answered(client, service, "Ready. ", said)
    assert turn.text == "Ready."
    assert turn.shown == ("Timeline (1 track): 1. Video: city (0-1s)",)
    assert turn.suggestions == ()


@pytest.mark.parametrize("said", ["Please check your account for billing details.", "Check your billing page."])
def test_a_look_at_the_credits_is_taken_after_what_the_message_cost(
    client: Client, service: Service, said: str
) -> None:
    turn = answered(client, service, "Ready. ", said)
    assert turn.shown == ("Credits: 80 available",)
    assert turn.credits_spent == 10
    assert calls(service).count("credits") == 2  # the two that tell what it cost are enough


def test_a_look_in_a_chinese_conversation_is_told_in_chinese(client: Client, service: Service) -> None:
    service.script["chat"].append(stream(text("好了。请前往账户页面查看。点击导出按钮。")))
    turn = kernel.run(client.new_session().send("城市夜景", show=False))
    assert turn.text == "好了。"
    assert turn.shown == ("积分：可用 80",)
    assert [str(found) for found in turn.suggestions] == ["导出为文件：`await session.export()`"]


def test_a_look_that_fails_fails_nothing(client: Client, service: Service) -> None:
    service.script["credits"].extend([refusal(9999), refusal(9999), refusal(9999)])
    turn = answered(client, service, "Ready. Check your billing page. Open the timeline. ")
    assert turn.text == "Ready."
    assert turn.shown == ("Timeline (1 track): 1. Video: city (0-1s)",)
    assert turn.credits_spent is None


def test_a_balance_that_could_not_be_asked_before_is_asked_after(client: Client, service: Service) -> None:
    service.script["credits"].append(refusal(9999))
    assert answered(client, service, "Ready. Check your billing page. ").shown == ("Credits: 80 available",)


def test_a_balance_held_by_running_work_is_told(client: Client, service: Service) -> None:
    service.price = 0
    held = Answer({"code": 0, "data": {"available": 60, "frozen": 30, "total": 90}})
    service.script["credits"].extend([held, held])
    turn = answered(client, service, "Ready. Check your billing page. ")
    assert turn.shown == ("Credits: 60 available, 30 held by running work",)


def test_an_answer_of_nothing_but_buttons_is_not_an_empty_one(client: Client, service: Service) -> None:
    service.draft = DRAFT
    turn = answered(client, service, "Click Export to download it. Open the timeline. ")
    assert turn.text == "The agent spoke of the buttons of its web editor alone; here is what they are good for."
    assert turn.suggestions == (EXPORT,)
    assert turn.shown == ("Timeline (1 track): 1. Video: city (0-1s)",)


def test_looks_and_suggestions_are_lines_below_the_answer(
    client: Client, service: Service, capsys: pytest.CaptureFixture[str]
) -> None:
    service.script["chat"].append(stream(text("Ready. Click Export. Open the timeline. Drag the title up. ")))
    kernel.run(client.new_session().send("make it better"))
    shown = capsys.readouterr().out
    lines = ["Ready.", "Timeline (1 track)", "To have this as a file: `await session.export()`", "Drag the title up"]
    lines.append("Say what should change")
    places = [shown.index(line) for line in lines]
    assert places == sorted(places)
