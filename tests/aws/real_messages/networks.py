"""Of EC2's networks and of load balancers."""

from __future__ import annotations

from typing import Final

from ocpprov.aws.error_codes import ErrorClass
from tests.aws.real_messages.row import ISSUES, Row

BALANCER: Final = (
    "arn:aws:elasticloadbalancing:us-east-1:123456789012:loadbalancer/app/ecs-c-LoadB-2GALVJMRB92E/bb4b0a6ad4280345"
)
_FULL: Final = "has too few free addresses: a load balancer needs 8"
_ENDPOINT: Final = ("ec2", "CreateVpcEndpoint", 400)

NETWORKS: Final = (
    Row(
        *(*_ENDPOINT, "InvalidParameter"),
        "Enabling private DNS requires both enableDnsSupport and enableDnsHostnames VPC attributes set to true for "
        "vpc-059db27d08cb7279c",
        "https://docs.aws.amazon.com/guardduty/latest/ug/gdu-assess-coverage-ec2.html",
        *(ErrorClass.NOT_VISIBLE, "attributes", ("enableDnsSupport", "Switch them on")),
    ),
    Row(
        *("ec2", "CreateRoute", 400, "InvalidParameterValue"),
        "route table rtb-03701c7a6171e6432 and network gateway igw-0138227911f6b43af belong to different networks",
        f"{ISSUES}smoketurner/serverless-vpc-plugin/issues/147",
        *(ErrorClass.NOT_VISIBLE, "gateway-elsewhere", ("isn't attached to the VPC",)),
    ),
    Row(
        *("ec2", "AcceptVpcPeeringConnection", 400, "VpcPeeringConnectionAlreadyExists"),
        "The vpc peering connection identified by pcx-04eXXX already exists.",
        f"{ISSUES}hashicorp/terraform-provider-aws/issues/44315",
        *(ErrorClass.EXISTS, "peered-already", ("from the other side",)),
    ),
    Row(
        *("ec2", "CreateRoute", 400, "InvalidTransitGatewayID.NotFound"),
        "The transitGateway ID 'tgw-0a1f4b4ba8f209ae6' does not exist.",
        f"{ISSUES}aws/aws-cdk/issues/8584",
        *(ErrorClass.NOT_VISIBLE, "unattached", ("accept the attachment",)),
    ),
    Row(
        *("ec2", "CreateTransitGatewayVpcAttachment", 400, "DuplicateTransitGatewayAttachment"),
        "tgw-083e1180206738105 has non-deleted Transit Gateway Attachments with same VPC ID.",
        f"{ISSUES}hashicorp/terraform-provider-aws/issues/10852",
        *(ErrorClass.EXISTS, "", ("Something that isn't this plan's",)),
    ),
    Row(
        *("ec2", "DisassociateVpcCidrBlock", 400, "InvalidCidrBlock.InUse"),
        "The vpc vpc-0fbe24f0d3c0c1f67 currently has a subnet within CIDR block 2600:1f18:0000:0000::/56",
        f"{ISSUES}hashicorp/terraform-provider-aws/issues/29077",
        *(ErrorClass.BUSY, "", ("Something still uses it",)),
    ),
    Row(
        *("ec2", "DeleteVpc", 403, "UnauthorizedOperation"),
        "You are not authorized to perform DeleteVpc operation. A subnet in this vpc is shared but the provided object "
        "is not owned by you",
        f"{ISSUES}ekristen/aws-nuke/issues/497",
        *(ErrorClass.DENIED, "not-the-owner", ("Another account owns the network", "have the owner do it")),
    ),
    Row(
        *("ec2", "CreateSubnet", 403, "UnauthorizedOperation"),
        "You are not authorized to perform CreateSubnet operation. A subnet in this vpc is shared but the provided "
        "object is not owned by you",
        f"{ISSUES}hashicorp/terraform-provider-aws/pull/46953",
        *(ErrorClass.DENIED, "not-the-owner", ("Another account owns the network", "docs/how-to/shared-network.md")),
    ),
    Row(
        *(*_ENDPOINT, "InsufficientFreeAddressesInSubnet"),
        "The specified subnet does not have enough free addresses to satisfy the request.",
        f"{ISSUES}aws/amazon-vpc-cni-k8s/pull/1773",
        *(ErrorClass.INVALID, "full-subnet", ("The subnet that it goes into", _FULL)),
    ),
    Row(
        *("ec2", "CreateTransitGatewayVpcAttachment", 400, "InsufficientFreeAddressesInSubnet"),
        "Insufficient Free IP Addresses in subnet.",
        f"{ISSUES}AviatrixSystems/Docs/pull/282",
        *(ErrorClass.INVALID, "full-subnet", (_FULL, "larger subnet")),
    ),
    Row(
        *(*_ENDPOINT, "InvalidParameter"),
        "private-dns-enabled cannot be set because there is already a conflicting DNS domain for "
        "ec2.us-east-1.amazonaws.com in the VPC vpc-1",
        f"{ISSUES}hashicorp/terraform-provider-aws/issues/17535",
        *(ErrorClass.EXISTS, "name-is-answered", ("private hosted zone", "another endpoint", "privateDnsEnabled")),
    ),
    Row(
        *(*_ENDPOINT, "InvalidServiceName"),
        "The Vpc Endpoint Service 'com.amazonaws.eu-central-1.elasticbeanstalk.health' does not exist",
        f"{ISSUES}terraform-aws-modules/terraform-aws-vpc/issues/481",
        *(ErrorClass.INVALID, "no-such-service", ("openshift.endpoints", "another way to the service")),
    ),
    Row(
        *(*_ENDPOINT, "InvalidParameter"),
        "The VPC endpoint service com.amazonaws.us-east-1.email-smtp does not support the availability zone of the "
        "subnet: subnet-0de46d7dcc06da2a7.",
        f"{ISSUES}terraform-aws-modules/terraform-aws-vpc/issues/462",
        *(ErrorClass.INVALID, "not-in-the-zone", ("isn't offered in every zone", "zones of its item")),
    ),
    Row(
        *(*_ENDPOINT, "InvalidParameter"),
        "Only the following availability zones are supported for remote access: use1-az1, use1-az2, use1-az6, "
        "use1-az4, use1-az5",
        f"{ISSUES}chanzuckerberg/cztack/pull/865",
        *(ErrorClass.INVALID, "not-in-the-zone", ("isn't offered in every zone",)),
    ),
    Row(
        *("ec2", "DeleteVpcEndpoints", 400, "OperationNotPermitted"),
        "Operation is not allowed for requester-managed VPC endpoints for the service com.amazonaws.vpce.us-east-1.x",
        f"{ISSUES}gruntwork-io/cloud-nuke/pull/1037",
        *(ErrorClass.INVALID, "requester-managed", ("Another service of AWS", "Delete what it belongs to")),
    ),
    Row(
        *("ec2", "DetachNetworkInterface", 400, "OperationNotPermitted"),
        "You are not allowed to manage 'ela-attach' attachments.",
        f"{ISSUES}boto/boto3/issues/2219",
        *(ErrorClass.INVALID, "requester-managed", ("Another service of AWS",)),
    ),
    Row(
        *("ec2", "DisassociateVpcCidrBlock", 400, "OperationNotPermitted"),
        "The vpc CIDR block with association ID vpc-cidr-assoc-1 may not be disassociated. It is the primary IPv4 CIDR "
        "block of the VPC",
        f"{ISSUES}getmoto/moto/blob/master/moto/ec2/exceptions.py",
        *(ErrorClass.INVALID, "primary-block", ("only with the VPC",)),
    ),
    Row(
        *("ec2", "AssociateAddress", 400, "AuthFailure"),
        "You do not have permission to access the specified resource.",
        f"{ISSUES}galaxyproject/cloudlaunch/issues/163",
        *(ErrorClass.DENIED, "not-ours", ("isn't this account's", "Correct the id")),
    ),
    # Until what holds it is gone.
    Row(
        *("ec2", "ReleaseAddress", 400, "AuthFailure"),
        "You do not have permission to access the specified resource.",
        f"{ISSUES}hashicorp/terraform-provider-aws/issues/3572",
        *(ErrorClass.BUSY, "held-address", ("Something still uses it",)),
    ),
    Row(
        *("ec2", "CreateSubnet", 400, "InvalidSubnet.Conflict"),
        "The CIDR '10.0.102.0/24' conflicts with another subnet",
        f"{ISSUES}LinkedInLearning/learning-terraform-3087701/issues/148",
        *(ErrorClass.EXISTS, "", ("has the name or range",)),
    ),
    Row(
        *("ec2", "DetachInternetGateway", 400, "DependencyViolation"),
        "Network vpc-1 has some mapped public address(es). Please unmap those public address(es) before detaching the "
        "gateway.",
        f"{ISSUES}prabhatsharma/kubernetes-the-hard-way-aws/issues/16",
        *(ErrorClass.BUSY, "", ("Remove what uses it",)),
    ),
    Row(
        *("ec2", "CreateNatGateway", 400, "NotAvailableInZone"),
        "Nat Gateway is not available in this availability zone",
        f"{ISSUES}sysdiglabs/terraform-aws-secure-for-cloud/pull/52",
        *(ErrorClass.INVALID, "other-zones", ("one of the plan's zones", "openshift.zones")),
    ),
    Row(
        *("ec2", "CreateSubnet", 400, "InvalidParameterValue"),
        "Value (us-west-1a) for parameter availabilityZone is invalid. Subnets can currently only be created in the "
        "following availability zones: us-west-1b, us-west-1c.",
        f"{ISSUES}Coalfire-Research/npk/issues/10",
        *(ErrorClass.INVALID, "other-zones", ("one of the plan's zones", "openshift.zones")),
    ),
    Row(
        *("ec2", "CreateNatGateway", 400, "InvalidSubnet"),
        "Subnet 10.0.2.0/24 was not found",
        f"{ISSUES}hashicorp/terraform/issues/16768",
        *(ErrorClass.NOT_VISIBLE, "fresh", ("isn't there",)),
    ),
)
BALANCERS: Final = (
    Row(
        *("elbv2", "DeleteLoadBalancer", 400, "OperationNotPermitted"),
        f"Load balancer '{BALANCER}' cannot be deleted because deletion protection is enabled",
        f"{ISSUES}aws-cloudformation/rain/issues/187",
        ErrorClass.INVALID,
        "protected",
        (
            "deletion_protection.enabled",
            f"`aws elbv2 modify-load-balancer-attributes --region us-east-1 --load-balancer-arn {BALANCER} "
            "--attributes Key=deletion_protection.enabled,Value=false`",
        ),
    ),
    Row(
        *("elbv2", "CreateLoadBalancer", 400, "InvalidSubnet"),
        "Not enough IP space available in subnet-08885c5805228af7a. ELB requires at least 8 free IP addresses in each "
        "subnet.",
        f"{ISSUES}aws/aws-rfdk/pull/621",
        *(ErrorClass.INVALID, "full-subnet", (f"subnet-08885c5805228af7a {_FULL}",)),
    ),
    # A gateway that was attached a moment ago.
    Row(
        *("elbv2", "CreateLoadBalancer", 400, "InvalidSubnet"),
        "VPC vpc-0765c67bbc82a1b7d has no internet gateway",
        f"{ISSUES}openshift/installer/issues/1110",
        *(ErrorClass.NOT_VISIBLE, "no-way-in", ("publish: Internal", "Attach one")),
    ),
    Row(
        *("elbv2", "CreateLoadBalancer", 400, "SubnetNotFound"),
        "InvalidSubnetID.NotFound",
        f"{ISSUES}mozilla/fxa-dev/issues/449",
        *(ErrorClass.NOT_VISIBLE, "", ("isn't there",)),
    ),
    Row(
        *("elbv2", "DeleteTargetGroup", 400, "ResourceInUse"),
        "Target group 'arn:aws:elasticloadbalancing:us-east-1:1:targetgroup/a/1' is currently in use by a listener or "
        "a rule",
        f"{ISSUES}cloudposse/terraform-aws-alb-ingress/issues/24",
        *(ErrorClass.BUSY, "", ("Remove what uses it",)),
    ),
    Row(
        *("elbv2", "CreateLoadBalancer", 400, "ValidationError"),
        "The following Availability Zones us-west-1a cannot be associated with a load balancer. Please try a different "
        "Availability Zone.",
        f"{ISSUES}widdix/mastodon-on-aws/issues/13",
        *(ErrorClass.INVALID, "other-zones", ("one of the plan's zones", "openshift.zones")),
    ),
    Row(
        *("elb", "CreateLoadBalancer", 409, "InvalidConfigurationRequest"),
        "Classic Load Balancers do not support Availability Zone 'us-east-1f'.",
        f"{ISSUES}gruntwork-io/terragrunt-infrastructure-live-example/issues/10",
        *(ErrorClass.INVALID, "other-zones", ("one of the plan's zones", "openshift.zones")),
    ),
)
