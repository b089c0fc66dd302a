"""A component as a user of Langflow writes one: it picks the first session out of a list."""

from lfx.custom.custom_component.component import Component
from lfx.io import JSONInput, Output
from lfx.schema.message import Message


class FirstSession(Component):
    display_name = "First session"
    name = "FirstSession"
    inputs = [JSONInput(name="page", display_name="Page")]
    outputs = [Output(name="first_id", display_name="Id", method="pick")]

    def pick(self) -> Message:
        return Message(text=self.page.data["sessions"][0]["session_id"])
