"""What the package advises in Python, as it is done in a shell."""

import re
from typing import Final

_WORDS: Final = tuple(
    (re.compile(python), shell)
    for python, shell in (
        (
            r'nemo\.resume\("([\w-]+)", client=nemo\.connect\("([^"\s]+)", token=…\)\)',
            r"NEMO_API_URL=\2 NEMO_TOKEN=… nemo-widgets resume \1",
        ),
        (r'(?:await )?nemo\.resume\("([\w-]+)", path="([\w.-]+)"\)', r"nemo-widgets resume \1 --out \2"),
        (r'(?:await )?nemo\.resume\("([\w-]+)"\)', r"nemo-widgets resume \1"),
        (r"(?:await )?nemo\.resume\(\)", "nemo-widgets resume"),
        (r"nemo\.history\(\)", "nemo-widgets history"),
        (r'with path="…" to another place', "with --out FILE to another place"),
        (r"^path= is for one export", "--out is for one export"),
        (r'For the AI: connect\("cloud"\)\.', "For the AI: set NEMO_TOKEN."),
        (r'To work on this machine: connect\("local"\)\.', "To work on this machine, unset it."),
    )
)


def in_shell(text: str) -> str:
    """Return a message with the commands of this program in the place of calls.

    Parameters
    ----------
    text : str
        For a person in Python. What has no command stays as it is.
    """
    for python, shell in _WORDS:
        text = python.sub(shell, text)
    return text
