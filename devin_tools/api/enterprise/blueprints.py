"""The blueprint of an enterprise: what sets up the machines of all its organisations, and its files (beta).

Facts: docs.devin.ai, API reference, snapshot setup. Every build of an organisation runs it first.
"""

from __future__ import annotations

from ...paging import Detailed
from ...tool import Tool
from ...wire import DELETE, GET, POST, PUT
from ..blueprints import (
    Blueprint,
    BlueprintList,
    DeleteBlueprint,
    DeleteBlueprintFile,
    GetBlueprint,
    GetBlueprintContents,
    ListBlueprintFiles,
    NewBlueprint,
    OnBlueprint,
    UploadBlueprintFile,
)
from ..shared.fields import GivenText

BLUEPRINTS = "/v3beta1/enterprise/snapshot-setup/blueprints"
BLUEPRINT = BLUEPRINTS + "/{blueprint_id}"
FILES = BLUEPRINT + "/files"
MANAGE = "ManageAccountSnapshots"


class ListEnterpriseBlueprints(Detailed[BlueprintList]):
    """List the blueprints of the enterprise, all at once: it has one, or none."""

    route = GET(BLUEPRINTS, permission=MANAGE)
    keywords = (
        "company-wide machine setup script, base environment of all teams, is there a setup for everybody"
    )
    examples = ({},)


class CreateEnterpriseBlueprint(NewBlueprint):
    """Create the blueprint of the enterprise.

    The builds of every organisation run it first; it starts none. A second one is refused. When the answer
    is lost nothing is repeated: the error asks you to look at the list first.
    """

    route = POST(BLUEPRINTS, permission=MANAGE)
    keywords = (
        "install a tool on every team's machine, company-wide environment, base image, shared toolchain, "
        "proxy for everybody, every machine should come with, preinstalled everywhere"
    )
    examples = ({"contents": "initialize: |\n  apt-get update\n"},)


class GetEnterpriseBlueprint(GetBlueprint):
    """Read what there is to know of the enterprise's blueprint, but for its YAML."""

    route = GET(BLUEPRINT, permission=MANAGE)
    keywords = (
        "details of the company-wide setup script, metadata of the base environment, is there an "
        "environment for everybody"
    )


# Some documents say PATCH, by analogy with an organisation; the vendor's reference says PUT.
class UpdateEnterpriseBlueprint(OnBlueprint, Tool[Blueprint]):
    """Replace the YAML of the enterprise's blueprint.

    It starts no build, so new sessions start as before until each organisation has made one.
    """

    route = PUT(BLUEPRINT, permission=MANAGE)
    keywords = (
        "edit the company-wide setup script, add a package to every team's machine, bump a version in the "
        "base environment, change what every machine comes with, toolchain, newer version for everybody"
    )
    examples = (
        {
            "blueprint_id": "blueprint-00000000000000000000000000000001",
            "contents": "initialize: |\n  apt-get update\n",
        },
    )

    contents: GivenText
    """The new YAML, in place of all of the old one."""


class DeleteEnterpriseBlueprint(DeleteBlueprint):
    """Delete the enterprise's blueprint: later builds are made without it.

    The API only hides it, but has no operation that brings it back.
    """

    route = DELETE(BLUEPRINT, permission=MANAGE)
    keywords = (
        "drop the company-wide setup script, no shared base environment any more, get rid of the "
        "environment for everybody"
    )


class GetEnterpriseBlueprintContents(GetBlueprintContents):
    """Get a link to the YAML of the enterprise's blueprint, good for 10 minutes.

    Whoever has the link can read the YAML without a key.
    """

    route = GET(BLUEPRINT + "/contents", permission=MANAGE)
    keywords = (
        "show the company-wide setup script, see the YAML of the base environment, what is installed on "
        "every machine, download the setup for everybody"
    )


class ListEnterpriseBlueprintFiles(ListBlueprintFiles):
    """List the files of the enterprise's blueprint. What is in them never comes back."""

    route = GET(FILES, permission=MANAGE)
    keywords = (
        "certificates, configs of the base image, assets of the company-wide setup, what is shipped to "
        "every machine"
    )


class UploadEnterpriseBlueprintFile(UploadBlueprintFile):
    """Send a file that the enterprise's blueprint needs in builds.

    The YAML refers to it by an environment variable, which the output names. A file whose variable would be
    that of another one is refused: delete the other first. When the answer is lost nothing is repeated: the
    error asks you to look at the list first.
    """

    route = POST(FILES, sends_body=False, permission=MANAGE)
    keywords = (
        "add a config to every team's machine, asset for the base environment, corporate root CA on every "
        "machine, .npmrc for everybody, put the company certificate in, proxy settings"
    )


class DeleteEnterpriseBlueprintFile(DeleteBlueprintFile):
    """Delete a file of the enterprise's blueprint for good."""

    route = DELETE(FILES + "/{file_id}", permission=MANAGE)
    keywords = (
        "drop an asset of the base environment, expired company CA, remove the company certificate, "
        "config of every machine"
    )
