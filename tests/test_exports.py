"""The public names."""

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
