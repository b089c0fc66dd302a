"""Every rule finds what breaks it, leaves alone what keeps it, and says whom to ask."""

from __future__ import annotations

import re
import textwrap

from support.laws import for_every
from support.lint_cases import CASES
from support.lint_lists import Case, listing, tool
from support.paths import DOCS

from devin_tools.export.providers.limits import ALL, BASES
from devin_tools.lint import PROVIDERS, RULES, Rule, judge, read_tools, rule_table

RULE = {rule.id: rule for rule in RULES}

CHECKLIST = {
    "NAME_CHARS", "NAME_LEN", "NAME_START", "DESC_LEN", "ROOT_OBJECT", "ROOT_NO_UNION", "PROP_KEYS",
    "REQUIRED_SUBSET", "REQUIRED_ALL", "CLOSED_OBJECTS", "NO_ADDITIONAL", "NO_EMPTY_OBJECT",
    "ITEMS_TYPED", "NO_TYPE_LIST", "NO_REF", "REF_SIBLINGS", "REF_TARGET", "NO_RECURSION", "KEYWORDS",
    "FORMATS", "PATTERN_NO_LOOKAROUND", "ENUM_STRINGS", "ENUM_TOTAL", "ENUM_CHARS", "DEPTH",
    "PROP_TOTAL", "STRING_TOTAL", "STRICT_TOOLS", "STRICT_OPTIONALS", "STRICT_UNIONS", "TOOL_COUNT",
    "ANNOTATIONS_COMPLETE", "OUTPUT_ROOT_OBJECT", "SECRET_FIELDS_ABSENT", "MIXED_VERBS", "TOKEN_COST",
}  # fmt: skip

every_case = for_every("case", lambda: CASES)
every_rule = for_every("rule", lambda: RULES)


def doc() -> str:
    return (DOCS / "lint.md").read_text(encoding="utf-8")


def dialects_of(rule: Rule) -> tuple[str, ...]:
    return (*rule.errors, *rule.warnings, *rule.notes)


def found(case: Case, value: object, dialect: str) -> list:
    """Return what the rule of a case finds; the others are not asked."""
    findings = judge(
        read_tools(value), provider=dialect, prefix=case.prefix, ignore=RULE.keys() - {case.rule}
    )
    assert all(finding.rule == case.rule for finding in findings)
    return findings


@every_case
def test_a_broken_rule_is_found_where_it_is_broken(case):
    rule = RULE[case.rule]
    for dialect in case.dialects or dialects_of(rule):
        findings = found(case, case.breaks, dialect)
        assert findings, dialect
        assert {finding.severity for finding in findings} == {rule.severity(dialect)}
        assert not case.at or case.at in [finding.path for finding in findings]


@every_case
def test_a_kept_rule_is_quiet(case):
    for dialect in case.dialects or dialects_of(RULE[case.rule]):
        assert found(case, case.keeps, dialect) == []


@every_rule
def test_every_rule_is_broken_and_kept_in_each_of_its_dialects(rule):
    tried = {
        dialect for case in CASES if case.rule == rule.id for dialect in case.dialects or dialects_of(rule)
    }
    assert tried == set(dialects_of(rule)) != set()


@every_rule
def test_a_rule_is_silent_outside_its_dialects(rule):
    for dialect in set(ALL) - set(dialects_of(rule)):
        assert all(found(case, case.breaks, dialect) == [] for case in CASES if case.rule == rule.id)


@every_rule
def test_every_rule_says_why_how_to_mend_it_and_who_says_so(rule):
    assert re.fullmatch(r"[A-Z]+(_[A-Z]+)*", rule.id)
    assert rule.why[0].isupper()
    assert rule.why.endswith(".")
    assert rule.mend[0].islower() or rule.mend[0] == "`"
    assert rule.mend.endswith(".")
    assert rule.sources
    assert all(re.fullmatch(r"https://[\w.-]+/\S+", source) for source in rule.sources)


@every_rule
def test_a_rule_has_one_severity_in_a_dialect(rule):
    assert len(set(dialects_of(rule))) == len(dialects_of(rule))
    assert set(dialects_of(rule)) <= set(ALL)


def test_every_rule_of_the_checklist_is_there_once():
    assert len(RULE) == len(RULES)
    assert CHECKLIST - set(RULE) == set()


def test_every_rule_is_in_the_table_of_the_documentation():
    table = doc().partition("<!-- generated:rules -->\n")[2].partition("\n<!-- end -->")[0]
    assert table == rule_table()
    assert re.findall(r"^\| `([A-Z_]+)`", table, re.MULTILINE) == list(RULE)


def test_every_provider_is_in_the_documentation():
    documented = re.findall(r"`([a-z-]+)`", doc().partition("## Dialects")[2].partition("## From Python")[0])
    assert set(documented) >= set(ALL)
    assert {*ALL, "all"} == set(PROVIDERS)


def test_a_tool_that_keeps_every_rule_is_quiet_everywhere():
    for dialect in (*BASES, "gemini-json", "all"):
        findings = judge(read_tools(listing(tool())), provider=dialect)
        assert [finding.rule for finding in findings] == ["TOKEN_COST"]


def test_a_strict_tool_that_keeps_every_rule_is_quiet():
    schema = {
        "type": "object",
        "properties": {"name": {"anyOf": [{"type": "string"}, {"type": "null"}]}},
        "required": ["name"],
        "additionalProperties": False,
    }
    for dialect in ("openai-strict", "anthropic-strict"):
        findings = judge(read_tools(listing(tool(schema))), provider=dialect)
        assert [finding.rule for finding in findings] == ["TOKEN_COST"]


def test_the_example_of_the_documentation_finds_what_a_name_with_a_space_breaks(capsys):
    block = doc().partition("## From Python\n\n")[2].partition("\n\nA rule is")[0]
    exec(textwrap.dedent(block), {})
    assert "error NAME_CHARS $.tools[0].name\n" in capsys.readouterr().out


def test_a_prefix_is_part_of_the_name():
    findings = judge(read_tools(listing(tool())), provider="all", prefix="a:b.")
    assert {finding.rule: finding.providers for finding in findings}["NAME_CHARS"] == ("gemini",)
    assert "get_thing with the prefix does not match" in str(findings[0])
