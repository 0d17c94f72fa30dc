"""How AWS behaves about load balancers."""

from __future__ import annotations

from typing import Any

import pytest

from tests.sandbox.world import World, refused


class Balancers:
    """A network with two subnets, and what load balancing takes to be made in it."""

    def __init__(self, world: World) -> None:
        self.api = world.other("elbv2")
        self.classic = world.other("elb")
        self.world = world
        self.vpc = world.vpc()
        self.subnets = [world.subnet(self.vpc, 0), world.subnet(self.vpc, 1)]

    def balancer(self, **more: Any) -> str:
        wanted = {"Name": "int", "Type": "network", "Scheme": "internal", "Subnets": self.subnets[:1], **more}
        return str(self.api.create_load_balancer(**wanted)["LoadBalancers"][0]["LoadBalancerArn"])

    def group(self, **more: Any) -> str:
        wanted = {"Name": "api", "Protocol": "TCP", "Port": 6443, "VpcId": self.vpc, "TargetType": "ip", **more}
        return str(self.api.create_target_group(**wanted)["TargetGroups"][0]["TargetGroupArn"])

    def listener(self, balancer: str, group: str, port: int = 6443) -> str:
        actions = [{"Type": "forward", "TargetGroupArn": group}]
        answer = self.api.create_listener(LoadBalancerArn=balancer, Port=port, Protocol="TCP", DefaultActions=actions)
        return str(answer["Listeners"][0]["ListenerArn"])

    def classic_balancer(self, name: str = "classic", **more: Any) -> None:
        listeners = [{"Protocol": "TCP", "LoadBalancerPort": 6443, "InstancePort": 6443}]
        self.classic.create_load_balancer(LoadBalancerName=name, Listeners=listeners, Subnets=self.subnets, **more)


@pytest.fixture
def balancers(world: World) -> Balancers:
    return Balancers(world)


def test_a_name_with_the_same_settings_gives_the_one_that_is_there(balancers: Balancers) -> None:
    balancer = balancers.balancer()
    group = balancers.group()
    listener = balancers.listener(balancer, group)
    assert balancers.balancer() == balancer
    assert balancers.group() == group
    assert balancers.listener(balancer, group) == listener
    assert len(balancers.api.describe_load_balancers()["LoadBalancers"]) == 1


def test_a_name_with_other_settings_is_refused(balancers: Balancers) -> None:
    balancer, group = balancers.balancer(), balancers.group()
    balancers.listener(balancer, group)
    with refused("DuplicateLoadBalancerName"):
        balancers.balancer(Scheme="internet-facing")
    with refused("DuplicateLoadBalancerName"):
        balancers.balancer(Subnets=balancers.subnets)
    with refused("DuplicateTargetGroupName"):
        balancers.group(Port=22623)
    with refused("DuplicateListener"):
        balancers.listener(balancer, balancers.group(Name="other"))


def test_a_long_name_is_refused(balancers: Balancers) -> None:
    with refused("ValidationError"):
        balancers.balancer(Name="n" * 33)


def test_a_protected_balancer_stays(balancers: Balancers) -> None:
    balancer = balancers.balancer()
    protection = {"Key": "deletion_protection.enabled", "Value": "true"}
    balancers.api.modify_load_balancer_attributes(LoadBalancerArn=balancer, Attributes=[protection])
    with refused("OperationNotPermitted"):
        balancers.api.delete_load_balancer(LoadBalancerArn=balancer)
    assert len(balancers.api.describe_load_balancers()["LoadBalancers"]) == 1


def test_a_group_in_use_stays_until_the_balancer_is_gone(balancers: Balancers) -> None:
    balancer, group = balancers.balancer(), balancers.group()
    balancers.listener(balancer, group)
    with refused("ResourceInUse"):
        balancers.api.delete_target_group(TargetGroupArn=group)
    balancers.api.delete_load_balancer(LoadBalancerArn=balancer)
    balancers.api.delete_load_balancer(LoadBalancerArn=balancer)
    balancers.api.delete_target_group(TargetGroupArn=group)


def test_a_group_names_each_balancer_that_uses_it_once(balancers: Balancers) -> None:
    balancer, group = balancers.balancer(), balancers.group()

    def users() -> list[str]:
        return list(
            balancers.api.describe_target_groups(TargetGroupArns=[group])["TargetGroups"][0]["LoadBalancerArns"]
        )

    listeners = [balancers.listener(balancer, group, port) for port in (6443, 22623)]
    assert users() == [balancer]
    balancers.api.delete_listener(ListenerArn=listeners[0])
    assert users() == [balancer]
    balancers.api.delete_listener(ListenerArn=listeners[1])
    assert users() == []


def test_a_network_balancer_may_keep_one_zone(balancers: Balancers) -> None:
    balancer = balancers.balancer(Subnets=balancers.subnets)
    balancers.api.set_subnets(LoadBalancerArn=balancer, Subnets=balancers.subnets[1:])
    (found,) = balancers.api.describe_load_balancers()["LoadBalancers"]
    assert [zone["SubnetId"] for zone in found["AvailabilityZones"]] == balancers.subnets[1:]


def test_a_balancers_subnets_and_groups_stay(balancers: Balancers) -> None:
    group = balancers.world.group(balancers.vpc, "lb")
    balancer = balancers.balancer(SecurityGroups=[group])
    with refused("DependencyViolation"):
        balancers.world.ec2.delete_subnet(SubnetId=balancers.subnets[0])
    with refused("DependencyViolation"):
        balancers.world.ec2.delete_security_group(GroupId=group)
    balancers.api.delete_load_balancer(LoadBalancerArn=balancer)
    balancers.world.ec2.delete_subnet(SubnetId=balancers.subnets[0])
    balancers.world.ec2.delete_security_group(GroupId=group)


def test_a_classic_balancers_subnets_and_groups_stay(balancers: Balancers) -> None:
    group = balancers.world.group(balancers.vpc, "lb")
    balancers.classic_balancer(SecurityGroups=[group])
    with refused("DependencyViolation"):
        balancers.world.ec2.delete_subnet(SubnetId=balancers.subnets[0])
    with refused("DependencyViolation"):
        balancers.world.ec2.delete_security_group(GroupId=group)
    balancers.classic.delete_load_balancer(LoadBalancerName="classic")
    balancers.world.ec2.delete_security_group(GroupId=group)


def test_a_classic_balancer_takes_fifty_tags(balancers: Balancers) -> None:
    tags = [{"Key": f"key{number}", "Value": "v"} for number in range(30)]
    balancers.classic_balancer(Tags=tags)
    balancers.classic.add_tags(
        LoadBalancerNames=["classic"], Tags=[{"Key": f"more{n}", "Value": "v"} for n in range(20)]
    )
    (described,) = balancers.classic.describe_tags(LoadBalancerNames=["classic"])["TagDescriptions"]
    assert len(described["Tags"]) == 50
    with refused("TooManyTags"):
        balancers.classic.add_tags(LoadBalancerNames=["classic"], Tags=[{"Key": "last", "Value": "v"}])


def test_a_balancer_takes_fifty_tags(balancers: Balancers) -> None:
    def rows(word: str, count: int) -> list[Any]:
        return [{"Key": f"{word}{number}", "Value": "v"} for number in range(count)]

    arn = balancers.balancer(Tags=rows("key", 9))
    balancers.api.add_tags(ResourceArns=[arn], Tags=[*rows("more", 41), {"Key": "key0", "Value": "w"}])
    (described,) = balancers.api.describe_tags(ResourceArns=[arn])["TagDescriptions"]
    assert (len(described["Tags"]), {"Key": "key0", "Value": "w"} in described["Tags"]) == (50, True)
    balancers.api.add_tags(ResourceArns=[arn], Tags=[{"Key": "key0", "Value": "x"}])
    with refused("TooManyTags"):
        balancers.api.add_tags(ResourceArns=[arn], Tags=[{"Key": "last", "Value": "v"}])
    with refused("LoadBalancerNotFound"):
        balancers.api.add_tags(ResourceArns=[f"{arn}0"], Tags=rows("key", 1))


def test_a_classic_balancer_has_a_zone_for_aliases(balancers: Balancers) -> None:
    balancers.classic_balancer()
    (found,) = balancers.classic.describe_load_balancers()["LoadBalancerDescriptions"]
    assert found["CanonicalHostedZoneNameID"].startswith("Z")


def test_a_classic_balancer_without_groups_is_in_that_of_its_vpc(balancers: Balancers) -> None:
    before = balancers.world.ec2.describe_security_groups()["SecurityGroups"]
    balancers.classic_balancer()
    assert len(balancers.world.ec2.describe_security_groups()["SecurityGroups"]) == len(before)
