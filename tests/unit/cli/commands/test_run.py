"""`run`: a task from its prompt to its outcome, in a pipe."""

from __future__ import annotations

import json
import re

import pytest
from support.shell import ROOT, at_terminal, in_place_of_the_network, run, simulated

from devin_tools.catalog import Catalog
from devin_tools.cli.exit_codes import OUTCOME_CODES, outcome_code, task_code
from devin_tools.simulator import schema_sample
from devin_tools.simulator.handlers import handlers_of
from devin_tools.simulator.refusal import Refusal
from devin_tools.tasks import TaskOutput
from devin_tools.tasks.shared.outcomes import OUTCOMES

SECRET = "CANARY-of-a-session"  # no words of it may show anywhere
SCHEMA = {"type": "object", "properties": {"summary": {"type": "string"}}, "required": ["summary"]}


@pytest.fixture
def schema(tmp_path):
    path = tmp_path / "schema.json"
    path.write_text(json.dumps(SCHEMA))
    return str(path)


def task(prompt: str = "Fix the flaky test", *words: str, stdin: str = ""):
    return simulated("run", prompt, "--max-acu", "5", *words, stdin=stdin)


def sent(monkeypatch, *words: str, stdin: str = "") -> dict:
    """Return the arguments that reach the catalog."""
    seen = []
    real = Catalog.call
    monkeypatch.setattr(Catalog, "call", lambda self, *given: (seen.append(given), real(self, *given))[1])
    run("run", *words, "--dry-run", stdin=stdin)
    return dict(seen[-1][1])


def test_a_pipe_gets_the_outcome_as_one_json_object(schema):
    ran = task("Fix the flaky test", "--max-acu", "5", "--schema", schema)
    assert (ran.code, ran.err) == (0, "")
    output = TaskOutput.model_validate(ran.json)
    assert (output.outcome, output.creation) == ("finished", "created")
    assert output.structured_output_status == "valid"
    assert output.structured_output.keys() == {"summary"}
    assert output.pull_requests and output.messages and output.attachments
    assert output.waited_seconds > 60


@pytest.mark.parametrize(
    ("scenario", "outcome", "code"),
    [
        ("finishes", "finished", 0),
        ("exits", "finished", 0),
        ("asks", "waiting_for_user", 20),
        ("approval", "waiting_for_approval", 20),
        ("sleeps", "asleep", 21),
        ("runs_out", "quota", 22),
        ("fails", "failed", 23),
    ],
)
def test_the_exit_code_says_how_the_task_ended(scenario, outcome, code):
    ran = task(f"Fix it. #simulate:{scenario}")
    assert (ran.code, ran.json["outcome"], ran.err) == (code, outcome, "")


@pytest.mark.parametrize(("scenario", "codes"), [("finishes", [0, 0, 0]), ("asks", [20, 21, 21])])
def test_a_nightly_run_of_finished_work_stays_green(simulator, monkeypatch, scenario, codes):
    reached = simulator.connection()
    monkeypatch.setenv("DEVIN_API_KEY", reached["api_key"])
    monkeypatch.setenv("DEVIN_ORG_ID", reached["org_id"])
    ran = []
    with in_place_of_the_network(simulator):
        for _ in codes:
            ran.append(run("run", f"Fix it #simulate:{scenario}", "--idempotency-key", "night"))
            simulator.clock.step(24 * 3600)
        watched = run("watch", ran[0].json["session_id"])
        shown = at_terminal("run", f"Fix it #simulate:{scenario}", "--idempotency-key", "night")
    assert [each.code for each in (*ran, watched, shown)] == [*codes, codes[-1], codes[-1]]
    assert ("finished (likely)" in shown.out) is (scenario == "finishes")
    assert [each.json["creation"] for each in ran] == ["created", "adopted", "adopted"]


@pytest.mark.parametrize("words", [["--max-seconds", "6"], ["--timeout", "6"]])
def test_a_wait_that_is_over_first_says_how_to_go_on(words):
    ran = task("Fix it", *words)
    assert (ran.code, ran.json["outcome"]) == (24, "still_running")
    assert ran.json["resume_with"]["name"] == "devin_run_task"
    assert ran.json["waited_seconds"] == 6


def test_missing_structured_output_has_a_code_of_its_own(tmp_path):
    (tmp_path / "odd.json").write_text('{"type": "object", "minProperties": 1, "maxProperties": 0}')
    ran = task("Fix it", "--schema", str(tmp_path / "odd.json"))
    assert (ran.code, ran.json["structured_output_status"]) == (25, "missing")


def test_invalid_structured_output_has_the_same_code(monkeypatch, schema):
    monkeypatch.setattr(schema_sample, "sample_value", lambda schema: {"summary": 7})
    ran = task("Fix it", "--schema", schema)
    assert (ran.code, ran.json["structured_output_status"]) == (25, "invalid")
    assert "$.summary" in ran.json["structured_output_faults"][0]


def test_the_outcome_counts_before_the_structured_output(schema):
    ran = task("Fix it. #simulate:fails", "--schema", schema)
    assert (ran.code, ran.json["structured_output_status"]) == (23, "missing")


def test_every_outcome_has_a_documented_code():
    text = (ROOT / "docs" / "cli.md").read_text(encoding="utf-8")
    rows = re.findall(r"^\| `(\w+)` \| (\d+) \|", text, re.MULTILINE)
    assert {outcome: int(code) for outcome, code in rows} == OUTCOME_CODES
    assert set(OUTCOMES) <= OUTCOME_CODES.keys()


def test_an_outcome_nobody_knows_is_no_success():
    assert outcome_code("evaporated") == 1
    output = TaskOutput(
        outcome="evaporated",
        session_id="a",
        creation="created",
        structured_output_status="valid",
        waited_seconds=1,
    )
    assert task_code(output) == 1


def test_events_are_lines_of_json_and_the_last_is_the_output():
    ran = task("Fix it", "--events")
    *events, output = ran.lines
    assert [event["kind"] for event in events] == [
        "status", "status", "message", "status", "message", "status", "pull_request", "message",
    ]  # fmt: skip
    assert {event["session"]["session_id"] for event in events} == {output["session_id"]}
    assert output["outcome"] == "finished"
    assert "kind" not in output


def test_the_prompt_comes_from_a_file_or_standard_input_too(monkeypatch, tmp_path):
    (tmp_path / "prompt.txt").write_text("Fix it.\nThen rest.\n")
    for words, stdin in (
        ("Fix it.\nThen rest.", ""),
        (f"@{tmp_path}/prompt.txt", ""),
        ("-", "Fix it.\nThen rest.\n"),
    ):
        assert sent(monkeypatch, words, stdin=stdin) == {"prompt": "Fix it.\nThen rest."}


@pytest.mark.parametrize(
    ("words", "text"),
    [
        ([], "none was given"),
        (["Fix", "it"], "quotation marks"),
        (["@nowhere.txt"], "nowhere.txt"),
        ([" "], "prompt"),
        (["x", "--schema", "nowhere.json"], "nowhere.json"),
        (["x", "--max-acu", "0"], "max_acu_limit"),
        (["x", "--max-acu", "many"], "--max-acu"),
        (["x", "--timeout", "0"], "timeout_seconds"),
    ],
)
def test_a_wrong_command_says_what_is_wrong(words, text):
    ran = simulated("run", *words)
    assert (ran.code, ran.out) == (2, "")
    assert text in ran.err


@pytest.mark.parametrize("text", ["{", "[]", '{"type": "cake"}', '{"$ref": "https://example.com/x"}'])
def test_a_schema_that_is_none_is_refused_before_it_is_paid_for(tmp_path, text):
    (tmp_path / "schema.json").write_text(text)
    ran = task("Fix it", "--schema", str(tmp_path / "schema.json"))
    assert (ran.code, ran.out) == (2, "")
    assert "schema" in ran.err


def test_a_prompt_that_is_no_text_is_refused(tmp_path):
    (tmp_path / "prompt.txt").write_bytes(b"caf\xe9")
    assert "not UTF-8" in task(f"@{tmp_path}/prompt.txt").err


def test_only_what_is_given_becomes_an_argument(monkeypatch, schema):
    assert sent(monkeypatch, "x") == {"prompt": "x"}
    words = ["--max-acu", "3", "--schema", schema, "--title", "T", "--tags", "a,b", "--tags", "c"]
    words += ["--repo", "a/b", "--repo", "c/d", "--playbook-id", "p", "--idempotency-key", "k"]
    words += ["--timeout", "60", "--max-seconds", "5", "--secret", "A=env:B", "--secret", "C=file:d"]
    assert sent(monkeypatch, "x", *words) == {
        "prompt": "x",
        "max_acu_limit": 3,
        "structured_output_schema": SCHEMA,
        "title": "T",
        "tags": "a,b,c",
        "repos": ["a/b", "c/d"],
        "playbook_id": "p",
        "idempotency_key": "k",
        "timeout_seconds": 60.0,
        "max_seconds": 5.0,
        "session_secrets": [{"key": "A", "value": "env:B"}, {"key": "C", "value": "file:d"}],
    }


@pytest.mark.parametrize(
    "given",
    [f"A={SECRET}", SECRET, f"=env:{SECRET}", f"A=env:{SECRET}", "A=env:", "A=file:", "A=", f"{SECRET}=="],
)
def test_a_secret_itself_is_refused_and_not_repeated(given):
    ran = task("Fix it", "--secret", given)
    assert (ran.code, ran.out) == (2, "")
    assert "by reference" in ran.err
    assert "NAME=env:VARIABLE" in ran.err
    assert SECRET not in ran.err


@pytest.mark.usefixtures("own_catalog")
def test_a_secret_is_read_when_it_is_sent_and_shows_nowhere(monkeypatch, tmp_path):
    arrived, create = [], handlers_of("create_session")["devin_create_session"]

    def remember(world, call):
        arrived.extend(secret.value.get_secret_value() for secret in call.session_secrets)
        return create(world, call)

    monkeypatch.setitem(handlers_of("create_session"), "devin_create_session", remember)
    monkeypatch.setenv("MY_SECRET", SECRET)
    (tmp_path / "secret").write_text(f"{SECRET}\n")
    words = ["--secret", "A=env:MY_SECRET", "--secret", f"B=file:{tmp_path}/secret"]
    for more in (["--dry-run"], ["--events"]):
        ran = simulated("-v", "run", "Fix it", *words, *more)
        assert ran.code == 0
        assert SECRET not in ran.out + ran.err
    assert arrived == [SECRET, SECRET]


def test_a_secret_that_is_not_there_stops_the_run_before_it_is_paid_for(api):
    ran = run("run", "Fix it", "--secret", "A=env:ABSENT_SECRET")
    assert (ran.code, ran.out) == (3, "")
    assert "ABSENT_SECRET" in ran.err
    assert api.world.sessions == {}


def test_one_key_is_one_session(api):
    words = ["run", "Fix it", "--idempotency-key", "nightly"]
    first, second = (run(*words).json for _ in range(2))
    assert [first["creation"], second["creation"]] == ["created", "adopted"]
    assert first["session_id"] == second["session_id"]
    assert len(api.world.sessions) == 1


def test_verbose_logs_a_line_for_each_request_and_no_body(api, key):
    ran = run("-v", "run", "Whisper it", "--max-acu", "5")
    assert len(ran.err.splitlines()) == len(api.requests)
    assert "devin_create_session: POST /v3/organizations/{org_id}/sessions -> 200" in ran.err
    assert "try 1" in ran.err
    for word in ("Whisper", key):
        assert word not in ran.err


@pytest.mark.usefixtures("own_catalog")
def test_a_run_that_breaks_off_says_that_the_session_goes_on(monkeypatch):
    def missing(world, call):
        raise Refusal(404, "Session not found")

    monkeypatch.setitem(handlers_of("sessions"), "devin_get_session", missing)
    ran = task("Fix it")
    assert (ran.code, ran.out) == (7, "")
    assert re.search(r"note: The session goes on by itself: https://\S+/sessions/(\w+)\..*watch \1`", ran.err)
    note, error = simulated("--json-errors", "run", "Fix it", "--max-acu", "5").err.splitlines()
    assert "goes on by itself" in json.loads(note)["note"]
    assert json.loads(error)["error"]["kind"] == "not_found"


@pytest.mark.usefixtures("own_catalog")
def test_a_run_that_starts_nothing_says_nothing_of_a_session(monkeypatch):
    def refuse(world, call):
        raise Refusal(403, "Missing required permission")

    monkeypatch.setitem(handlers_of("create_session"), "devin_create_session", refuse)
    ran = run("--simulate", "run", "Fix it")
    assert ran.code == 6
    assert "goes on" not in ran.err


@pytest.mark.usefixtures("own_catalog")
def test_ctrl_c_before_the_answer_says_that_there_may_be_a_session(monkeypatch):
    def interrupt(world, call):
        raise KeyboardInterrupt

    monkeypatch.setitem(handlers_of("create_session"), "devin_create_session", interrupt)
    ran = task("Fix it", "--json")
    assert (ran.code, ran.out) == (130, "")
    assert ran.err.startswith("note: A session may have been started")


def test_a_json_list_is_one_value_of_tags_and_repo(monkeypatch):
    words = ("--tags", '["a, b"]', "--repo", '["a/b", "c/d"]')
    given = sent(monkeypatch, "x", *words)
    assert (given["tags"], given["repos"]) == ('["a, b"]', '["a/b", "c/d"]')
    refused = task("x", "--repo", "[a/b]")
    assert refused.code == 2 and "repos" in refused.err
