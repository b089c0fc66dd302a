"""A component for every tool of devin-tools."""
