"""The lists that the installed catalog itself exports."""

from __future__ import annotations

from ..catalog import Catalog
from ..export.providers.limits import BASES
from .listing import FORMS, Listed
from .reading import read_folder

FORMATS = ("openai-chat", "openai-responses", "anthropic", "gemini", "bedrock", "mcp")


def own_lists(catalog: Catalog, provider: str | None = None) -> list[list[Listed]]:
    """Read what each provider's format exports, and the manifests, which hold all tools and what they spend.

    A provider chooses its own formats.
    """
    formats = [name for name in (*FORMATS, "manifest") if name in catalog.exporters]
    lists = []
    for name in formats:
        files = catalog.exporters[name].files(list(catalog))
        texts = {f"{name}/{path}": text for path, text in files.items() if path.endswith(".json")}
        lists += read_folder(texts).lists
    base = next((known for known in BASES if provider and provider.startswith(known)), None)
    chosen = [tools for tools in lists if tools and FORMS[tools[0].form].startswith(base or "")]
    return chosen or lists
