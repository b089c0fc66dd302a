"""A call that is written out stays one call, whatever its arguments hold."""

from __future__ import annotations

import ast
import json
import shlex

from support.hostile_words import WORDS
from support.laws import for_every
from support.tools import built_in

from devin_tools.export.snippets import snippets_of

TRICKS = (
    "$(id)",
    "`id`",
    "'; id #",
    '"; id "',
    "\\",
    "!!",
    "-o /etc/passwd",
    "@/etc/passwd",
    "x\n; id",
    *WORDS,
)
SERVER = "http://127.0.0.1:8765"


@for_every("words", lambda: TRICKS)
def test_a_call_written_out_is_one_command_and_one_call(words: str) -> None:
    given = {"prompt": words, "tags": [words], f"a=1); print({words!r}": words}
    made = snippets_of(built_in().spec("devin_create_session"), given, SERVER, asks=True)
    assert shlex.split(made["cli"])[:3] == ["devin-tools", "call", "devin_create_session"]
    assert json.loads(shlex.split(made["cli"])[3]) == given and len(shlex.split(made["cli"])) == 4
    *_, option, body = shlex.split(made["curl"])
    assert (option, json.loads(body)) == ("-d", given)
    tree = ast.parse(made["python"])
    calls = [node for node in ast.walk(tree) if isinstance(node, ast.Call)]
    named = {ast.unparse(node.func) for node in calls}
    assert named == {"Client", "client.run", "CreateSession", "print", "output.model_dump_json"}
    [create] = [node for node in calls if ast.unparse(node.func) == "CreateSession"]
    assert {word.arg: ast.literal_eval(word.value) for word in create.keywords} == {
        "prompt": words,
        "tags": [words],
    }
