"""AWS::EC2::SecurityGroupIngress."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from ocpprov.kinds.contract import Permissions, Subject
from ocpprov.kinds.ec2.rules import GROUP_ID, INGRESS_RULE
from ocpprov.kinds.ec2.security_group_rule import SecurityGroupRule

if TYPE_CHECKING:
    from mypy_boto3_ec2.type_defs import (
        IpPermissionTypeDef,
        SecurityGroupRuleDescriptionTypeDef,
        SecurityGroupRuleTypeDef,
        TagSpecificationTypeDef,
    )

    from ocpprov.aws.clients import Clients


class SecurityGroupIngress(SecurityGroupRule):
    """A rule for traffic into a security group."""

    type = "AWS::EC2::SecurityGroupIngress"
    subject = Subject.SECURITY_GROUPS
    noun = "rule"
    tells = ("IpProtocol", "FromPort", "ToPort", "CidrIp", "SourcePrefixListId", "SourceSecurityGroupId")
    properties = (GROUP_ID, *INGRESS_RULE)
    attributes = ("Id",)
    permissions = Permissions(
        read=("ec2:DescribeSecurityGroupRules",),
        create=("ec2:AuthorizeSecurityGroupIngress", "ec2:CreateTags"),
        update=("ec2:UpdateSecurityGroupRuleDescriptionsIngress", "ec2:CreateTags", "ec2:DeleteTags"),
        delete=("ec2:RevokeSecurityGroupIngress",),
    )
    egress = False

    def authorize(
        self,
        clients: Clients,
        group_id: str,
        permissions: Sequence[IpPermissionTypeDef],
        tags: Sequence[TagSpecificationTypeDef],
    ) -> Sequence[SecurityGroupRuleTypeDef]:
        answer = clients.ec2.authorize_security_group_ingress(
            GroupId=group_id, IpPermissions=permissions, TagSpecifications=tags
        )
        return answer["SecurityGroupRules"]

    def describe(self, clients: Clients, group_id: str, described: SecurityGroupRuleDescriptionTypeDef) -> None:
        clients.ec2.update_security_group_rule_descriptions_ingress(
            GroupId=group_id, SecurityGroupRuleDescriptions=[described]
        )

    def revoke(self, clients: Clients, group_id: str, rule_ids: Sequence[str]) -> None:
        clients.ec2.revoke_security_group_ingress(GroupId=group_id, SecurityGroupRuleIds=rule_ids)
