"""What an error looks like to a person in a notebook."""

import traceback

import pytest
from IPython.core.interactiveshell import InteractiveShell

from nemo_widgets import errors


def test_ipython_shows_the_message_alone_and_python_keeps_the_frames_and_the_cause() -> None:
    with pytest.raises(errors.NemoError) as caught:
        _fail()
    error = caught.value
    shell = InteractiveShell()
    shown: list[str] = []
    shell._showtraceback = lambda kind, value, lines: shown.extend(lines)
    shell.showtraceback((type(error), error, error.__traceback__))
    assert shown == ["\x1b[31mNothingToExportError\x1b[39m: There is nothing to export yet."]
    assert "deep inside" in "".join(traceback.format_exception(error))


def _fail() -> None:
    try:
        raise ZeroDivisionError("deep inside")
    except ZeroDivisionError as cause:
        raise errors.NothingToExportError("There is nothing to export yet.") from cause


def test_the_tree_in_the_docstring_is_the_tree_of_classes() -> None:
    drawn = errors.__doc__ or ""
    classes = [value for value in vars(errors).values() if isinstance(value, type) and value is not errors.NemoError]
    indent = {line.split("─ ")[1].split()[0]: line.index("─ ") for line in drawn.splitlines() if "─ " in line}
    assert set(indent) == {found.__name__ for found in classes}
    for found in classes:
        parent = found.__mro__[1]
        expected = 6 if parent is errors.NemoError else indent[parent.__name__] + 4
        assert indent[found.__name__] == expected, found
