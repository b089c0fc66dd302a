"""Two agents in Pydantic AI: one has a bug fixed, the other has the fix reviewed; a person agrees to each.

    pip install "devin-tools[pydantic-ai]"
    python examples/pydantic_ai_chain.py "Totals are a cent off" --repo acme/shop --yes --simulate

Without --simulate the key comes from DEVIN_API_KEY, and without --yes each call that spends ACUs waits for a
`y` on standard input. The models are scripted, so that this runs without one: put your own in the place of
`FunctionModel`. The client bounds what any model can ask for, in ACUs and in sessions.
"""

import argparse
import sys
from collections.abc import Callable
from typing import Any

from pydantic import BaseModel
from pydantic_ai import Agent, DeferredToolRequests, DeferredToolResults
from pydantic_ai.messages import ModelMessage, ModelResponse, ToolCallPart, ToolReturnPart
from pydantic_ai.models.function import AgentInfo, FunctionModel

from devin_tools import Client, DevinToolsError, Simulator
from devin_tools.adapters import pydantic_ai_tools

FIX, REVIEW = "devin_fix_bug", "devin_review_pull_request"


class Fixed(BaseModel):
    """What the first agent hands to the second."""

    pull_request_url: str | None


class Judged(BaseModel):
    """What the second agent answers."""

    verdict: str
    summary: str


def scripted(tool: str, arguments: dict[str, Any], answer: Callable[[Any], BaseModel]) -> FunctionModel:
    """Make a model that calls a tool, and answers with what a function makes of its output."""

    def play(messages: list[ModelMessage], info: AgentInfo) -> ModelResponse:
        last = messages[-1].parts[-1]
        if not isinstance(last, ToolReturnPart):
            return ModelResponse(parts=[ToolCallPart(tool, arguments)])
        output = last.content if isinstance(last.content, dict) else {}  # a failure is text
        return ModelResponse(parts=[ToolCallPart(info.output_tools[0].name, answer(output).model_dump())])

    return FunctionModel(play)


def run(client: Client, model: Any, tool: str, task: str, output: type[Any], is_agreed: bool) -> Any:
    """Run an agent with one tool; ask a person about each call that spends ACUs."""
    tools = pydantic_ai_tools(client, tools=tool)
    agent = Agent(model, tools=tools, output_type=[output, DeferredToolRequests])
    result = agent.run_sync(task)
    while isinstance(result.output, DeferredToolRequests):
        agreed = DeferredToolResults()
        for call in result.output.approvals:
            print(f"{call.tool_name} {call.args}", flush=True)
            agreed.approvals[call.tool_call_id] = is_agreed or sys.stdin.readline().strip() == "y"
        result = agent.run_sync(message_history=result.all_messages(), deferred_tool_results=agreed)
    return result.output


def main() -> int:
    """Play the chain on one bug."""
    parser = argparse.ArgumentParser(description="Have a bug fixed, and the fix reviewed.")
    parser.add_argument("bug", help="what is wrong")
    parser.add_argument("--repo", required=True, help="where: OWNER/NAME")
    parser.add_argument("--yes", action="store_true", help="agree to every call beforehand")
    parser.add_argument("--simulate", action="store_true", help="use the embedded simulator")
    given = parser.parse_args()
    connection = Simulator(seed=1).connection() if given.simulate else {}
    with Client(**connection, max_acu=5, max_sessions=2, confirm=True) as client:
        bug = {"title": given.bug, "description": given.bug, "repos": [given.repo], "max_acu_limit": 5}
        bug |= {"idempotency_key": f"chain fix {given.repo} {given.bug}"}
        first = scripted(FIX, bug, lambda output: Fixed(pull_request_url=pull_request(output)))
        fixed = run(client, first, FIX, f"Have this fixed: {given.bug}", Fixed, given.yes)
        if not (url := fixed.pull_request_url):
            print("No pull request.")
            return 1
        print(url)
        pull = {"pr_url": url, "max_acu_limit": 3, "idempotency_key": f"chain {url}"}
        second = scripted(REVIEW, pull, lambda output: Judged(**judgement(output)))
        judged = run(client, second, REVIEW, f"Have this reviewed: {url}", Judged, given.yes)
    print(f"{judged.verdict}: {judged.summary}")
    return int(judged.verdict == "none")


def pull_request(output: dict[str, Any]) -> str | None:
    """Return the pull request of a fix, if there is one."""
    return next((pull["pr_url"] for pull in output.get("pull_requests") or []), None)


def judgement(output: dict[str, Any]) -> dict[str, str]:
    """Return the verdict and the summary of a review."""
    review = output.get("review") or {"verdict": "none", "summary": "There is no review."}
    return {"verdict": review["verdict"], "summary": review["summary"]}


if __name__ == "__main__":
    try:
        sys.exit(main())
    except DevinToolsError as error:
        sys.exit(f"{error.message} {error.hint}")
