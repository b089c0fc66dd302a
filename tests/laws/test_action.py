"""The GitHub action and its workflows: nothing from outside becomes a script, and nobody has needless rights.

What it does: tests/process/action.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import yaml
from support.action_runner import ROOT, SCRIPT, action, expression
from support.laws import for_every
from support.workflows import event_of, workflow, workflows


def steps() -> list[dict[str, Any]]:
    return list(action()["runs"]["steps"])


def test_no_script_holds_an_expression_and_every_script_is_one_quoted_command() -> None:
    scripts = [step["run"] for step in steps() if "run" in step]
    assert len(scripts) == 2
    for script in scripts:
        found = SCRIPT.fullmatch(script)
        assert found and (ROOT / found[1]).is_file()


def test_every_input_is_described_and_reaches_a_script_by_its_environment() -> None:
    used = " ".join(str(value) for step in steps() for value in step.get("env", {}).values())
    for name, given in action()["inputs"].items():
        assert f"${{{{ inputs.{name} }}}}" in used
        assert given["description"].endswith((".", "()."))
        assert given.get("required") or "default" in given
    assert action()["inputs"]["api-key"] == {"required": True} | action()["inputs"]["api-key"]
    holders = [step["name"] for step in steps() if "inputs.api-key" in str(step)]
    assert holders == ["Run the tool"], "nothing that installs sees the key"


def test_what_it_uses_of_others_is_pinned_and_leaves_the_job_as_it_was() -> None:
    [other] = [step for step in steps() if "uses" in step]
    assert re.fullmatch(r"actions/setup-python@[0-9a-f]{40}", other["uses"])
    assert other["with"]["update-environment"] is False


def test_the_review_workflow_leaves_forks_and_drafts_alone() -> None:
    condition = workflow("review")["jobs"]["review"]["if"]
    fork, draft = event_of(7, "abc"), event_of(7, "abc")
    fork["event"]["pull_request"]["head"]["repo"]["full_name"] = "stranger/shop"
    draft["event"]["pull_request"]["draft"] = True
    assert [expression(condition, {"github": github}) for github in (fork, draft)] == [False, False]
    assert "pull_request_target" not in workflow("review")[True]


@for_every("path", workflows)
def test_workflows_name_what_the_action_has_and_ask_for_no_rights(path: Path) -> None:
    text = yaml.safe_load(path.read_text(encoding="utf-8"))
    assert text["permissions"] == {}
    [job] = text["jobs"].values()
    assert job["timeout-minutes"] <= 90
    assert job["steps"][0]["with"].keys() <= action()["inputs"].keys()
    assert all("${{" not in step.get("run", "") for step in job["steps"])
