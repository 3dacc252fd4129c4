"""The drop zone in the kernel: from the chunks of a view to the session's assets, whatever goes wrong between."""

import asyncio
import hashlib
import json
import os
from pathlib import Path

import pytest

import nemo_widgets as nemo
from nemo_widgets.client import Client, Session
from nemo_widgets.errors import ConnectionFailedError, FileTooLargeError, InputError
from nemo_widgets.kernel import run
from nemo_widgets.widgets.studio import Studio
from nemo_widgets.widgets.upload_messages import FIRST_CHUNK_BYTES, HEAD_BYTES
from nemo_widgets.widgets.uploader import Uploader

from ..small_files import TYPES, make
from .conftest import View, upload


@pytest.fixture
def session(client: Client) -> Session:
    return client.new_session()


@pytest.fixture
def uploader(session: Session):
    made = Uploader(session)
    yield made
    made.close()
    assert made._footage.desk.names() == []


def sent(view: View, name: str, data: bytes, modified_ms: int = 1) -> str:
    """Send all of a file but the end, and return the upload's name."""
    begun = view.ask("begin_upload", data[:HEAD_BYTES], name=name, size_bytes=len(data), modified_ms=modified_ms)
    for offset in range(0, len(data), FIRST_CHUNK_BYTES):
        chunk = data[offset : offset + FIRST_CHUNK_BYTES]
        view.ask("upload_chunk", chunk, upload=begun["upload"], offset=offset)
    return begun["upload"]


def digest(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


class Holding:
    """A session whose uploads wait until they are let go, and may then fail."""

    def __init__(self, session: Session, monkeypatch: pytest.MonkeyPatch) -> None:
        self.calls: list[Path] = []
        self.fails: list[Exception] = []
        self.gate = asyncio.Event()
        own = session.upload

        async def upload(path: Path, **options: object) -> object:
            self.calls.append(path)
            await self.gate.wait()
            if self.fails:
                raise self.fails.pop()
            return await own(path, **options)

        monkeypatch.setattr(session, "upload", upload)

    def let_go(self) -> None:
        nemo.kernel.job_loop().call_soon_threadsafe(self.gate.set)


@pytest.fixture
def holding(session: Session, monkeypatch: pytest.MonkeyPatch) -> Holding:
    return Holding(session, monkeypatch)


def test_all_thirteen_types_become_cards_with_what_there_is_to_say(uploader: Uploader) -> None:
    view = View(uploader)
    for shade, kind in enumerate(TYPES):
        reply = upload(view, f"my {kind}.{kind}", make(kind, shade))
        assert reply["type"] == "done", reply
    state = view.state()
    assert [card["name"] for card in state["assets"]] == [f"my {kind}.{kind}" for kind in TYPES]
    assert state["hand_overs"] == []
    for card, kind in zip(state["assets"], TYPES, strict=True):
        assert card["size_bytes"] == len(make(kind, TYPES.index(kind)))
        assert card["poster"].startswith("data:image/jpeg;base64,") == (card["kind"] != "audio")
        assert (card["duration_s"] > 0) == (card["kind"] != "image")
    table = uploader.session.assets
    assert list(table["name"]) == [f"my {kind}.{kind}" for kind in TYPES]
    assert list(table["digest"]) == [digest(make(kind, shade)) for shade, kind in enumerate(TYPES)]


def test_the_table_of_assets_has_the_same_types_when_it_is_empty(session: Session, tmp_path: Path) -> None:
    empty = session.assets
    (tmp_path / "a.png").write_bytes(make("png"))
    (tmp_path / "b.mp4").write_bytes(make("mp4"))
    run(session.upload(tmp_path / "a.png", tmp_path / "b.mp4"))
    table = session.assets
    assert len(empty) == 0
    assert dict(empty.dtypes) == dict(table.dtypes)
    assert list(table.columns) == ["name", "kind", "duration_s", "width", "height", "fps", "size_bytes", "digest"]
    assert table.loc[0, ["name", "kind", "width", "height"]].tolist() == ["a.png", "image", 40, 30]
    assert table["duration_s"].isna().tolist() == [True, False]


def test_a_file_that_was_handed_over_is_done_however_often_it_is_asked(uploader: Uploader) -> None:
    view = View(uploader)
    data = make("mp4")
    begun = view.ask("begin_upload", data[:64], name="a.mp4", size_bytes=len(data), modified_ms=1)
    view.ask("upload_chunk", data, upload=begun["upload"], offset=0)
    for _ in range(2):  # the first answer may have been lost with the connection
        assert view.ask("finish_upload", upload=begun["upload"], digest=digest(data))["type"] == "done"


def test_the_same_content_is_sent_once_whatever_its_name_and_whoever_gives_it(
    uploader: Uploader, client: Client, tmp_path: Path
) -> None:
    view = View(uploader)
    assert upload(view, "a.mp4", make("mp4"))["type"] == "done"
    assert upload(view, "copy of a.mp4", make("mp4"))["type"] == "done"
    (tmp_path / "c.mp4").write_bytes(make("mp4"))
    one, two = run(uploader.session.upload(tmp_path / "c.mp4", make("mp4")))
    assert one == two
    assert [card["name"] for card in view.state()["assets"]] == ["a.mp4"]
    assert len(uploader.session.assets) == 1
    other = client.new_session()
    assert [asset.filename for asset in run(other.upload(tmp_path / "c.mp4"))] == ["c.mp4"]


def test_two_tabs_with_the_same_file_have_an_upload_each_and_the_service_has_one(uploader: Uploader) -> None:
    tabs, data = (View(uploader), View(uploader)), make("mp4")
    names = [sent(tab, "a.mp4", data) for tab in tabs]
    assert names[0] != names[1]
    for tab, name in zip(tabs, names, strict=True):
        tab.send({"type": "finish_upload", "id": f"{name}-f", "upload": name, "digest": digest(data)})
    for tab, name in zip(tabs, names, strict=True):
        assert tab.wait_for(lambda content, name=name: content.get("id") == f"{name}-f")[0]["type"] == "done"
    assert len(uploader.session.assets) == len(tabs[0].state()["assets"]) == 1


def test_a_file_that_came_wrong_says_so_and_is_gone(uploader: Uploader) -> None:
    view = View(uploader)
    name = sent(view, "a.mp4", make("mp4"))
    reply = view.ask("finish_upload", upload=name, digest=digest(b"something else"))
    assert "a.mp4 did not arrive as it was sent" in reply["message"]
    assert uploader._footage.desk.names() == []
    assert uploader.session.id is None


def test_a_hand_over_that_failed_can_be_tried_again_without_the_browser(uploader: Uploader, holding: Holding) -> None:
    view = View(uploader)
    holding.let_go()
    holding.fails.append(ConnectionFailedError("There is no network. Try again."))
    name = sent(view, "a.mp4", make("mp4"))
    reply = view.ask("finish_upload", upload=name, digest=digest(make("mp4")))
    assert reply["message"] == "There is no network. Try again."
    (shown,) = view.state()["hand_overs"]
    assert (shown["upload"], shown["phase"], shown["retryable"]) == (name, "failed", True)
    assert shown["error"] == "There is no network. Try again."
    assert view.ask("retry_upload", upload=name)["type"] == "done"
    assert view.state()["hand_overs"] == []
    assert [card["name"] for card in view.state()["assets"]] == ["a.mp4"]


def test_what_the_service_refuses_for_good_is_not_kept(uploader: Uploader, holding: Holding) -> None:
    view = View(uploader)
    holding.let_go()
    holding.fails.append(FileTooLargeError("It is too large. Trim it."))
    assert upload(view, "a.mp4", make("mp4"))["message"] == "It is too large. Trim it."
    assert view.state()["hand_overs"] == []
    assert uploader._footage.desk.names() == []


def test_a_view_that_goes_does_not_stop_what_it_has_sent(uploader: Uploader, holding: Holding) -> None:
    view = View(uploader)
    name = sent(view, "a.mp4", make("mp4"))
    view.send({"type": "finish_upload", "id": "gone", "upload": name, "digest": digest(make("mp4"))})
    view.until(lambda state: state["hand_overs"] != [] and bool(holding.calls))
    view.send({"type": "cancel", "id": "gone"})
    later = View(uploader)
    assert later.state()["hand_overs"][0]["name"] == "a.mp4"
    holding.let_go()
    later.until(lambda state: state["assets"] != [] and state["hand_overs"] == [])
    assert len(holding.calls) == 1


def test_a_dropped_upload_stops_and_leaves_nothing(uploader: Uploader, holding: Holding) -> None:
    view = View(uploader)
    name = sent(view, "a.mp4", make("mp4"))
    view.send({"type": "finish_upload", "id": "f", "upload": name, "digest": digest(make("mp4"))})
    view.until(lambda state: state["hand_overs"] != [] and bool(holding.calls))
    assert view.ask("drop_upload", upload=name)["type"] == "done"
    assert "stopped" in view.wait_for(lambda content: content.get("id") == "f")[0]["message"]
    assert view.state()["hand_overs"] == view.state()["assets"] == []
    assert not holding.calls[0].exists()
    assert view.ask("drop_upload", upload=name)["type"] == "done"


def test_an_unfinished_file_goes_on_in_another_view(uploader: Uploader, monkeypatch: pytest.MonkeyPatch) -> None:
    data = make("mp4") + (2_000_000).to_bytes(4, "big") + b"free" + os.urandom(1_999_992)
    first, second = View(uploader), View(uploader)
    begun = first.ask("begin_upload", data[:HEAD_BYTES], name="a.mp4", size_bytes=len(data), modified_ms=5)
    first.ask("upload_chunk", data[:FIRST_CHUNK_BYTES], upload=begun["upload"], offset=0)
    now = uploader._footage.desk._now
    monkeypatch.setattr(uploader._footage.desk, "_now", lambda: now() + 60)
    again = second.ask("begin_upload", data[:HEAD_BYTES], name="a.mp4", size_bytes=len(data), modified_ms=5)
    assert (again["upload"], again["received_bytes"]) == (begun["upload"], FIRST_CHUNK_BYTES)
    assert again["prefix_digest"] == digest(data[:FIRST_CHUNK_BYTES])
    for offset in range(FIRST_CHUNK_BYTES, len(data), FIRST_CHUNK_BYTES):
        chunk = data[offset : offset + FIRST_CHUNK_BYTES]
        second.ask("upload_chunk", chunk, upload=again["upload"], offset=offset)
    assert second.ask("finish_upload", upload=again["upload"], digest=digest(data))["type"] == "done"
    assert uploader.session.assets["digest"].tolist() == [digest(data)]


def test_a_card_that_was_taken_away_comes_back_with_the_file(uploader: Uploader) -> None:
    view = View(uploader)
    upload(view, "a.mp4", make("mp4"))
    assert view.ask("forget_asset", name="a.mp4")["type"] == "done"
    upload(view, "b.png", make("png"))
    assert [card["name"] for card in view.state()["assets"]] == ["b.png"]
    upload(view, "a.mp4", make("mp4"))
    assert [card["name"] for card in view.state()["assets"]] == ["a.mp4", "b.png"]


def test_a_limit_can_be_raised_and_lowered(client: Client) -> None:
    uploader = Uploader(client, max_file_bytes=100)
    reply = upload(View(uploader), "a.mp4", make("mp4"))
    assert "at most 0 MB" in reply["message"]
    uploader.max_file_bytes = 10_000
    assert upload(View(uploader), "a.mp4", make("mp4"))["type"] == "done"
    uploader.close()


def test_the_studio_shows_what_was_given_in_python_too(client: Client, tmp_path: Path) -> None:
    (tmp_path / "beach.mov").write_bytes(make("mov"))
    studio = Studio(client)
    view = View(studio)
    run(studio.session.upload(tmp_path / "beach.mov"))
    assert [card["name"] for card in view.state()["assets"]] == ["beach.mov"]
    studio.close()
    later = Studio(studio.session)
    assert [card["name"] for card in View(later).state()["assets"]] == ["beach.mov"]
    later.close()


def test_a_file_of_the_notebooks_server_goes_to_the_service_and_stays_where_it_is(
    uploader: Uploader, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / "work" / "lesson"
    folder.mkdir(parents=True)
    (tmp_path / "work" / "beach.mov").write_bytes(make("mov"))
    (tmp_path / "secret.mov").write_bytes(make("mov", 9))
    monkeypatch.setenv("JPY_SESSION_NAME", str(folder / "lesson.ipynb"))
    monkeypatch.chdir(folder)
    view = View(uploader)
    root = str(tmp_path / "work")
    assert view.ask("upload_path", path="beach.mov", root=root)["type"] == "done"
    assert view.ask("upload_path", path="RTC:beach.mov", root="~/work")["type"] == "done"
    assert view.ask("upload_path", path="/beach.mov")["type"] == "done"
    for path in ("../secret.mov", "secret.mov", "lesson/beach.mov", "", "C:\\beach.mov", "s3:beach.mov"):
        reply = view.ask("upload_path", path=path, root=root)
        assert reply["type"] == "failed", path
        assert "session.upload" in reply["message"]
    (folder / "beach.mov").write_bytes(make("mov", 7))
    assert "several files beach.mov" in view.ask("upload_path", path="beach.mov")["message"]
    assert [card["name"] for card in view.state()["assets"]] == ["beach.mov"]
    assert (tmp_path / "work" / "beach.mov").read_bytes() == make("mov")


@pytest.mark.parametrize(
    ("text", "prompts"),
    [
        ("prompt\na city\na forest\n", ["a city", "a forest"]),
        ("a city\n\na forest", ["a city", "a forest"]),
        ('\ufeffid,Prompt\r\n1,"a city, at night"\r\n2,\r\n', ["a city, at night"]),
    ],
)
def test_a_csv_of_prompts_becomes_rows_to_compare(uploader: Uploader, text: str, prompts: list[str]) -> None:
    view = View(uploader)
    assert view.ask("begin_prompts", name="p.csv", text=text)["type"] == "done"
    assert view.state()["prompt_rows"]["prompts"] == uploader.prompts == prompts


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "no prompts"),
        ("a,b\n1,2\n", "none is called prompt"),
        ("x\n" * 300, "300 prompts"),
        ("x" * 70_000, "64 kB"),
    ],
)
def test_a_csv_that_is_none_is_told(uploader: Uploader, text: str, words: str) -> None:
    reply = View(uploader).ask("begin_prompts", name="p.csv", text=text)
    assert reply["message"].startswith("p.csv ")
    assert words in reply["message"]


def test_without_a_kernel_the_names_stay(uploader: Uploader) -> None:
    upload(View(uploader), "a & b.mp4", make("mp4"))
    assert "a &amp; b.mp4" in uploader.fallback()
    assert uploader._fallback in uploader.fallback()


def test_nothing_of_a_file_is_in_the_saved_widget(uploader: Uploader) -> None:
    upload(View(uploader), "beach.mp4", make("mp4"))
    assert "beach" not in json.dumps(uploader.get_state(), default=str)


def test_what_another_widget_asks_is_not_answered(uploader: Uploader) -> None:
    assert View(uploader).ask("start_export")["message"] == "This widget cannot do that."
    with pytest.raises(InputError):
        uploader._footage.desk.find("x")
