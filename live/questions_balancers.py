"""Questions about load balancers and what points to them."""

from __future__ import annotations

from typing import Any, Final

from live.clients import code
from live.lab import Lab
from live.questions import Measured, Question, Topic
from live.questions_lags import accepted_after
from live.questions_zones import new_zone

_CREATE: Final = "ocpprov/reconcile/create.py"


def _balancer(lab: Lab, name: str, subnet: str, **more: Any) -> dict[str, Any]:
    """The name has room for 32 characters, of which the run's mark is 23."""
    wanted = {"Name": f"{lab.name}-{name}", "Type": "network", "Scheme": "internal", "Subnets": [subnet], **more}
    elbv2 = lab.client("elbv2")
    [made] = lab.made(lambda: elbv2.create_load_balancer(**wanted, Tags=lab.pairs()))["LoadBalancers"]
    balancer: dict[str, Any] = made
    return balancer


def _arn(lab: Lab, name: str, subnet: str, **more: Any) -> str:
    return str(_balancer(lab, name, subnet, **more)["LoadBalancerArn"])


def _without_gateway(lab: Lab) -> str:
    return code(lambda: _balancer(lab, "public", lab.subnet, Scheme="internet-facing"))


def _twice(lab: Lab) -> str:
    first = _arn(lab, "one", lab.subnet)
    return "the same" if _arn(lab, "one", lab.subnet) == first else "another one"


def _otherwise(lab: Lab) -> str:
    other = lab.new_subnet("10.99.6.0/24")
    return code(lambda: _balancer(lab, "one", other))


def _target_group(lab: Lab) -> str:
    wanted = {"Name": lab.name, "Protocol": "TCP", "Port": 6443, "VpcId": lab.vpc, "TargetType": "ip"}
    elbv2 = lab.client("elbv2")
    [made] = lab.made(lambda: elbv2.create_target_group(**wanted, Tags=lab.pairs()))["TargetGroups"]
    return str(made["TargetGroupArn"])


def _target_group_twice(lab: Lab) -> str:
    first = _target_group(lab)
    return "the same" if _target_group(lab) == first else "another one"


def _target_group_in_use(lab: Lab) -> str:
    elbv2, group = lab.client("elbv2"), _target_group(lab)
    balancer, forward = _arn(lab, "one", lab.subnet), [{"Type": "forward", "TargetGroupArn": group}]
    lab.made(lambda: elbv2.create_listener(LoadBalancerArn=balancer, Protocol="TCP", Port=6443, DefaultActions=forward))
    return code(lambda: elbv2.delete_target_group(TargetGroupArn=group))


def _alias_at_once(lab: Lab) -> Measured:
    """In a private zone of the network, to a balancer that was made a moment ago."""
    zone = new_zone(lab, f"alias.{lab.name}.example-corp.net", "alias")
    balancer = _balancer(lab, "alias", lab.subnet)
    record = {
        "Name": f"api.alias.{lab.name}.example-corp.net",
        "Type": "A",
        "AliasTarget": {
            "HostedZoneId": balancer["CanonicalHostedZoneId"],
            "DNSName": balancer["DNSName"],
            "EvaluateTargetHealth": False,
        },
    }
    changes = {"Changes": [{"Action": "UPSERT", "ResourceRecordSet": record}]}
    return accepted_after(
        lab, lambda: lab.client("route53").change_resource_record_sets(HostedZoneId=zone, ChangeBatch=changes)
    )


def _interface_outlives(lab: Lab) -> Measured:
    """The subnet can't be deleted while a balancer's interface is in it."""
    subnet, elbv2 = lab.new_subnet("10.99.7.0/24"), lab.client("elbv2")
    arn = _arn(lab, "eni", subnet)

    def active() -> bool:
        [found] = lab.made(lambda: elbv2.describe_load_balancers(LoadBalancerArns=[arn]))["LoadBalancers"]
        return bool(found["State"]["Code"] != "provisioning")

    lab.until(active)
    lab.made(lambda: elbv2.delete_load_balancer(LoadBalancerArn=arn))
    return accepted_after(lab, lambda: lab.ec2.delete_subnet(SubnetId=subnet))


BALANCERS: Final = Topic(
    "load balancers",
    (
        Question(
            "an internet-facing balancer in a network without an internet gateway",
            "InvalidSubnet 400",
            "ocpprov/aws/error_causes.py",
            _without_gateway,
            "another code: the row that reads it as 'the gateway isn't attached yet' is wrong, and apply gives up",
        ),
        Question("CreateLoadBalancer twice", "the same", "ocpprov/kinds/elbv2/load_balancer.py", _twice),
        Question("the same balancer in another subnet", "DuplicateLoadBalancerName 400", _CREATE, _otherwise),
        Question("CreateTargetGroup twice", "the same", "ocpprov/kinds/elbv2/target_group.py", _target_group_twice),
        Question(
            "deleting a target group in use", "ResourceInUse 400", "ocpprov/aws/error_codes.py", _target_group_in_use
        ),
        Question(
            "an alias record to a balancer that was just made",
            "",
            "ocpprov/kinds/route53/record_set.py",
            _alias_at_once,
            "ok at once: alias records needn't wait for the balancer; else, the code has to be read as 'not there yet' "
            "for longer than these seconds",
        ),
        Question("how long a balancer's interface outlives it", "", "ocpprov/sandbox/delays.py", _interface_outlives),
    ),
    "1 network, 3 load balancers, 1 private zone",
)
