"""The words of this package's tools are kept, as their texts have them; any other tool's are read."""

from __future__ import annotations

from dataclasses import replace
from unittest.mock import patch

from support.tools import built_in

from devin_tools.search import entries
from devin_tools.search.entries import KEPT, entries_of, kept
from devin_tools.search.finder import Finder


def test_what_is_kept_is_what_is_read() -> None:
    assert KEPT.read_text(encoding="utf-8") == kept(built_in())
    with_kept = entries_of(built_in())
    with patch.object(entries, "_kept", dict):
        assert entries_of(built_in()) == with_kept


def test_no_text_of_a_tool_of_this_package_is_read_to_find_it() -> None:
    with patch.object(entries, "_read", side_effect=AssertionError("read")):
        assert Finder(built_in()).find("kill the run").specs


def test_a_tool_with_other_texts_is_read() -> None:
    spec = replace(built_in().spec("devin_get_session"), keywords=("thirsty ficus",))
    (entry,) = entries_of([spec])
    assert entry.keywords == (frozenset({"thirsty", "ficus"}),)
    assert {"thirsty", "ficus"} <= entry.text.keys()


def test_without_the_file_all_tools_are_read() -> None:
    entries._kept.cache_clear()
    with patch.object(entries, "KEPT", KEPT.with_name("missing.jsonl")):
        assert entries._kept() == {}
    entries._kept.cache_clear()
