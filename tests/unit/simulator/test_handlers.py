"""Each operation has a handler: its own, or that of the one it derives from."""

from __future__ import annotations

import pytest

from devin_tools.api import (
    GetEnterpriseSession,
    GetOrganizationConsumption,
    GetSession,
    ListOrganizationViolations,
)
from devin_tools.simulator.handlers import handler_of
from devin_tools.simulator.handlers.enterprise.consumption import of_one
from devin_tools.tasks import ReportSpend
from devin_tools.tool_index import read_index


def test_each_operation_has_a_handler() -> None:
    assert all(callable(handler_of(spec.tool)) for spec in read_index() if spec.route is not None)


def test_an_own_handler_goes_before_that_of_the_tool_it_derives_from() -> None:
    assert handler_of(GetEnterpriseSession) is handler_of(GetSession)
    assert handler_of(GetOrganizationConsumption) is of_one
    assert handler_of(ListOrganizationViolations).__module__.endswith(".enterprise.guardrails")


def test_what_is_no_operation_has_none() -> None:
    with pytest.raises(LookupError):
        handler_of(ReportSpend)
