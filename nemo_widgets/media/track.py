"""The samples of one track, in pieces."""

from collections import deque
from collections.abc import Callable, Iterator

from nemo_widgets.media.boxes import Sample


class Track:
    """The samples of one track of a clip, cut only where all that is shown before is decoded before.

    Parameters
    ----------
    number : int
        Its id in the fragments.
    timescale : int
        Ticks a second of its samples.
    begin : callable
        Makes its samples from the last point at or before a moment, in seconds, where decoding can begin.
    """

    def __init__(self, number: int, timescale: int, begin: Callable[[float], Iterator[Sample]]) -> None:
        self.number = number
        self.timescale = timescale
        self._begin = begin
        self._samples: Iterator[Sample] = iter(())
        self._left: deque[Sample] = deque()

    def seek(self, start_s: float) -> None:
        """Go to the last point at or before `start_s` where decoding can begin."""
        self._left.clear()
        self._samples = self._begin(start_s)

    def next_s(self) -> float | None:
        """Return when the next sample begins, None at the end."""
        if not self._left and (sample := next(self._samples, None)) is not None:
            self._left.append(sample)
        return min(self._left[0].decode, self._left[0].start) / self.timescale if self._left else None

    def take(self, until_s: float, max_bytes: int, check: Callable[[], None]) -> list[Sample]:
        """Return the samples before `until_s`; fewer where they have too many bytes.

        Parameters
        ----------
        until_s : float
            The cut is the first possible one from here on.
        max_bytes : int
            A piece that can't be cut is returned whole, whatever its size.
        check : callable
            Called between samples; raises to stop.
        """
        until = round(until_s * self.timescale)
        taken: list[Sample] = []
        size = cut = 0
        while True:
            check()
            sample = self._left.popleft() if self._left else next(self._samples, None)
            if sample is None:
                return taken
            if sample.whole:
                cut = len(taken)
            if (sample.whole and sample.decode >= until) or (cut and size + len(sample.data) > max_bytes):
                self._left.appendleft(sample)
                self._left.extendleft(reversed(taken[cut:]))
                return taken[:cut]
            taken.append(sample)
            size += len(sample.data)
