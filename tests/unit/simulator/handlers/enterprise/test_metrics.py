"""Counts of the enterprise are those of its organisations, or of the ones that are named."""

from __future__ import annotations

from typing import Any

import pytest
from support.simulated_api import simulated

from devin_tools import Client
from devin_tools.api import (
    CreateSession,
    GetEnterpriseActiveUsers,
    GetEnterpriseCategoryMetrics,
    GetEnterpriseDau,
    GetEnterprisePrMetrics,
    GetEnterpriseSessionMetrics,
    GetEnterpriseUsageMetrics,
    GetOrganizationUsageMetrics,
)
from devin_tools.errors import NotFound
from devin_tools.simulator.principals import ORG_ID, OTHER_ORG_ID

DAY = 86_400


def test_all_organisations_are_counted_or_those_that_are_named() -> None:
    simulator = simulated()
    for org_id, user, count in ((ORG_ID, "okta|1", 2), (OTHER_ORG_ID, "okta|2", 1)):
        with Client(**simulator.connection() | {"org_id": org_id}, guards=()) as client:
            for _ in range(count):
                client.run(CreateSession(prompt="Fix it.", create_as_user_id=user))
    simulator.clock.step(3_600)
    now = int(simulator.clock.now())
    period: dict[str, Any] = {"time_after": now - DAY, "time_before": now + 1}
    with Client(**simulator.connection(), guards=()) as client:
        everywhere = client.run(GetEnterpriseSessionMetrics(**period))
        there = client.run(GetEnterpriseSessionMetrics(**period, org_ids=[OTHER_ORG_ID]))
        both = client.run(GetEnterpriseSessionMetrics(**period, org_ids=[ORG_ID, OTHER_ORG_ID]))
        counts = [one.sessions_created_count for one in (everywhere, there, both)]
        assert counts == [3, 1, 3]
        assert client.run(GetEnterprisePrMetrics(**period, org_ids=[ORG_ID])).prs_created_count == 2
        assert client.run(GetEnterpriseActiveUsers(**period)).active_users == 2
        assert client.run(GetEnterpriseActiveUsers(**period, org_ids=[ORG_ID])).active_users == 1
        (*_, today) = client.run(GetEnterpriseDau(**period, org_ids=[OTHER_ORG_ID])).stretches
        assert today.active_users == 1
        assert client.run(GetEnterpriseUsageMetrics()).sessions_count == 3
        assert client.run(GetOrganizationUsageMetrics(org_id=OTHER_ORG_ID)).sessions_count == 1
        with pytest.raises(NotFound):
            client.run(GetOrganizationUsageMetrics(org_id="org-nowhere"))


def test_categories_hold_the_acus_of_their_sessions() -> None:
    simulator = simulated(sessions=7)
    simulator.clock.step(3_600)
    period: dict[str, Any] = {"time_after": 1767225600, "time_before": int(simulator.clock.now())}
    with Client(**simulator.connection(), guards=()) as client:
        found = client.run(GetEnterpriseCategoryMetrics(**period)).categories
        assert sum(one.sessions_count or 0 for one in found) == len(simulator.world.sessions) > 7
        assert all(one.acus == sum(part.acus or 0 for part in one.subcategories) for one in found)
        elsewhere = GetEnterpriseCategoryMetrics(**period, org_ids=[OTHER_ORG_ID])
        there = client.run(elsewhere).categories
        assert sum(one.sessions_count or 0 for one in there) == len(simulator.world.sessions) - 7
