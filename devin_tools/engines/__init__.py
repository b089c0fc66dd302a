"""Engines that run the same flows durably, past one machine. Each is an extra."""

__all__: list[str] = []
