"""Presets choose tools by what they do; every face takes them, and nothing that was refused comes back."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import pytest
from support.tools import built_in, each_kind

from devin_tools import Catalog, Settings, Spec, load_catalog
from devin_tools.cli.shared_options import PRESETS as NAMES
from devin_tools.errors import Refused, UnknownTool, UsageError
from devin_tools.model_input import for_models
from devin_tools.presets import PRESETS, chosen, narrowed, offered


def names(specs: Any) -> set[str]:
    return {spec.name for spec in specs}


def test_each_preset_is_what_it_says() -> None:
    assert tuple(PRESETS) == NAMES
    sets = {name: names(chosen(built_in(), name)) for name in PRESETS}
    assert sets["operate"] < sets["automate"] < sets["admin"] == set(built_in().specs)
    assert sets["observe"] == {spec.name for spec in built_in() if spec.effect.kind == "read"}
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
    assert names(chosen(theirs, "admin")) == {"x_read", "x_write"}
    assert names(chosen([replace(theirs[1], resource="sessions")], "operate")) == {"x_write"}


def test_patterns_add_and_take_away() -> None:
    assert names(chosen(built_in(), include=["devin_*_playbook"])) == {
        f"devin_{verb}_playbook" for verb in ("get", "create", "update", "delete")
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
    assert narrowed(built_in(), settings, preset="admin").allowed_tools == (
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
        "devin_get_service_user_daily_consumption",
    }


def test_a_tool_for_people_alone_cannot_be_chosen_by_its_name() -> None:
    with pytest.raises(Refused):
        narrowed(built_in(), Settings(), include=["devin_create_secret"])
    assert "devin_create_secret" not in offered(built_in(), narrowed(built_in(), Settings(), preset="admin"))


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
    assert tuple(rows) == NAMES
    text = json.dumps(anthropic(chosen(few, "observe")), separators=(",", ":"))
    for name, row in rows.items():
        offer = for_models(chosen(few, name))
        counts = sum(spec.effect.is_billable for spec in offer), sum(spec.is_standing for spec in offer)
        assert (row["billable"], row["standing"]) == counts
    assert (rows["observe"]["unit"], rows["observe"]["sizes"]["anthropic"]) == ("characters", len(text))
    assert rows["operate"]["sizes"]["mcp"] < rows["automate"]["sizes"]["mcp"] < rows["admin"]["sizes"]["mcp"]


def test_catalogs_are_chosen_from_in_their_order(catalog: Catalog) -> None:
    order = [spec.name for spec in catalog]
    assert [spec.name for spec in chosen(catalog, "operate")] == [
        n for n in order if n in names(chosen(catalog, "operate"))
    ]
