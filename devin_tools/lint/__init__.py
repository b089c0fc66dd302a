"""Hold lists of tools, ours or anybody's, against the rules of the providers they are sent to.

    from devin_tools.lint import judge, read_file

    for finding in judge(read_file(text), provider="anthropic", prefix="mcp__devin__"):
        print(finding)

Pure: text in, findings out. A rule is a decorated check in one of the modules of `rules/`.
"""

from __future__ import annotations

from .finding import Finding
from .judging import PROVIDERS, RULES, judge, rule_table
from .listing import Listed
from .reading import Reading, own_lists, read_file, read_folder, read_tools
from .rule import Rule
from .rules.names import offers

__all__ = [
    "PROVIDERS",
    "RULES",
    "Finding",
    "Listed",
    "Reading",
    "Rule",
    "judge",
    "offers",
    "own_lists",
    "read_file",
    "read_folder",
    "read_tools",
    "rule_table",
]
