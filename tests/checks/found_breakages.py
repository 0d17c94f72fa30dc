"""Single things that are missing or bent in a whole cluster's VPC, as values."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any, Final

from ocpprov.engine.resources import Live, State
from ocpprov.openshift.machines import Instance
from ocpprov.openshift.private_zones import PrivateZone
from ocpprov.openshift.role_policies import RolePolicies
from ocpprov.openshift.vpc_survey import (
    BALANCER,
    DHCP_OPTIONS,
    ENDPOINT,
    LISTENER,
    PROFILE,
    RECORD,
    TARGET_GROUP,
    ZONE,
    VpcSurvey,
)
from ocpprov.reachability.network import ALL_PROTOCOLS, AclEntry, Network, NetworkAcl, Route, Via
from ocpprov.reachability.spans import Span
from tests.openshift.surveys import (
    DOMAIN,
    EVERYWHERE,
    INFRA,
    PRIVATE,
    PUBLIC,
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


def vpc(**properties: Any) -> VpcSurvey:
    own = survey().vpc
    return survey(vpc=replace(own, properties={**own.properties, **properties}))


def without_attribute() -> VpcSurvey:
    own = survey().vpc
    return survey(vpc=replace(own, properties={"CidrBlock": "10.0.0.0/16", "EnableDnsSupport": True}))


def subnet(id: str, **changes: Any) -> VpcSurvey:
    return survey(subnets={**survey().subnets, id: surveyed(id, **changes)})


def having(**changes: Sequence[Live]) -> VpcSurvey:
    return survey(lives=lives(**changes))


def beside(type: str, *more: Live) -> VpcSurvey:
    return survey(lives={**lives(), type: [*lives().get(type, ()), *more]})


def less(type: str, id: str) -> VpcSurvey:
    """Without the one whose id ends so."""
    return survey(lives={**lives(), type: [each for each in lives()[type] if not each.id.endswith(id)]})


def instead(type: str, live: Live) -> VpcSurvey:
    """With this in the place of the one of its id."""
    return survey(lives={**lives(), type: [live if each.id == live.id else each for each in lives()[type]]})


def acl(ingress: Sequence[AclEntry], egress: Sequence[AclEntry] = ()) -> VpcSurvey:
    """The public subnets have another one than the private ones."""
    everything = AclEntry(100, True, ALL_PROTOCOLS, EVERYWHERE)
    own = network()
    acls = {**own.network_acls, "acl-2": NetworkAcl("acl-2", (*ingress, everything), (*egress, everything))}
    moved = {id: replace(each, network_acl="acl-2") if id in PUBLIC else each for id, each in own.subnets.items()}
    return survey(network=replace(own, network_acls=acls, subnets=moved))


def deny(first: int, last: int) -> AclEntry:
    return AclEntry(50, False, "tcp", EVERYWHERE, Span(first, last))


def options(**properties: Any) -> VpcSurvey:
    return beside(DHCP_OPTIONS, Live(DHCP_OPTIONS, "dopt-1", properties))


def closed(*endpoints: Live, **changes: Any) -> VpcSurvey:
    """Without a way out."""
    own = with_route("rtb-private-a")
    tables = {**own.route_tables, "rtb-private-b": replace(own.route_tables["rtb-private-a"], id="rtb-private-b")}
    shut = replace(own, route_tables=tables, nat_gateways={})
    return survey(network=shut, lives={**lives(), ENDPOINT: endpoints}, **changes)


def endpoint(word: str, **changes: Any) -> Live:
    properties = {
        "ServiceName": f"com.amazonaws.eu-west-1.{word}",
        "VpcEndpointType": "Interface",
        "SubnetIds": [*PRIVATE],
        "SecurityGroupIds": ["sg-default"],
        "PrivateDnsEnabled": True,
        "PolicyDocument": {"Statement": [{"Effect": "Allow", "Principal": "*", "Action": "*", "Resource": "*"}]},
        **changes,
    }
    return Live(ENDPOINT, f"vpce-{word}", properties)


NEEDED: Final = (endpoint("s3"), endpoint("ec2"), endpoint("elasticloadbalancing"))
BOOTSTRAP: Final = named_groups(default="default", master="master", worker="worker", bootstrap="bootstrap")
MASTERS: Final = [Instance("i-1", "10.0.16.10", groups=frozenset({"sg-master"}), tags={"Name": f"{INFRA}-master-0"})]


def policies(found: RolePolicies | str) -> VpcSurvey:
    """Of the control plane's role."""
    return survey(role_policies={**survey().role_policies, f"{INFRA}-master-role": found})


def allowing(*actions: str, **elements: Any) -> RolePolicies:
    return RolePolicies([{"Statement": [{"Effect": "Allow", "Action": [*actions], "Resource": "*", **elements}]}])


def lacking(action: str) -> Any:
    """A document that allows all but this."""
    return {"Statement": [{"Effect": "Allow", "NotAction": action, "Resource": "*"}]}


def denying(action: str) -> RolePolicies:
    denial = {"Statement": [{"Effect": "Deny", "Action": action, "Resource": "*"}]}
    return RolePolicies([*allowing("*").documents, denial])


def untrusting() -> Live:
    trust: Any = {"Statement": [{"Effect": "Allow", "Principal": {"Service": "lambda.amazonaws.com"}}]}
    return role("master", AssumeRolePolicyDocument=trust)


def refusing(*more: str) -> Live:
    """It denies EC2, whatever it allows."""
    service = {"Service": "ec2.amazonaws.com"}
    trust: Any = {"Statement": [{"Effect": effect, "Principal": service} for effect in ("Deny", *more)]}
    return role("master", AssumeRolePolicyDocument=trust)


def blackhole() -> Network:
    return with_route(
        "rtb-private-a",
        Route("tgw-1", Via.OTHER, span("10.9.0.0/16"), active=False),
        Route("nat-a", Via.NAT_GATEWAY, EVERYWHERE),
    )


BROKEN: Final[Mapping[str, VpcSurvey]] = {
    "DNS support off": vpc(EnableDnsSupport=False),
    "DNS host names off": vpc(EnableDnsHostnames=False),
    "an attribute that AWS doesn't say": without_attribute(),
    "no route of the public subnets": survey(network=with_route("rtb-public")),
    "a private table without its route": survey(network=with_route("rtb-private-a")),
    "a route to the internet gateway in a private table": survey(
        network=with_route("rtb-private-a", Route("igw-1", Via.INTERNET_GATEWAY, EVERYWHERE))
    ),
    "a route to another network that leads nowhere": survey(network=blackhole()),
    "a public subnet with few addresses": subnet("subnet-public-a", free=7),
    "a private subnet with few addresses": subnet("subnet-private-a", free=3),
    "all in a local zone": survey(subnets={id: surveyed(id, zone_type="local-zone") for id in (*PRIVATE, *PUBLIC)}),
    "no private subnets": survey(
        subnets={id: surveyed(id) for id in PUBLIC},
        lives=lives(balancers=[balancer("int", "internal", PUBLIC), balancer("ext", "internet-facing", PUBLIC)]),
    ),
    "no public subnets": survey(
        subnets={id: surveyed(id) for id in PRIVATE},
        lives=lives(balancers=[balancer("int", "internal", PRIVATE), balancer("ext", "internet-facing", PRIVATE)]),
    ),
    "clients outside are denied": acl([deny(443, 443)]),
    "answers to clients are denied": acl([], [deny(1024, 65535)]),
    "no name server": options(),
    "a domain in capitals": options(DomainName="Corp.example", DomainNameServers=["AmazonProvidedDNS"]),
    "name servers of others": options(DomainNameServers=["10.0.16.5"]),
    "no private zone": survey(private_zones=[], lives=lives(zones=lives()[ZONE][:1])),
    "a private zone of another VPC": survey(private_zones=[]),
    "no private zone, and other name servers": survey(
        private_zones=[],
        lives={**lives(), DHCP_OPTIONS: [Live(DHCP_OPTIONS, "dopt-1", {"DomainNameServers": ["10.0.16.5"]})]},
    ),
    "a private zone of another account": survey(private_zones=[PrivateZone("ZTHEIRS", DOMAIN, "999999999999")]),
    "nobody may look for zones": survey(private_zones=None, unread={ZONE: "AccessDenied"}),
    "no record of api": less(RECORD, "ZPUBLIC api"),
    "no record of api-int": less(RECORD, "ZPRIVATE api-int"),
    "api-int leads to the external balancer": instead(
        RECORD, record("ZPRIVATE", "api-int", "ext.elb.eu-west-1.amazonaws.com")
    ),
    "api leads to what is gone": instead(RECORD, record("ZPUBLIC", "api", "gone.elb.eu-west-1.amazonaws.com")),
    "api-int has an address": instead(
        RECORD,
        Live(
            RECORD,
            "ZPRIVATE api-int",
            {"HostedZoneId": "ZPRIVATE", "Name": f"api-int.{DOMAIN}", "Type": "A", "ResourceRecords": ["10.0.16.9"]},
        ),
    ),
    "the external balancer is gone": survey(
        lives=lives(balancers=lives()[BALANCER][:1]), all_balancers=frozenset({"int.elb.eu-west-1.amazonaws.com"})
    ),
    "both balancers are gone": survey(lives=lives(balancers=[], listeners=[]), all_balancers=frozenset()),
    "an internal balancer that faces the internet": having(
        balancers=[balancer("int", "internet-facing", PUBLIC), *lives()[BALANCER][1:]]
    ),
    "two internal balancers": survey(
        lives=lives(
            balancers=[
                balancer("int", "internal", PRIVATE, Name="a"),
                balancer("two", "internal", PRIVATE, Name="b"),
                *lives()[BALANCER][1:],
            ],
            listeners=[*lives()[LISTENER], listener("two", 6443, "aint"), listener("two", 22623, "sint")],
            records=[
                *lives()[RECORD][:1],
                record("ZPRIVATE", "api-int", "what.elb.eu-west-1.amazonaws.com"),
                record("ZPRIVATE", "api", "int.elb.eu-west-1.amazonaws.com"),
            ],
        )
    ),
    "no listener 6443 outside": less(LISTENER, "ext/6443"),
    "no listener 6443 inside": less(LISTENER, "int/6443"),
    "no listener 22623": less(LISTENER, "int/22623"),
    "a balancer that isn't active": instead(BALANCER, replace(lives()[BALANCER][0], state=State.PENDING)),
    "a balancer that failed": instead(
        BALANCER, replace(lives()[BALANCER][0], state=State.BROKEN, reason="no capacity")
    ),
    "22623 outside": beside(LISTENER, listener("ext", 22623, "sint")),
    "a check by HTTP": instead(TARGET_GROUP, group("aext", 6443, HealthCheckProtocol="HTTP")),
    "a check of another path": instead(TARGET_GROUP, group("sint", 22623, HealthCheckPath="/readyz")),
    "a check of another port": instead(TARGET_GROUP, group("aint", 6443, HealthCheckPort="22624")),
    "a group of another port": instead(LISTENER, listener("int", 22623, "aint")),
    "clients' addresses kept": instead(
        TARGET_GROUP,
        group("sint", 22623, HealthCheckPath="/healthz", TargetGroupAttributes={"preserve_client_ip.enabled": "true"}),
    ),
    "targets by instance": instead(
        TARGET_GROUP, group("sint", 22623, HealthCheckPath="/healthz", TargetType="instance")
    ),
    "a target that one group lacks": having(targets=[target("aint", "10.0.16.10"), target("aext", "10.0.16.10")]),
    "a machine that is registered nowhere": survey(instances=MASTERS),
    "no group of the control plane": survey(groups=named_groups(default="default", worker="worker")),
    "groups that nothing tells apart": survey(
        groups=named_groups(default="default", a="one-master", b="two-master", worker="worker")
    ),
    "no group of the bootstrap machine, and a profile": beside(PROFILE, profile("bootstrap")),
    "a bootstrap group without rules": survey(
        groups=BOOTSTRAP,
        network=network(
            security_groups={
                **network().security_groups,
                "sg-bootstrap": replace(network().security_groups["sg-master"], id="sg-bootstrap", ingress=()),
            }
        ),
    ),
    "a profile without a role": instead(PROFILE, replace(profile("master"), properties={"Roles": []})),
    "a role that trusts others": having(roles=[untrusting(), role("worker")]),
    "a role that refuses EC2": having(roles=[refusing(), role("worker")]),
    "a role that refuses EC2 what it allows": having(roles=[refusing("Allow"), role("worker")]),
    "a role without policies": policies(RolePolicies()),
    "a role that may not all": policies(allowing("ec2:Describe*", "elasticloadbalancing:*")),
    "a role that is denied one": policies(denying("ec2:DetachVolume")),
    "a role whose boundary lacks one": policies(replace(allowing("*"), boundary=lacking("ec2:DetachVolume"))),
    "a role that lacks one beside policies of its own": policies(
        RolePolicies([lacking("ec2:DetachVolume")], names=["prod-cluster", "prod-cluster-2"])
    ),
    "a policy that is for some": policies(allowing("*", Resource="arn:aws:ec2:*:*:volume/*")),
    "policies that nobody may read": policies("AccessDenied"),
    "a policy that is none": policies(RolePolicies([{"Statement": [{"Effect": "Perhaps"}]}])),
    "profiles that nothing tells": having(profiles=[]),
    "profiles that nothing tells apart": having(
        profiles=[
            profile("", name="one-MasterInstanceProfile-1"),
            profile("", name="two-MasterInstanceProfile-1"),
            profile("worker"),
        ]
    ),
    "a subnet without the cluster's tag": subnet("subnet-private-b", tags={}),
    "subnets of another cluster": survey(
        subnets={
            **untagged(),
            "subnet-private-b": surveyed("subnet-private-b", tags={"kubernetes.io/cluster/other-abcde": "owned"}),
        }
    ),
    "two infraIDs": survey(
        subnets={
            id: surveyed(id, tags={"kubernetes.io/cluster/prod-aaaaa": "", "kubernetes.io/cluster/prod-bbbbb": ""})
            for id in (*PRIVATE, *PUBLIC)
        }
    ),
    "closed, and no endpoint of EC2": closed(NEEDED[0], NEEDED[2]),
    "closed, and no gateway of S3": closed(*NEEDED[1:]),
    "closed, and an endpoint without private DNS": closed(
        *NEEDED[:2], endpoint("elasticloadbalancing", PrivateDnsEnabled=False)
    ),
    "closed, and a central zone without the name": closed(
        NEEDED[0],
        NEEDED[2],
        private_zones=[
            *(survey().private_zones or ()),
            PrivateZone("ZEC2", "ec2.eu-west-1.amazonaws.com", records=frozenset()),
        ],
    ),
    "closed, and a central zone of another account": closed(
        NEEDED[0],
        NEEDED[2],
        private_zones=[*(survey().private_zones or ()), PrivateZone("ZAWS", "eu-west-1.amazonaws.com", "999999999999")],
    ),
    "apps lead to what is gone": beside(RECORD, record("ZPRIVATE", "*.apps", "gone.elb.eu-west-1.amazonaws.com")),
}
