"""Presets choose tools by what they do; every face takes them, and nothing that was refused comes back."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from functools import partial
from typing import Any

import pytest
from support.laws import for_every
from support.odd_tools import FindOdd, StoreKey
from support.paths import ROOT
from support.tools import built_in, each_kind

from devin_tools import Catalog, Output, Settings, Spec, describe, load_catalog
from devin_tools.api import CreateSession, GetSelf, GetSession, ListSessions
from devin_tools.cli.shared_options import PRESETS as NAMES
from devin_tools.effects import READ, WRITE
from devin_tools.errors import Refused, UnknownTool, UsageError
from devin_tools.export.providers.payloads import bedrock, openai_chat
from devin_tools.model_input import for_models
from devin_tools.presets import CORE, PRESETS, chosen, chosen_for_models, narrowed, offered


def names(specs: Any) -> set[str]:
    return {spec.name for spec in specs}


def test_the_page_on_function_calling_has_each_preset_with_the_number_of_its_tools() -> None:
    page = (ROOT / "docs" / "function-calling.md").read_text(encoding="utf-8")
    rows = re.findall(r"^\| `(\w+)` \| (\d+) \| [\d,]+ \|", page, re.MULTILINE)
    assert rows == [(name, str(len(chosen_for_models(preset=name)))) for name in PRESETS]


def test_each_preset_is_what_it_says() -> None:
    assert tuple(PRESETS) == NAMES
    sets = {name: names(chosen(built_in(), name)) for name in PRESETS}
    assert sets["core"] < sets["operate"] < sets["automate"] < names(chosen(built_in(), tools="*"))
    reads = {spec.name: spec for spec in built_in() if spec.effect.kind == "read"}
    assert sets["audit"] == {name for name, spec in reads.items() if spec.scope == "enterprise"}
    assert sets["observe"] == {
        name for name, spec in reads.items() if spec.scope == "organization" and not spec.effect.is_private
    }
    assert {
        "devin_create_session",
        "devin_wait_session",
        "devin_send_message",
        "devin_upload_attachment",
    } <= sets["operate"]
    assert sets["automate"] - sets["operate"] >= {"devin_create_schedule", "devin_update_playbook"}
    assert (
        not {"devin_create_secret", "devin_index_repository", "devin_get_daily_consumption"}
        & sets["automate"]
    )


def test_a_plugin_s_tool_falls_where_its_effect_and_resource_say() -> None:
    read, write = built_in().spec("devin_get_session"), built_in().spec("devin_archive_session")
    theirs: list[Spec] = [
        replace(read, name="x_read", resource="theirs"),
        replace(write, name="x_write", resource="theirs"),
    ]
    assert names(chosen(theirs, "observe")) == {"x_read"}
    assert names(chosen(theirs, "operate")) == set()
    assert names(chosen(theirs, tools="*")) == {"x_read", "x_write"}
    assert names(chosen(theirs, "administer")) == names(chosen(theirs, "audit")) == set()
    over_all = [replace(spec, scope="enterprise") for spec in theirs]
    rules = replace(over_all[1], name="x_rule", effect=WRITE.administrative())
    assert names(chosen([*over_all, rules], "audit")) == {"x_read"}
    assert names(chosen([*over_all, rules], "administer")) == {"x_rule"}
    assert names(chosen(over_all, "observe")) == set()
    of_sessions = [replace(spec, resource="sessions") for spec in over_all]
    assert not {*chosen(of_sessions, "operate"), *chosen(of_sessions, "automate")}
    for effect in (WRITE.administrative(), READ.administrative()):
        for scope in ("organization", "enterprise"):
            rule = replace(of_sessions[1], effect=effect, scope=scope)
            assert [name for name in PRESETS if chosen([rule], name)] == ["administer"], (effect, scope)
    private = replace(theirs[0], effect=READ.private())
    assert names(chosen([private], "observe")) == set()
    assert names(chosen([replace(theirs[1], resource="sessions")], "operate")) == {"x_write"}


def test_patterns_add_and_take_away() -> None:
    assert names(chosen(built_in(), include=["devin_*_knowledge_note"])) == {
        f"devin_{verb}_knowledge_note" for verb in ("get", "create", "update", "delete")
    }
    some = names(chosen(built_in(), "observe", include=["devin_send_message"], exclude=["devin_list_*"]))
    assert "devin_send_message" in some and "devin_get_session" in some
    assert not any(name.startswith("devin_list_") for name in some)
    assert names(chosen(built_in(), exclude=["devin_terminate_*"])) == set(built_in().specs) - {
        "devin_terminate_session"
    }


def test_what_fits_nothing_is_an_error() -> None:
    with pytest.raises(UnknownTool, match="devin_nothing"):
        chosen(built_in(), include=["devin_nothing"])
    with pytest.raises(UnknownTool):
        chosen(built_in(), exclude=["*_nothing"])
    with pytest.raises(UsageError, match="No preset has this name"):
        chosen(built_in(), "everything")


def test_a_choice_allows_nothing_that_was_refused() -> None:
    settings = Settings(
        allowed_tools=("devin_get_session", "devin_create_session"), denied_tools=("devin_get_self",)
    )
    assert narrowed(built_in(), settings, tools="*").allowed_tools == (
        "devin_create_session",
        "devin_get_session",
    )
    assert set(offered(built_in(), narrowed(built_in(), settings, preset="observe"))) == {"devin_get_session"}
    assert narrowed(built_in(), settings) == settings
    only = narrowed(
        built_in(), Settings(denied_tools=("devin_get_self",)), include=["devin_get_se*"], read_only=True
    )
    assert set(offered(built_in(), only)) == {
        "devin_get_session",
        "devin_get_session_insights",
        "devin_get_session_metrics",
        "devin_get_session_tags",
        "devin_get_session_daily_consumption",
        "devin_get_search_metrics",
        "devin_get_service_user",
        "devin_get_service_user_consumption",
    }


def test_a_tool_for_people_alone_cannot_be_chosen_by_its_name() -> None:
    with pytest.raises(Refused):
        narrowed(built_in(), Settings(), include=["devin_create_secret"])
    assert "devin_create_secret" not in offered(built_in(), narrowed(built_in(), Settings(), tools="*"))


def test_the_command_line_lists_and_exports_a_choice(tmp_path: Any) -> None:
    from click.testing import CliRunner

    from devin_tools.cli import cli

    listed = json.loads(CliRunner().invoke(cli, ["list", "--preset", "operate", "--exclude", "*tags"]).stdout)
    expected = names(chosen(load_catalog(), "operate", exclude=["*tags"]))
    assert {row["name"] for row in listed} == expected
    words = ["export", "openai-chat", "-o", str(tmp_path), "--tools", "devin_get_*"]
    assert CliRunner().invoke(cli, words).exit_code == 0
    made = json.loads((tmp_path / "openai-chat.json").read_text())
    assert {tool["function"]["name"] for tool in made} == names(
        chosen(load_catalog(), include=["devin_get_*"])
    )
    wrong = CliRunner().invoke(cli, ["list", "--tools", "devin_x"])
    assert wrong.exit_code == 2 and "devin_x" in wrong.stderr


def test_the_sizes_of_the_presets_are_shown(monkeypatch: pytest.MonkeyPatch) -> None:
    from click.testing import CliRunner

    from devin_tools.cli import cli
    from devin_tools.cli.commands import presets
    from devin_tools.cli.options import Options
    from devin_tools.export.providers.payloads import anthropic

    few = Catalog(specs={spec.name: spec for spec in each_kind()})
    monkeypatch.setattr(Options, "catalog", few)
    monkeypatch.setattr(presets, "find_spec", lambda name: None)  # tests/process/ has it with a tokenizer
    rows = {row["preset"]: row for row in json.loads(CliRunner().invoke(cli, ["presets"]).stdout)}
    assert tuple(rows) == (*NAMES, "default", "all")
    text = json.dumps(anthropic(chosen(few, "observe")), separators=(",", ":"))
    for name, row in rows.items():
        offer = for_models(row_choice(few, name))
        assert row["tools"] == len(offer)
        counts = sum(spec.effect.is_billable for spec in offer), sum(spec.is_standing for spec in offer)
        assert (row["billable"], row["standing"]) == counts
    assert (rows["observe"]["unit"], rows["observe"]["sizes"]["anthropic"]) == ("characters", len(text))
    assert rows["operate"]["sizes"]["mcp"] < rows["automate"]["sizes"]["mcp"]
    for row in rows.values():
        assert {"openai-chat", "anthropic", "gemini", "bedrock", "mcp"} <= row["sizes"].keys()
        assert row["sizes"]["mcp"] < row["sizes"]["mcp-output-schemas"]
        assert row["always_seen"].keys() >= {"openai-chat", "openai-responses", "anthropic", "mcp"}
    assert rows["all"]["always_seen"]["anthropic"] < rows["all"]["sizes"]["anthropic"] / 2


def row_choice(catalog: Catalog, name: str) -> list[Spec]:
    """Return the tools of a row of `presets`."""
    if name == "all":
        return [spec.chosen() for spec in catalog]
    return list(catalog) if name == "default" else chosen(catalog, name)


def test_catalogs_are_chosen_from_in_their_order(catalog: Catalog) -> None:
    order = [spec.name for spec in catalog]
    assert [spec.name for spec in chosen(catalog, "operate")] == [
        n for n in order if n in names(chosen(catalog, "operate"))
    ]


CHOICES: list[tuple[Any, list[str]]] = [
    ("devin_get_self", ["devin_get_self"]),
    (" devin_get_self , devin_get_session", ["devin_get_self", "devin_get_session"]),
    (["devin_wait_session", "devin_create_session"], ["devin_wait_session", "devin_create_session"]),
    (
        "devin_*_knowledge_note",
        [f"devin_{verb}_knowledge_note" for verb in ("get", "create", "update", "delete")],
    ),
    (GetSession, ["devin_get_session"]),
    (describe(GetSession), ["devin_get_session"]),
    (
        [GetSession, "devin_get_self", describe(ListSessions)],
        ["devin_get_session", "devin_get_self", "devin_list_sessions"],
    ),
    ({"devin_get_self", GetSelf}, ["devin_get_self"]),
    (Catalog({"devin_get_self": describe(GetSelf)}), ["devin_get_self"]),
    ({"devin_get_self": describe(GetSelf)}, ["devin_get_self"]),
    (["devin_get_self", ["devin_get_session"], "devin_get_self"], ["devin_get_self", "devin_get_session"]),
    (FindOdd, ["devin_find_odd"]),
    ([], []),
    ((), []),
    (Catalog(), []),
]


@for_every("choice, expected", lambda: CHOICES)
def test_whatever_chooses_tools_is_read_alike(choice: Any, expected: list[str]) -> None:
    assert [spec.name for spec in chosen(built_in(), tools=choice)] == expected


def test_a_generator_chooses_once_and_then_nothing() -> None:
    choice = (one for one in ("devin_get_self", GetSession))
    assert [len(chosen(built_in(), tools=choice)) for _ in range(2)] == [2, 0]


WRONG: list[tuple[Any, type[UsageError], str]] = [
    ("devin_get_sesion", UnknownTool, "devin_get_session"),
    ("observ", UnknownTool, "observe"),
    (["devin_lits_*"], UnknownTool, "devin_lits_"),
    ("", UsageError, "an empty list chooses none"),
    ([" , "], UsageError, "an empty list chooses none"),
    (GetSelf(), UsageError, "Give the class: GetSelf."),
    ([None], UsageError, "of type NoneType"),
    (7, UsageError, "of type int"),
    (b"devin_get_self", UsageError, "of type bytes"),
    (openai_chat("devin_get_self"), UsageError, "not the payload"),
    (bedrock("devin_get_self"), UsageError, "not the payload"),
    (load_catalog, UsageError, "of type function"),
    (Output, UsageError, "which is not a tool"),
]


@for_every("choice, kind, told", lambda: WRONG)
@pytest.mark.parametrize(
    "choose", [partial(chosen, built_in()), partial(chosen_for_models, catalog=built_in())]
)
def test_what_cannot_choose_says_so(choose: Any, choice: Any, kind: type[UsageError], told: str) -> None:
    with pytest.raises(kind) as caught:
        choose(tools=choice)
    assert told in str(caught.value)


def test_a_preset_that_is_nearly_one_is_named() -> None:
    with pytest.raises(UsageError, match=r"Did you mean observe\?") as caught:
        chosen(built_in(), "observer")
    assert "core, observe, operate, automate, audit, administer" in caught.value.hint


def test_specs_and_classes_need_no_catalog(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("devin_tools.presets.installed_catalog", lambda: pytest.fail("loaded"))
    assert names(chosen_for_models([GetSelf, describe(GetSession)])) == {
        "devin_get_self",
        "devin_get_session",
    }
    assert chosen_for_models([]) == chosen_for_models(iter(())) == []


def test_a_choice_that_is_given_twice_is_refused() -> None:
    with pytest.raises(UsageError, match="given twice"):
        chosen(built_in(), tools="core", include=["devin_get_self"])


def test_a_preset_a_list_and_what_to_leave_out_go_together() -> None:
    found = chosen(built_in(), "core", tools=["devin_archive_session", "core"], exclude="devin_list_*")
    assert [spec.name for spec in found][-1] == "devin_archive_session"
    assert names(found) == CORE - {
        "devin_list_sessions",
        "devin_list_session_messages",
        "devin_list_session_attachments",
    } | {"devin_archive_session"}
    left = names(chosen(built_in(), "core", exclude=[CreateSession, "observe"]))
    assert left == {"devin_send_message", "devin_append_session_tags"}


def test_the_core_does_the_work_and_costs_little() -> None:
    core = chosen(built_in(), "core")
    assert names(core) == CORE
    assert not any(spec.effect.kind == "destroy" or spec.is_standing for spec in core)
    assert len(json.dumps(openai_chat(core), separators=(",", ":"))) < 12_500  # about 3,100 tokens


def test_what_no_model_may_call_is_left_out_of_a_preset_and_refused_by_name() -> None:
    both = [*built_in(), describe(StoreKey)]
    catalog = Catalog({spec.name: spec for spec in both})
    assert "devin_store_key" in names(chosen(catalog, tools="*"))
    assert "devin_store_key" not in names(chosen_for_models(tools="*", catalog=catalog))
    for choice in ("devin_store_key", "devin_store_*", StoreKey, ["devin_get_self", StoreKey]):
        with pytest.raises(Refused, match="devin_store_key is offered to no model"):
            chosen_for_models(choice, catalog=catalog)
