"""What Tab offers behind the magics, asked of a real kernel as JupyterLab asks it."""

from collections.abc import Iterator

import pytest

from nemo_widgets.magics.commands import COMMANDS

from .kernel_frontend import Frontend, notebook


@pytest.fixture(scope="module")
def kernel(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Frontend]:
    folder = tmp_path_factory.mktemp("files")
    for name in ("holiday.mov", "holiday two.MP4", "house.txt", "demo.nemo", ".hidden.mov"):
        (folder / name).touch()
    (folder / "home").mkdir()
    (folder / "home" / "cat.png").touch()
    with notebook() as frontend:
        done = frontend.do(f"""
            %cd -q {folder}
            %load_ext nemo_widgets
            import nemo_widgets as nemo
            mine = nemo.connect("local").new_session()
            hole = mine.client
        """)
        assert done["status"] == "ok", done
        yield frontend


@pytest.mark.parametrize(
    ("typed", "replaced", "offered"),
    [
        ("%nemo ", "", [*COMMANDS, "help"]),
        ("%nemo ex", "ex", ["export"]),
        ("%nemo st", "st", ["status", "studio", "stop"]),
        ("1 + 1\n%nemo ex", "ex", ["export"]),
        ("table = %nemo tr", "tr", ["tracks"]),
        ("%nemo help res", "res", ["resume"]),
        ("%nemo export --", "--", ["--into", "--session", "--new", "--resolution", "--fps", "--quality", "--help"]),
        ("%nemo export --res", "--res", ["--resolution"]),
        ("%nemo export --quality ", "", ["high", "normal", "draft"]),
        ("%nemo --session mine tracks --ne", "--ne", ["--new"]),
        ("%nemo tracks --session ", "", ["mine"]),
        ("%nemo history --si", "--si", ["--since"]),
        ("%%nemo --", "--", ["--into", "--session", "--new", "--reuse", "--help"]),
        ("%%nemo --into turn --r", "--r", ["--reuse"]),
        ("%nemo upload ", "", ["holiday\\ two.MP4", "holiday.mov", "home/"]),
        ("%nemo upload ho", "ho", ["holiday\\ two.MP4", "holiday.mov", "home/"]),
        ("%nemo upload holiday.mov home/c", "home/c", ["home/cat.png"]),
        ('%nemo upload "holiday t', '"holiday t', ['"holiday two.MP4"']),
        ("%nemo upload holiday\\ t", "holiday\\ t", ["holiday\\ two.MP4"]),
        ("%nemo connect ", "", ["local", "cloud", "demo.nemo", "home/"]),
        ("%nemo tracks for", "for", ["for"]),
        ("%%nemo\na city at night wi", "wi", ["wi"]),
        ("%%nemo\nim", "im", ["im"]),
    ],
)
def test_the_kernel_offers_what_fits_and_nothing_of_pythons(
    kernel: Frontend, typed: str, replaced: str, offered: list[str]
) -> None:
    assert kernel.complete(typed) == (replaced, offered)


def test_pythons_own_completion_is_as_it_was(kernel: Frontend) -> None:
    assert "nemo" in kernel.complete("nem")[1]
    assert "%nemo" in kernel.complete("%nem")[1]
    assert "Studio" in kernel.complete("nemo.Stu")[1]
    assert "import" in kernel.complete("imp")[1]


def test_help_is_what_a_question_mark_shows(kernel: Frontend) -> None:
    reply = kernel.do("%nemo?")
    (page,) = reply["payload"]
    for words in ("%nemo export [FILE]", "--resolution", "%%nemo [PROMPT]", "client and session"):
        assert words in page["data"]["text/plain"]
