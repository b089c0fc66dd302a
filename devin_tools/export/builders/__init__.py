"""Packs for the builders of workflows."""
