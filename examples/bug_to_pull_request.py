"""A bug report comes in; root cause, test and pull request come out, in a form that a program can read.

    pip install devin-tools
    python examples/bug_to_pull_request.py "Totals are a cent off" \
        "Three items at 0.10 show 0.31 in the cart." --repo acme/shop --simulate

Without --simulate the key comes from DEVIN_API_KEY. When Devin asks, the question is shown, and a line of
standard input is the answer. The idempotency key is made of the report: the same report again, also after a
crash, goes on with the same session.
"""

import argparse
import hashlib
import sys

from devin_tools import BugFix, Client, DevinToolsError, FixBug, SendMessage, Simulator

MAX_QUESTIONS = 5


def main() -> int:
    """Have the bug fixed, answer what Devin asks, show the fix."""
    parser = argparse.ArgumentParser(description="Have Devin fix a bug.")
    parser.add_argument("title", help="the bug in a few words")
    parser.add_argument("description", help="what happens, and what should happen instead")
    parser.add_argument("--repo", required=True, help="where the bug is: OWNER/NAME")
    parser.add_argument("--max-acu", type=int, default=8, help="the most ACUs the session may spend")
    parser.add_argument("--simulate", action="store_true", help="use the embedded simulator")
    given = parser.parse_args()
    report = "\n".join([given.repo, given.title, given.description])
    call = FixBug(
        title=given.title,
        description=given.description,
        repos=[given.repo],
        tags=["bug"],
        max_acu_limit=given.max_acu,
        idempotency_key="bug-" + hashlib.sha256(report.encode()).hexdigest()[:24],
    )
    with Client(**(Simulator(seed=1).connection() if given.simulate else {})) as client:
        fixed = client.run(call)
        for _ in range(MAX_QUESTIONS):
            if fixed.outcome != "waiting_for_user" or not (answer := answered(fixed)):
                break
            client.run(SendMessage(session_id=fixed.session_id, message=answer))
            fixed = client.run(call)  # the key finds the session: this waits, and starts nothing
    return show(fixed)


def answered(fixed: BugFix) -> str:
    """Show what Devin asks, and read a line; nothing when nobody is there."""
    print(f"Devin asks: {fixed.messages[-1].message if fixed.messages else fixed.url}", flush=True)
    return sys.stdin.readline().strip()


def show(fixed: BugFix) -> int:
    """Show the fix, or why there is none."""
    if fixed.outcome != "finished" or fixed.fix is None:
        print(f"{fixed.outcome} ({fixed.structured_output_status}): {fixed.advice} {fixed.url}")
        return 1
    print(f"Root cause: {fixed.fix.root_cause}")
    print(f"Fix: {fixed.fix.fix_summary}")
    print(f"Test: {fixed.fix.test_added or 'none'}")
    print(f"Pull request: {', '.join(pull.pr_url for pull in fixed.pull_requests) or 'none'}")
    return 0


if __name__ == "__main__":
    try:
        sys.exit(main())
    except DevinToolsError as error:
        sys.exit(f"{error.message} {error.hint}")
