import re

import pytest

from nemo_widgets.compare.variants import variants
from nemo_widgets.errors import EmptyPromptError, InputError


def test_a_list_of_prompts_is_sent_as_it_is():
    assert [variant.prompt for variant in variants(["a {cat}", "a dog"])] == ["a {cat}", "a dog"]


def test_every_combination_of_the_axes_fills_the_template_in_order():
    rows = variants("a {style} clip of {place}", {"place": ["Rome", "Oslo"], "style": ["calm", "wild"]})
    assert [row.prompt for row in rows] == [
        "a calm clip of Rome",
        "a calm clip of Oslo",
        "a wild clip of Rome",
        "a wild clip of Oslo",
    ]
    assert rows[1].values == {"style": "calm", "place": "Oslo"}
    assert [row.index for row in rows] == [0, 1, 2, 3]


def test_repeats_are_takes_of_the_same_prompt():
    rows = variants(["a", "b"], repeats=2)
    assert [(row.prompt, row.repeat) for row in rows] == [("a", 1), ("a", 2), ("b", 1), ("b", 2)]


@pytest.mark.parametrize(
    ("template", "axes", "words"),
    [
        ("a {stile} clip", {"style": ["x"]}, "did you mean 'style'"),
        ("a clip", {"style": ["x"]}, "the template has no {style}"),
        ("a {style} clip", {"style": "noir"}, "give a list"),
        ("a {style} clip", {"style": []}, "no values"),
        ("a {style.__class__} clip", {"style": ["x"]}, "not a plain name"),
        ("a {style clip", {"style": ["x"]}, "can't be read"),
        ("a {} clip", {"style": ["x"]}, "not a plain name"),
    ],
)
def test_a_template_that_does_not_fit_its_axes_says_why(template, axes, words):
    with pytest.raises(InputError, match=re.escape(words)):
        variants(template, axes)


def test_axes_beside_a_list_of_prompts_are_refused():
    with pytest.raises(InputError, match="Leave one of them out"):
        variants(["a"], {"style": ["x"]})


@pytest.mark.parametrize("prompts", ["", "   ", [], ["a", ""]])
def test_an_empty_prompt_is_refused_before_anything_is_sent(prompts):
    with pytest.raises(EmptyPromptError):
        variants(prompts)


def test_less_than_one_repeat_is_refused():
    with pytest.raises(InputError, match="repeats=0"):
        variants("a", repeats=0)


def test_a_value_with_braces_is_text_not_a_template():
    assert variants("a {style} clip", {"style": ["{oops}"]})[0].prompt == "a {oops} clip"
