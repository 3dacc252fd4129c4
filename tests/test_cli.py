"""The program, started as a person starts it."""

import importlib.util
import re
import signal
import socket
import subprocess
import sys
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from nemo_widgets import __version__, cli, connect, run
from nemo_widgets.media.probe import probe


def _command(*arguments: str) -> list[str]:
    return [sys.executable, "-m", "nemo_widgets", *arguments]


def _run(*arguments: str, cwd: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(_command(*arguments), cwd=cwd, capture_output=True, text=True, encoding="utf-8", timeout=110)


def _assert_one_paragraph(text: str) -> None:
    assert "Traceback" not in text
    assert len(text.strip().splitlines()) == 1


def test_it_tells_its_version(tmp_path: Path) -> None:
    assert _run("--version", cwd=tmp_path).stdout == f"nemo-widgets {__version__}\n"


def test_without_a_command_it_tells_which_there_are(tmp_path: Path) -> None:
    done = _run(cwd=tmp_path)
    assert done.returncode == 0
    assert not done.stderr
    for name in ("demo", "lab", "serve", "history", "resume", "doctor", "clean"):
        assert re.search(rf"^    {name} +\w", done.stdout, re.MULTILINE)
    assert "0 when it worked, 1 when it failed, 2 for wrong use, 130" in " ".join(done.stdout.split())


def test_the_demo_streams_prints_the_timeline_and_writes_the_clip(tmp_path: Path) -> None:
    done = _run("demo", 'a 2-second abstract clip with the title "Hi"', "--out", "hi.mp4", cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    assert done.stdout.startswith("Working locally: drawn by a program, not by the AI. For the AI: set NEMO_TOKEN.\n")
    assert re.search(r"^ *3 +text .*Hi", done.stdout, re.MULTILINE)
    assert re.fullmatch(
        rf"{re.escape(str(tmp_path / 'hi.mp4'))} \([\d.]+ MB, drawn locally.*\)", done.stdout.splitlines()[-1]
    )
    facts = probe(tmp_path / "hi.mp4")
    assert (facts.width, facts.height, facts.video_codec, facts.audio_codec) == (1920, 1080, "h264", "aac")
    assert facts.duration_s == pytest.approx(2, abs=0.1)


def test_an_interrupt_ends_the_demo_without_a_traceback(tmp_path: Path) -> None:
    pipe = subprocess.PIPE
    with subprocess.Popen(_command("demo"), cwd=tmp_path, stdout=pipe, stderr=pipe, text=True) as process:
        assert process.stderr is not None
        said = process.stderr.readline()  # the first word about what goes on
        process.send_signal(signal.SIGINT)
        _, rest = process.communicate(timeout=30)
    assert process.returncode == 130
    assert (said + rest).endswith("Stopped.\n")
    assert "Traceback" not in rest
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["--out", "missing/city.mp4"], "There is no folder"),
        (["--out", "folder.mp4"], "is a folder"),
        (["--out", "city.mov"], "does not end with .mp4"),
        ([" "], "prompt"),
    ],
)
def test_a_demo_that_cannot_work_is_refused_before_anything_is_sent(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, arguments: list[str], words: str
) -> None:
    (tmp_path / "folder.mp4").mkdir()
    monkeypatch.setenv("NEMO_API_URL", "http://127.0.0.1:9")  # nothing listens there
    done = _run("demo", *arguments, cwd=tmp_path)
    assert done.returncode == 2
    assert words in done.stderr
    _assert_one_paragraph(done.stderr)
    assert [path.name for path in tmp_path.iterdir()] == ["folder.mp4"]


def test_a_service_that_is_not_there_is_told_in_a_paragraph(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NEMO_API_URL", "http://127.0.0.1:9")
    done = _run("demo", cwd=tmp_path)
    assert done.returncode == 1
    assert "http://127.0.0.1:9" in done.stderr
    assert "Traceback" not in done.stderr


def test_a_port_that_is_taken_is_told_without_a_traceback(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])
        done = _run("serve", "--port", port, cwd=tmp_path)
    assert done.returncode == 2
    assert port in done.stderr
    _assert_one_paragraph(done.stderr)


@pytest.mark.parametrize("port", ["x", "-1", "70000"])
def test_a_port_that_is_none_is_wrong_use(tmp_path: Path, port: str) -> None:
    done = _run("serve", f"--port={port}", cwd=tmp_path)
    assert done.returncode == 2
    assert "no port" in done.stderr


@pytest.mark.parametrize("option", ["--credits=-1", "--credits=many", "--parallel-renders=0", "--pace=slow"])
def test_a_limit_of_serve_that_is_none_is_wrong_use(tmp_path: Path, option: str) -> None:
    done = _run("serve", option, cwd=tmp_path)
    assert done.returncode == 2
    assert option.partition("=")[0] in done.stderr


def test_a_class_gets_accounts_credits_and_a_pace_from_serve(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with _serving(tmp_path, "--accounts", "--credits", "150", "--pace", "instant") as (_, said):
        assert "everyone gets an account of their own" in said
        found = re.search(r"NEMO_API_URL=(\S+)", said)
        assert found is not None
        monkeypatch.setenv("NEMO_API_URL", found[1])
        run(_generate())
        monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "of-someone-else"))
        assert run(_available()) == 150


async def _generate() -> None:
    async with connect() as client:
        turn = await client.new_session().send("a 1-second clip of the sea", show=False)
        assert turn.elapsed_s < 20
        assert (await client.credits()).available == 50


async def _available() -> float:
    async with connect() as client:
        return (await client.credits()).available


def test_serve_says_where_it_is_answers_and_ends_with_an_interrupt(tmp_path: Path) -> None:
    with _serving(tmp_path) as (process, said):
        found = re.search(r"NEMO_API_URL=(\S+) NEMO_TOKEN=(\S+)", said)
        assert found is not None
        with pytest.raises(urllib.error.HTTPError) as refused:
            urllib.request.urlopen(f"{found[1]}/api/credits/balance/simple", timeout=10)
        refused.value.close()
        assert refused.value.code == 401
        process.send_signal(signal.SIGINT)
        _, errors = process.communicate(timeout=30)
        assert process.returncode == 0
        assert errors == ""


@contextmanager
def _serving(folder: Path, *options: str) -> Iterator[tuple["subprocess.Popen[str]", str]]:
    pipe = subprocess.PIPE
    with subprocess.Popen(_command("serve", *options), cwd=folder, stdout=pipe, stderr=pipe, text=True) as process:
        assert process.stdout is not None
        said = ""
        try:
            while "Ctrl+C" not in said:
                line = process.stdout.readline()
                assert line, "it ended"
                said += line
            yield process, said
        finally:
            process.kill()


def test_lab_says_how_to_get_jupyterlab_when_it_is_missing(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: None)
    with pytest.raises(SystemExit) as left:
        cli.main(["lab"])
    assert left.value.code == 1
    error = capsys.readouterr().err
    assert "pip install 'nemo-widgets[lab]'" in error
    _assert_one_paragraph(error)


def test_lab_hands_its_other_options_to_jupyterlab(tmp_path: Path) -> None:
    done = _run("lab", "course", "--version", cwd=tmp_path)
    assert done.returncode == 0
    assert re.search(r"^\d+\.\d+", done.stdout, re.MULTILINE)
    assert (tmp_path / "course" / "01_quickstart.ipynb").is_file()


def test_other_commands_know_all_of_their_options(tmp_path: Path) -> None:
    done = _run("serve", "--prot", "8000", cwd=tmp_path)
    assert done.returncode == 2
    assert "--prot" in done.stderr


def test_notebooks_are_copied_once_and_work_on_them_is_kept(tmp_path: Path) -> None:
    first = cli._copy_notebooks(tmp_path / "course")
    assert first.name == "01_quickstart.ipynb"
    assert len(list((tmp_path / "course" / "teaching").glob("*.ipynb"))) >= 6
    first.write_text("mine")
    assert cli._copy_notebooks(tmp_path / "course") == first
    assert first.read_text() == "mine"


def test_a_folder_for_the_notebooks_that_cannot_be_made_is_told(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(SystemExit) as left:
        cli.main(["lab", str(tmp_path / "file" / "course")])
    assert left.value.code == 2
    _assert_one_paragraph(capsys.readouterr().err)
