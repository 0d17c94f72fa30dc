"""status and wait before the sandbox, whose targets get healthy late, never, or now and then; names are looked up by a
resolver of the test's own, and ports are listeners of its own on this host."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from ocpprov.aws.from_here import Delegation, Handshake, Lookup, Port
from ocpprov.aws.this_host import ThisHost
from ocpprov.commands.status import status
from ocpprov.commands.wait import Milestone, wait
from ocpprov.sandbox.conditions import Conditions
from ocpprov.sandbox.target_states import parse_target_states
from tests.end_to_end.test_policy import may, printed, without
from tests.end_to_end.world import REGION
from tests.support.certificates import Authority
from tests.support.in_process import Bastion, Ended
from tests.support.listeners import listening, speaking_tls

PLAN = """\
name: prod
region: eu-west-1
openshift:
  clusterName: prod
  baseDomain: example-corp.net
  infraID: prod-x7k2p
  zones: 1
  egress: none
  endpoints: [s3]
  publicZone: create
  appsRecord: none
  controlPlane: {addresses: [10.0.48.10, 10.0.48.11]}
  bootstrap: {address: 10.0.48.20}
"""
torture = pytest.mark.torture
THERE, MISSING = "{}: there after 90 s, in 3 looks in a row", "{}: not there after 5 min; still missing:"
API, API_INT = "api.prod.example-corp.net", "api-int.prod.example-corp.net"
CONSOLE = "console-openshift-console.apps.prod.example-corp.net"
LATE = {"states": [[0, "initial"], [65, "healthy"]]}
NEVER = {"states": [[0, "unhealthy"]]}
FLAPS = {"states": [[0, "healthy"], [20, "unhealthy"]], "every": 30}


@dataclass
class World:
    """What can be seen from a test's host: `names` with their addresses, and which listener stands for each address and
    port. What is asked for without either doesn't exist, or can't be reached."""

    names: dict[str, tuple[str, ...]] = field(default_factory=dict)
    listeners: dict[tuple[str, int], int] = field(default_factory=dict)
    servers: frozenset[str] = frozenset()

    def lookups(self, names: Collection[str], /) -> Mapping[str, Lookup]:
        return {name: Lookup(self.names.get(name, ())) for name in names}

    def handshakes(self, ports: Collection[Port], /) -> Mapping[Port, Handshake]:
        here = {
            port: replace(port, address="127.0.0.1", port=self.listeners[port.address, port.port]) for port in ports
        }
        found = ThisHost().handshakes(set(here.values()))
        return {port: found[place] for port, place in here.items()}

    def delegation(self, zone: str, /) -> Delegation:
        assert zone == "example-corp.net"
        return Delegation(self.servers)


@dataclass(frozen=True)
class Site:
    """A plan that was applied, and a host from which it is looked at."""

    bastion: Bastion
    plan: Path
    outputs: Mapping[str, Any]
    reach: list[tuple[str, str]] = field(default_factory=list)
    """Rows of traffic that the last status told of, each with its detail."""

    def status(self, world: World) -> tuple[int, dict[str, tuple[str, str]]]:
        """Exit code, and status and detail of each check by its id."""
        ended = self.bastion.command(partial(status, sight=lambda: world), plan=self.plan, as_json=True)
        document = json.loads(ended.said)
        assert document["ok"] == (ended.code == 0)
        assert ended.code == 1 or "reach" not in document
        self.reach[:] = [(row["id"], row["detail"]) for row in document.get("reach") or ()]
        return ended.code, {each["id"]: (each["status"], each["detail"]) for each in document["checks"]}

    @contextmanager
    def closed(self, port: str) -> Iterator[str]:
        """Meanwhile an entry in the VPC's own ACL stops what goes to a port; the ACL's id."""
        ec2 = self.bastion.client("ec2")
        inside = [{"Name": "default", "Values": ["true"]}, {"Name": "vpc-id", "Values": [self.outputs["VpcId"]]}]
        acl = str(ec2.describe_network_acls(Filters=inside)["NetworkAcls"][0]["NetworkAclId"])
        place = {"NetworkAclId": acl, "RuleNumber": 50, "Egress": False}
        ports = {"From": int(port), "To": int(port)}
        ec2.create_network_acl_entry(**place, Protocol="6", RuleAction="deny", CidrBlock="10.0.0.0/16", PortRange=ports)
        try:
            yield acl
        finally:
            ec2.delete_network_acl_entry(**place)

    def wait(self, target: Milestone, world: World | None = None, *, timeout: float = 1800) -> Ended:
        run = partial(wait, target=target, timeout=timeout, sight=lambda: world or World())
        return self.bastion.command(run, plan=self.plan)

    def targets(self, **courses: Any) -> None:
        """`m0`, `m1` and `b` are the machines, with `_22623` of one port only."""
        addresses = {"m0": "10.0.48.10", "m1": "10.0.48.11", "b": "10.0.48.20"}
        named = {name.partition("_"): course for name, course in courses.items()}
        script = {addresses[who] + (f":{port}" if port else ""): each for (who, _, port), each in named.items()}
        self.bastion.pipeline.set_target_states(parse_target_states(script))

    def router(self) -> str:
        """The router's load balancer, as the cluster makes it; its name in DNS."""
        elb = self.bastion.client("elb")
        tags = {
            "kubernetes.io/cluster/prod-x7k2p": "owned",
            "kubernetes.io/service-name": "openshift-ingress/router-default",
        }
        elb.create_load_balancer(
            LoadBalancerName="router",
            Listeners=[{"Protocol": "TCP", "LoadBalancerPort": 443, "InstancePort": 443}],
            Subnets=self.outputs["PrivateSubnetIds"],
            Tags=[{"Key": key, "Value": value} for key, value in tags.items()],
        )
        ec2 = self.bastion.client("ec2")
        image = ec2.describe_images(Owners=["amazon"])["Images"][0]["ImageId"]
        worker = ec2.run_instances(
            ImageId=image, MinCount=1, MaxCount=1, SubnetId=self.outputs["PrivateSubnetIds"][0]
        )["Instances"][0]["InstanceId"]  # fmt: skip
        elb.register_instances_with_load_balancer(LoadBalancerName="router", Instances=[{"InstanceId": worker}])
        (made,) = elb.describe_load_balancers(LoadBalancerNames=["router"])["LoadBalancerDescriptions"]
        return str(made["DNSName"])

    def world(self, port: int, router: str = "") -> World:
        """Everything is as it should be; all ports are that listener."""
        external, internal = (self.outputs[f"{side}ApiLoadBalancerDnsName"] for side in ("External", "Internal"))
        names: dict[str, tuple[str, ...]] = {
            external: ("192.0.2.1",),
            internal: ("10.0.48.5",),
            API: ("192.0.2.1",),
            API_INT: ("10.0.48.5",),
        }
        names |= {router: ("10.0.48.7",), CONSOLE: ("10.0.48.7",)} if router else {}
        places = [("192.0.2.1", 6443), ("10.0.48.5", 6443), ("10.0.48.5", 22623)]
        servers = self.outputs["PublicHostedZoneNameServers"]
        return World(names, dict.fromkeys(places, port), frozenset(f"{each}." for each in servers))


@pytest.fixture(scope="module")
def site(one_bastion: Bastion, tmp_path_factory: pytest.TempPathFactory) -> Site:
    """Applied once: nothing here changes it."""
    home, bastion = tmp_path_factory.mktemp("serving"), one_bastion
    bastion.moved_in(home, REGION)
    plan = home / "plan.yaml"
    plan.write_text(PLAN)
    ended = bastion.apply(plan)
    assert ended.code == 0, ended.said
    return Site(bastion, plan, bastion.outputs(plan))


@pytest.fixture(scope="module")
def port(tmp_path_factory: pytest.TempPathFactory) -> Iterator[int]:
    """A port on this host that shakes hands."""
    with listening(speaking_tls(Authority(tmp_path_factory.mktemp("tls")).server_context())) as port:
        yield port


@pytest.fixture(scope="module")
def router(site: Site) -> str:
    return site.router()


def test_what_serves_and_what_doesnt(site: Site, port: int) -> None:
    site.targets(m1_6443=NEVER, b=NEVER)
    world = site.world(port)
    world.names[API_INT] = ("10.0.48.99",)
    with site.closed("22623") as acl:
        code, found = site.status(world)
    assert code == 1
    assert site.reach[0][0] == "LB-REACH"
    assert f"{acl}'s inbound entry 50 denies tcp 22623 from " in site.reach[0][1]
    assert {id: said for id, (status, said) in found.items() if status == "fail"} == {
        "target-ExternalApiTargetGroup-10.0.48.11": "ExternalApiTargetGroup 10.0.48.11: unhealthy "
        "(Target.FailedHealthChecks, Health checks failed)",
        "target-InternalApiTargetGroup-10.0.48.11": "InternalApiTargetGroup 10.0.48.11: unhealthy "
        "(Target.FailedHealthChecks, Health checks failed)",
        "name-api-int": "api-int.prod.example-corp.net leads to 10.0.48.99, and "
        f"{site.outputs['InternalApiLoadBalancerDnsName']} has 10.0.48.5",
        "router": "there is no load balancer of the cluster's router yet",
    }
    assert [id for id, (status, _) in found.items() if status == "warn"] == [
        "target-ExternalApiTargetGroup-10.0.48.20",
        "target-InternalApiTargetGroup-10.0.48.20",
        "target-InternalServiceTargetGroup-10.0.48.20",
    ]
    assert [id for id, (status, _) in found.items() if status == "pass"] == [
        "load-balancer-ExtApiElb",
        "load-balancer-IntApiElb",
        "vpc-endpoint-S3Endpoint",
        "target-ExternalApiTargetGroup-10.0.48.10",
        "target-InternalApiTargetGroup-10.0.48.10",
        "target-InternalServiceTargetGroup-10.0.48.10",
        "target-InternalServiceTargetGroup-10.0.48.11",
        "answers-ExtApiElb-6443",
        "answers-IntApiElb-6443",
        "answers-IntApiElb-22623",
        "name-api",
        "delegation",
    ]


@pytest.mark.parametrize(
    ("target", "courses", "code", "said"),
    [
        (Milestone.BOOTSTRAP, {"m0": LATE, "m1": LATE, "b": NEVER}, 0, THERE.format("bootstrap")),
        pytest.param(Milestone.BOOTSTRAP, {"m0": FLAPS}, 1, MISSING.format("bootstrap"), marks=torture),
        pytest.param(Milestone.API, {"m0": NEVER, "m1": NEVER, "b": LATE}, 0, THERE.format("api"), marks=torture),
    ],
    ids=["late", "flaps", "served by the bootstrap machine"],
)
def test_targets_are_waited_for(site: Site, target: Milestone, courses: Any, code: int, said: str) -> None:
    site.targets(**courses)
    ended = site.wait(target, timeout=300)
    assert (ended.code, ended.said.splitlines()[0]) == (code, said)


@torture
@pytest.mark.parametrize(
    ("target", "courses", "code", "said"),
    [
        (Milestone.BOOTSTRAP, {"m1_22623": NEVER}, 1, "  InternalServiceTargetGroup 10.0.48.11: unhealthy"),
        (Milestone.API, {"m0": FLAPS, "m1": FLAPS, "b": NEVER}, 1, "  ExternalApiTargetGroup"),
        (Milestone.API, {"m0": NEVER, "m1": NEVER, "b": NEVER}, 1, "  ExternalApiTargetGroup 10.0.48.10: unhealthy"),
    ],
)
def test_what_never_comes_is_told(site: Site, target: Milestone, courses: Any, code: int, said: str) -> None:
    site.targets(**courses)
    ended = site.wait(target, timeout=300)
    assert (ended.code, ended.said.splitlines()[0]) == (code, MISSING.format(target.value))
    assert ended.said.splitlines()[1].startswith(said)
    # The plan has no way to EC2's own endpoint.
    assert "\n  AIR-GAP  rtb-" in ended.said


@torture
def test_what_keeps_it_from_coming_is_told(site: Site) -> None:
    site.targets(m1_22623=NEVER)
    with site.closed("22623") as acl:
        ended = site.wait(Milestone.BOOTSTRAP, timeout=60)
    assert ended.code == 1
    lines = " ".join(map(str.strip, ended.said.splitlines()))
    assert f"LB-REACH the answer: {acl}'s inbound entry 50 denies tcp 22623" in lines.replace("  ", " ")
    assert f"-> an inbound entry in {acl} with a number below 50 that allows tcp 22623" in lines


@torture
def test_a_port_that_doesnt_answer_keeps_the_api_from_being_there(site: Site, port: int) -> None:
    site.targets()
    with listening(lambda connection: connection.close()) as silent:
        world = site.world(port)
        world.listeners["192.0.2.1", 6443] = silent
        ended = site.wait(Milestone.API, world, timeout=60)
    assert ended.code == 1
    assert "ExtApiElb 6443: 192.0.2.1 takes the connection, and no TLS handshake follows" in ended.said
    assert site.wait(Milestone.API, site.world(port)).code == 0


@torture
def test_all_serves(site: Site, port: int, router: str) -> None:
    site.targets()
    code, found = site.status(site.world(port, router))
    assert {status for status, _ in found.values()} == {"pass"}
    assert code == 0
    code, found = site.status(World(servers=site.world(port).servers))
    assert code == 3
    assert {id: status for id, (status, _) in found.items() if status != "pass"} == {
        "answers-ExtApiElb-6443": "unknown",
        "answers-IntApiElb-6443": "unknown",
        "answers-IntApiElb-22623": "unknown",
        "name-api": "unknown",
        "name-api-int": "unknown",
        "name-apps": "unknown",
    }


@torture
def test_the_policy_for_plan_is_enough_and_what_is_denied_is_unknown(site: Site, port: int, router: str) -> None:
    policy = printed(site.plan, "plan")
    site.targets()
    try:
        may(site.bastion, policy)
        assert site.status(site.world(port, router))[0] == 0
        assert site.wait(Milestone.INGRESS, site.world(port, router)).code == 0
        may(site.bastion, without(policy, "elasticloadbalancing:DescribeInstanceHealth"))
        code, found = site.status(site.world(port, router))
        ended = site.wait(Milestone.INGRESS, site.world(port, router))
    finally:
        site.bastion.pipeline.set_conditions(Conditions())
    assert (code, found["router"][0]) == (3, "unknown")
    assert "not authorized" in found["router"][1]
    assert ended.code == 3


@torture
def test_the_router_is_waited_for_with_its_name(site: Site, port: int, router: str) -> None:
    assert site.wait(Milestone.INGRESS, site.world(port, router)).code == 0
    nameless = site.world(port, router)
    del nameless.names[CONSOLE]
    ended = site.wait(Milestone.INGRESS, nameless, timeout=60)
    assert ended.code == 1
    assert "*.apps.prod.example-corp.net doesn't resolve" in ended.said
    outside = site.wait(Milestone.INGRESS, World())
    assert outside.code == 3
    assert outside.said.startswith("ingress: nothing is missing, and this can't be found out from here:")


@pytest.fixture
def other(tmp_path: Path) -> Bastion:
    """Somebody else, who has applied nothing."""
    return Bastion(tmp_path, REGION)


@torture
def test_nothing_is_there_before_it_is_applied(tmp_path: Path, other: Bastion) -> None:
    plan = tmp_path / "plan.yaml"
    plan.write_text(PLAN.replace("  infraID: prod-x7k2p\n", "").replace("name: prod", "name: other"))
    code, found = Site(other, plan, {}).status(World())
    assert code == 1
    assert found == {
        "cluster": ("fail", "the plan has no infraID yet: it is the network alone"),
        "vpc-endpoint-S3Endpoint": ("fail", "S3Endpoint isn't there"),
    }


@torture
@pytest.mark.parametrize(
    ("lines", "run", "said"),
    [
        ("Resources: {V: {Type: AWS::EC2::VPC, Properties: {CidrBlock: 10.0.0.0/16}}}", status, "has nothing that"),
        (
            "openshift: {clusterName: a, baseDomain: b.net}",
            partial(wait, target=Milestone.API, timeout=9),
            "no cluster",
        ),
        (
            PLAN.partition("region: eu-west-1")[2],
            partial(wait, target=Milestone.BOOTSTRAP, timeout=9),
            "aren't there yet",
        ),
    ],
)
def test_a_plan_that_can_serve_nobody_is_refused(
    other: Bastion, tmp_path: Path, lines: str, run: Any, said: str
) -> None:
    plan = tmp_path / "plan.yaml"
    plan.write_text(f"name: other\nregion: eu-west-1\n{lines}\n")
    ended = other.command(run, plan=plan)
    assert ended.code == 2
    assert said in ended.said
