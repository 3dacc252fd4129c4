"""Settings come from the environment, files are the owner's alone, and requests say who sends them."""

import stat
import uuid
from pathlib import Path

import pytest

from nemo_widgets import settings
from nemo_widgets.errors import SetupError


def test_without_variables_the_cloud_is_meant() -> None:
    found = settings.environment()
    assert (found.api_url, found.web_url) == (settings.CLOUD_API_URL, settings.CLOUD_WEB_URL)
    assert (found.api_url_is_set, found.token) == (False, "")


def test_variables_are_read_and_the_token_is_not_shown(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NEMO_API_URL", "HTTP://LOCALHOST:8123/")
    monkeypatch.setenv("NEMO_TOKEN", " nmv_usr_secret ")
    found = settings.environment()
    assert found.api_url == "http://localhost:8123"
    assert found.api_url_is_set
    assert found.token == "nmv_usr_secret"
    assert "secret" not in repr(found)


@pytest.mark.parametrize(
    "url",
    [
        "nonsense",
        "ftp://host",
        "http://",
        "https://user:pw@host",
        "https://host/path",
        "http://host:99999",
        "http://[::1",
    ],
)
def test_an_address_that_is_none_is_told_by_its_variable(url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NEMO_API_URL", url)
    with pytest.raises(SetupError, match="NEMO_API_URL"):
        settings.environment()


@pytest.mark.parametrize(
    ("url", "origin"),
    [("https://Host", "https://host"), ("http://[::1]:80/", "http://[::1]:80"), ("http://h:1", "http://h:1")],
)
def test_an_origin_is_what_is_left_of_an_address(url: str, origin: str) -> None:
    assert settings.origin_of(url, "x") == origin


def test_the_client_id_is_made_once_and_kept_for_its_owner() -> None:
    first = settings.client_id()
    assert str(uuid.UUID(first)) == first == settings.client_id()
    file = settings.config_dir() / "client_id"
    assert file.read_text() == first
    assert stat.S_IMODE(file.stat().st_mode) == 0o600


def test_a_damaged_client_id_is_replaced() -> None:
    settings.write_private(settings.config_dir() / "client_id", "half a uu")
    assert uuid.UUID(settings.client_id())


def test_the_client_id_may_be_said(monkeypatch: pytest.MonkeyPatch) -> None:
    said = str(uuid.uuid4())
    monkeypatch.setenv("NEMO_CLIENT_ID", said.upper())
    assert settings.client_id() == said
    assert not settings.config_dir().joinpath("client_id").exists()
    monkeypatch.setenv("NEMO_CLIENT_ID", "me")
    with pytest.raises(SetupError, match="not a UUID"):
        settings.client_id()


def test_a_private_file_is_replaced_whole_and_leaves_nothing_behind(tmp_path: Path) -> None:
    file = tmp_path / "new" / "file"
    settings.write_private(file, "one")
    settings.write_private(file, "two")
    assert file.read_text() == "two"
    assert [found.name for found in file.parent.iterdir()] == ["file"]


def test_a_folder_that_cannot_be_made_is_told(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(SetupError, match="cannot be made"):
        settings.write_private(tmp_path / "file" / "x", "one")


@pytest.mark.parametrize(
    ("place", "said", "platform"),
    [
        ("lib", "", "unknown"),
        (".clawhub/skills/x", "", "clawhub"),
        (".cursor/skills/x", "", "cursor"),
        (".cursor/other", "", "unknown"),
        (".clawhub/x", "colab", "colab"),
        ("lib", "a\r\nX-Evil: 1", "aX-Evil: 1"),
    ],
)
def test_the_platform_is_detected(
    place: str, said: str, platform: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Path, "home", lambda: tmp_path)
    monkeypatch.setattr("nemo_widgets.__file__", str(tmp_path / place / "nemo_widgets" / "__init__.py"))
    monkeypatch.setenv("SKILL_SOURCE", said)
    assert settings.attribution_headers() == {
        "X-Skill-Source": "video-generative",
        "X-Skill-Version": "1.0.0",
        "X-Skill-Platform": platform,
    }


@pytest.mark.parametrize(
    ("said", "size_bytes"),
    [("", 10**10), ("0", 0), ("1234", 1234), ("5 GB", 5 * 10**9), ("1.5g", 1_500_000_000), ("2 MiB", 2 * 1024**2)],
)
def test_the_size_of_the_library_can_be_set(said: str, size_bytes: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NEMO_LIBRARY_MAX_BYTES", said)
    assert settings.library_max_bytes() == size_bytes


@pytest.mark.parametrize("said", ["much", "-1", "5 PB", "5 GB free"])
def test_what_is_no_size_is_refused(said: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NEMO_LIBRARY_MAX_BYTES", said)
    with pytest.raises(SetupError, match="is no size"):
        settings.library_max_bytes()


def test_the_library_can_be_switched_off(monkeypatch: pytest.MonkeyPatch) -> None:
    assert settings.library_dir() == settings.data_dir() / "library"
    monkeypatch.setenv("NEMO_LIBRARY", "off")
    assert settings.library_dir() is None
    monkeypatch.setenv("NEMO_LIBRARY", "perhaps")
    with pytest.raises(SetupError, match="means nothing"):
        settings.library_dir()
