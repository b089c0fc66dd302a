"""What is measured agrees with what happened; reviews and repositories have state."""

from __future__ import annotations

from typing import Any

import pytest
from support.simulated_api import simulated
from support.tools import built_in

from devin_tools import Client, Simulator
from devin_tools.api import (
    CreateSession,
    GetActiveUsers,
    GetDailyActiveUsers,
    GetDailyConsumption,
    GetMember,
    GetPullRequestMetrics,
    GetPullRequestReview,
    GetRepositoryIndexing,
    GetServiceUserConsumption,
    GetSession,
    GetSessionDailyConsumption,
    GetSessionMetrics,
    GetUsageMetrics,
    GetUserDailyConsumption,
    IndexRepositories,
    IndexRepository,
    ListIdpMembers,
    ListIndexedRepositories,
    ListMembers,
    ListRepositories,
    TriggerPullRequestReview,
    UnindexRepositories,
    UnindexRepositoryBranch,
)
from devin_tools.errors import BadRequest, Forbidden, InvalidArguments, NotFound

DAY = 24 * 3600
PULL = "https://github.com/acme/shop/pull/7"


def period(simulator: Simulator, days: int = 3) -> dict[str, int]:
    now = int(simulator.clock.now())
    return {"time_after": now - days * DAY, "time_before": now + 1}


def test_what_sessions_spent_is_counted_by_day_session_and_user(client: Client, simulator: Simulator) -> None:
    mine = client.run(CreateSession(prompt="x", create_as_user_id="okta|1")).session_id
    client.run(CreateSession(prompt="y"))
    simulator.clock.step(600)
    spent = [client.run(GetSession(session_id=one)).acus_consumed or 0 for one in simulator.world.sessions]
    everything = client.run(GetDailyConsumption())
    assert everything.total_acus == pytest.approx(sum(spent), abs=0.02)
    assert sum(day.acus for day in everything.consumption_by_date) == pytest.approx(
        everything.total_acus, abs=0.001
    )
    assert all(day.date % DAY == 8 * 3600 for day in everything.consumption_by_date)
    own = client.run(GetSessionDailyConsumption(session_id=mine)).total_acus
    assert own == pytest.approx(client.run(GetUserDailyConsumption(user_id="okta|1")).total_acus, abs=0.001)
    service = client.run(GetServiceUserConsumption(service_user_id="service-user-simulator"))
    assert own + service.total_acus == pytest.approx(everything.total_acus, abs=0.001)
    with pytest.raises(NotFound):
        client.run(GetUserDailyConsumption(user_id="okta|nobody"))


def test_a_review_is_paid_for_and_shows_among_the_products(client: Client, simulator: Simulator) -> None:
    client.run(TriggerPullRequestReview(pr_url=PULL))
    simulator.clock.step(600)
    (day,) = client.run(GetDailyConsumption()).consumption_by_date
    assert day.acus_by_product is not None and day.acus_by_product.review == day.acus > 0


def test_sessions_and_pull_requests_are_counted(client: Client, simulator: Simulator) -> None:
    client.run(CreateSession(prompt="x", playbook_id="playbook-1"))
    client.run(CreateSession(prompt="#simulate:merges"))
    simulator.clock.step(3 * 3600)
    counted = client.run(GetSessionMetrics(**period(simulator)))
    assert (counted.sessions_created_count, counted.sessions_created_with_playbook_count) == (2, 1)
    assert counted.sessions_with_merged_prs_count == 1
    by_size = counted.sessions_created_by_size
    assert by_size is not None and sum(by_size.model_dump().values()) == 2
    pulls = client.run(GetPullRequestMetrics(**period(simulator)))
    assert (pulls.prs_created_count, pulls.prs_merged_count) == (2, 1)
    assert client.run(GetUsageMetrics()).sessions_count == 2
    nothing = {"time_after": 0, "time_before": 1}
    assert client.run(GetSessionMetrics(**nothing)).sessions_created_count == 0


def test_active_users_are_counted_once_however_much_they_do(client: Client, simulator: Simulator) -> None:
    for user in ("okta|1", "okta|1", "okta|2"):
        client.run(CreateSession(prompt="x", create_as_user_id=user))
    client.run(CreateSession(prompt="x"))
    assert client.run(GetActiveUsers(**period(simulator))).active_users == 2
    assert client.run(GetActiveUsers(**period(simulator), min_sessions=2)).active_users == 1
    days = client.run(GetDailyActiveUsers(**period(simulator))).stretches
    assert [day.active_users for day in days] == [0, 0, 0, 2]
    assert all(day.end_time - day.start_time == DAY and day.start_time % DAY == 0 for day in days)


def test_a_review_goes_its_way(client: Client, simulator: Simulator) -> None:
    with pytest.raises(NotFound):
        client.run(GetPullRequestReview(pr_url=PULL))
    first = client.run(TriggerPullRequestReview(pr_url=PULL))
    assert (first.status, first.pr_number, first.repo_path) == ("pending", 7, "github.com/acme/shop")
    seen = []
    for _ in range(3):
        seen.append(client.run(GetPullRequestReview(pr_url=PULL)).status)
        simulator.clock.step(120)
    assert seen == ["pending", "running", "completed"]
    head = str(first.commit_sha)
    assert client.run(GetPullRequestReview(pr_url=PULL, commit_sha=head[:8])).commit_sha == head
    with pytest.raises(NotFound):
        client.run(GetPullRequestReview(pr_url=PULL, commit_sha="abcdef0"))
    with pytest.raises(BadRequest):
        client.run(TriggerPullRequestReview(pr_url="https://github.com/acme/shop"))


@pytest.mark.parametrize(
    "path", ["shop", "/acme/shop", "acme//shop", "acme/..", "../x", "a/b?c", "a/b#c", "a/"]
)
def test_a_path_that_names_no_repository_is_refused(path: str) -> None:
    with pytest.raises((InvalidArguments, ValueError)):
        GetRepositoryIndexing(repository_path=path)


def test_an_index_is_made_listed_and_removed(client: Client, simulator: Simulator) -> None:
    on: dict[str, Any] = {"repository_path": "acme/shop"}
    assert client.run(GetRepositoryIndexing(**on)).indexing_enabled is False
    made = client.run(IndexRepository(**on, branch_names=["main", "v1/next"]))
    assert made.branches == ["main", "v1/next"]
    assert client.run(GetRepositoryIndexing(**on)).latest_indexes[0].status == "in_progress"
    simulator.clock.step(120)
    assert client.run(GetRepositoryIndexing(**on)).latest_indexes[0].status == "completed"
    assert client.run(UnindexRepositoryBranch(**on, branch_name="v1/next")).branches == ["main"]
    client.run(IndexRepositories(repositories=[{"repository_path": "acme/search"}]))  # type: ignore[list-item]
    indexed = [item.repository_path for item in client.items(ListIndexedRepositories(limit=1))]
    assert indexed == ["acme/search", "acme/shop"]
    gone = client.run(UnindexRepositories(repository_paths=indexed)).repositories
    assert [item.indexing_enabled for item in gone] == [False, False]
    assert list(client.items(ListIndexedRepositories())) == []
    with pytest.raises(NotFound):
        client.run(IndexRepository(repository_path="acme/nothing"))


def test_repositories_are_found_by_name_and_path(client: Client) -> None:
    def found(**filters: Any) -> list[str]:
        return [item.repo_path for item in client.items(ListRepositories(limit=2, **filters))]

    assert len(found()) == 4
    assert found(filter_name="SHOP") == ["acme/shop"]
    assert found(only_repo_paths=["acme/shop", "acme/search"], exclude_repo_paths=["acme/shop"]) == [
        "acme/search"
    ]
    (shown,) = client.run(ListRepositories(filter_name="shop", load_indexing_status=True)).repositories
    assert shown.indexing_status is not None and shown.indexing_status.indexing_enabled is False


def test_people_are_listed_found_and_read(client: Client) -> None:
    people = list(client.items(ListMembers(limit=3)))
    assert len({person.user_id for person in people}) == 4
    assert [p.name for p in client.items(ListMembers(email="ada@example.com"))] == ["Ada"]
    assert client.run(GetMember(user_id=people[-1].user_id)).email == people[-1].email
    groups = [person.idp_role_assignments for person in client.items(ListIdpMembers())]
    assert all(groups) and len(groups) == 2
    with pytest.raises(NotFound):
        client.run(GetMember(user_id="okta|nobody"))


@pytest.mark.parametrize(
    "call", [GetDailyConsumption(), ListMembers(), TriggerPullRequestReview(pr_url=PULL)]
)
def test_each_needs_its_permission(call: Any) -> None:
    simulator = simulated(keys={"cog_a": {"ViewOrgSessions"}})
    with Client(**simulator.connection(), guards=()) as client, pytest.raises(Forbidden):
        client.run(call)


def test_a_time_in_milliseconds_is_refused_before_it_is_sent() -> None:
    with pytest.raises(InvalidArguments, match="time_before"):
        built_in().call(
            "devin_get_weekly_active_users", {"time_after": 1767225600, "time_before": 1769904000000}
        )
