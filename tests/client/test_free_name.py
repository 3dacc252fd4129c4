from pathlib import Path

import pytest

from nemo_widgets.client.clip import free_name


@pytest.mark.parametrize(
    ("words", "name"),
    [
        ("A city at night!", "a-city-at-night.mp4"),
        (
            'a 6-second clip of a sunset over the sea, titled "Evening Lights"',
            "a-6-second-clip-of-a-sunset-over-the-sea-titled-evening.mp4",
        ),
        ("海上日落", "海上日落.mp4"),
        ("x" * 70, "x" * 60 + ".mp4"),
        ("../../etc/passwd", "etc-passwd.mp4"),
        ("…", "clip.mp4"),
    ],
)
def test_a_file_is_named_in_whole_words_of_the_prompt(words, name, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    assert free_name(words) == Path(name)


def test_a_file_that_is_there_is_never_named_again(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    Path("a-city.mp4").touch()
    Path("a-city-2.mp4").touch()
    assert free_name("a city") == Path("a-city-3.mp4")
