"""Tags on somebody else's subnet."""

from __future__ import annotations

from typing import Final

from tests.kinds.cases import Case, Properties
from tests.kinds.world import REGION, World

_SHARED: Final = [{"Key": "kubernetes.io/cluster/prod-x7k2p", "Value": "shared"}]
_OTHERS: Final = [
    {"Key": "kubernetes.io/cluster/prod-x7k2p", "Value": "owned"},
    {"Key": "kubernetes.io/role/elb", "Value": "1"},
]


def _subnet(world: World) -> Properties:
    vpc_id = world.clients.ec2.create_vpc(CidrBlock="10.0.0.0/16")["Vpc"]["VpcId"]
    subnet = world.clients.ec2.create_subnet(VpcId=vpc_id, CidrBlock="10.0.0.0/20", AvailabilityZone=f"{REGION}a")
    return {"ResourceId": subnet["Subnet"]["SubnetId"], "Tags": _SHARED}


CASES: Final = (Case("shared tags", "Ocpprov::EC2::SharedTags", _subnet, lambda world, properties: {"Tags": _OTHERS}),)
