"""Review a pull request from CI: findings in the log, and a verdict that the build can fail for.

    pip install devin-tools
    python examples/review_pull_request.py https://github.com/acme/shop/pull/7 --simulate

Without --simulate the key comes from DEVIN_API_KEY. In GitHub Actions, without a URL, the pull request is
that of the event. The idempotency key holds the commit: a build that is run again goes on with the review it
started, and a push gets a new one. `examples/github/review.yml` does it with this repository's action.
"""

import argparse
import json
import os
import sys
from pathlib import Path

from devin_tools import Client, DevinToolsError, ReviewPullRequest, Simulator


def main() -> int:
    """Review, print what was found, and fail where the pull request should not be merged."""
    parser = argparse.ArgumentParser(description="Have Devin review a pull request.")
    parser.add_argument("url", nargs="?", help="the pull request; left out: that of the GitHub event")
    parser.add_argument("--commit", default="", help="its newest commit; left out: that of the GitHub event")
    parser.add_argument("--max-acu", type=int, default=5, help="the most ACUs the session may spend")
    parser.add_argument("--simulate", action="store_true", help="use the embedded simulator")
    given = parser.parse_args()
    url, commit = (given.url, given.commit) if given.url else of_event()
    try:
        call = ReviewPullRequest(
            pr_url=url,
            tags=["ci-review"],
            max_acu_limit=given.max_acu,
            timeout_seconds=1800,
            idempotency_key=f"review {url} {commit}",
        )
    except ValueError:
        parser.error("the URL must be that of a pull request, and --max-acu a number above 0")
    with Client(**(Simulator(seed=1).connection() if given.simulate else {})) as client:
        reviewed = client.run(call)
    if reviewed.review is None:
        print(f"No review: {reviewed.outcome} ({reviewed.structured_output_status}). {reviewed.advice}")
        return 2
    print(f"{reviewed.review.verdict}: {one_line(reviewed.review.summary)}")
    for found in reviewed.review.findings:
        print(f"- {found.severity} {one_line(f'{found.file}:{found.line or 0} {found.comment}')}")
    return int(reviewed.review.verdict == "request_changes")


def of_event() -> tuple[str, str]:
    """Return the pull request and its commit from the file in which GitHub Actions keeps the event."""
    where = os.environ.get("GITHUB_EVENT_PATH")
    pull = json.loads(Path(where).read_text(encoding="utf-8")).get("pull_request") if where else None
    if pull is None:
        print("Which pull request? Give its URL; there is no event of one.", file=sys.stderr)
        sys.exit(2)
    return pull["html_url"], pull["head"]["sha"]


def one_line(text: str) -> str:
    """Keep text from outside on its line, where no CI takes it for a command."""
    return " ".join(text.split()).replace("##[", "## [")


if __name__ == "__main__":
    try:
        sys.exit(main())
    except DevinToolsError as error:
        print(f"{error.message} {error.hint}", file=sys.stderr)
        sys.exit(2)  # there is no review
