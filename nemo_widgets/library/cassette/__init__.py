"""Cassettes: what a live session said, in one file without anybody's secrets, to be replayed without a network."""

from nemo_widgets.library.cassette.cleaning import Cleaner
from nemo_widgets.library.cassette.file import SUFFIX, Cassette, write_cassette
from nemo_widgets.library.cassette.tape import Answer, Call, Media, Tape, What

__all__ = ["SUFFIX", "Answer", "Call", "Cassette", "Cleaner", "Media", "Tape", "What", "write_cassette"]
