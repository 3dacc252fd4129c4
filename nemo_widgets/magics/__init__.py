"""The ``%nemo`` and ``%%nemo`` magics: prompts and the common calls without writing Python."""

from nemo_widgets.magics.magic import NemoMagics, register

__all__ = ["NemoMagics", "register"]
