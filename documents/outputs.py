"""Reference of outputs: what each is, and where it goes."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from documents.markdown import anchored, code, table

_MACHINES: Final = "the machines that you make"
_TEMPLATES: Final = "parameters of Red Hat's CloudFormation templates, and your own automation"
_LOOK: Final = "for looking things up"
_TARGETS: Final = "your own automation, where it registers machines itself"

OUTPUTS: Final[Mapping[str, tuple[str, str]]] = {
    "VpcId": ("The VPC", f"{_MACHINES}; {_TEMPLATES}"),
    "PublicSubnetIds": ("Public subnets, in zone order", "`platform.aws.subnets` in install-config.yaml, if publish is External"),
    "PrivateSubnetIds": ("Private subnets, in zone order", f"`platform.aws.subnets` in install-config.yaml; {_MACHINES}"),
    "Subnets": ("Zone and block of each subnet; with `--json` `{id, zone, cidr, public}`", "reserved addresses, machines in zones, whoever checks the ids"),
    "PublicRouteTableId": ("Route table of the public subnets", _LOOK),
    "PrivateRouteTableIds": ("Private route tables, in zone order", "routes of your own, gateway endpoints of others"),
    "NatGatewayIds": ("NAT gateways, in zone order", _LOOK),
    "NatPublicAddresses": ("Addresses that the cluster's traffic comes from", "firewalls of whom the cluster calls"),
    "S3EndpointId": ("S3 gateway endpoint", "policies of buckets"),
    "InterfaceEndpointIds": ("Interface endpoints, in the plan's order", "policies of others' resources"),
    "EndpointSecurityGroupId": ("Group of the interface endpoints", "rules of your own, for more clients"),
    "InfraBucketName": ("Bucket for the ignition files", "`aws s3 cp`, where the plan doesn't name bootstrap.ign"),
    "MasterSecurityGroupId": ("Group of the control plane", f"the control plane's machines; {_TEMPLATES}"),
    "WorkerSecurityGroupId": ("Group of the compute machines", f"the compute machines; {_TEMPLATES}"),
    "BootstrapSecurityGroupId": ("Group of the bootstrap machine", f"the bootstrap machine; {_TEMPLATES}"),
    "ExternalApiLoadBalancerName": ("External load balancer", "metrics and logs"),
    "InternalApiLoadBalancerName": ("Internal load balancer", "metrics and logs"),
    "ExternalApiLoadBalancerDnsName": ("Its name in AWS's DNS", "records in a DNS of your own"),
    "InternalApiLoadBalancerDnsName": ("Its name in AWS's DNS", "records in a DNS of your own"),
    "ExternalApiTargetGroupArn": ("Targets of the external port 6443", _TARGETS),
    "InternalApiTargetGroupArn": ("Targets of the internal port 6443", _TARGETS),
    "InternalServiceTargetGroupArn": ("Targets of the internal port 22623", _TARGETS),
    "ApiServerDnsName": ("The API as the machines reach it", "ignition of the machines, if you write it yourself"),
    "MasterIgnitionLocation": ("Where control plane machines get their configuration", "`IgnitionLocation` of template 05_cluster_master_nodes.yaml, and your own automation"),
    "WorkerIgnitionLocation": ("Where compute machines get their configuration", "`IgnitionLocation` of template 06_cluster_worker_node.yaml, and your own automation"),
    "ExternalApiServerDnsName": ("The API as the world reaches it", "kubeconfigs, users"),
    "PrivateHostedZoneId": ("Private zone of the cluster's domain", "`privateZone` in manifests/cluster-dns-02-config.yml; `platform.aws.hostedZone`"),
    "PublicHostedZoneId": ("Public zone of the base domain", "`publicZone` in manifests/cluster-dns-02-config.yml"),
    "PublicHostedZoneNameServers": ("Name servers of the public zone", "an NS record in the domain above"),
    "PublicRecordsByHand": ("Records to make in the public DNS", "whoever runs that DNS"),
    "PrivateRecordsByHand": ("Records to make in the machines' DNS", "whoever runs that DNS"),
    "MasterInstanceProfile": ("Instance profile of the control plane", "the control plane's machines"),
    "WorkerInstanceProfile": ("Instance profile of the compute machines", "the compute machines"),
    "BootstrapInstanceProfile": ("Instance profile of the bootstrap machine", "the bootstrap machine"),
    "BootstrapIgnitionLocation": ("Where bootstrap.ign lies", "`ignition.config.replace.source` in the bootstrap machine's user data"),
    "BootstrapIgnitionSha512": ("Its digest, in hexadecimal", "`ignition.config.replace.verification.hash`, after `sha512-`"),
    "BootstrapIgnitionFetch": ("`presigned-url`, where the bootstrap role may not read S3", "a hint: use a presigned URL as source"),
    "NoProxy": ("Names that endpoints answer for", "`proxy.noProxy` in install-config.yaml"),
    "ServiceEndpoints": ("Addresses of services, as the plan has them", "`platform.aws.serviceEndpoints` in install-config.yaml"),
    "NetworkOwnerCommands": ("Commands that tag subnets of another account", "[the owner of the network](../how-to/shared-network.md)"),
    "EndpointsToAdd": ("Services that the cluster calls and no endpoint leads to, each with what helps without it", "`openshift.endpoints` in the plan"),
    "AdditionalTrustBundle": ("The file of certificates by which AWS is trusted here", "its text: `additionalTrustBundle` in install-config.yaml"),
    "AdditionalTrustBundlePolicy": ("`Always`: not only behind a proxy", "`additionalTrustBundlePolicy` in install-config.yaml"),
}  # fmt: skip
"""What each is, and where it goes, by its name."""


def page() -> str:
    """The page, as Markdown."""
    rows = ((anchored(name, code(name)), what, where) for name, (what, where) in OUTPUTS.items())
    return f"""# Outputs

`ocpprov outputs PLAN` shows those that the plan has; `ocpprov outputs NAME` prints one value. Names are those of the outputs of Red Hat's
CloudFormation templates, where these have one. With `--json` an output of several values is an array. The same lie in `outputs.json` in the run folder.

{table(("output", "what it is", "where it goes"), rows)}"""
