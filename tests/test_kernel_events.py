"""Events reach a job while a cell computes."""

import pytest

from .benchmarks.bench_jobs import EVENTS_PER_S, measured


@pytest.mark.slow
def test_events_reach_a_job_twenty_times_sooner_than_the_kernels_own_loop() -> None:
    found = measured(seconds=10)
    assert len(found.job_s) == len(found.kernel_s) == 10 * EVENTS_PER_S
    assert found.ratio <= 1 / 20
