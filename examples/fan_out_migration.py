"""Migrate many repositories: one prompt, a session for each, a table of what became of them.

    pip install devin-tools
    python examples/fan_out_migration.py acme/shop acme/billing acme/search --simulate

Without --simulate the key comes from DEVIN_API_KEY. All sessions together spend no more than --max-acu-total.
Stopped and run again with the same name, it goes on with the sessions it has started.
"""

import argparse
import sys

from pydantic import BaseModel

from devin_tools import Client, DevinToolsError, FanOut, Simulator

PROMPT = """Move {item} from setup.py to pyproject.toml.

Keep what is built the same: compare the names and metadata of the wheel before and after. Change nothing
else, and open one pull request. Where something cannot be moved, say what blocks it and open none."""


class Migration(BaseModel):
    """What each session delivers."""

    is_migrated: bool
    summary: str
    blockers: list[str]


def main() -> int:
    """Run all, a few at a time; print a row for each; fail when any needs a person."""
    parser = argparse.ArgumentParser(description="Migrate repositories to pyproject.toml.")
    parser.add_argument("repos", nargs="+", metavar="OWNER/NAME")
    parser.add_argument("--name", default="pyproject-migration", help="another name starts all anew")
    parser.add_argument("--max-acu-total", type=int, default=60)
    parser.add_argument("--max-parallel", type=int, default=5)
    parser.add_argument("--simulate", action="store_true", help="use the embedded simulator")
    given = parser.parse_args()
    call = FanOut(
        prompt=PROMPT,
        title="pyproject: {item}",
        items=given.repos,
        tags=["migration"],
        max_acu_total=given.max_acu_total,
        max_parallel=given.max_parallel,
        structured_output_schema=Migration.model_json_schema(),
        idempotency_key=given.name,
    )
    with Client(**(Simulator(seed=1).connection() if given.simulate else {})) as client:
        output = client.run(call)
    for row in output.rows:
        pulls = " ".join(pull.pr_url for pull in row.pull_requests)
        is_valid = row.structured_output_status == "valid"
        blockers = Migration.model_validate(row.structured_output).blockers if is_valid else []
        said = row.error.message if row.error else row.advice
        print(f"{row.item}: {row.outcome}", pulls, *blockers, said)
    print(f"{output.counts} for {output.acus_consumed:g} ACUs")
    return int(set(output.counts) != {"finished"})


if __name__ == "__main__":
    try:
        sys.exit(main())
    except DevinToolsError as error:
        sys.exit(f"{error.message} {error.hint}")
