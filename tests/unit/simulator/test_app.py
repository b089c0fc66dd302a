"""What the simulated API answers, and what it refuses."""

from __future__ import annotations

import re

import pytest
from support.furnished import about, furnished
from support.simulated_api import Api

from devin_tools import Catalog, Client, Simulator, describe, load_catalog
from devin_tools.tool import Output, Tool
from devin_tools.wire import GET, Request

SPECS = list(load_catalog(plugins=()))
DOTTED = {
    "UseDevinSessions": "'org.devins.use'",
    "ViewOrgSessions": "'org.sessions.view'",
    "ManageOrgSessions": "'org.sessions.manage'",
    "ManageOrgPlaybooks": "org.playbooks.manage",
}
SESSION_FIELDS = {
    "session_id", "url", "status", "status_detail", "org_id", "created_at", "updated_at", "acus_consumed",
    "tags", "pull_requests", "title", "user_id", "service_user_id", "playbook_id", "parent_session_id",
    "child_session_ids", "is_archived", "structured_output", "origin", "category", "subcategory",
    "devin_mode", "automation_id",
}  # fmt: skip
"""Every field of a session in docs.devin.ai/v3-openapi.yaml."""
LATE_FIELDS = ("status_detail", "structured_output", "category", "subcategory")
"""Those that get and list fill and no other answer does."""


@pytest.fixture
def api(simulator: Simulator) -> Api:
    return Api(simulator)


@pytest.mark.parametrize(
    "path",
    [
        "/v3",
        "/v3/self/",
        "/v3/organizations",
        "/v3/enterprise/self",
        "/v1/sessions",
        "/sessions/x/events",
        "/automations",
        "/sessions/",
        "//sessions",
        "/sessions/a/b/c",
    ],
)
def test_an_unknown_route_is_not_found(api, path):
    assert api("GET", path)[0] == 404


@pytest.mark.parametrize(
    "method,path",
    [
        ("PATCH", "/sessions"),
        ("DELETE", "/sessions"),
        ("HEAD", "/sessions"),
        ("GET", "/sessions/x/archive"),
        ("POST", "/sessions/x"),
        ("POST", "/v3/self"),
        ("DELETE", "/sessions/x/tags"),
        ("get", "/sessions"),
    ],
)
def test_a_wrong_method_is_not_allowed(api, method, path):
    assert api(method, path)[0] == 405


@pytest.mark.parametrize(
    "key",
    [
        None,
        "",
        "cog_any",
        "Bearer",
        "Bearer ",
        "Basic cog_any",
        "Bearer apk_x",
        "Bearer apk_user_x",
        "Bearer COG_x",
    ],
)
def test_a_key_of_no_kind_that_works_is_unauthenticated(simulator, key):
    for method, path in (("GET", "/sessions"), ("POST", "/sessions"), ("GET", "/v3/self")):
        assert Api(simulator, key)(method, path)[0] == 401
    assert not simulator.world.sessions


def test_only_listed_keys_work_when_keys_are_listed():
    simulator = Simulator(keys={"cog_a": {"ViewOrgSessions"}, "apk_old": {"ViewOrgSessions"}})
    answers = {
        key: Api(simulator, f"Bearer {key}")("GET", "/sessions")[0] for key in ("cog_a", "cog_b", "apk_old")
    }
    assert answers == {"cog_a": 200, "cog_b": 401, "apk_old": 401}
    assert simulator.connection()["api_key"] == "cog_a"


PERMITTED = [spec for spec in SPECS if spec.permission and spec.route]


def path_of(spec, org_id):
    """Give a path of a tool; nothing but the organisation that it names is there."""
    return re.sub(r"{\w+}", "devin-0", spec.route.template.replace("{org_id}", org_id))


def spoken(permission):
    """Give a permission as refusals name it: some are known with dots."""
    return DOTTED.get(permission, f"'{permission}'")


@pytest.mark.parametrize("spec", PERMITTED, ids=lambda s: s.name)
def test_a_key_without_the_permission_is_told_its_name(spec):
    others = {other.permission for other in PERMITTED} - {spec.permission}
    simulator = Simulator(keys={"cog_other": others, "cog_right": {spec.permission}})
    path = path_of(spec, simulator.world.org_id)
    status, problem = Api(simulator, "Bearer cog_other")(spec.route.method, path)
    assert (status, spoken(spec.permission) in problem["detail"]) == (403, True)
    assert Api(simulator, "Bearer cog_right")(spec.route.method, path)[0] != 403


@pytest.mark.parametrize("spec", PERMITTED, ids=lambda s: s.name)
def test_another_organisation_is_forbidden_whatever_the_key_may_do(api, spec):
    if "org_id" not in spec.route.placeholders:
        return
    status, problem = api(spec.route.method, path_of(spec, "org-other"))
    assert (status, spoken(spec.permission) in problem["detail"]) == (403, True)


class Thing(Output):
    """A thing."""


class GetThing(Tool[Thing]):
    """Read the thing."""

    route = GET("/v3/organizations/{org_id}/thing")


def test_another_organisation_is_forbidden_to_a_tool_that_names_no_permission():
    catalog = Catalog(
        specs={"devin_get_thing": describe(GetThing)}, handlers={GetThing: lambda world, call: {}}
    )
    api = Api(Simulator(catalog=catalog))
    assert api("GET", "/thing") == (200, {})
    assert api("GET", "/v3/organizations/org-other/thing")[0] == 403


def test_every_key_may_read_whom_it_belongs_to():
    simulator = Simulator(keys={"cog_nothing": set()})
    status, principal = Api(simulator, "Bearer cog_nothing")("GET", "/v3/self")
    assert status == 200
    assert principal == {
        "principal_type": "service_user",
        "service_user_id": principal["service_user_id"],
        "service_user_name": principal["service_user_name"],
        "org_id": simulator.world.org_id,
    }


def test_speaking_for_somebody_needs_the_permission_to_impersonate():
    may = {"UseDevinSessions", "ManageOrgSessions"}
    simulator = Simulator(keys={"cog_plain": may, "cog_full": may | {"ImpersonateOrgSessions"}})
    plain, full = Api(simulator, "Bearer cog_plain"), Api(simulator, "Bearer cog_full")
    path = plain.create(create_as_user_id=None)
    for ask in (
        ("POST", "/sessions", {"prompt": "x", "create_as_user_id": "okta|1"}),
        ("POST", f"{path}/messages", {"message": "x", "message_as_user_id": "okta|1"}),
    ):
        status, problem = plain(*ask)
        assert (status, "'org.sessions.impersonate'" in problem["detail"]) == (403, True)
        assert full(*ask)[0] == 200
    assert [record.asked["create_as_user_id"] for record in simulator.world.sessions.values()] == [
        None,
        "okta|1",
    ]


@pytest.mark.usefixtures("folder_for_files")
@pytest.mark.parametrize("spec", SPECS, ids=lambda s: s.name)
def test_every_tool_s_example_is_answered_in_the_shape_of_its_output(spec):
    simulator = Simulator(sessions=3)
    names = furnished(simulator, next(iter(simulator.world.sessions)))
    with Client(**simulator.connection()) as client:
        for example in spec.examples:
            assert isinstance(client.run(spec.tool(**about(spec, example, names))), spec.output)


def test_get_and_list_show_every_documented_field_and_other_answers_keep_the_late_ones_null(simulator, api):
    schema = {"type": "object", "properties": {"n": {"type": "integer"}}, "required": ["n"]}
    path = api.create(title="Fix it", structured_output_schema=schema)
    simulator.clock.step(300)
    whole = [api("GET", path)[1], api("GET", "/sessions")[1]["items"][0]]
    changes = [
        ("POST", f"{path}/messages", {"message": "x"}),
        ("POST", f"{path}/archive"),
        ("POST", f"{path}/unarchive"),
        ("DELETE", path),
    ]
    partial = [api("POST", "/sessions", {"prompt": "x"})[1], *(api(*change)[1] for change in changes)]
    for session in [*whole, *partial]:
        assert session.keys() == SESSION_FIELDS
    for name in LATE_FIELDS:
        assert all(session[name] is not None for session in whole)
        assert all(session[name] is None for session in partial)


def test_a_session_s_secrets_stay_nowhere_in_the_world(simulator, api):
    path = api.create(session_secrets=[{"key": "TOKEN", "value": "hush-hush"}])
    answers = [api("GET", path + suffix) for suffix in ("", "/messages")]
    assert "hush-hush" not in repr((vars(simulator.world), answers))


def transcript(seed: int) -> list[bytes]:
    """Make the same requests of a new simulator, and give every byte it answers."""
    simulator = Simulator(seed=seed, sessions=5)
    org = f"/v3/organizations/{simulator.world.org_id}"
    answers = [simulator.handle(Request("GET", "/v3/self"), "Bearer cog_any")]
    for scenario in Simulator.SCENARIOS:
        body = {"prompt": f"Look. #simulate:{scenario}", "structured_output_schema": {"type": "object"}}
        answers.append(simulator.handle(Request("POST", f"{org}/sessions", (), body), "Bearer cog_any"))
        path = f"{org}/sessions/devin-{answers[-1].json()['session_id']}"
        simulator.clock.step(150)
        for suffix in ("", "/messages", "/attachments", "/nowhere"):
            answers.append(simulator.handle(Request("GET", path + suffix), "Bearer cog_any"))
    answers.append(simulator.handle(Request("GET", f"{org}/sessions"), "Bearer cog_any"))
    return [repr((answer.status, answer.body, sorted(answer.headers.items()))).encode() for answer in answers]


def test_the_same_seed_gives_the_same_bytes_and_another_seed_others():
    assert transcript(seed=3) == transcript(seed=3)
    assert transcript(seed=3)[1] != transcript(seed=4)[1]


def test_how_often_somebody_looks_changes_nothing():
    watched, left_alone = Api(Simulator(seed=5)), Api(Simulator(seed=5))
    for api, steps in ((watched, 600), (left_alone, 1)):
        path = api.create()
        for _ in range(steps):
            api("GET", path)
            api.simulator.clock.step(600 / steps)
    for suffix in ("", "/messages", "/attachments"):
        assert watched("GET", path + suffix) == left_alone("GET", path + suffix)


def test_samples_are_in_varied_states_and_older_than_now():
    simulator = Simulator(sessions=14)
    page = Api(simulator)("GET", "/sessions")[1]
    assert page["total"] == 14
    assert {"running", "suspended", "exit", "error"} <= {session["status"] for session in page["items"]}
    assert all(session["created_at"] < simulator.clock.now() for session in page["items"])


def test_the_simulator_remembers_what_was_asked_of_it(simulator, api):
    api("GET", "/v3/self")
    api("GET", "/v3/nowhere")
    assert simulator.requests == [("GET", "/v3/self"), ("GET", "/v3/nowhere")]
