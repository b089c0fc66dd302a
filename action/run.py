"""Run one tool for GitHub Actions: mask the key, call the command line, write outputs and a summary.

Text in outputs is from outside. The runner takes lines of the log for commands, so such text is in the log in
escaped form only, and in the summary only where it cannot be markup.
"""

import json
import os
import re
import secrets
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

MAX_OUTPUT = 256 * 1024
"""The most bytes of the output `output`: all outputs of a job share a megabyte."""
MAX_SHOWN = 50_000
"""The most characters of the output in the summary, which may have a megabyte."""
LIMIT = re.compile(r"[1-9][0-9]{0,5}")
LINK = re.compile(r"https://[A-Za-z0-9.-]+(:[0-9]+)?(/[A-Za-z0-9._~%+-]*)*")
WORD = re.compile(r"[a-z][a-z0-9_]{0,63}")


def tell(command: str, text: str) -> None:
    """Give the runner a command; what would end its line is escaped."""
    escaped = text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")
    print(f"::{command}::{escaped}", flush=True)


def mask(key: str) -> None:
    """Have the runner hide the key in all that follows: whole, and as the lines it may have."""
    for part in {key.strip(), *(line.strip() for line in key.splitlines())} - {""}:
        tell("add-mask", part)


def main() -> int:
    """Run the tool, and fail unless the task it ran is finished."""
    mask(os.environ.get("DEVIN_API_KEY", ""))
    if fault := wrong_input():
        tell("error", fault)
        return 2
    tool = os.environ["TOOL"]
    done = called(tool, os.environ["ARGUMENTS"])
    told = list(said(done.stderr))
    for kind, text in told:
        tell("error" if kind == "error" else "warning", text)
    if done.returncode or not done.stdout.strip():
        if not any(kind == "error" for kind, _ in told):
            tell("error", f"{tool} gave no output (exit code {done.returncode}).")
        summarize(f"### {tool}: not done\n\n" + fenced("\n".join(text for _, text in told)))
        return done.returncode or 1
    output: dict[str, Any] = json.loads(done.stdout)
    write_outputs(tool, output)
    left = unfinished(output)
    summarize(summary(tool, output, left))
    if left:
        tell("error", f"{tool} ran, but is not finished: {left}. The summary of the job says more.")
    return int(bool(left))


def wrong_input() -> str:
    """Return what is wrong with the inputs, if anything; nothing of them is repeated."""
    if not os.environ.get("DEVIN_API_KEY", "").strip():
        return "The input api-key is empty. Workflows for pull requests of forks are given no secrets."
    if not WORD.fullmatch(os.environ["TOOL"]):
        return "The input tool is not the name of a tool, such as devin_run_task."
    if not LIMIT.fullmatch(os.environ["DEVIN_MAX_ACU"]):
        return "The input max-acu is not a whole number above 0."
    try:
        is_object = isinstance(json.loads(os.environ["ARGUMENTS"]), dict)
    except ValueError:
        is_object = False
    return "" if is_object else "The input arguments is not a JSON object. Put text in with toJSON()."


def called(tool: str, arguments: str) -> "subprocess.CompletedProcess[str]":
    """Call the command line. Empty inputs are left out, and nothing in the working folder is imported."""
    home = Path(os.environ["RUNNER_TEMP"]) / "devin-tools"
    python = home / ("Scripts" if sys.platform == "win32" else "bin") / "python"
    return subprocess.run(
        [str(python), "-I", "-X", "utf8", "-m", "devin_tools", "--json-errors", "call", tool, "-"],
        input=arguments,
        env={name: value for name, value in os.environ.items() if value or not name.startswith("DEVIN_")},
        capture_output=True,
        encoding="utf-8",
    )


def said(lines: str) -> Iterator[tuple[str, str]]:
    """Read what the command line said on standard error: a kind, and a text."""
    for line in lines.splitlines():
        try:
            [(kind, text)] = json.loads(line).items()
        except (AttributeError, ValueError):
            kind, text = "note", line
        if isinstance(text, dict):
            text = f"{text['message']} {text.get('hint') or ''}".strip()
        yield kind, str(text)


def unfinished(output: dict[str, Any]) -> str:
    """Return which outcome there is other than `finished`; nothing for tools that do not wait."""
    settled = [each["outcome"] for each in output.get("settled") or []]
    outcomes = {output.get("outcome"), *(output.get("counts") or {}), *settled} - {None, "finished"}
    outcomes |= {"still_running"} if output.get("still_running") else set()
    outcomes |= {output.get("structured_output_status")} & {"missing", "invalid"}
    return ", ".join(sorted(word(outcome) for outcome in outcomes))


def write_outputs(tool: str, output: dict[str, Any]) -> None:
    """Write the step's outputs; no value can end before its own end."""
    text = json.dumps(output)
    file = Path(os.environ["RUNNER_TEMP"]) / f"{tool}-{secrets.token_hex(4)}.json"
    file.write_text(text, encoding="utf-8")
    values = {
        "output": text if len(text) <= MAX_OUTPUT else "",
        "output-file": str(file),
        "outcome": output.get("outcome"),
        "session-id": output.get("session_id"),
        "session-url": output.get("url"),
        "pull-request-url": next(iter(pull_requests(output)), ""),
    }
    with Path(os.environ["GITHUB_OUTPUT"]).open("a", encoding="utf-8") as outputs:
        for name, value in values.items():
            end = f"end-{secrets.token_hex(16)}"
            outputs.write(f"{name}<<{end}\n{value or ''}\n{end}\n")


def pull_requests(output: dict[str, Any]) -> list[str]:
    """Give the pull requests of a task, or of all rows of a fan-out."""
    rows = [output, *(output.get("rows") or [])]
    return [str(pull["pr_url"]) for row in rows for pull in row.get("pull_requests") or []]


def summary(tool: str, output: dict[str, Any], left: str) -> str:
    """Show what came of it; what is from outside stands in a fence, where it cannot be markup."""
    review = output.get("review") or {}
    facts = {
        "outcome": word(output["outcome"]) if output.get("outcome") else left,
        "verdict": word(review["verdict"]) if review.get("verdict") else "",
        "session": link(output.get("url")),
        "pull requests": ", ".join(filter(None, map(link, pull_requests(output)))),
        "ACUs": number(output.get("acus_consumed")),
    }
    rows = "".join(f"| {name} | {value} |\n" for name, value in facts.items() if value)
    shown = json.dumps(output, indent=2, ensure_ascii=False)
    return f"### {tool}\n\n| | |\n| --- | --- |\n{rows}\n" + fenced(shown, "json")


def word(text: object) -> str:
    """Let a word through, and nothing else."""
    return str(text) if WORD.fullmatch(str(text)) else "unknown"


def number(value: object) -> str:
    """Let a number other than zero through, and nothing else."""
    return str(value) if isinstance(value, int | float) and not isinstance(value, bool) and value else ""


def link(url: object) -> str:
    """Let a plain https address through, and nothing else."""
    return f"<{url}>" if LINK.fullmatch(str(url)) else ""


def fenced(text: str, kind: str = "text") -> str:
    """Put a text between fences that are longer than any in it."""
    shown = text if len(text) <= MAX_SHOWN else text[:MAX_SHOWN] + "\n(cut)"
    fence = "`" * (1 + max([2, *map(len, re.findall("`+", shown))]))
    return f"{fence}{kind}\n{shown}\n{fence}\n"


def summarize(text: str) -> None:
    """Add to the summary of the job."""
    with Path(os.environ["GITHUB_STEP_SUMMARY"]).open("a", encoding="utf-8") as shown:
        shown.write(text + "\n")


if __name__ == "__main__":
    sys.exit(main())
