"""The output of `run` and `watch` for a person: how each session stands, and what to do now."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, Any

from ..tasks.shared.outcomes import in_words
from .render import show_facts, show_pairs, terminal
from .terminal import clock

if TYPE_CHECKING:
    from ..tasks.run_task import TaskOutput
    from ..tasks.wait_sessions import SettledSession, WaitedSessions


def show_task(output: TaskOutput) -> None:
    """Show what became of a task."""
    show_facts(
        {
            "outcome": in_words(output.outcome, output.certainty),
            "what to do": output.advice or None,
            "answer with": answer_line(output.outcome, output.session_id),
            "session": f"{output.session_id} ({output.creation})",
            "watch it at": output.url,
            "pull requests": _lines(f"{item.pr_url} ({item.pr_state})" for item in output.pull_requests),
            "Devin": output.messages[-1].message if output.messages else None,
            "attachments": _lines(f"{item.name} {item.url}" for item in output.attachments),
            "ACUs spent": output.acus_consumed,
            "waited": clock(output.waited_seconds),
            **_structured(output),
            "go on with": f"devin-tools watch {output.session_id}" if output.resume_with else None,
        }
    )


def answer_line(outcome: str, session_id: str) -> str | None:
    """Return the command line that answers a session which waits for a message; `None` for any other."""
    if outcome not in ("waiting_for_user", "asleep"):
        return None
    return f"devin-tools call devin_send_message {session_id} --message TEXT"


def _lines(texts: Iterable[str]) -> str | None:
    return "\n".join(texts) or None


def _structured(output: TaskOutput) -> dict[str, Any]:
    if output.structured_output_status == "not_requested":
        return {}
    status = [output.structured_output_status, *output.structured_output_faults]
    return {"structured output": _lines(status), "": output.structured_output}


def show_waited(output: WaitedSessions) -> None:
    """Show how the sessions stand."""
    pairs = [(in_words(item.outcome, item.certainty), "\n".join(_about(item))) for item in output.settled]
    pairs += [("still_running", session_id) for session_id in output.still_running]
    if pairs:
        show_pairs(pairs)
    else:
        terminal().print("No session is at work.")


def _about(item: SettledSession) -> Iterator[str]:
    yield item.session_id
    if item.session is not None:
        yield from filter(None, [item.session.title])
        yield from (pull.pr_url for pull in item.session.pull_requests)
    yield from filter(None, [item.advice, answer_line(item.outcome, item.session_id)])
