"""The operations of an enterprise: over all its organisations, with the key of an enterprise service user."""
