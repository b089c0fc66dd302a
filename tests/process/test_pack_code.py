"""The code in the packs for builders is JavaScript, as Node reads it."""

from __future__ import annotations

import json
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
from support.laws import for_every
from support.packs import pack

NODE = shutil.which("node") or ""

pytestmark = pytest.mark.skipif(not NODE, reason="needs node")


def sources() -> Iterator[tuple[str, str]]:
    for exporter in ("n8n", "node-red"):
        yield from ((exporter, name) for name in pack(exporter) if name.endswith(".js"))


@for_every("exporter, name", sources)
def test_its_code_is_javascript(exporter: str, name: str, tmp_path: Path) -> None:
    path = tmp_path / exporter / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(pack(exporter)[name], encoding="utf-8")
    subprocess.run([NODE, "--check", str(path)], check=True)


def test_patterns_mean_in_javascript_what_they_mean_here() -> None:
    tools = json.loads(pack("node-red")["tools.json"])["tools"]
    patterns = {field["pattern"] for tool in tools for field in tool["fields"] if "pattern" in field}
    assert patterns
    script = f"for (const p of {json.dumps(sorted(patterns))}) new RegExp(p, 'u')"
    subprocess.run([NODE, "-e", script], check=True)
