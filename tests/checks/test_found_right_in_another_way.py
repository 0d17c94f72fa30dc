"""Networks without a plan that are right in another way than the documentation's: nothing fails, nothing is unknown."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any, Final

import pytest

from ocpprov.checks.verification import RowResult, RowStatus
from ocpprov.engine.resources import Live
from ocpprov.openshift.machines import Instance
from ocpprov.openshift.private_zones import PrivateZone
from ocpprov.openshift.vpc_survey import DHCP_OPTIONS, LISTENER, RECORD, ROLE, TARGET_GROUP, VpcSurvey
from ocpprov.reachability.network import (
    ALL_PROTOCOLS,
    GroupRule,
    NatGateway,
    Route,
    SecurityGroup,
    Via,
)
from ocpprov.reachability.spans import ALL_PORTS
from tests.checks.found_breakages import (
    BOOTSTRAP,
    NEEDED,
    allowing,
    beside,
    closed,
    endpoint,
    having,
    instead,
    less,
    policies,
    subnet,
)
from tests.checks.found_cases import rows
from tests.openshift.surveys import (
    BASE,
    BLOCK,
    DOMAIN,
    EVERYWHERE,
    INFRA,
    PRIVATE,
    balancer,
    group,
    listener,
    lives,
    named_groups,
    network,
    profile,
    record,
    role,
    span,
    survey,
    surveyed,
    target,
    untagged,
    with_route,
)


def one_group() -> VpcSurvey:
    """It lets everything in from itself and the VPC."""
    rule, out = (GroupRule("r", ALL_PROTOCOLS, ALL_PORTS, side) for side in (BLOCK, EVERYWHERE))
    wide = {"sg-all": SecurityGroup("sg-all", (rule,), (out,))}
    return survey(groups=named_groups(all="openshift", default="default"), network=network(security_groups=wide))


def wide(id: str) -> SecurityGroup:
    """It lets in everything."""
    return replace(network().security_groups["sg-master"], id=id)


def by(via: Via, target: str) -> VpcSurvey:
    """Out by somebody else's network alone."""
    own = with_route("rtb-private-a", Route(target, via, EVERYWHERE))
    tables = {**own.route_tables, "rtb-private-b": replace(own.route_tables["rtb-private-a"], id="rtb-private-b")}
    return survey(network=replace(own, route_tables=tables, nat_gateways={}))


def one_nat() -> VpcSurvey:
    own = with_route("rtb-private-b", Route("nat-a", Via.NAT_GATEWAY, EVERYWHERE))
    return survey(network=replace(own, nat_gateways={"nat-a": NatGateway("nat-a", "subnet-public-a")}))


def main_table() -> VpcSurvey:
    own = network()
    moved = {
        id: replace(each, route_table="rtb-private-a") if id in PRIVATE else each for id, each in own.subnets.items()
    }
    return survey(network=replace(own, subnets=moved))


def internal() -> VpcSurvey:
    found = having(
        balancers=[balancer("int", "internal", PRIVATE)],
        listeners=lives()[LISTENER][:2],
        groups=[each for each in lives()[TARGET_GROUP] if each.id != "arn:tg/aext"],
        records=lives()[RECORD][1:],
        zones=[Live("AWS::Route53::HostedZone", "ZPRIVATE", {"Name": DOMAIN, "VPCs": [{}]})],
    )
    return replace(found, subnets={id: surveyed(id) for id in PRIVATE})


def cname(host: str, target: str) -> Live:
    properties = {"HostedZoneId": "ZPRIVATE", "Name": f"{host}.{DOMAIN}", "Type": "CNAME", "ResourceRecords": [target]}
    return Live(RECORD, f"ZPRIVATE {host}", properties)


def machines() -> VpcSurvey:
    """Whose groups are called anything, and a registered target each."""
    named = named_groups(x="launch-wizard-1", y="launch-wizard-2", default="default")
    own = network().security_groups
    groups = {"sg-x": replace(own["sg-master"], id="sg-x"), "sg-y": replace(own["sg-worker"], id="sg-y")}
    instances = [
        Instance("i-1", "10.0.16.10", groups=frozenset({"sg-x"}), profile="a", tags={"Name": f"{INFRA}-master-0"}),
        Instance("i-2", "10.0.16.11", groups=frozenset({"sg-y"}), profile="b", tags={"Name": f"{INFRA}-worker-0"}),
    ]
    known = having(
        targets=[target(name, "10.0.16.10") for name in ("aint", "aext", "sint")],
        profiles=[profile("master", name="a"), profile("worker", name="b")],
    )
    return replace(known, groups=named, instances=instances, network=network(security_groups=groups))


def with_attributes(**attributes: str) -> VpcSurvey:
    keyed = {key.replace("__", "."): value for key, value in attributes.items()}
    return instead(TARGET_GROUP, group("aint", 6443, TargetGroupAttributes=keyed))


OTHERS: Final = {"kubernetes.io/cluster/other-abcde": "shared"}
RIGHT: Final[Mapping[str, VpcSurvey]] = {
    "one group for everything": one_group(),
    "one NAT gateway for all zones": one_nat(),
    "all private subnets on one table": main_table(),
    "out by a transit gateway": by(Via.OTHER, "tgw-1"),
    "out by a firewall": by(Via.OTHER, "vpce-1"),
    "internal, without public subnets and zones": internal(),
    "closed, with endpoints": closed(*NEEDED),
    "closed, with S3 as a gateway": closed(
        Live(NEEDED[0].type, "vpce-gw", {**endpoint("s3").properties, "PrivateDnsEnabled": True}), *NEEDED[1:]
    ),
    "closed, with a central zone": closed(
        *NEEDED[1:],
        private_zones=[
            *(survey().private_zones or ()),
            PrivateZone("ZS3", "s3.eu-west-1.amazonaws.com", records=frozenset({"s3.eu-west-1.amazonaws.com"})),
        ],
    ),
    "endpoints beside a way out": beside(NEEDED[0].type, *NEEDED),
    "without any tag": survey(subnets=untagged()),
    "a listener more": beside(LISTENER, listener("int", 443, "aint")),
    "machines whose groups and profiles have any name": machines(),
    "two blocks of the VPC": survey(network=network(blocks=(BLOCK, span("100.64.0.0/16")))),
}

_EC2: Final[dict[str, Any]] = {"Principal": {"Service": "ec2.amazonaws.com"}}
TRUSTED: Final = {"Effect": "Allow", **_EC2}
DENIED: Final = {"Effect": "Deny", **_EC2}
RIGHT_OF_THEMSELVES: Final[Mapping[str, VpcSurvey]] = {
    "just enough addresses in a public subnet": subnet("subnet-public-a", free=8),
    "just enough addresses in a private subnet": subnet("subnet-private-a", free=4),
    "a bootstrap group that lets everything in": survey(
        groups=BOOTSTRAP,
        network=network(security_groups={**network().security_groups, "sg-bootstrap": wide("sg-bootstrap")}),
        lives=lives(profiles=[profile("master"), profile("worker"), profile("bootstrap", f"{INFRA}-master-role")]),
    ),
    "tagged for another cluster, too": survey(
        subnets={id: replace(each, tags={**each.tags, **OTHERS}) for id, each in survey().subnets.items()}
    ),
    "another cluster's subnet beside": survey(
        subnets={
            **survey().subnets,
            "subnet-other": replace(surveyed("subnet-private-a", tags=OTHERS), id="subnet-other"),
        }
    ),
    "a private zone of the base domain": survey(
        private_zones=[PrivateZone("ZPRIVATE", BASE, records=frozenset({f"api-int.{DOMAIN}"}))]
    ),
    "records of another type": instead(RECORD, cname("api-int", "int.elb.eu-west-1.amazonaws.com")),
    "a name for both kinds of addresses": instead(
        RECORD, record("ZPRIVATE", "api-int", "dualstack.INT.elb.eu-west-1.amazonaws.com.")
    ),
    "a wildcard in the place of api-int": survey(
        lives={
            **less(RECORD, "ZPRIVATE api-int").lives,
            RECORD: [
                *less(RECORD, "ZPRIVATE api-int").of(RECORD),
                record("ZPRIVATE", "*", "int.elb.eu-west-1.amazonaws.com"),
            ],
        }
    ),
    "health checks by TCP": instead(TARGET_GROUP, group("sint", 22623, HealthCheckProtocol="TCP", HealthCheckPath="")),
    "slow health checks": instead(TARGET_GROUP, group("aint", 6443, HealthCheckIntervalSeconds=30)),
    "a health check's port by its number": instead(TARGET_GROUP, group("aint", 6443, HealthCheckPort="6443")),
    "health checks of another good path": instead(TARGET_GROUP, group("aext", 6443, HealthCheckPath="/livez?verbose")),
    "health checks of the API in clear": instead(
        TARGET_GROUP, group("aint", 6443, HealthCheckProtocol="HTTP", HealthCheckPort="6080")
    ),
    "health checks of machine configurations in clear": instead(
        TARGET_GROUP,
        group("sint", 22623, HealthCheckProtocol="HTTP", HealthCheckPath="/healthz", HealthCheckPort="22624"),
    ),
    "a short deregistration delay": with_attributes(deregistration_delay__timeout_seconds="5"),
    "a trust policy that denies EC2 under conditions": instead(
        ROLE, role("master", AssumeRolePolicyDocument={"Statement": [TRUSTED, {**DENIED, "Condition": {"Bool": {}}}]})
    ),
    "a policy that allows everything": policies(allowing("*")),
    "DHCP options with AWS's resolver": beside(
        DHCP_OPTIONS,
        Live(DHCP_OPTIONS, "dopt-1", {"DomainName": "corp.example", "DomainNameServers": ["AmazonProvidedDNS"]}),
    ),
}
"""Where no flow goes another way."""


def bad(found: Mapping[str, RowResult]) -> dict[str, tuple[str, str]]:
    wrong = (RowStatus.FAIL, RowStatus.UNKNOWN)
    return {id: (row.status.value, row.detail) for id, row in found.items() if row.status in wrong}


@pytest.mark.parametrize("name", RIGHT)
def test_nothing_fails_and_nothing_is_unknown(name: str) -> None:
    assert bad(rows(RIGHT[name])) == {}


@pytest.mark.parametrize("name", RIGHT_OF_THEMSELVES)
def test_nothing_of_what_is_there_fails(name: str) -> None:
    assert bad(rows(RIGHT_OF_THEMSELVES[name], flows=False)) == {}
