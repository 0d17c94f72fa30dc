"""AWS::EC2::SecurityGroupEgress."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from ocpprov.engine.kind_facts import UniqueKey
from ocpprov.engine.values import Value
from ocpprov.kinds.contract import Permissions, Subject
from ocpprov.kinds.ec2.rules import EGRESS_RULE, GROUP_ID
from ocpprov.kinds.ec2.security_group_rule import SecurityGroupRule, default_egress_key

if TYPE_CHECKING:
    from mypy_boto3_ec2.type_defs import (
        IpPermissionTypeDef,
        SecurityGroupRuleDescriptionTypeDef,
        SecurityGroupRuleTypeDef,
        TagSpecificationTypeDef,
    )

    from ocpprov.aws.clients import Clients


class SecurityGroupEgress(SecurityGroupRule):
    """A rule for traffic out of a security group. The first one of a group ends AWS's default, which allows all."""

    type = "AWS::EC2::SecurityGroupEgress"
    subject = Subject.SECURITY_GROUPS
    noun = "rule"
    tells = ("IpProtocol", "FromPort", "ToPort", "CidrIp", "DestinationPrefixListId", "DestinationSecurityGroupId")
    properties = (GROUP_ID, *EGRESS_RULE)
    attributes = ("Id",)
    permissions = Permissions(
        read=("ec2:DescribeSecurityGroupRules",),
        create=("ec2:AuthorizeSecurityGroupEgress", "ec2:CreateTags"),
        update=("ec2:UpdateSecurityGroupRuleDescriptionsEgress", "ec2:CreateTags", "ec2:DeleteTags"),
        delete=("ec2:RevokeSecurityGroupEgress",),
    )
    egress = True

    def authorize(
        self,
        clients: Clients,
        group_id: str,
        permissions: Sequence[IpPermissionTypeDef],
        tags: Sequence[TagSpecificationTypeDef],
    ) -> Sequence[SecurityGroupRuleTypeDef]:
        answer = clients.ec2.authorize_security_group_egress(
            GroupId=group_id, IpPermissions=permissions, TagSpecifications=tags
        )
        return answer["SecurityGroupRules"]

    def describe(self, clients: Clients, group_id: str, described: SecurityGroupRuleDescriptionTypeDef) -> None:
        clients.ec2.update_security_group_rule_descriptions_egress(
            GroupId=group_id, SecurityGroupRuleDescriptions=[described]
        )

    def revoke(self, clients: Clients, group_id: str, rule_ids: Sequence[str]) -> None:
        clients.ec2.revoke_security_group_egress(GroupId=group_id, SecurityGroupRuleIds=rule_ids)

    def supersedes(self, properties: Mapping[str, Value]) -> Sequence[UniqueKey]:
        group = properties.get("GroupId")
        default = default_egress_key(group) if isinstance(group, str) else None
        return [default] if default and default != self.key(properties) else []
