"""Network interfaces that services of AWS put into other people's subnets. moto has no such services, so an interface
that anybody could make gets what only AWS can give it."""

from __future__ import annotations

from typing import Any

from moto.backends import get_backend

from tests.support.in_process import ACCOUNT


def service_interface(
    ec2: Any, subnet: str, description: str, type: str = "interface", requester: str = "", status: str = "in-use"
) -> str:
    """Make one with a client of EC2; gives its id."""
    made = ec2.create_network_interface(SubnetId=subnet, Description=description)
    id = str(made["NetworkInterface"]["NetworkInterfaceId"])
    interface: Any = get_backend("ec2")[ACCOUNT][ec2.meta.region_name].enis[id]
    interface.requester_managed, interface.requester_id = True, requester
    interface.interface_type, interface.status = type, status
    return id
