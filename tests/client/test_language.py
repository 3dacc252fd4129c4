"""A session is opened in the language of its first prompt."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

import nemo_widgets
from nemo_widgets.client.language import language_of

PROMPTS = {
    "城市夜景": "zh-CN",
    "夜の街のクリップ": "ja",
    "東京の夜": "ja",
    "도시의 밤": "ko",
    "ночной город под дождём": "ru",
    "кіт на пляжі біля моря": "uk",
    "a 10-second cinematic clip of a futuristic city at night": "en",
    "make a video about Rome": "en",
    "un clip de 10 segundos de una ciudad futurista": "es",
    "une ville la nuit sous la pluie": "fr",
    "ein Clip von einer Stadt bei Nacht": "de",
    "um gato na praia ao pôr do sol": "pt",
    "un gatto sulla spiaggia": "it",
    "kot na plaży o zachodzie słońca": "pl",
    "sahilde bir kedi": "tr",
    "một con mèo trên bãi biển": "vi",
    'a clip of a city at night with the title "城市"': "en",
    'ein Clip von einer Stadt mit dem Titel "Neon Dreams of Tomorrow"': "de",
    '"城市"': "zh-CN",
}


@pytest.mark.parametrize(("prompt", "language"), PROMPTS.items(), ids=PROMPTS.values())
def test_the_language_is_that_of_the_prompt(prompt: str, language: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("locale.getlocale", lambda: ("C", "UTF-8"))
    assert language_of(prompt) == language


@pytest.mark.parametrize("prompt", ["cyberpunk", "cat", "9:16", "", "a dog"])
@pytest.mark.parametrize(("said", "language"), [("de_DE", "de"), ("C", "en"), (None, "en"), ("English_US", "en")])
def test_where_a_few_words_could_be_of_any_language_it_is_the_machines(
    prompt: str, said: str | None, language: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("locale.getlocale", lambda: (said, "UTF-8"))
    assert language_of(prompt) == language


def test_the_model_is_not_loaded_before_someone_speaks() -> None:
    root = Path(nemo_widgets.__file__).parent.parent
    code = "import sys, nemo_widgets; nemo_widgets.connect('local').new_session(); print('py3langid' in sys.modules)"
    command = [sys.executable, "-c", code]
    env = {**os.environ, "PYTHONPATH": str(root), "NEMO_LIBRARY": "off"}
    done = subprocess.run(command, capture_output=True, text=True, env=env, check=True)
    assert done.stdout.strip() == "False"
