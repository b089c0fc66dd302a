"""Pipelines: events in, sessions out, and notifications of what becomes of them.

headers and body -> `events.read_event` -> alerts -> `plans.plan` -> the call, and why it is that one: all of
this is pure. The server's `receiver` runs the calls, the `follower` looks after what they started, and the
`notifier` sends what becomes of it.
"""
