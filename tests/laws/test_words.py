"""One word for one idea, and the field's own: names do not use words that were given up."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest
from support.laws import for_every
from support.paths import DOCS, PACKAGE, ROOT
from support.sources import sources, tree_of

RETIRED = {
    "Asked": "ToolCallRequest, BlockInput, CallContext",
    "Asker": "KeyProbe",
    "Beat": "ScenarioStep",
    "Callers": "ClientPool",
    "Crowd": "SessionWatchlist",
    "Door": "AccessPolicy, TransportGuard",
    "Effort": "RetryState",
    "Fan": "Fleet",
    "Fate": "Delivery",
    "Filing": "FileStore",
    "Gate": "CallLimiter, SessionAuth",
    "Intake": "ResponseBody",
    "Joining": "Subscription",
    "Known": "SimDeclaration",
    "Landing": "DownloadTarget",
    "LeftOut": "OmittedFile",
    "Lined": "ParsedYaml",
    "Looks": "PollWait",
    "Manner": "the options themselves",
    "News": "Notification",
    "Noting": "RecordOutcome",
    "Outgoing": "UploadFile",
    "Outlet": "SinkTransport",
    "Passage": "FileExcerpt",
    "PassedOver": "SkippedRule",
    "Patience": "WaitOptions",
    "Persister": "Retrier",
    "Person": "UserInputs",
    "Proofs": "KeyVerifier",
    "Reach": "WorkerClient",
    "Scene": "FaultContext",
    "Shelf": "ResourceStore",
    "Sight": "SessionDiff",
    "Standing": "WorkflowStatus",
    "Survey": "ReadRepository",
    "Teller": "Notifier",
    "Tellings": "Activities",
    "Terms": "ActivityOptions",
    "Thing": "Resource",
    "Turns": "HeldLocks",
    "Unproven": "UnverifiedReads",
    "Unsayable": "NotExpressible",
    "answered": "response_schema",
    "growing": "poll_intervals",
    "hurry": "stop, or a deadline",
    "insist": "send_until_taken",
    "intake": "exchange",
    "lined": "parse_yaml",
    "looking": "poll_wait",
    "lowered": "to_dialect",
    "made": "build_alert",
    "majors": "sdk_versions",
    "mark_of": "tag_of",
    "misfits": "mismatch_reasons",
    "outlet": "delivery",
    "passed_over": "skipped_rules",
    "persisting": "retrier",
    "sit_out": "sleep_until",
    "spells_of": "work_intervals",
    "steadily": "retry_reads",
    "surveyed": "read_repository",
    "terms": "activity_options",
    "told": "report, or to_dict",
    "wanted": "lock_arguments",
    "written": "serialization",
}
"""Names of classes, functions and modules that nobody would search for, and what they are called instead."""


@pytest.fixture(scope="module", autouse=True)
def parsed() -> None:
    """Parse every file before the law begins: the time for that is not its own."""
    for path in sources():
        tree_of(path)


@for_every("path", sources)
def test_names_and_docstrings_use_the_field_s_words(path: Path) -> None:
    nodes = list(ast.walk(tree_of(path)))
    definitions = ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef
    named = [path.stem, *(node.name.lstrip("_") for node in nodes if isinstance(node, definitions))]
    assert [f"{name}: say {RETIRED[name]}" for name in named if name in RETIRED] == []
    functions = [node for node in nodes if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)]
    given = [
        node.name
        for node in functions
        if (ast.get_docstring(node) or "").startswith(("Give ", "Say ", "Tell "))
    ]
    assert given == [], "a function returns, yields or raises"


OLD_MANNER = re.compile(
    r"(?<![Tt]here )\b(?:is|are) no (?!longer\b|more\b)\w+|that there (?:is|are) not\b"
    r"|[Tt]here (?:is|are) no such \w+"
)
"""What standard English says otherwise: "is not a", "an unknown one", "does not exist"."""


def written() -> list[Path]:
    """Return what people read of this project: sources, the code of packs, pages."""
    found = [
        *PACKAGE.rglob("*.py"),
        *PACKAGE.glob("export/**/assets/*.js"),
        *DOCS.glob("*.md"),
        ROOT / "README.md",
    ]
    return sorted([*found, *ROOT.glob("airflow-provider/src/**/*.py"), *ROOT.glob("action/*.py")])


@for_every("path", written)
def test_texts_are_in_standard_english(path: Path) -> None:
    assert OLD_MANNER.findall(path.read_text(encoding="utf-8")) == []


def test_the_glossary_is_in_order_and_says_each_word_once() -> None:
    page = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8").partition("## Words")[2]
    words = re.findall(r"^- \*\*([\w -]+)\*\*", page, re.MULTILINE)
    assert len(words) > 15 and words == sorted(set(words))
