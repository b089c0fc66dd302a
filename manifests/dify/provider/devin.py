"""The provider: an account of the Devin API, checked when it is added."""

from typing import Any

from dify_plugin import ToolProvider

from devin_tools.adapters.dify import check


class DevinProvider(ToolProvider):
    """An account of the Devin API."""

    def _validate_credentials(self, credentials: dict[str, Any]) -> None:
        check(credentials)
