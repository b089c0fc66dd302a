"""The README and the documentation say what is so: their lists are complete.

That their code runs, see `tests/process/test_docs.py`.
"""

from __future__ import annotations

import inspect
import re
from functools import cache

from support.paths import DOCS, ROOT

from devin_tools import Simulator, hookspecs
from devin_tools.errors import error_kinds


@cache
def readme() -> str:
    return (ROOT / "README.md").read_text(encoding="utf-8")


@cache
def pages() -> dict[str, str]:
    return {path.name: path.read_text(encoding="utf-8") for path in DOCS.glob("*.md")}


def test_the_first_screen_holds_exactly_two_set_up_commands():
    first_screen = "\n".join(readme().splitlines()[:24])
    assert re.findall(r"<!-- command:(\w+) -->", readme()) == ["run", "test"]
    assert first_screen.count("pip install") == 2


def test_every_linked_file_exists():
    for text, folder in [(readme(), ROOT), *((text, DOCS) for text in pages().values())]:
        for target in re.findall(r"\]\(([^)#:]+)\)", text):
            assert (folder / target).exists(), target


def test_every_hook_is_documented_with_its_signature():
    hooks = [name for name in vars(hookspecs) if name.startswith("devin_tools_provide")]
    for name in hooks:
        arguments = ", ".join(inspect.signature(getattr(hookspecs, name)).parameters)
        assert f"### {name}({arguments})" in pages()["plugins.md"]
    assert pages()["plugins.md"].count("### devin_tools_") == len(hooks)


def test_every_scenario_is_documented():
    for name in Simulator.SCENARIOS:
        assert f"| `{name}` |" in pages()["simulator.md"]
        assert f"`{name}`" in readme()


def test_every_error_kind_has_a_documented_exit_code():
    from devin_tools.cli.exit_codes import EXIT_CODES

    rows = dict(re.findall(r"^\| (\d+) \| [^|]* \| ([^|]*)\|", pages()["cli.md"], re.MULTILINE))
    documented = {kind: int(code) for code, kinds in rows.items() for kind in re.findall(r"`(\w+)`", kinds)}
    assert documented == EXIT_CODES
    assert set(documented) == set(error_kinds())
