"""What the simulated API answers, and what it refuses."""

from __future__ import annotations

import json
import re

import pytest
from support.furnished import Worlds
from support.laws import for_every
from support.simulated_api import Api, simulated
from support.tools import VERBS, routed, starts_git, tools, with_verb

from devin_tools import Catalog, Simulator, Spec, describe
from devin_tools.tool import Output, Tool
from devin_tools.wire import GET, Request

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


UNKNOWN_PATHS = [
    "/v3",
    "/v3/self/",
    "/v3/organizations",
    "/v3/enterprise/self",
    "/v1/sessions",
    "/sessions/x/events",
    "/searches",
    "/sessions/",
    "//sessions",
    "/sessions/a/b/c",
]


@for_every("path", lambda: UNKNOWN_PATHS)
def test_an_unknown_route_is_not_found(api, path):
    assert api("GET", path)[0] == 404


WRONG_METHODS = [
    ("PATCH", "/sessions"),
    ("DELETE", "/sessions"),
    ("HEAD", "/sessions"),
    ("GET", "/sessions/x/archive"),
    ("POST", "/sessions/x"),
    ("POST", "/v3/self"),
    ("DELETE", "/sessions/x/tags"),
    ("get", "/sessions"),
]


@for_every("method, path", lambda: WRONG_METHODS)
def test_a_wrong_method_is_not_allowed(api, method, path):
    assert api(method, path)[0] == 405


NO_KEYS = [
    None,
    "",
    "cog_any",
    "Bearer",
    "Bearer ",
    "Basic cog_any",
    "Bearer apk_x",
    "Bearer apk_user_x",
    "Bearer COG_x",
]


@for_every("key", lambda: NO_KEYS)
def test_a_key_of_no_kind_that_works_is_unauthenticated(simulator, key):
    for method, path in (("GET", "/sessions"), ("POST", "/sessions"), ("GET", "/v3/self")):
        assert Api(simulator, key)(method, path)[0] == 401
    assert not simulator.world.sessions


def test_only_listed_keys_work_when_keys_are_listed():
    simulator = simulated(keys={"cog_a": {"ViewOrgSessions"}, "apk_old": {"ViewOrgSessions"}})
    answers = {
        key: Api(simulator, f"Bearer {key}")("GET", "/sessions")[0] for key in ("cog_a", "cog_b", "apk_old")
    }
    assert answers == {"cog_a": 200, "cog_b": 401, "apk_old": 401}
    assert simulator.connection()["api_key"] == "cog_a"


def permitted() -> list[Spec]:
    """Return the tools with a route that need a permission."""
    return [spec for spec in routed() if spec.permission]


def path_of(spec, org_id):
    """Return a path of a tool; nothing but the organisation that it names is there."""
    return re.sub(r"{\w+}", "devin-0", spec.route.template.replace("{org_id}", org_id))


def spoken(permission):
    """Return a permission as refusals name it: some are known with dots."""
    return DOTTED.get(permission, f"'{permission}'")


@pytest.fixture
def keyed() -> Simulator:
    """Return a simulator with a key for each permission alone, and one for all the others."""
    every = {spec.permission for spec in permitted()}
    keys = {f"cog_only_{one}": {one} for one in every} | {
        f"cog_all_but_{one}": every - {one} for one in every
    }
    return simulated(keys=keys)


@for_every("spec", permitted)
def test_a_key_without_the_permission_is_told_its_name(spec, keyed):
    organizations, org_id = keyed.world.organizations, keyed.world.org_id
    if not organizations.has(org_id):  # a tool before this one deleted it
        organizations.add(org_id, {"org_id": org_id})
    path = path_of(spec, org_id)
    status, problem = Api(keyed, f"Bearer cog_all_but_{spec.permission}")(spec.route.method, path)
    assert (status, spoken(spec.permission) in problem["detail"]) == (403, True)
    _, other = Api(keyed, f"Bearer cog_only_{spec.permission}")(spec.route.method, path)
    assert "Missing required permission" not in json.dumps(other)


@for_every("spec", permitted)
def test_another_organisation_is_forbidden_whatever_the_key_may_do(api, spec):
    if "org_id" not in spec.scope_names:  # an enterprise has many organisations, and names one
        return
    status, problem = api(spec.route.method, path_of(spec, "org-other"))
    assert (status, spoken(spec.permission) in problem["detail"]) == (403, True)


class Resource(Output):
    """A thing."""


class GetThing(Tool[Resource]):
    """Read the thing."""

    route = GET("/v3/organizations/{org_id}/thing")


def test_another_organisation_is_forbidden_to_a_tool_that_names_no_permission():
    catalog = Catalog(
        specs={"devin_get_thing": describe(GetThing)}, handlers={GetThing: lambda world, call: {}}
    )
    api = Api(simulated(catalog=catalog))
    assert api("GET", "/thing") == (200, {})
    assert api("GET", "/v3/organizations/org-other/thing")[0] == 403


def test_every_key_may_read_whom_it_belongs_to():
    simulator = simulated(keys={"cog_nothing": set()})
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
    simulator = simulated(keys={"cog_plain": may, "cog_full": may | {"ImpersonateOrgSessions"}})
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


def in_order() -> list[Spec]:
    """Return the tools whose examples are tried here: those that read first, and those that destroy last."""
    kinds = ("read", "write", "destroy")
    some = [spec for spec in tools() if not starts_git(spec.name)]
    return sorted(some, key=lambda spec: kinds.index(spec.effect.kind))


@pytest.fixture
def worlds(folder_for_files) -> Worlds:
    return Worlds()


@pytest.mark.parametrize("verb", VERBS)
def test_every_tool_s_example_is_answered_in_the_shape_of_its_output(verb, worlds):
    @for_every("spec", lambda: [spec for spec in in_order() if with_verb(spec, verb)])
    def it_is(spec: Spec) -> None:
        for example in spec.examples:
            assert isinstance(worlds.run(spec, example), spec.output)

    it_is()


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
    """Make the same requests of a new simulator, and return every byte it answers."""
    simulator = simulated(seed=seed, sessions=5)
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
    watched, left_alone = Api(simulated(seed=5)), Api(simulated(seed=5))
    for api, steps in ((watched, 600), (left_alone, 1)):
        path = api.create()
        for _ in range(steps):
            api("GET", path)
            api.simulator.clock.step(600 / steps)
    for suffix in ("", "/messages", "/attachments"):
        assert watched("GET", path + suffix) == left_alone("GET", path + suffix)


def test_samples_are_in_varied_states_and_older_than_now():
    simulator = simulated(sessions=14)
    page = Api(simulator)("GET", "/sessions")[1]
    assert page["total"] == 14
    assert {"running", "suspended", "exit", "error"} <= {session["status"] for session in page["items"]}
    assert all(session["created_at"] < simulator.clock.now() for session in page["items"])


def test_the_simulator_remembers_what_was_asked_of_it(simulator, api):
    api("GET", "/v3/self")
    api("GET", "/v3/nowhere")
    assert simulator.requests == [("GET", "/v3/self"), ("GET", "/v3/nowhere")]
