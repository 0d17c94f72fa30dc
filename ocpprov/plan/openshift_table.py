"""The keys of the `openshift` section as data: checker, JSON Schema and model follow these rows."""

from __future__ import annotations

from typing import Final

from ocpprov.engine.kind_facts import Property
from ocpprov.kinds.s3.common import BUCKET_NAME_IN_WORDS, BUCKET_NAME_PATTERN
from ocpprov.plan.releases import NEWEST, VERSION, in_words

LABEL: Final = r"[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?"
ZONE_ID: Final = r"Z[A-Z0-9]{1,31}"
INFRA_ID: Final = Property(
    "infraID", "string", pattern=r"[a-zA-Z][a-zA-Z0-9-]{0,26}",
    documentation="a letter, then up to 26 letters, digits and -, as the names made from it have 32 at most",
)  # fmt: skip
BLOCK: Final = Property("block", "string", format="cidr")
_ADDRESS: Final = Property("address", "string", format="ipv4")
_SERVER: Final = Property("server", "string", format="ipv4")
_OCTET: Final = r"(25[0-5]|2[0-4][0-9]|1[0-9]{2}|[1-9]?[0-9])"
_PROFILE: Final = r"[A-Za-z0-9_+=,.@-]{1,128}"


def _ids(name: str, prefix: str) -> Property:
    """A list of ids that AWS gives, of one sort."""
    item = Property("id", "string", pattern=rf"{prefix}-[0-9a-f]+", documentation=f"an id {prefix}-…")
    return Property(name, "list", items=item)


OPENSHIFT: Final = (
    Property("installDir", "string", documentation="path of the installer's folder"),
    Property("installConfig", "string", documentation="path of an install-config.yaml"),
    INFRA_ID,
    Property("metadata", "string", documentation="path of the installer's metadata.json, which has the infraID"),
    Property(
        "version", "string", default="4.12", pattern=VERSION,
        documentation=f"a release such as {in_words(NEWEST)}, or a version such as 4.18.6, in quotes",
    ),
    Property(
        "clusterName", "string", required=True, pattern=rf"({LABEL}\.)*{LABEL}",
        documentation="lower-case letters, digits, - and dots, at most 54",
    ),
    Property(
        "baseDomain", "string", required=True, pattern=rf"({LABEL}\.)+{LABEL}",
        documentation="a domain in lower case, such as example.com",
    ),
    Property("publish", "string", default="External", allowed=("External", "Internal")),
    Property("credentialsMode", "string", allowed=("Mint", "Passthrough", "Manual")),
    Property("machineNetwork", "string", default="10.0.0.0/16", format="cidr"),
    Property("clusterNetwork", "list", items=BLOCK, documentation="the pods' blocks, as install-config has them"),
    Property("serviceNetwork", "list", items=BLOCK, documentation="the services' block, as install-config has it"),
    Property("subnetBits", "integer", default=12, minimum=5, maximum=13),
    Property(
        "subnetCIDRs",
        "object",
        properties=(Property("public", "list", items=BLOCK), Property("private", "list", items=BLOCK)),
    ),
    Property("vpcID", "string", pattern=r"vpc-[0-9a-f]+", documentation="the id of an existing VPC, vpc-…"),
    _ids("subnets", "subnet"),
    _ids("routeTables", "rtb"),
    Property("egress", "string", default="nat", allowed=("nat", "nat-single", "none")),
    _ids("elasticIPs", "eipalloc"),
    Property(
        "publicIpv4Pool", "string", pattern=r"ipv4pool-ec2-[0-9a-f]+",
        documentation="the id of a pool of public addresses of yours, ipv4pool-ec2-…",
    ),
    Property("networkAcl", "string", default="vpc-default", allowed=("vpc-default", "documented", "working")),
    Property(
        "endpoints",
        "list",
        items=Property(
            "endpoint",
            "object",
            properties=(
                Property("service", "string", required=True, documentation="a word for the service, or its whole name"),
                Property("privateDnsEnabled", "boolean", default=True),
                Property("zones", "list", items=Property("zone", "string"), documentation="names of the plan's zones"),
            ),
        ),
        documentation="services reached inside AWS",
    ),
    Property(
        "transit",
        "list",
        items=Property(
            "way",
            "object",
            properties=(
                Property("transitGatewayID", "string", pattern=r"tgw-[0-9a-f]+", documentation="an id tgw-…"),
                Property("peeringConnectionID", "string", pattern=r"pcx-[0-9a-f]+", documentation="an id pcx-…"),
                Property("cidrs", "list", required=True, items=BLOCK, documentation="the networks behind it"),
            ),
        ),
    ),
    Property("secondaryNetworks", "list", items=BLOCK),
    Property(
        "proxy",
        "object",
        properties=(
            Property("httpProxy", "string", pattern=r"http://\S+", documentation="a URL http://…"),
            Property("httpsProxy", "string", pattern=r"https?://\S+", documentation="a URL http://… or https://…"),
            Property("noProxy", "string", documentation="names and blocks with commas between them"),
        ),
    ),
    Property(
        "imageDigestSources",
        "list",
        items=Property(
            "images",
            "object",
            properties=(
                Property("source", "string", documentation="where the images are from"),
                Property(
                    "mirrors",
                    "list",
                    items=Property("mirror", "string", pattern=r"\S+", documentation="host:port/path of a registry"),
                ),
            ),
        ),
    ),
    Property(
        "publicZone", "string", pattern=rf"auto|create|none|{ZONE_ID}",
        documentation="auto, create, none, or a zone's id Z…",
    ),
    Property(
        "hostedZone", "string", default="create", pattern=rf"create|none|{ZONE_ID}",
        documentation="create, none, or a zone's id Z…",
    ),
    Property(
        "hostedZoneRole", "string", pattern=r"arn:aws[a-z-]*:iam::[0-9]{12}:role/[\w+=,.@/-]{1,512}",
        documentation="a role's ARN, arn:aws:iam::…:role/…",
    ),
    Property("recordType", "string", default="auto", allowed=("auto", "alias", "cname")),
    Property("etcdRecords", "boolean", default=False),
    Property(
        "appsRecord", "string", pattern=r"none|auto|([A-Za-z0-9-]{1,63}\.)+[A-Za-z0-9-]{1,63}\.?",
        documentation="none, auto, or a load balancer's DNS name",
    ),
    Property("loadBalancers", "string", default="network", allowed=("network", "classic")),
    Property(
        "deletionProtection", "boolean",
        documentation="true or false: AWS refuses to delete the network load balancers, or not; left alone without",
    ),
    Property("controlPlane", "object", properties=(Property("addresses", "list", items=_ADDRESS),)),
    Property(
        "iam",
        "object",
        properties=(
            Property("policies", "string", default="scoped", allowed=("scoped", "documented")),
            Property(
                "path", "string", default="/", pattern=r"/|/[!-~]{1,510}/", documentation="begins and ends with /",
            ),
            Property(
                "permissionsBoundary", "string", pattern=r"arn:aws[a-z-]*:iam::([0-9]{12}|aws):policy/\S+",
                documentation="a policy's ARN",
            ),
            Property(
                "instanceProfiles",
                "object",
                properties=tuple(
                    Property(machine, "string", pattern=_PROFILE, documentation="an instance profile's name")
                    for machine in ("master", "worker", "bootstrap")
                ),
            ),
        ),
    ),
)  # fmt: skip

BOOTSTRAP: Final = Property(
    "bootstrap",
    "object",
    properties=(
        Property("address", "string", format="ipv4"),
        Property("from", "string", format="cidr"),
        Property("ignition", "string", documentation="path of bootstrap.ign"),
    ),
)
BUCKET_NAME: Final = Property(
    "name", "string", pattern=BUCKET_NAME_PATTERN, documentation=f"a bucket's name has {BUCKET_NAME_IN_WORDS}",
)  # fmt: skip
BUCKET: Final = Property(
    "bucket", "object", properties=(BUCKET_NAME, Property("onlyThroughEndpoint", "boolean", default=False))
)
DHCP_OPTIONS: Final = Property(
    "dhcpOptions",
    "object",
    properties=(
        Property(
            "domainName",
            "string",
            pattern=rf"({LABEL}\.)*{LABEL}",
            documentation="one domain in lower case, without a dot at its end",
        ),
        Property(
            "domainNameServers",
            "list",
            items=Property(
                "server",
                "string",
                pattern=rf"AmazonProvidedDNS|({_OCTET}\.){{3}}{_OCTET}",
                documentation="an IPv4 address such as 10.0.0.10, or AmazonProvidedDNS",
            ),
        ),
        Property("ntpServers", "list", items=_SERVER),
    ),
)

SEVERAL_SHAPES: Final = ("zones", "bootstrap", "bucket", "dhcpOptions")
"""Keys with more than one shape. `machineNetwork` has install-config's list form beside its own, `secondaryNetworks`
may be `none`, and an item of `endpoints` the service alone."""

ENDPOINT_WORDS: Final = (
    "s3",
    "s3-interface",
    "ec2",
    "elasticloadbalancing",
    "sts",
    "kms",
    "ecr.api",
    "ecr.dkr",
    "logs",
    "ssm",
    "tagging",
    "iam",
    "route53",
)
SERVICE_NAME: Final = r"com\.amazonaws(\.[a-z0-9-]+)+|[a-z0-9-]+(\.[a-z0-9-]+){3,}"
"""A whole service name; other partitions turn their own domains round (`cn.com.amazonaws.…`)."""
