"""The words of `run` as the arguments of a task."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from ..errors import UsageError
from ..security.references import is_reference
from .arguments import json_of, text_of


def task_arguments(words: Sequence[str], given: Mapping[str, Any]) -> dict[str, Any]:
    """Gather what was given, and nothing more: absent and empty are different things to the API."""
    arguments = {name: value for name, value in given.items() if value not in (None, ())}
    arguments["prompt"] = prompt_of(words)
    if tags := arguments.pop("tags", None):
        arguments["tags"] = ",".join(tags)
    if repos := arguments.pop("repos", None):
        arguments["repos"] = list(repos)
    if file := arguments.pop("schema", None):
        arguments["structured_output_schema"] = json_of(f"@{file}", "The schema")
    if secrets := arguments.pop("secrets", None):
        arguments["session_secrets"] = secrets_of(secrets)
    return arguments


def prompt_of(words: Sequence[str]) -> str:
    """Read the prompt: the word itself, the text of `@file`, or standard input for `-`."""
    if len(words) != 1:
        what = "more than one prompt was given" if words else "there is no prompt"
        raise UsageError(f"Say what to do: {what}.", hint="Put the prompt in quotation marks.")
    return text_of(words[0]).strip()


def secrets_of(given: Sequence[str]) -> list[dict[str, str]]:
    """Read `NAME=env:VARIABLE` and `NAME=file:PATH`. Whatever else is given is not repeated."""
    secrets = []
    for text in given:
        name, _, reference = text.partition("=")
        if not (name and is_reference(reference)):
            raise UsageError(
                "A secret is given by reference, never by its value: others can read command lines.",
                hint="Write --secret NAME=env:VARIABLE or --secret NAME=file:PATH.",
            )
        secrets.append({"key": name, "value": reference})
    return secrets
