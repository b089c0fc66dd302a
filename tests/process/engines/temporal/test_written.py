"""Tens of thousands of jobs for one fan-out of the Temporal engine."""

from __future__ import annotations

import pytest

from devin_tools.engines.temporal.activity_options import digest
from devin_tools.engines.temporal.payloads import Job
from devin_tools.engines.temporal.serialization import pack_jobs, unpack_jobs
from devin_tools.errors import UsageError


def test_thousands_of_jobs_fit_into_one_payload_and_too_many_are_refused() -> None:
    jobs = [Job("devin_run_task", {"prompt": f"Fix part {number}."}) for number in range(10_000)]
    assert unpack_jobs(pack_jobs(jobs)) == jobs
    numbers = range(90_000)
    different = [Job("devin_run_task", {"prompt": digest("x", {"n": number}) * 8}) for number in numbers]
    with pytest.raises(UsageError, match="too many"):
        pack_jobs(different)
