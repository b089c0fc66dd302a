"""The Python of a Dify plugin: no more than what Dify looks for, the work is in the installed package."""

from __future__ import annotations

MAIN = '''"""The plugin's process, which Dify's plugin daemon starts and speaks to."""

from dify_plugin import DifyPluginEnv, Plugin

plugin = Plugin(DifyPluginEnv(MAX_REQUEST_TIMEOUT={seconds}))

if __name__ == "__main__":
    plugin.run()
'''

PROVIDER_SOURCE = '''"""The provider: an account of the Devin API, checked when it is added."""

from typing import Any

from dify_plugin import ToolProvider

from devin_tools.adapters.dify import check


class DevinProvider(ToolProvider):
    """An account of the Devin API."""

    def _validate_credentials(self, credentials: dict[str, Any]) -> None:
        check(credentials)
'''

TOOL_SOURCE = '''"""{summary}"""

from collections.abc import Generator
from typing import Any

from dify_plugin import Tool
from dify_plugin.entities.tool import ToolInvokeMessage

from devin_tools.adapters.dify import messages


class DevinTool(Tool):
    """{summary}"""

    def _invoke(self, tool_parameters: dict[str, Any]) -> Generator[ToolInvokeMessage, None, None]:
        yield from messages(self, "{name}", tool_parameters)
'''
