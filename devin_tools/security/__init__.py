"""Secrets kept out of sight: references, redaction, scanning; bounds on what strangers send."""
