"""Everything that is written from the declarations: manifests, tables, imports."""

from .derived import check, generate

__all__ = ["check", "generate"]
