"""Of EC2 and its networks.

Sources: the EC2 API reference's list of errors, the PrivateLink and Transit Gateway guides, "Share your VPC subnets".
"""

from __future__ import annotations

import re
from typing import Final

from ocpprov.aws.error_codes import ErrorClass
from ocpprov.aws.error_sentences.sentence import Said, Sentence


def full_subnet(said: Said) -> str:
    """Which subnet has too few addresses, and for what."""
    subnet = _SUBNET.search(said.message)
    return (
        f"The subnet {subnet[0] if subnet else 'that it goes into'} has too few free addresses: a load balancer needs "
        "8 in each of its subnets, an endpoint, a NAT gateway or an attachment one. Remove what isn't needed there, or "
        "give the plan a larger subnet, and run the same command again."
    )


_SUBNET: Final = re.compile(r"subnet-[0-9a-f]+")

OTHER_ZONES: Final = (
    "AWS doesn't offer this in one of the plan's zones, which other accounts may know by another name. Choose other "
    "zones in openshift.zones, by name, and run the same command again."
)
"""For whatever isn't everywhere."""

_NOT_THE_OWNER: Final = (
    "Another account owns the network and shares its subnets, and only the owner can do this, whatever the user's "
    "permissions. Take it out of the plan (docs/how-to/shared-network.md has what stays), or have the owner do it, "
    "and run the same command again."
)
_NAME_IS_ANSWERED: Final = (
    "The service's own name is answered in the VPC already: by a private hosted zone that is associated with it, as "
    "with endpoints in a central VPC, or by another endpoint with private DNS. If that one serves the cluster, leave "
    "this endpoint out of the plan; else take the zone from the VPC, remove that endpoint, or write "
    "privateDnsEnabled: false for this one in openshift.endpoints, and run the same command again."
)
_NO_SUCH_SERVICE: Final = (
    "AWS has no endpoint service of this name in the region, or its owner admits others only. `ocpprov preflight` has "
    "the names that there are: write the right one in openshift.endpoints. Where there is none, and nothing but an "
    "endpoint leads out, the cluster needs another way to the service before the endpoint may be left out."
)
_NOT_IN_THE_ZONE: Final = (
    "The endpoint service isn't offered in every zone of the plan. Write those that have it as the zones of its item "
    "in openshift.endpoints ({service: ..., zones: [...]}): machines in the others reach it, too. Then run the same "
    "command again."
)
_REQUESTER_MANAGED: Final = (
    "Another service of AWS made it and looks after it, so only that one can take it away. Delete what it belongs to "
    "there, and run the same command again."
)
_PRIMARY_BLOCK: Final = (
    "The first block of a VPC goes only with the VPC. Leave it in the plan, and run the same command again."
)
_NOT_OURS: Final = (
    "The address or interface isn't this account's, or something of AWS's holds it, such as a NAT gateway or a load "
    "balancer: AWS says the same of both, and no permission changes either. Correct the id in the plan, or take it "
    "from what holds it, and run the same command again."
)
_NO_CAPACITY: Final = (
    "AWS has none left at the moment, whatever the account's quotas. Run the same command again later; if it stays "
    "like that, choose another zone or region."
)
_NOT_PERMITTED: Final = (
    "AWS doesn't do this in this account or with this resource, whatever the user's permissions. Change what its "
    "sentence names; where it names nothing, ask AWS Support with the request id. Then run the same command again."
)

_ATTRIBUTES: Final = (
    "A VPC's private DNS names need its attributes enableDnsSupport and enableDnsHostnames, both on, and AWS hasn't "
    "seen them on in all the time that this was tried. Switch them on, and run the same command again."
)
_GATEWAY_ELSEWHERE: Final = (
    "The internet gateway isn't attached to the VPC of the route table. Attach it there, or give the route another "
    "gateway, and run the same command again."
)
_PEERED_ALREADY: Final = (
    "The two VPCs have a peering connection already, perhaps one that was asked for from the other side, and AWS "
    "takes no second one. Leave this one out of the plan and give the other's id where it is needed, or delete the "
    "other, and run the same command again."
)
_UNATTACHED: Final = (
    "AWS says so of a transit gateway, too, to which the VPC has no attachment that is available: its owner may have "
    "to accept the attachment first. Look at the attachment in AWS, and run the same command again."
)

SENTENCES: Final = (
    Sentence(
        "not-the-owner",
        ("OperationNotPermitted", "UnauthorizedOperation"),
        "is shared but the provided object is not owned by you",
        ErrorClass.DENIED,
        _NOT_THE_OWNER,
    ),
    Sentence("full-subnet", ("InsufficientFreeAddressesInSubnet",), "", ErrorClass.INVALID, full_subnet),
    Sentence(
        "name-is-answered",
        ("InvalidParameter",),
        "conflicting DNS domain",
        ErrorClass.EXISTS,
        _NAME_IS_ANSWERED,
    ),
    Sentence("other-zones", ("NotAvailableInZone",), "", ErrorClass.INVALID, OTHER_ZONES),
    Sentence(
        "other-zones",
        ("InvalidParameterValue",),
        "Subnets can currently only be created in the following availability zones",
        ErrorClass.INVALID,
        OTHER_ZONES,
    ),
    Sentence("no-such-service", ("InvalidServiceName",), "", ErrorClass.INVALID, _NO_SUCH_SERVICE),
    Sentence(
        "not-in-the-zone",
        ("InvalidParameter",),
        "does not support the availability zone|availability zones are supported for remote access",
        ErrorClass.INVALID,
        _NOT_IN_THE_ZONE,
    ),
    Sentence(
        "requester-managed",
        ("OperationNotPermitted",),
        "requester-managed|not allowed to manage '(?:ela-attach|amazon-)",
        ErrorClass.INVALID,
        _REQUESTER_MANAGED,
    ),
    Sentence(
        "primary-block",
        ("OperationNotPermitted",),
        "",
        ErrorClass.INVALID,
        _PRIMARY_BLOCK,
        "DisassociateVpcCidrBlock",
    ),
    # An address still held by a NAT gateway or balancer that is going away is refused like this.
    Sentence("held-address", ("AuthFailure",), "", ErrorClass.BUSY, operations="ReleaseAddress"),
    Sentence("not-ours", ("AuthFailure",), "do not have permission", ErrorClass.DENIED, _NOT_OURS),
    Sentence("denied", ("AuthFailure",), "not authorized", ErrorClass.DENIED),
    # Fresh subnets are reported with the code of malformed ones.
    Sentence("fresh", ("InvalidSubnet",), "", ErrorClass.NOT_VISIBLE, operations="CreateNatGateway"),
    # What was switched on a moment ago hasn't arrived everywhere.
    Sentence(
        "attributes",
        ("InvalidParameter",),
        "Enabling private DNS requires both",
        ErrorClass.NOT_VISIBLE,
        _ATTRIBUTES,
    ),
    # The same of a gateway that was attached.
    Sentence(
        "gateway-elsewhere",
        ("InvalidParameterValue",),
        "network gateway .* belong to different networks",
        ErrorClass.NOT_VISIBLE,
        _GATEWAY_ELSEWHERE,
    ),
    Sentence("peered-already", ("VpcPeeringConnectionAlreadyExists",), "", ErrorClass.EXISTS, _PEERED_ALREADY),
    Sentence(
        "unattached",
        ("InvalidTransitGatewayID.NotFound",),
        "",
        ErrorClass.NOT_VISIBLE,
        _UNATTACHED,
        "CreateRoute|ReplaceRoute",
    ),
    Sentence("in-use", ("InvalidParameterValue",), "currently in use", ErrorClass.BUSY),
    Sentence("no-capacity", ("InsufficientAddressCapacity",), "", ErrorClass.INVALID, _NO_CAPACITY),
)

LAST: Final = (Sentence("not-permitted", ("OperationNotPermitted",), "", ErrorClass.INVALID, _NOT_PERMITTED),)
"""What is meant where nobody knows more."""
