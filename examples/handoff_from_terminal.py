"""Hand over what you are at: Devin goes on from the uncommitted state of your repository.

    pip install "devin-tools[handoff]"
    cd your/repository
    python .../examples/handoff_from_terminal.py "Finish the rounding of totals." --wait --simulate

Without --simulate the key comes from DEVIN_API_KEY. What is sent is scanned for secrets first: a finding
stops it. The idempotency key is made of folder and task: the same task again finds the session that has it.
"""

import argparse
import hashlib
import sys
from pathlib import Path

from devin_tools import Client, DevinToolsError, Handoff, Simulator, WaitSession


def main() -> int:
    """Hand over, say what the session was told, and wait for it when asked."""
    parser = argparse.ArgumentParser(description="Hand a task to Devin with the state of a repository.")
    parser.add_argument("task", help="what to go on with")
    parser.add_argument("--folder", type=Path, default=Path(), help="the repository; left out: where you are")
    parser.add_argument("--max-acu", type=int, default=8, help="the most ACUs the session may spend")
    parser.add_argument("--wait", action="store_true", help="wait until the session settles")
    parser.add_argument("--simulate", action="store_true", help="use the embedded simulator")
    given = parser.parse_args()
    folder = given.folder.resolve()
    key = hashlib.sha256(f"{folder}\n{given.task}".encode()).hexdigest()
    call = Handoff(task=given.task, max_acu_limit=given.max_acu, idempotency_key=f"handoff-{key[:24]}")
    connection = Simulator(seed=1).connection() if given.simulate else {}
    with Client(**connection, file_root=folder) as client:  # nothing outside is read
        session = client.run(call)
        print(f"Session {session.creation}: {session.url}")
        if session.creation == "adopted":
            print("It was told the state of the first time. Send it a message, or word the task anew.")
        print(f"Told: branch {session.branch}, {session.commits} commits,", ", ".join(session.included))
        for left in session.not_included:
            print(f"Not told: {left.name}: {left.reason}")
        if not given.wait:
            return 0
        waited = client.run(WaitSession(session_id=session.session_id))
    print(waited.outcome, *(pull.pr_url for pull in waited.session.pull_requests), waited.advice)
    return int(waited.outcome != "finished")


if __name__ == "__main__":
    try:
        sys.exit(main())
    except DevinToolsError as error:
        sys.exit(f"{error.message} {error.hint}")
