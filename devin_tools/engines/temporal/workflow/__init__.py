"""The workflows that a worker runs."""
