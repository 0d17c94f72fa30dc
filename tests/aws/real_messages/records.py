"""Of Route 53's zones."""

from __future__ import annotations

from typing import Final

from ocpprov.aws.error_codes import ErrorClass
from tests.aws.real_messages.row import DOCS, ISSUES, Row

RECORDS: Final = (
    Row(
        *("route53", "ChangeResourceRecordSets", 400, "PriorRequestNotComplete"),
        "The request was rejected because Route 53 was still processing a prior request.",
        f"{ISSUES}pcorliss/ruby_route_53/issues/34",
        *(ErrorClass.THROTTLED, "zone-at-work", ("an earlier change", "run the same command again")),
    ),
    Row(
        *("route53", "CreateHostedZone", 400, "ConflictingDomainExists"),
        "The VPC that you chose, vpc-6705bd01 in region eu-west-1, is already associated with another private hosted "
        "zone that has an overlapping name space, default.private.cloudspin.net..",
        f"{ISSUES}infrablocks/terraform-aws-base-networking/issues/4",
        *(ErrorClass.EXISTS, "zone-answers", ("openshift.hostedZone", "hostedZoneRole")),
    ),
    Row(
        *("route53", "DeleteHostedZone", 400, "HostedZoneNotEmpty"),
        "The specified hosted zone contains non-required resource record sets and so cannot be deleted.",
        f"{ISSUES}gruntwork-io/cloud-nuke/issues/743",
        *(ErrorClass.BUSY, "not-empty", ("records that the plan didn't make",)),
    ),
    Row(
        *("route53", "AssociateVPCWithHostedZone", 401, "NotAuthorizedException"),
        "User: arn:aws:iam::1 is not authorized to perform: route53:AssociateVPCWithHostedZone on resource: "
        "arn:aws:ec2:eu-west-2:1:vpc/vpc-001",
        f"{ISSUES}hashicorp/terraform-provider-aws/issues/18176",
        *(ErrorClass.DENIED, "not-authorised", ("`aws route53 create-vpc-association-authorization`",)),
    ),
    Row(
        *("route53", "AssociateVPCWithHostedZone", 400, "PublicZoneVPCAssociation"),
        "Attempting to associate public zone: 5000302711 with vpc: vpc-908707f5",
        f"{ISSUES}hashicorp/terraform/pull/1827",
        *(ErrorClass.INVALID, "public", ("openshift.hostedZone",)),
    ),
    Row(
        *("route53", "CreateHostedZone", 400, "InvalidDomainName"),
        "example.com is reserved by AWS!",
        f"{ISSUES}aws-samples/sample-agentic-value-accelerator/pull/126",
        *(ErrorClass.INVALID, "reserved", ("baseDomain", "publicZone: none")),
    ),
    # Of these two the words are the reference's: no answer with them is public.
    Row(
        *("route53", "CreateHostedZone", 400, "DelegationSetNotAvailable"),
        "You can create a hosted zone that has the same name as an existing hosted zone (example.com is common), but "
        "there is a limit to the number of hosted zones that have the same name.",
        f"{DOCS}Route53/latest/APIReference/API_CreateHostedZone.html",
        *(ErrorClass.INVALID, "no-servers-left", ("Choose another domain", "AWS Support")),
    ),
    Row(
        *("route53", "CreateHostedZone", 400, "InvalidVPCId"),
        "The VPC ID that you specified either isn't a valid ID or the current account is not authorized to access this "
        "VPC.",
        f"{DOCS}Route53/latest/APIReference/API_CreateHostedZone.html",
        *(ErrorClass.NOT_VISIBLE, "unknown-vpc", ("another region or account", "ec2:DescribeVpcs")),
    ),
)
