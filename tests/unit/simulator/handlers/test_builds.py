"""Builds of the simulator: they run while time passes, fail for broken YAML, and one is pinned."""

from __future__ import annotations

import httpx
import pytest

from devin_tools import (
    CancelBuild,
    Client,
    CreateBlueprint,
    CreateEnterpriseBlueprint,
    GetBuild,
    GetBuildLogs,
    ListBuilds,
    PinBuild,
    Simulator,
    StartBuild,
    UnpinBuild,
    UpdateBlueprint,
)
from devin_tools.errors import BadRequest, Conflict, NotFound

DAY = 86_400


def log_of(simulator: Simulator, client: Client, build_id: str) -> str:
    url = client.run(GetBuildLogs(build_id=build_id)).url
    with httpx.Client(transport=simulator.transport()) as http:
        return http.get(url).text


def started(client: Client) -> str:
    return client.run(StartBuild()).build_id


def active(client: Client) -> list[str]:
    return [one.build_id for one in client.run(ListBuilds(active=True)).builds]


def test_a_build_is_pending_then_runs_then_has_succeeded(simulator: Simulator, client: Client) -> None:
    asked = client.run(StartBuild())
    begun = int(simulator.clock.now())
    on = {"build_id": asked.build_id}
    assert (asked.status, asked.trigger, asked.started_at, asked.pinned) == ("pending", "manual", None, False)
    simulator.clock.step(10)
    running = client.run(GetBuild(**on))
    assert (running.status, running.started_at, running.completed_at) == ("running", begun + 5, None)
    simulator.clock.step(120)
    done = client.run(GetBuild(**on))
    assert (done.status, done.started_at, done.completed_at) == ("succeeded", begun + 5, begun + 125)
    assert (done.created_at, done.updated_at) == (begun, begun + 125)


def test_broken_yaml_fails_the_builds_that_began_with_it(simulator: Simulator, client: Client) -> None:
    blueprint = client.run(CreateBlueprint(repo_name="acme/shop", contents="initialize: [a\n"))
    broken = started(client)
    client.run(UpdateBlueprint(blueprint_id=blueprint.blueprint_id, contents="initialize: a\n"))
    mended = started(client)
    simulator.clock.step(200)
    states = {one.build_id: one.status for one in client.run(ListBuilds()).builds}
    assert states == {broken: "failed", mended: "succeeded"}
    log = log_of(simulator, client, broken)
    assert f"acme/shop, {blueprint.blueprint_id}, version 1: while parsing a flow sequence" in log
    assert log.endswith(" failed\n")
    assert "version 2: done" in log_of(simulator, client, mended)
    with pytest.raises(Conflict):
        client.run(PinBuild(build_id=broken))


@pytest.mark.parametrize("contents", ["just text", "- a", "a: 'b", "[" * 500])
def test_text_without_sections_is_broken_too(simulator: Simulator, client: Client, contents: str) -> None:
    client.run(CreateBlueprint(contents=contents))
    build_id = started(client)
    simulator.clock.step(200)
    assert client.run(GetBuild(build_id=build_id)).status == "failed"


def test_a_build_runs_the_enterprise_then_the_organisation_then_repositories(
    simulator: Simulator, client: Client
) -> None:
    client.run(CreateBlueprint(repo_name="acme/shop"))
    client.run(CreateBlueprint())
    client.run(CreateEnterpriseBlueprint(contents="initialize: a"))
    build_id = started(client)
    assert log_of(simulator, client, build_id).count("\n") == 1
    simulator.clock.step(30)
    steps = [
        line.split(" ", 1)[1].partition(",")[0]
        for line in log_of(simulator, client, build_id).split("\n")[2:-1]
    ]
    assert steps == ["enterprise", "org", "acme/shop"]


def test_a_build_is_cancelled_while_it_has_not_ended(simulator: Simulator, client: Client) -> None:
    waiting, done = started(client), started(client)
    assert client.run(CancelBuild(build_id=waiting)).status == "cancelled"
    simulator.clock.step(200)
    running = started(client)
    simulator.clock.step(20)
    cancelled = client.run(CancelBuild(build_id=running))
    assert (cancelled.status, cancelled.completed_at) == ("cancelled", int(simulator.clock.now()))
    assert client.run(CancelBuild(build_id=done)).status == "succeeded"
    simulator.clock.step(200)
    assert client.run(GetBuild(build_id=running)) == cancelled
    never_began = client.run(GetBuild(build_id=waiting))
    assert (never_began.status, never_began.started_at) == ("cancelled", None)
    listed = client.run(ListBuilds(status="cancelled")).builds
    assert [one.build_id for one in listed] == [waiting, running]


def test_one_build_is_pinned_at_a_time_and_new_sessions_start_from_it(
    simulator: Simulator, client: Client
) -> None:
    assert active(client) == []
    first, second = started(client), started(client)
    with pytest.raises(Conflict, match="succeeded"):
        client.run(PinBuild(build_id=first))
    simulator.clock.step(200)
    assert active(client) == [second]
    assert client.run(PinBuild(build_id=first)).pinned
    assert active(client) == [first]
    assert client.run(PinBuild(build_id=second)).pinned
    assert not client.run(GetBuild(build_id=first)).pinned
    client.run(UnpinBuild(build_id=first))  # nothing happens: it is not pinned
    assert client.run(GetBuild(build_id=second)).pinned
    client.run(UnpinBuild(build_id=second))
    assert not client.run(GetBuild(build_id=second)).pinned


def test_an_old_build_cannot_be_pinned_and_a_pinned_one_may_grow_old(
    simulator: Simulator, client: Client
) -> None:
    build_id = started(client)
    simulator.clock.step(6 * DAY)
    client.run(PinBuild(build_id=build_id))
    simulator.clock.step(2 * DAY)
    assert client.run(GetBuild(build_id=build_id)).pinned
    client.run(UnpinBuild(build_id=build_id))
    with pytest.raises(Conflict, match="7 days"):
        client.run(PinBuild(build_id=build_id))


def test_builds_are_listed_page_by_page(client: Client) -> None:
    ids = [started(client) for _ in range(5)]
    pages = list(client.pages(ListBuilds(limit=2)))
    assert [[one.build_id for one in page.builds] for page in pages] == [ids[:2], ids[2:4], ids[4:]]


def test_unknown_builds_and_statuses_are_refused(client: Client) -> None:
    for call in (GetBuild, GetBuildLogs, CancelBuild, PinBuild, UnpinBuild):
        with pytest.raises(NotFound):
            client.run(call(build_id="build-none"))
    with pytest.raises(BadRequest):
        client.run(ListBuilds(status="done"))
