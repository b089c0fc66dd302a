"""A plugin of stand-ins for as many tools as are asked for: copies of the built-in ones, with an index.

    python benchmarks/stand_ins.py FOLDER 235

writes it so that it is installed for whoever has the folder on `PYTHONPATH`.
"""

from __future__ import annotations

import sys
from importlib import import_module
from itertools import count, islice
from pathlib import Path
from textwrap import indent

from devin_tools.declarations import write_index
from devin_tools.spec import Spec
from devin_tools.tool_index import read_index

WORDS = ("Second", "Third", "Fourth", "Fifth", "Sixth", "Seventh", "Eighth")

PLUGIN = '''"""A plugin of stand-ins."""

from pathlib import Path

from devin_tools import hookimpl
from devin_tools.tool_index import read_index


@hookimpl
def devin_tools_provide_tools():
    """Return the stand-ins."""
    return read_index(Path(__file__).with_name("index"))
'''

HEAD = '"""Stand-ins."""\n\nfrom dataclasses import replace\n\nimport devin_tools\n'

FACTS = {
    "METADATA": "Metadata-Version: 2.1\nName: stand-ins\nVersion: 1\n",
    "entry_points.txt": "[devin_tools]\nstand-ins = stand_ins\n",
}


def write_stand_ins(folder: Path, total: int) -> None:
    """Write a plugin with which a catalog has `total` tools."""
    package, facts = folder / "stand_ins", folder / "stand_ins-1.dist-info"
    package.mkdir(parents=True)
    facts.mkdir()
    for name, text in FACTS.items():
        (facts / name).write_text(text, encoding="utf-8")
    own = read_index()
    copies = ((spec, word) for word in (WORDS[number] for number in count()) for spec in own)
    wanted = list(islice(copies, max(0, total - len(own))))
    for resource in sorted({spec.resource for spec, _ in wanted}):
        classes = [_copy(spec, word) for spec, word in wanted if spec.resource == resource]
        (package / f"{resource}.py").write_text(HEAD + "".join(classes), encoding="utf-8")
    (package / "__init__.py").write_text(PLUGIN, encoding="utf-8")
    sys.path.insert(0, str(folder))
    tools = [
        getattr(import_module(f"stand_ins.{spec.resource}"), f"{spec.class_name}{word}")
        for spec, word in wanted
    ]
    write_index(package / "index", tools)


def _copy(spec: Spec, word: str) -> str:
    """Return the text of a class that stands in for a tool under another name and path."""
    base = f"devin_tools.{spec.class_name}"
    lines = [f'"""{spec.summary}\n\n{spec.description}\n"""\n']
    if spec.route is not None:
        version, _, rest = spec.route.path.removeprefix("/").partition("/")
        lines.append(f'route = replace({base}.route, path="/{version}/{word.lower()}/{rest}")')
    else:
        lines.append(f"flow = {base}.flow")
    lines.append(f"effect = {base}.effect")
    return f"\n\nclass {spec.class_name}{word}({base}):\n" + indent("\n".join(lines), "    ") + "\n"


if __name__ == "__main__":
    write_stand_ins(Path(sys.argv[1]), int(sys.argv[2]))
