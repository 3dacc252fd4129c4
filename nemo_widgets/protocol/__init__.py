"""The wire as pure functions and frozen dataclasses: no I/O happens here."""
