"""An alert comes in, a pull request comes out: a session for each alert that a rule matches.

    pip install "devin-tools[pipelines]"
    python examples/alert_to_pull_request.py examples/alert_rules.yaml examples/alert.json --simulate

Without --simulate the key comes from DEVIN_API_KEY. The rules say which alerts start a session, where it
works and what it may spend; its idempotency key is made of the alert, so an alert that fires again goes on
with the session it has. Where events come from a network, check the sender's signature first
(`devin_tools.pipelines.signatures`).
"""

import argparse
import sys
import time
from pathlib import Path

from devin_tools import Client, DevinToolsError, Simulator, WaitSessions, load_catalog
from devin_tools.pipelines.events import read_event
from devin_tools.pipelines.plans import plan
from devin_tools.pipelines.rule_files import doubts, load_rules


def main() -> int:
    """Start what the rules ask for, wait for all of it, and say what became of each alert."""
    parser = argparse.ArgumentParser(description="Start sessions for the alerts of an event.")
    parser.add_argument("rules", type=Path, help="which alerts start a session, in YAML")
    parser.add_argument("event", type=Path, help="the body that the monitoring sent")
    parser.add_argument("--simulate", action="store_true", help="use the embedded simulator")
    given = parser.parse_args()
    rules = load_rules(given.rules.read_text(encoding="utf-8"))
    for doubt in doubts(rules):  # such as a rule without a limit of ACUs
        print(f"rules: {doubt}", file=sys.stderr)
    event = read_event({}, given.event.read_bytes(), load_catalog().readers)
    with Client(**(Simulator(seed=1).connection() if given.simulate else {})) as client:
        names: dict[str, str] = {}
        for alert in event.alerts:
            what = plan(alert, rules, now=time.time())
            print(f"{alert.name}: {what.action}, because {what.reason}")
            if what.call is not None:
                session = client.run(what.call)
                names["devin-" + session.session_id] = what.alert.name
                print(f"{alert.name}: session {session.creation}, {session.url}")
        if not names:
            return 0
        waited = client.run(WaitSessions(session_ids=list(names), timeout_seconds=2 * 3600))
    for one in waited.settled:
        pulls = [pull.pr_url for pull in one.session.pull_requests] if one.session else []
        print(f"{names[one.session_id]}: {one.outcome}", *pulls, one.advice)
    for session_id in waited.still_running:  # run this again: it waits for the same sessions
        print(f"{names[session_id]}: still running")
    return int(bool(waited.still_running) or any(one.outcome != "finished" for one in waited.settled))


if __name__ == "__main__":
    try:
        sys.exit(main())
    except DevinToolsError as error:
        sys.exit(f"{error.message} {error.hint}")
