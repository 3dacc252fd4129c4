"""From a template with axes, or a list of prompts, to the prompts that will be sent."""

import difflib
import itertools
import string
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from nemo_widgets.errors import EmptyPromptError, InputError


@dataclass(frozen=True, slots=True)
class Variant:
    """One prompt of a comparison.

    Attributes
    ----------
    index : int
        Its place in the comparison, from 0.
    prompt : str
        The text that is sent.
    values : Mapping of str to str
        What each name of the template stands for here; empty for a list of prompts.
    repeat : int
        Which take of the same prompt this is, from 1.
    """

    index: int
    prompt: str
    values: Mapping[str, str] = field(default_factory=dict)
    repeat: int = 1


def variants(
    prompts: str | Sequence[str], axes: Mapping[str, Sequence[str]] | None = None, *, repeats: int = 1
) -> tuple[Variant, ...]:
    """Return every combination of the axes in the template, or the prompts as they are.

    Parameters
    ----------
    prompts : str or sequence of str
        A template such as ``"a {style} clip of {place}"``, one prompt, or several.
    axes : mapping of str to sequence of str, optional
        The values of each name in the template. Only for a template.
    repeats : int, default 1
        How many takes of each prompt.

    Raises
    ------
    InputError
        When a name in the template has no axis, an axis is not in the template, or an axis has no values.
    EmptyPromptError
        When there is no prompt, or an empty one.
    """
    if repeats < 1:
        raise InputError(f"repeats={repeats} makes no take at all. Ask for 1 or more.")
    rows = _fill(prompts, axes) if isinstance(prompts, str) else _listed(prompts, axes)
    if not rows or not all(prompt.strip() for prompt, _ in rows):
        raise EmptyPromptError("A prompt of the comparison is empty; nothing was sent. Write what each should show.")
    takes = [(prompt, values, repeat) for prompt, values in rows for repeat in range(1, repeats + 1)]
    return tuple(Variant(index, prompt, values, repeat) for index, (prompt, values, repeat) in enumerate(takes))


def _listed(prompts: Sequence[str], axes: Mapping[str, Sequence[str]] | None) -> list[tuple[str, Mapping[str, str]]]:
    if axes:
        raise InputError("axes= fills one template; a list of prompts has nothing to fill. Leave one of them out.")
    return [(prompt, {}) for prompt in prompts]


def _fill(template: str, axes: Mapping[str, Sequence[str]] | None) -> list[tuple[str, Mapping[str, str]]]:
    if not axes:
        return [(template, {})]
    names = _names(template)
    _check_names(names, axes)
    rows: list[tuple[str, Mapping[str, str]]] = []
    for combination in itertools.product(*(axes[name] for name in names)):
        values = {name: str(value) for name, value in zip(names, combination, strict=True)}
        rows.append((template.format_map(values), values))
    return rows


def _names(template: str) -> list[str]:
    try:
        fields = [name for _, name, _, _ in string.Formatter().parse(template) if name is not None]
    except ValueError as cause:
        raise InputError(f"The template can't be read: {cause}. Write a literal brace twice: {{{{ or }}}}.") from cause
    # Plain names only: format's attribute and index access would reach into the values' objects.
    for name in fields:
        if not name.isidentifier():
            raise InputError(f"{{{name}}} is not a plain name. Write {{style}}, say, and axes={{'style': [...]}}.")
    return list(dict.fromkeys(fields))


def _check_names(names: Sequence[str], axes: Mapping[str, Sequence[str]]) -> None:
    for name in names:
        if name not in axes:
            raise InputError(f"The template has {{{name}}}, but axes has no {name!r}{_nearest(name, axes)}")
    for axis, values in axes.items():
        if axis not in names:
            raise InputError(f"axes has {axis!r}, but the template has no {{{axis}}}{_nearest(axis, names)}")
        if isinstance(values, str):
            raise InputError(f"axes[{axis!r}] is one string; give a list: axes={{{axis!r}: [{values!r}, …]}}.")
        if not list(values):
            raise InputError(f"axes[{axis!r}] has no values, so there is nothing to compare.")


def _nearest(name: str, known: Mapping[str, object] | Sequence[str]) -> str:
    match = difflib.get_close_matches(name, list(known), n=1)
    return f"; did you mean {match[0]!r}?" if match else "."
