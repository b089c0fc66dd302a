"""Tool lists for the providers of models: payloads, dialects of JSON Schema, limits, names."""
