"""The names by which a server knows workflows, activities, signals and queries.

They stand in the histories of running workflows, so they never change, whatever the code is called.
"""

from __future__ import annotations

TASK_QUEUE = "devin-tools"
"""The task queue of workers that name no other."""

RUN_TOOL = "devin-tools.run-tool"
RUN_MANY = "devin-tools.run-many"
POLLER = "devin-tools.poller"
FOLLOW = "devin-tools.follow"

SEND = "devin-tools.send"
ADMIT = "devin-tools.admit"
NOTE = "devin-tools.note"
SURVEY = "devin-tools.survey"
FILE = "devin-tools.file"
JOIN = "devin-tools.join"
LOOK = "devin-tools.look"
TELL = "devin-tools.tell"

MESSAGE = "message"
STOP = "stop"
NEWS = "news"
JOINED = "join"
LEAVE = "leave"
PROGRESS = "progress"

TOOL = "DevinTool"
SESSION_ID = "DevinSessionId"
OUTCOME = "DevinOutcome"
