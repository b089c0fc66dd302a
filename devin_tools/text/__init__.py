"""Text that cannot be encoded, and text that does not show."""
