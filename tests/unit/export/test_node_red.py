"""The Node-RED pack holds every tool with every field, and no secret."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest
from support.odd_tools import FindOdd, StoreKey

from devin_tools import describe, load_catalog
from devin_tools.export.fields import fields_of
from devin_tools.export.node_red import node_red_files, type_of

SPECS = list(load_catalog(plugins=()))
FILES = node_red_files(SPECS)
PACK = json.loads(FILES["tools.json"])
TOOLS: dict[str, Any] = {tool["id"]: tool for tool in PACK["tools"]}
NODE = shutil.which("node")


@pytest.mark.parametrize("spec", SPECS, ids=lambda spec: spec.name)
def test_every_tool_has_a_node_with_its_fields(spec: Any) -> None:
    tool, page = TOOLS[spec.name], FILES["tools.html"]
    absent = (
        {f.name for f in fields_of(spec) if f.where == "nowhere"} if spec.is_one_request else spec.user_only
    )
    wanted = [f.name for f in fields_of(spec) if f.name not in absent]
    assert [field["name"] for field in tool["fields"]] == wanted
    assert ("http" in tool) is spec.is_one_request
    assert f'data-template-name="{type_of(spec)}"' in page
    assert f'data-help-name="{type_of(spec)}"' in page
    form = page.partition(f'data-template-name="{type_of(spec)}"')[2].partition("</script>")[0]
    assert all(
        f'id="node-input-f_{name}"' in form and f'id="node-input-f_{name}Type"' in form for name in wanted
    )


def test_the_types_are_apart() -> None:
    assert len({tool["type"] for tool in PACK["tools"]} | {PACK["account"]}) == len(SPECS) + 1


def test_a_plugin_s_tools_are_in_it_whatever_their_schemas() -> None:
    files = node_red_files([describe(FindOdd), describe(StoreKey)])
    made = {tool["id"]: tool for tool in json.loads(files["tools.json"])["tools"]}
    assert made.keys() == {"devin_find_odd", "devin_store_key"}
    assert [f["name"] for f in made["devin_store_key"]["fields"] if f.get("secret")]


def test_patterns_mean_in_javascript_what_they_mean_here() -> None:
    patterns = {f["pattern"] for tool in PACK["tools"] for f in tool["fields"] if "pattern" in f}
    assert patterns
    for pattern in patterns:
        re.compile(pattern)
    if NODE:
        script = f"for (const p of {json.dumps(sorted(patterns))}) new RegExp(p, 'u')"
        subprocess.run([NODE, "-e", script], check=True)


@pytest.mark.skipif(NODE is None, reason="needs node")
@pytest.mark.parametrize("name", [name for name in FILES if name.endswith(".js")])
def test_its_code_is_javascript(name: str, tmp_path: Path) -> None:
    path = tmp_path / name
    path.write_text(FILES[name], encoding="utf-8")
    assert NODE
    subprocess.run([NODE, "--check", str(path)], check=True)


def test_the_help_is_text_whatever_a_description_holds() -> None:
    spec = describe(FindOdd)
    mean = type(spec)(
        **{n: getattr(spec, n) for n in spec.__dataclass_fields__} | {"description": "</script><b>"}
    )
    page = node_red_files([mean])["tools.html"]
    assert "</script><b>" not in page and "&lt;/script&gt;&lt;b&gt;" in page


def test_no_key_is_in_it() -> None:
    assert not any("cog_" in text or "apk_" in text for text in FILES.values())
    assert not re.search(r'"(apiKey|key|token)": "[^"]+"', FILES["examples/Run a task.json"])
