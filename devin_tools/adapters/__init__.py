"""Tools as the native objects of agent frameworks.

Each framework is an extra, imported when its function is called.
"""

from .crewai import crewai_tools
from .langchain import langchain_approvals, langchain_tools
from .llama_index import llama_index_retriever, llama_index_tools
from .openai_agents import openai_agents_tools
from .pydantic_ai import pydantic_ai_search, pydantic_ai_tools

__all__ = [
    "crewai_tools",
    "langchain_approvals",
    "langchain_tools",
    "llama_index_retriever",
    "llama_index_tools",
    "openai_agents_tools",
    "pydantic_ai_search",
    "pydantic_ai_tools",
]
