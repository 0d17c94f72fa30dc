"""The keys of a plan file as data: checker, JSON Schema and model follow these rows. CloudFormation's own grammar
(Resources and what belongs to it) has no rows here."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from ocpprov.engine.properties import Property

NAME_PATTERN: Final = r"[a-z][a-z0-9-]{0,31}"
_LABEL: Final = r"[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?"
_CIDR_ITEM: Final = Property("block", "string", format="cidr")

TOP_LEVEL: Final = (
    Property(
        "name", "string", pattern=NAME_PATTERN,
        documentation="who owns the resources: a lower-case letter, then up to 31 of a-z, 0-9 and -",
    ),
    Property(
        "region", "string", pattern=r"[a-z]{2,5}(-[a-z]+)+-[0-9]+", documentation="an AWS region such as eu-west-1",
    ),
    Property("accountID", "string", pattern=r"[0-9]{12}", documentation="twelve digits in quotes"),
    Property("userTags", "map", items=Property("tag", "string"), documentation="tags on everything"),
    Property(
        "aws",
        "object",
        properties=(
            Property(
                "serviceEndpoints",
                "list",
                items=Property(
                    "endpoint",
                    "object",
                    properties=(
                        Property("name", "string", required=True, documentation="a service: ec2, route53, sts, …"),
                        Property("url", "string", required=True, pattern=r"https?://\S+", documentation="a URL"),
                    ),
                ),
            ),
            Property("proxy", "string", pattern=r"https?://\S+", documentation="the proxy's URL"),
            Property("caBundle", "string", documentation="path of a file with the certificates to trust"),
        ),
        documentation="how AWS is reached; the environment's variables do the same",
    ),
)  # fmt: skip

OPENSHIFT: Final = (
    Property(
        "version", "string", default="4.12", allowed=tuple(f"4.{minor}" for minor in range(1, 13)),
        documentation="the OpenShift version, in quotes",
    ),
    Property(
        "clusterName", "string", required=True, pattern=_LABEL,
        documentation="lower-case letters, digits and -, at most 63",
    ),
    Property(
        "baseDomain", "string", required=True, pattern=rf"({_LABEL}\.)+{_LABEL}",
        documentation="a domain in lower case, such as example.com",
    ),
    Property(
        "infraID", "string", pattern=r"[a-zA-Z][a-zA-Z0-9-]{0,26}",
        documentation="a letter, then up to 26 letters, digits and -",
    ),
    Property("metadata", "string", documentation="path of the installer's metadata.json"),
    Property("publish", "string", default="External", allowed=("External", "Internal")),
    Property("machineNetwork", "string", default="10.0.0.0/16", format="cidr"),
    Property("subnetBits", "integer", default=12, minimum=5, maximum=13),
    Property(
        "subnetCIDRs",
        "object",
        properties=(Property("public", "list", items=_CIDR_ITEM), Property("private", "list", items=_CIDR_ITEM)),
    ),
    Property("egress", "string", default="nat", allowed=("nat", "nat-single", "none")),
    Property(
        "elasticIPs", "list",
        items=Property("allocation", "string", pattern=r"eipalloc-[0-9a-f]+", documentation="an id eipalloc-…"),
    ),
    Property("endpoints", "list", items=Property("endpoint", "string", allowed=("s3",))),
    Property("hostedZone", "string", default="create", allowed=("create", "none")),
    Property("publicZone", "string", default="none", allowed=("none",)),
    Property("etcdRecords", "boolean", default=False),
    Property(
        "controlPlane",
        "object",
        properties=(Property("addresses", "list", items=Property("address", "string", format="ipv4")),),
    ),
)  # fmt: skip
"""`zones`, `bootstrap` and the list form of `machineNetwork` have more than one shape: `sections` reads them."""

SEVERAL_SHAPES: Final = ("zones", "bootstrap")

LATER: Final[Mapping[str, str]] = {
    key: f"{key} is not supported in this version"
    for key in (
        "installConfig", "vpcID", "subnets", "routeTables", "networkAcl", "transit", "dhcpOptions",
        "secondaryNetworks", "recordType", "appsRecord", "loadBalancers", "iam", "bucket",
    )
}  # fmt: skip
"""Keys of the openshift section that are planned."""

TOP_LATER: Final[Mapping[str, str]] = {
    key: f"{key} is not supported in this version" for key in ("lock", "Mappings", "Conditions", "Rules", "Transform")
}
TEMPLATE_KEYS: Final = (
    "openshift",
    "Parameters",
    "Resources",
    "Outputs",
    "Metadata",
    "Description",
    "AWSTemplateFormatVersion",
)
