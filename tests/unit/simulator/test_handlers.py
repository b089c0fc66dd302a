"""Each operation has a handler: its own, or that of the one it derives from."""

from __future__ import annotations

import pytest

from devin_tools import Client
from devin_tools.api import (
    GetEnterpriseSession,
    GetOrganizationConsumption,
    GetSession,
    ListOrganizationViolations,
)
from devin_tools.errors import NotFound
from devin_tools.simulator.handlers import home_of
from devin_tools.tasks import ReportSpend
from devin_tools.tool_index import read_index


def test_each_operation_has_a_handler() -> None:
    assert all(issubclass(spec.tool, home_of(spec.tool)) for spec in read_index() if spec.route is not None)


def test_an_own_handler_goes_before_that_of_the_tool_it_derives_from() -> None:
    assert home_of(GetEnterpriseSession) is GetSession
    assert home_of(ListOrganizationViolations) is ListOrganizationViolations


def test_what_is_done_for_an_organisation_is_done_for_one_that_is_there(client: Client) -> None:
    assert client.run(GetOrganizationConsumption(org_id="org-5e0f0000000000000000000000000001"))
    with pytest.raises(NotFound):
        client.run(GetOrganizationConsumption(org_id=f"org-{0:032x}"))


def test_what_is_no_operation_has_none() -> None:
    with pytest.raises(LookupError):
        home_of(ReportSpend)
