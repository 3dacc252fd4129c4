"""Prompts from a CSV file that was dropped."""

import csv
import io

from nemo_widgets.errors import InputError
from nemo_widgets.widgets.states import PromptRows
from nemo_widgets.widgets.upload_messages import MAX_TEXT_BYTES

_MAX_PROMPTS = 200
_CALL = "nemo.compare(studio.prompts)"


def prompt_rows(name: str, text: str) -> PromptRows:
    """Return the prompts of a CSV file: its column ``prompt``, or its only one, with or without a heading.

    Raises
    ------
    InputError
        It holds no prompts, or more than can be compared.
    """
    if len(text.encode(errors="replace")) > MAX_TEXT_BYTES:
        raise InputError(f"{name} is larger than {MAX_TEXT_BYTES // 1024} kB: a list of prompts is shorter.")
    try:
        rows = [row for row in csv.reader(io.StringIO(text.removeprefix("\ufeff"))) if any(map(str.strip, row))]
    except csv.Error as error:
        raise InputError(f"{name} can't be read as CSV ({error}): save it again, a prompt a row.") from error
    heading = [cell.strip().lower() for cell in rows[0]] if rows else []
    if "prompt" in heading:
        column, rows = heading.index("prompt"), rows[1:]
    elif all(len(row) == 1 for row in rows):
        column = 0
    else:
        raise InputError(f"{name} has several columns and none is called prompt: name one of them so.")
    prompts = [row[column].strip() for row in rows if len(row) > column and row[column].strip()]
    if not prompts:
        raise InputError(f"{name} holds no prompts: write one a row, below the heading prompt.")
    if len(prompts) > _MAX_PROMPTS:
        raise InputError(f"{name} holds {len(prompts)} prompts; up to {_MAX_PROMPTS} are compared. Shorten it.")
    return PromptRows(name=name, prompts=prompts, call=_CALL)
