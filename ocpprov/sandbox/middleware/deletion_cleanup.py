"""What goes along with a deleted resource: its tags, its associations, the defaults of its network."""

from __future__ import annotations

import re
from typing import Any

from ocpprov.sandbox.exchange import Answer, Request
from ocpprov.sandbox.middleware.contract import Aws

_ID = re.compile(r"[a-z]+-[0-9a-f]{8,17}")
# These show their tags until they are out of sight, and their own middleware sees to that.
_LINGERING = frozenset({"DeleteNatGateway", "DeleteVpcEndpoints"})
_DELETING = re.compile(r"Delete(?!Tags|Route$|NetworkAclEntry$)|ReleaseAddress$|RevokeSecurityGroup(In|E)gress$")


class DeletionCleanup:
    """Clears what moto leaves behind."""

    def __init__(self) -> None:
        self._with_network: set[str] = set()

    def before(self, request: Request, aws: Aws) -> Answer | None:
        """Lets everything pass; the groups and tables that go with a network lose their tags while they are known."""
        if request.service == "ec2" and request.operation == "DeleteVpc":
            self._with_network = _default_ids(aws.ec2(request), request.get("VpcId"))
        return None

    def after(self, request: Request, answer: Answer, aws: Aws) -> Answer:
        """Clears, after a deletion that succeeded."""
        if not answer.ok or request.service != "ec2" or _DELETING.match(request.operation) is None:
            return answer
        backend = aws.ec2(request)
        if request.operation.startswith("Revoke"):
            _forget_rules(backend)
        elif request.operation not in _LINGERING:
            _forget_tags(backend, {value for value in request.parameters.values() if _ID.fullmatch(value)})
        if request.operation == "DeleteSecurityGroup":
            _forget_rules(backend)
        if request.operation == "DeleteSubnet":
            _forget_subnet(backend, request.get("SubnetId"))
        if request.operation == "DeleteVpc":
            _forget_tags(backend, self._with_network)
            _forget_network(backend, request.get("VpcId"))
            _forget_rules(backend)
        return answer


def _default_ids(backend: Any, vpc: str) -> set[str]:
    """What goes when the network goes: its defaults, and the NAT gateways long deleted."""
    groups = [group for of_vpc in backend.groups.values() for group in of_vpc.values()]
    tables = backend.route_tables.values()
    gateways = backend.nat_gateways.values()
    acls = backend.network_acls.values()
    return {each.id for each in (*groups, *tables, *gateways, *acls) if each.vpc_id == vpc}


def _forget_tags(backend: Any, ids: set[str]) -> None:
    for resource_id in ids:
        backend.tags.pop(resource_id, None)


def _forget_rules(backend: Any) -> None:
    """The tags of rules that are in no group any more."""
    groups = [group for of_vpc in backend.groups.values() for group in of_vpc.values()]
    live = {rule.id for group in groups for rule in (*group.ingress_rules, *group.egress_rules)}
    _forget_tags(backend, {each for each in backend.tags if each.startswith("sgr-")} - live)


def _forget_subnet(backend: Any, subnet: str) -> None:
    for table in backend.route_tables.values():
        table._associations = {key: target for key, target in table._associations.items() if target != subnet}
    for acl in backend.network_acls.values():
        acl._associations = {key: each for key, each in acl._associations.items() if each.subnet_id != subnet}


def _forget_network(backend: Any, vpc: str) -> None:
    for acl_id in [acl.id for acl in backend.network_acls.values() if acl.vpc_id == vpc]:
        del backend.network_acls[acl_id]
