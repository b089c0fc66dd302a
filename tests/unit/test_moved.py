"""What was documented elsewhere can still be imported from there, and says where it is."""

from __future__ import annotations

import sys
from importlib import import_module

import pytest
from support.laws import for_every

import devin_tools.api
import devin_tools.flow
import devin_tools.tasks
import devin_tools.wire
from devin_tools.moved import MOVED, RENAMED


@for_every("old, new", MOVED.items)
def test_a_module_that_has_moved_is_found_and_warns(old: str, new: str) -> None:
    sys.modules.pop(old, None)
    if ".temporal" in old:
        pytest.importorskip("temporalio")
    with pytest.warns(DeprecationWarning, match=f"{old} is {new} now"):
        found = import_module(old)
    real = import_module(new)
    assert [
        name for name in vars(real) if name[0] != "_" and getattr(found, name) is not getattr(real, name)
    ] == []
    assert real.__spec__ is not None and real.__spec__.name == new


@pytest.mark.parametrize(
    ("old", "new"), [(devin_tools.api, devin_tools.tasks), (devin_tools.wire, devin_tools.flow)]
)
def test_names_that_have_moved_are_found_and_warn(old, new) -> None:
    moved = [name for name in new.__all__ if name not in vars(old)]
    assert len(moved) > 10
    for name in moved:
        with pytest.warns(DeprecationWarning, match=f"{name} is in {new.__name__} now"):
            assert getattr(old, name) is getattr(new, name)
    with pytest.raises(AttributeError, match="nothing"):
        old.nothing  # noqa: B018 - asking for it is what fails


def test_a_module_of_a_distribution_that_is_not_there_says_where_it_is(monkeypatch) -> None:
    monkeypatch.delitem(sys.modules, "devin_tools.pace", raising=False)
    monkeypatch.setitem(sys.modules, MOVED["devin_tools.pace"], None)
    with (
        pytest.warns(DeprecationWarning),
        pytest.raises(ImportError, match=r"is airflow\.providers\.devin\.tools\.pace now, which is not"),
    ):
        import_module("devin_tools.pace")


@for_every("old, new", RENAMED.items)
def test_names_that_were_renamed_are_found_by_the_old_one_and_warn(old: str, new: str) -> None:
    place, _, name = old.rpartition(".")
    home, _, now = new.rpartition(".")
    paths = [place, *(moved for moved, is_at in MOVED.items() if is_at == place)]
    for path in paths:
        told = now if now != name else f"in {home}"
        with pytest.warns(DeprecationWarning, match=f"{name} is {told} now"):
            module = import_module(path)
            assert getattr(module, name) is getattr(import_module(home), now)
        with pytest.raises(AttributeError, match="nothing"):
            module.nothing  # noqa: B018 - asking for it is what fails
