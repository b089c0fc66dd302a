"""Blueprints: YAML that says how the machine of sessions is set up, and the files that it needs (beta).

Facts: docs.devin.ai, API reference, snapshot setup. Builds make a snapshot of blueprints, from which new
sessions start; nothing that is done to a blueprint starts a build by itself.
"""

from __future__ import annotations

from typing import Annotated, ClassVar

from pydantic import Field

from ..codec import encode
from ..flow import Flow
from ..locations import Upload
from ..paging import Abridged, DataItems, Detailed
from ..tool import READ, Example, Input, Output, Tool
from ..wire import DELETE, GET, PATCH, POST
from .shared.empty import Done
from .shared.fields import GivenText, Id, Name, Text, Untrusted, as_is, known
from .shared.merging import with_cleared
from .shared.once import CreateOnce

BLUEPRINTS = "/v3beta1/organizations/{org_id}/snapshot-setup/blueprints"
BLUEPRINT = BLUEPRINTS + "/{blueprint_id}"
CONTENTS = BLUEPRINT + "/contents"
FILES = BLUEPRINT + "/files"
FILE = FILES + "/{file_id}"
MANAGE = "ManageRepoBlueprints"
"""What all of these need. To create, change or delete a blueprint that is of no repository, the key needs
ManageOrgSnapshots."""


class Blueprint(Output):
    """What there is to know of a blueprint, without its YAML."""

    blueprint_id: str
    """The id."""

    type: Annotated[str, known("enterprise", "org", "repo")] | None = None
    """Whether it is for all organisations, for all repositories of one, or for one repository."""

    repo_name: Untrusted | None = None
    """The repository it belongs to, as `owner/repo`; null: it is for all."""

    created_at: int | None = None
    """When it was created, in Unix seconds."""

    updated_at: int | None = None
    """When it last changed, in Unix seconds."""


class BlueprintList(Abridged):
    """All blueprints, in the order in which a build runs them."""

    items_field: ClassVar[str] = "blueprints"

    blueprints: DataItems[Blueprint]
    """The blueprints."""


class PresignedDownload(Output):
    """A link that leads to a file without a key. Whoever has it can read the file until it expires."""

    url: Annotated[str, Field(repr=False)]
    """Where the file is, for a GET without the API key. Show it to nobody who may not read the file."""

    expires_at: int | None = None
    """When the link expires, in Unix seconds: 10 minutes after it was made."""


class BlueprintFile(Output):
    """A file that builds have beside a blueprint, such as a configuration of a package manager."""

    file_id: str
    """The id of the file."""

    blueprint_id: str | None = None
    """The blueprint it belongs to."""

    name: Untrusted | None = None
    """The name it was given."""

    env_var_name: Untrusted | None = None
    """The environment variable by which the YAML refers to it. It follows from the name."""

    size_bytes: int | None = None
    """How large it is, in bytes."""

    created_at: int | None = None
    """When it was uploaded, in Unix seconds."""

    updated_at: int | None = None
    """When it last changed, in Unix seconds."""


class BlueprintFileList(Abridged):
    """All files of a blueprint."""

    items_field: ClassVar[str] = "files"

    files: DataItems[BlueprintFile]
    """The files, without what is in them."""


class OnBlueprint(Input):
    """What is about one blueprint."""

    blueprint_id: Annotated[Id, Example("blueprint-00000000000000000000000000000001")]
    """Which blueprint."""


class ListBlueprints(Detailed[BlueprintList]):
    """List the blueprints of the organisation and its repositories, all at once.

    They come in the order in which a build runs them. The one of the enterprise is not among them.
    """

    route = GET(BLUEPRINTS, permission=MANAGE)
    keywords = (
        "how are machines set up, environments, which setup scripts exist, environment configuration per "
        "repo, what is installed where, dev environments"
    )
    examples = ({}, {"repo_name": "acme/shop"})

    repo_name: Name | None = None
    """Only the blueprint of this repository, as `owner/repo`."""


class NewBlueprint(CreateOnce[Blueprint]):
    """What makes a blueprint."""

    contents: GivenText | None = None
    """The YAML: sections `initialize`, `maintenance` and `knowledge`. Left out: the blueprint is blank."""


class CreateBlueprint(NewBlueprint):
    """Create a blueprint for a repository, or for all of them.

    It sets up new sessions once a build was made of it, which this does not start. For a blueprint of no
    repository the key needs ManageOrgSnapshots. When the answer is lost nothing is repeated: the error
    asks you to look at the list first.
    """

    route = POST(BLUEPRINTS, permission=MANAGE)
    keywords = (
        "install dependencies before it works, new setup script, machine configuration for a repo, "
        "preinstall, should come with, machine has to have, needs Docker, dependencies, set up the "
        "environment, toolchain, Docker-like image"
    )
    examples = ({"repo_name": "acme/shop", "contents": "initialize: |\n  npm install -g pnpm\n"},)

    repo_name: Name | None = None
    """The repository it is for, as `owner/repo`. Left out: all repositories of the organisation."""


class GetBlueprint(OnBlueprint, Tool[Blueprint]):
    """Read what there is to know of a blueprint; its YAML comes by another tool."""

    route = GET(BLUEPRINT, permission=MANAGE)
    keywords = (
        "details of the setup script, environment, metadata of the machine configuration, which setup "
        "belongs to the repo, when does the setup run for a repo"
    )


class UpdateBlueprint(OnBlueprint, Tool[Blueprint]):
    """Replace the YAML of a blueprint, or change when a build runs it.

    It starts no build, so new sessions start as before until one was made. For a blueprint of no
    repository the key needs ManageOrgSnapshots.
    """

    route = PATCH(BLUEPRINT, permission=MANAGE)
    keywords = (
        "add a dependency, package to the machine, preinstall too, add to setup, should come with another "
        "tool, newer version, edit the setup script, environment variables, bump Node, Python or Java, "
        "fix the install steps"
    )
    examples = (
        {
            "blueprint_id": "blueprint-00000000000000000000000000000001",
            "contents": "initialize: |\n  npm install -g pnpm@10\n",
        },
    )

    contents: GivenText = as_is()
    """The new YAML, in place of all of the old one."""

    position: int = as_is()
    """When a build runs it: lower ones first. Only a blueprint of a repository has a position."""

    def flow(self) -> Flow[Blueprint]:
        """Refuse a call that changes nothing, as the API does; else send it."""
        assert self.route is not None
        with_cleared(encode(self.route, self).body or {}, ())
        return super().flow()


class DeleteBlueprint(OnBlueprint, Tool[Done]):
    """Delete a blueprint: the next build is made without it.

    The API only hides it, but has no operation that brings it back. For a blueprint of no repository the
    key needs ManageOrgSnapshots.
    """

    route = DELETE(BLUEPRINT, permission=MANAGE)
    keywords = (
        "get rid of the setup script, drop the environment configuration, no more install steps for this "
        "repo, plain machine, without our setup, start afresh"
    )


class GetBlueprintContents(OnBlueprint, Tool[PresignedDownload]):
    """Get a link to the YAML of a blueprint, good for 10 minutes.

    Whoever has the link can read the YAML without a key.
    """

    route = GET(CONTENTS, permission=MANAGE)
    effect = READ.private()
    keywords = (
        "show the setup script, install commands, see the YAML, download the environment, what does the "
        "machine install, what is in the setup script, which version is installed"
    )


class ListBlueprintFiles(OnBlueprint, Detailed[BlueprintFileList]):
    """List the files of a blueprint, all at once. What is in them never comes back."""

    route = GET(FILES, permission=MANAGE)
    keywords = (
        "which certificates, configs go to setup, attachments of the environment, uploaded assets of the "
        "setup script, what have we put into the environment"
    )


class UploadBlueprintFile(OnBlueprint, CreateOnce[BlueprintFile]):
    """Send a file that the builds of a blueprint need.

    The YAML refers to it by an environment variable, which the output names. A file whose variable would be
    that of another one is refused: delete the other first. When the answer is lost nothing is repeated: the
    error asks you to look at the list first.
    """

    # The name travels in the query, as the body is the file.
    route = POST(FILES, sends_body=False, permission=MANAGE)
    keywords = (
        "put a certificate, settings.xml, .npmrc, add a config, asset to the environment, ship "
        "credentials, licence to the setup"
    )
    is_one_request = False
    examples = (
        {
            "blueprint_id": "blueprint-00000000000000000000000000000001",
            "path": "config/npmrc.txt",
            "name": "npmrc",
        },
    )

    path: Annotated[Text, Upload()]
    """The file to send. It must lie under the working folder, or the one the setting file_root names."""

    name: Name
    """What to call it; the name of its environment variable follows from this."""


class DeleteBlueprintFile(OnBlueprint, Tool[Done]):
    """Delete a file of a blueprint for good."""

    route = DELETE(FILE, permission=MANAGE)
    keywords = (
        "remove a certificate, config from setup, drop an asset of the environment, old certificate, "
        "wrong file uploaded"
    )

    file_id: Annotated[Id, Example("file-00000000000000000000000000000001")]
    """Which file."""
