"""How well, and how fast, tools are found with what people say: tests/data/asks.jsonl.

    python benchmarks/finding.py [--wrong]

For all tools and for each preset, of the asks that one of its tools is for: `first` and `in 5` are those
whose tool came first, or among the first five; `fits` are those that were said to fit. `none fits`: of the
asks that no tool is for, those that were said to fit all the same. The times are of the processor: to build
the index (the first one with reading the vocabulary), and to find once, the median. `--wrong` prints each ask
that went wrong.
"""

from __future__ import annotations

import argparse
import json
import statistics
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from devin_tools import Spec, load_catalog
from devin_tools.presets import PRESETS, chosen
from devin_tools.search.finder import Finder

ASKS = Path(__file__).parents[1] / "tests" / "data" / "asks.jsonl"
ROUNDS = 3
COLUMNS = (
    f"{'tools':>6}{'asks':>6}{'first':>7}{'in 5':>6}{'fits':>6}{'none fits':>11}{'build':>10}{'find':>9}"
)
HEADER = f"{'':14}{COLUMNS}"


def measured(name: str, specs: Sequence[Spec], asks: Sequence[dict[str, Any]], show: bool) -> str:
    """Return a line of the table."""
    began = time.process_time()
    finder = Finder(specs)
    finder.find("anything")
    build = time.process_time() - began
    names = {spec.name for spec in specs}
    good = [ask for ask in asks if names & {*ask["tools"]}]
    bad = [ask for ask in asks if not ask["tools"]]
    first = among = fitting = 0
    for ask in good:
        found = finder.find(ask["ask"])
        place = next((at for at, spec in enumerate(found.specs) if spec.name in ask["tools"]), 99)
        first, among = first + (place == 0), among + (place < 5)
        fitting += found.fits or found.for_person
        if show and (place or not found.fits):
            best = ", ".join(spec.name for spec in found.specs[:3])
            print(f"  {name}: {ask['ask']!r} {'fits' if found.fits else 'does not fit'}: {best}")
    wrong = [ask["ask"] for ask in bad if finder.find(ask["ask"]).fits]
    if show:
        print(*(f"  {name}: {ask!r} fits, and should not" for ask in wrong), sep="\n")
    times = []
    for ask in [*good, *bad] * ROUNDS:
        began = time.process_time()
        finder.find(ask["ask"])
        times.append(time.process_time() - began)
    none = f"{len(wrong)}/{len(bad)}"
    return (
        f"{name:14}{len(specs):6}{len(good):6}{first:7}{among:6}{fitting:6}{none:>11}"
        f"{build * 1000:7.1f} ms{statistics.median(times) * 1000:6.2f} ms"
    )


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--wrong", action="store_true", help="print what went wrong too")
    options = parser.parse_args()
    asks = [json.loads(line) for line in ASKS.read_text(encoding="utf-8").splitlines()]
    specs = list(load_catalog(plugins=()))
    lines = [measured("all tools", specs, asks, show=options.wrong)]
    for kind in dict.fromkeys(ask["of"] for ask in asks):
        lines.append(measured(f"  {kind}", specs, [ask for ask in asks if ask["of"] == kind], show=False))
    lines += [measured(name, list(chosen(specs, tools=name)), asks, show=False) for name in PRESETS]
    print(HEADER, *lines, sep="\n")


if __name__ == "__main__":
    main()
