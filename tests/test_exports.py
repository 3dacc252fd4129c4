"""The public names."""

import subprocess
import sys

import pytest

import nemo_widgets


def test_all_is_sorted_and_has_no_name_twice() -> None:
    assert list(nemo_widgets.__all__) == sorted(set(nemo_widgets.__all__))


def test_every_public_name_can_be_imported_and_knows_its_home() -> None:
    for name in nemo_widgets.__all__:
        assert getattr(nemo_widgets, name) is not None
        assert name in nemo_widgets._HOMES


def test_public_names_are_documented() -> None:
    for name in nemo_widgets.__all__:
        assert getattr(nemo_widgets, name).__doc__, name


def test_dir_shows_the_public_names() -> None:
    assert set(nemo_widgets.__all__) <= set(dir(nemo_widgets))


@pytest.mark.parametrize("first", ["nemo_widgets.Sweep", "importlib.import_module('nemo_widgets.compare')"])
def test_comparing_works_whatever_was_imported_before(first: str) -> None:
    code = f"import importlib, nemo_widgets; {first}; print(nemo_widgets.compare(['a', 'b']))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert "<Sweep of 2 variants, 0 done>" in done.stdout, done.stderr


def test_a_name_with_a_slip_is_answered_with_the_one_that_was_meant() -> None:
    with pytest.raises(AttributeError, match=r"has no attribute 'conect'\. Did you mean 'connect'\?"):
        _ = nemo_widgets.conect
    assert "pump" not in dir(nemo_widgets)
