"""Have a bug fixed, with what was wrong and where the fix is in a form that a program can read."""

from __future__ import annotations

from typing import Annotated

from ..api.shared.fields import UNTRUSTED, GivenText
from ..flow import Flow
from ..tool import Output
from .run_task import TaskOutput
from .shared.typed_task import TypedTask

PROMPT = """\
Fix this bug: {title}

{description}

Go about it in this order. Reproduce the bug. Find its root cause, not just the place where it \
shows. Write a test that fails because of it. Fix the cause with the smallest change that is right. \
See the new test and the existing ones pass. Open one pull request that explains cause and fix.

If you cannot reproduce the bug, or the fix needs a decision that is not yours, say so and open no \
pull request.

Deliver as structured output what the root cause was, how it was fixed, the test, and the pull \
request; leave out what there is none of."""


class Fix(Output):
    """How a bug was fixed."""

    root_cause: str
    """What was wrong, or what is known of it when it could not be found."""

    fix_summary: str
    """What was changed, or why nothing was."""

    test_added: str | None = None
    """The test that failed before the fix and passes now, as file and name; null when there is none."""

    pull_request_url: str | None = None
    """The pull request with the fix; null when there is none."""


class BugFix(TaskOutput):
    """What became of a bug."""

    fix: Annotated[Fix | None, UNTRUSTED] = None
    """The fix, when the structured output is valid; `structured_output_status` says why there is none."""


class FixBug(TypedTask[BugFix]):
    """Have Devin fix a bug: find its cause, add a test, open a pull request.

    Waits for the outcome. Spends ACUs; `max_acu_limit` bounds that. Calling again with the same
    `idempotency_key` goes on with the same session.
    """

    keywords = (
        "something is broken, repair it, crash, exception, stack trace, error, failing test, regression, "
        "defect, issue from the tracker, Jira ticket, investigate an incident, root cause, patch, hotfix, "
        "throws a 500, does not work, sort it out, misbehaves, flaky"
    )

    examples = (
        {
            "title": "Totals are a cent off",
            "description": "An order of three items at 0.10 shows 0.31 in the cart, and 0.30 on the invoice.",
            "repos": ["acme/shop"],
            "max_acu_limit": 8,
        },
    )

    title: GivenText
    """The bug in a few words; the session bears it as its title."""

    description: GivenText
    """What happens, what should happen instead, and how to see it."""

    def flow(self) -> Flow[BugFix]:
        """Run the fix as a task."""
        prompt = PROMPT.format(title=self.title, description=self.description)
        return self.run(prompt, Fix, "fix")
