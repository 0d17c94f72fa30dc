"""What the two kinds of security group rules share: everything but the direction and its calls."""

from __future__ import annotations

import hashlib
from abc import abstractmethod
from collections.abc import Hashable, Mapping, Sequence
from itertools import chain
from typing import TYPE_CHECKING, Any, ClassVar, Final

from ocpprov.engine.kind_facts import Identity, UniqueKey
from ocpprov.engine.ownership import PLAN
from ocpprov.engine.resources import Created, Live
from ocpprov.engine.values import GetAtt, Ref, Value
from ocpprov.kinds.contract import CreateRequest
from ocpprov.kinds.ec2.common import (
    Ec2Kind,
    Listing,
    describe_all,
    each_once,
    ids_in,
    tag_specifications,
    tags_of,
)
from ocpprov.kinds.ec2.rules import (
    ANYWHERE,
    ip_permission,
    properties_of,
    rule_key,
    rule_with_defaults,
)
from ocpprov.kinds.reads import Found, Pages, Read, read

if TYPE_CHECKING:
    from mypy_boto3_ec2.type_defs import (
        IpPermissionTypeDef,
        SecurityGroupRuleDescriptionTypeDef,
        SecurityGroupRuleTypeDef,
        TagSpecificationTypeDef,
    )

    from ocpprov.aws.clients import Clients


_LISTING: Final = Listing("describe_security_group_rules", "security-group-rule-id", "sgr-", names_given=False)


class SecurityGroupRule(Ec2Kind):
    """A rule of one direction. Rules of a group that are made together share their tags, so the plan tag says whose a
    rule is and its key says which."""

    egress: ClassVar[bool]
    id_prefix = _LISTING.prefix
    identity = Identity.SHARED_TAGS
    tags_property = ""
    parent_property = "GroupId"
    # A group goes with its rules; only one that another group's rule names is refused (API reference,
    # DeleteSecurityGroup).
    ends_with = "GroupId"
    exclusive_sort = "rules"

    @abstractmethod
    def authorize(
        self,
        clients: Clients,
        group_id: str,
        permissions: Sequence[IpPermissionTypeDef],
        tags: Sequence[TagSpecificationTypeDef],
    ) -> Sequence[SecurityGroupRuleTypeDef]:
        """Send all permissions in one call; AWS takes all or none."""

    @abstractmethod
    def describe(self, clients: Clients, group_id: str, described: SecurityGroupRuleDescriptionTypeDef) -> None:
        """Give a rule another description, or none."""

    @abstractmethod
    def revoke(self, clients: Clients, group_id: str, rule_ids: Sequence[str]) -> None:
        """Take the rules away in one call."""

    def reads(self, found: Found) -> Sequence[Read]:
        """By the groups, those that the plan names first, so that they are asked for once."""
        given = sorted(name for name in found.given if name.startswith("sg-"))
        known = sorted({*found.ids("AWS::EC2::SecurityGroup")} - {*given})
        by_group = (describe_all(_LISTING.operation, "group-id", groups) for groups in (given, known))
        return [*_LISTING.by_tag(found), *chain.from_iterable(by_group), *_LISTING.by_id(found)]

    def by_id(self, id: str) -> Read | None:
        return read("ec2", "describe_security_group_rules", SecurityGroupRuleIds=[id])

    def parse(self, pages: Pages) -> Sequence[Live]:
        rules = each_once(pages, "describe_security_group_rules", "SecurityGroupRules", "SecurityGroupRuleId")
        return [self._live(rule) for rule in rules if rule["IsEgress"] is self.egress]

    def create(self, clients: Clients, request: CreateRequest) -> Created:
        return self.create_many(clients, [request])[0]

    def create_many(self, clients: Clients, requests: Sequence[CreateRequest]) -> Sequence[Created]:
        """All rules of one group in one call.

        Raises LookupError when the answer doesn't have them all, so that they are looked for before anything is sent
        again.
        """
        group_id: str = requests[0].properties["GroupId"]
        permissions = [ip_permission(request.properties) for request in requests]
        tags = tag_specifications("security-group-rule", requests[0])
        ids = self._ids_by_key(self.authorize(clients, group_id, permissions, tags))
        keys = [self.key(request.properties) for request in requests]
        missing = [request.logical_id for request, key in zip(requests, keys, strict=True) if key not in ids]
        if missing:
            raise LookupError(f"{group_id}: EC2 accepted these rules but doesn't name them: {', '.join(missing)}")
        return [Created(ids[key]) for key in keys]

    def delete(self, clients: Clients, live: Live) -> None:
        self.delete_many(clients, [live])

    def delete_many(self, clients: Clients, lives: Sequence[Live]) -> None:
        group_id = str(lives[0].properties["GroupId"])
        self.revoke(clients, group_id, [live.id for live in lives])

    def update(self, clients: Clients, live: Live, desired: Mapping[str, Any], changed: Sequence[str]) -> None:
        described: SecurityGroupRuleDescriptionTypeDef = {"SecurityGroupRuleId": live.id}
        # Without a description EC2 takes away the one that is there.
        if desired.get("Description"):
            described["Description"] = desired["Description"]
        self.describe(clients, desired["GroupId"], described)

    def normalise(self, properties: Mapping[str, Value]) -> Mapping[str, Value]:
        return rule_with_defaults(properties)

    def key(self, properties: Mapping[str, Value]) -> UniqueKey | None:
        return rule_key(self._direction(), properties)

    def bound_parts(self, properties: Mapping[str, Value]) -> Sequence[str] | None:
        """Its group, and six digits of the sum of its key in words (`ingress tcp 22 22 10.0.0.0/8`, `egress -1 - -
        0.0.0.0/0`): rules of one call share the tag, so it has those of each. The words are for ever, as tags are."""
        key, group = self.key(properties), properties.get("GroupId")
        if key is None or not isinstance(group, str):
            return None
        in_words = " ".join("-" if part is None else str(part) for part in key[1:])
        return [group, hashlib.sha256(in_words.encode()).hexdigest()[:6]]

    def references(self, live: Live) -> Sequence[str]:
        return ids_in(live, "GroupId", "SourceSecurityGroupId", "DestinationSecurityGroupId")

    def batch(self, properties: Mapping[str, Value]) -> Hashable | None:
        """All rules of a direction of a group, however the plan refers to it: those written in the group, too."""
        group = properties.get("GroupId")
        group = Ref(group.logical_id) if isinstance(group, GetAtt) else group
        return (self._direction(), group) if isinstance(group, Hashable) and group else None

    def _direction(self) -> str:
        return "egress" if self.egress else "ingress"

    def _ids_by_key(self, rules: Sequence[Mapping[str, Any]]) -> dict[UniqueKey | None, str]:
        return {
            self.key(properties_of(rule)): rule["SecurityGroupRuleId"]
            for rule in rules
            if rule["IsEgress"] is self.egress
        }

    def _live(self, rule: Mapping[str, Any]) -> Live:
        properties = properties_of(rule)
        tags = tags_of(rule)
        if PLAN in tags and self.key(properties) is None:
            raise ValueError(f"rule {rule['SecurityGroupRuleId']} says no other side that a rule of a plan has")
        return Live(
            type=self.type,
            id=rule["SecurityGroupRuleId"],
            properties=properties,
            attributes={"Id": rule["SecurityGroupRuleId"]},
            tags=tags,
            service_owned=not tags and self.key(properties) == default_egress_key(rule["GroupId"]),
        )


def default_egress_key(group_id: str) -> UniqueKey | None:
    """The key of the rule that EC2 puts into every new group: everything may leave."""
    return rule_key("egress", {"GroupId": group_id, "IpProtocol": "-1", "CidrIp": ANYWHERE})
