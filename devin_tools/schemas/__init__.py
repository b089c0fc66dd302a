"""JSON Schema: references put in place, patterns and values checked in bounded time."""
