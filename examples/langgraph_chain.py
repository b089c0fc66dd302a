"""Two agents in LangGraph: one has a bug fixed, the other has the fix reviewed.

    pip install "devin-tools[langchain]" langgraph
    python examples/langgraph_chain.py "Totals are a cent off" --repo acme/shop --simulate

Without --simulate the key comes from DEVIN_API_KEY. The models are scripted, so that this runs without one:
put your own chat model in the place of `Scripted`. The client bounds what any model can ask for, in ACUs and
in sessions.
"""

import argparse
import json
import sys
from collections.abc import Callable
from typing import Any

from langchain_core.language_models import BaseChatModel
from langchain_core.messages import AIMessage, BaseMessage, HumanMessage
from langchain_core.outputs import ChatGeneration, ChatResult
from langgraph.graph import END, START, MessagesState, StateGraph
from langgraph.prebuilt import ToolNode, tools_condition

from devin_tools import Client, DevinToolsError, Simulator
from devin_tools.adapters import langchain_tools

FIX, REVIEW = "devin_fix_bug", "devin_review_pull_request"
Say = Callable[[BaseMessage], AIMessage]


class Scripted(BaseChatModel):  # type: ignore[misc]  # an extra: no types
    """Stands in for a model: it answers the last message by a function."""

    say: Say
    _llm_type = "scripted"

    def bind_tools(self, tools: Any, **_: Any) -> Any:
        """Need no tools: the function knows them."""
        return self

    def _generate(self, messages: list[BaseMessage], *_: Any, **__: Any) -> ChatResult:
        return ChatResult(generations=[ChatGeneration(message=self.say(messages[-1]))])


def fixer(repo: str) -> Say:
    """Call the tool for a bug; then name the pull request, or say what is in the way."""

    def say(last: BaseMessage) -> AIMessage:
        if last.type == "human":
            asked = {"title": last.text, "description": last.text, "repos": [repo], "max_acu_limit": 5}
            return call(FIX, asked | {"idempotency_key": f"chain fix {repo} {last.text}"})
        pulls = json.loads(last.text).get("pull_requests")  # an error has none
        return AIMessage(pulls[0]["pr_url"] if pulls else f"No pull request: {last.text}")

    return say


def reviewer(last: BaseMessage) -> AIMessage:
    """Call the tool for the pull request that the fixer named; then pass on the verdict."""
    if last.type == "ai" and last.text.startswith("https://"):
        return call(
            REVIEW, {"pr_url": last.text, "max_acu_limit": 3, "idempotency_key": f"chain {last.text}"}
        )
    review = json.loads(last.text).get("review") if last.type == "tool" else None
    return AIMessage(f"{review['verdict']}: {review['summary']}" if review else f"No review: {last.text}")


def call(name: str, arguments: dict[str, Any]) -> AIMessage:
    """Ask for a tool, as a model does."""
    return AIMessage("", tool_calls=[{"type": "tool_call", "id": name, "name": name, "args": arguments}])


def chain(client: Client, repo: str) -> Any:
    """Make the graph: fixer, then reviewer, each with one tool."""
    graph = StateGraph(MessagesState)
    for name, tool, say in (("fixer", FIX, fixer(repo)), ("reviewer", REVIEW, reviewer)):
        tools = langchain_tools(client, tools=tool)
        model = Scripted(say=say).bind_tools(tools)  # your model here
        graph.add_node(name, lambda state, model=model: {"messages": [model.invoke(state["messages"])]})
        graph.add_node(tool, ToolNode(tools))
        graph.add_edge(tool, name)
    graph.add_edge(START, "fixer")
    graph.add_conditional_edges("fixer", tools_condition, {"tools": FIX, END: "reviewer"})
    graph.add_conditional_edges("reviewer", tools_condition, {"tools": REVIEW, END: END})
    return graph.compile()


def main() -> int:
    """Play the chain on one bug."""
    parser = argparse.ArgumentParser(description="Have a bug fixed, and the fix reviewed.")
    parser.add_argument("bug", help="what is wrong")
    parser.add_argument("--repo", required=True, help="where: OWNER/NAME")
    parser.add_argument("--simulate", action="store_true", help="use the embedded simulator")
    given = parser.parse_args()
    connection = Simulator(seed=1).connection() if given.simulate else {}
    with Client(**connection, max_acu=5, max_sessions=2) as client:
        state = chain(client, given.repo).invoke({"messages": [HumanMessage(given.bug)]})
    for message in state["messages"]:
        if message.type == "ai" and message.text:
            print(message.text)
    return int(state["messages"][-1].text.startswith("No review"))


if __name__ == "__main__":
    try:
        sys.exit(main())
    except DevinToolsError as error:
        sys.exit(f"{error.message} {error.hint}")
