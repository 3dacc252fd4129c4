"""A person in a shell is not told to write Python."""

import re
from pathlib import Path

import pytest

import nemo_widgets
from nemo_widgets.commands.wording import in_shell


@pytest.mark.parametrize(
    ("python", "shell"),
    [
        (
            'The clip is not lost: nemo.resume("export-4f") fetches it, with path="…" to another place.',
            "The clip is not lost: nemo-widgets resume export-4f fetches it, with --out FILE to another place.",
        ),
        (
            'Say whom to ask: nemo.resume("message-1", client=nemo.connect("http://127.0.0.1:9", token=…))',
            "Say whom to ask: NEMO_API_URL=http://127.0.0.1:9 NEMO_TOKEN=… nemo-widgets resume message-1",
        ),
        ("2 exports. await nemo.resume() takes them up", "2 exports. nemo-widgets resume takes them up"),
        (
            'Look with await session.tracks(), or send "nemo" again.',
            'Look with await session.tracks(), or send "nemo" again.',
        ),
    ],
)
def test_calls_become_commands(python: str, shell: str) -> None:
    assert in_shell(python) == shell


def test_every_advice_to_resume_has_its_command() -> None:
    """New words somewhere in the package, which this does not know, are noticed here."""
    package = Path(nemo_widgets.__file__).parent
    sources = [*package.glob("client/*.py"), *package.glob("protocol/*.py"), *package.glob("library/*.py")]
    advised = [
        found.replace("{row.id}", "job-1").replace("{job.id}", "job-1").replace("{service}", "http://127.0.0.1:9")
        for source in sources
        for line in source.read_text("utf-8").splitlines()
        if not line.lstrip().startswith((">>>", "``")) and "``nemo." not in line and "From ``" not in line
        for found in re.findall(r"nemo\.(?:resume|history)\(.*", line)
    ]
    assert len(advised) >= 5
    assert [words for words in advised if "nemo.resume" in in_shell(words) or "nemo.history" in in_shell(words)] == []
