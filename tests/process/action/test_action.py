"""The GitHub action: its steps, played against the simulator, in bash or here.

Its structure: tests/laws/test_action.py.
"""

from __future__ import annotations

import json
import re
import runpy
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from support.action_runner import KEY, ROOT, Played, evaluated, expression
from support.workflows import NASTY, event_of, workflow

from devin_tools import Simulator

Play = Callable[..., Played]

CREATE = "devin_create_session"


def asked(simulator: Simulator) -> dict[str, Any]:
    """Return what the one session there is was asked for."""
    [record] = simulator.world.sessions.values()
    return record.asked | {"tags": record.tags, "prompt": record.prompt}


def test_a_session_is_started_with_the_limit_of_the_input(
    play_in_bash: Play, simulator: Simulator, workspace: Path
) -> None:
    for name in ("devin_tools", "json", "venv", "pip", "sitecustomize"):  # nothing of it is imported
        (workspace / f"{name}.py").write_text("raise SystemExit('taken over')\n")
    played = play_in_bash(tool=CREATE, arguments='{"prompt": "Fix it.", "idempotency_key": "a"}')
    assert played.code == 0 and "taken over" not in played.raw, played.log
    assert (asked(simulator)["prompt"], asked(simulator)["max_acu_limit"]) == ("Fix it.", 5)
    output = json.loads(played.outputs["output"])
    assert json.loads(Path(played.outputs["output-file"]).read_text()) == output
    assert played.outputs["session-id"] == output["session_id"]
    assert played.outputs["session-url"] == output["url"] and f"<{output['url']}>" in played.summary
    assert (played.outputs["outcome"], played.outputs["pull-request-url"]) == ("", "")
    again = play_in_bash(tool=CREATE, arguments='{"prompt": "Fix it.", "idempotency_key": "a"}')
    assert again.outputs["session-id"] == output["session_id"] and len(simulator.world.sessions) == 1


@pytest.mark.parametrize("key", [KEY, KEY + "\n", f"cog_first%\n{KEY}"])
def test_the_key_is_masked_before_all_else_and_shows_nowhere(play: Play, key: str) -> None:
    played = play(tool=CREATE, arguments='{"prompt": "Fix it."}', api_key=key)
    assert played.raw.startswith("::add-mask::")
    assert set(key.split()) <= set(played.told("add-mask").splitlines())
    for text in (played.log, played.summary, *played.outputs.values()):
        assert not any(part in text for part in key.split())


def test_text_from_outside_is_no_command_no_markup_and_no_script(
    play_in_bash: Play, simulator: Simulator, workspace: Path
) -> None:
    title = f"{NASTY}\n````\n</details><img src=x> ##[error]y"
    played = play_in_bash(tool=CREATE, arguments=json.dumps({"prompt": NASTY, "title": title}))
    assert played.code == 0, played.log
    assert asked(simulator)["prompt"] == NASTY and asked(simulator)["title"] == title
    assert json.loads(played.outputs["output"])["title"] == title
    assert {name for name, _ in played.commands} == {"add-mask"}
    before, fence, shown = re.split(r"\n(`{3,})json\n", played.summary)
    assert fence == "`" * 5 and shown.count(fence) == 1 and "img" not in before
    assert list(workspace.iterdir()) == []


@pytest.mark.parametrize("inputs", [{"tool": NASTY}, {"tool": "--help"}, {"arguments": NASTY}])
def test_inputs_that_are_none_are_refused_and_not_repeated(
    play_in_bash: Play, simulator: Simulator, workspace: Path, inputs: dict[str, str]
) -> None:
    played = play_in_bash(**{"tool": CREATE} | inputs)
    assert played.code == 2 and "The input " in played.told("error")
    assert "pwned" not in played.raw and list(workspace.iterdir()) == [] and simulator.requests == []


@pytest.mark.parametrize(
    ("inputs", "code", "said"),
    [
        ({"api_key": ""}, 2, "forks"),
        ({"max_acu": ""}, 2, "max-acu"),
        ({"max_acu": "0"}, 2, "max-acu"),
        ({"max_acu": "5 5"}, 2, "max-acu"),
        ({"arguments": "[]"}, 2, "arguments"),
        ({"version": "1.0; touch pwned"}, 1, "version"),
        ({"version": "--help"}, 1, "version"),
    ],
)
def test_wrong_inputs_fail_and_say_why(
    play_in_bash: Play, simulator: Simulator, workspace: Path, inputs: dict[str, str], code: int, said: str
) -> None:
    played = play_in_bash(**{"tool": CREATE, "arguments": '{"prompt": "x"}'} | inputs)
    assert played.code == code and said in played.told("error"), played.raw
    assert simulator.world.sessions == {} and list(workspace.iterdir()) == []


@pytest.mark.parametrize(
    ("inputs", "code", "said"),
    [
        ({"arguments": "{}"}, 2, "prompt"),
        ({"arguments": '{"prompt": "x", "max_acu_limit": 6}'}, 4, "DEVIN_MAX_ACU"),
        ({"tool": "devin_create_sesion"}, 2, "devin_create_session"),
        ({"tool": "devin_delete_playbook", "arguments": '{"playbook_id": "playbook-1"}'}, 4, "consent"),
    ],
)
def test_what_the_command_line_refuses_fails_and_says_why(
    play: Play, simulator: Simulator, workspace: Path, inputs: dict[str, str], code: int, said: str
) -> None:
    played = play(**{"tool": CREATE, "arguments": '{"prompt": "x"}'} | inputs)
    assert played.code == code and said in played.told("error"), played.raw
    assert simulator.world.sessions == {} and list(workspace.iterdir()) == []


def test_what_the_api_refuses_is_told_with_the_code_of_the_command_line(play: Play) -> None:
    played = play(tool="devin_get_session", arguments=json.dumps({"session_id": "0" * 32}))
    assert played.code == 7 and "devin_get_session: not done" in played.summary


def test_a_task_that_waits_for_somebody_fails_the_job_with_its_outputs(
    play: Play, simulator: Simulator
) -> None:
    arguments = {"prompt": "Fix it. #simulate:asks", "settle_seconds": 0}
    played = play(tool="devin_run_task", arguments=json.dumps(arguments))
    assert played.code == 1 and "waiting_for_user" in played.told("error")
    assert played.outputs["outcome"] == "waiting_for_user"
    assert "| outcome | waiting_for_user |" in played.summary


def test_the_review_workflow_reviews_once_for_each_push(play: Play, simulator: Simulator) -> None:
    job = workflow("review")["jobs"]["review"]
    ask, fail = job["steps"]
    contexts = {"github": event_of(7, "abc"), "secrets": {"DEVIN_API_KEY": KEY}, "vars": {}}
    assert expression(job["if"], contexts) is True
    given = inputs_of(ask, contexts)
    first, again = play(**given), play(**given)
    assert (first.code, again.code) == (0, 0), first.log
    assert first.outputs["session-id"] == again.outputs["session-id"]
    assert first.outputs["outcome"] == "finished" and "| verdict | approve |" in first.summary
    done = {"steps": {"devin": {"outputs": first.outputs}}}
    assert expression(fail["if"], done) is False
    assert expression(fail["if"].replace("request_changes", "approve"), done) is True
    assert asked(simulator)["max_acu_limit"] == 5 and "ci-review" in asked(simulator)["tags"]
    pushed = inputs_of(ask, contexts | {"github": event_of(7, "def")})
    assert pushed["arguments"] != given["arguments"]


def test_the_nightly_workflow_starts_one_session_a_run(play: Play, simulator: Simulator) -> None:
    [ask] = workflow("nightly")["jobs"]["triage"]["steps"]
    contexts = {"github": event_of(7, "abc"), "secrets": {"DEVIN_API_KEY": KEY}, "vars": {}}
    played = play(**inputs_of(ask, contexts))
    assert played.code == 0 and played.outputs["pull-request-url"].startswith("https://github.com/acme/shop/")
    assert asked(simulator)["repos"] == ["acme/shop"] and asked(simulator)["max_acu_limit"] == 4
    other = contexts | {"github": event_of(7, "abc") | {"run_id": 6}}
    assert inputs_of(ask, contexts)["arguments"] != inputs_of(ask, other)["arguments"]


def inputs_of(step: dict[str, Any], contexts: dict[str, Any]) -> dict[str, str]:
    """Return the inputs of a step that uses the action; the organisation stays that of the simulator."""
    given = {name: evaluated(value, contexts) for name, value in step["with"].items()}
    return {name.replace("-", "_"): value for name, value in given.items() if name != "org-id"}


@pytest.mark.parametrize(
    ("consumed", "shown"),
    [(2.5, "2.5"), (0, ""), (None, ""), ("<img src=x onerror=1>", ""), ("5 | x |\n# y", ""), (True, "")],
)
def test_the_summary_shows_acus_only_as_a_number(consumed: object, shown: str) -> None:
    script = runpy.run_path(str(ROOT / "action" / "run.py"))
    text = script["summary"]("devin_run_task", {"outcome": "finished", "acus_consumed": consumed}, "")
    table = text.partition("```")[0]
    assert re.findall(r"\| ACUs \| (.*) \|", table) == ([shown] if shown else [])
