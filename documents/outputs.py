"""Reference of outputs: what each is, and where it goes."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from documents.markdown import anchored, code, table
from ocpprov.commands.output_request import OutputFormat

_MACHINES: Final = "the machines that you make"
_TEMPLATES: Final = "parameters of Red Hat's CloudFormation templates, and your own automation"
_LOOK: Final = "for looking things up"
_TARGETS: Final = "parameters of Red Hat's templates; your own automation, where it registers machines itself"

OUTPUTS: Final[Mapping[str, tuple[str, str]]] = {
    "VpcId": ("The VPC", f"{_MACHINES}; {_TEMPLATES}"),
    "PublicSubnetIds": ("Public subnets, in zone order", "`platform.aws.subnets` in install-config.yaml (from 4.19 on `platform.aws.vpc.subnets`), if publish is External"),
    "PrivateSubnetIds": ("Private subnets, in zone order", f"`platform.aws.subnets` in install-config.yaml (from 4.19 on `platform.aws.vpc.subnets`); {_MACHINES}"),
    "Subnets": ("Zone and block of each subnet; with `--json` `{id, zone, cidr, public}`", "reserved addresses, machines in zones, whoever checks the ids"),
    "ControlPlaneAddresses": ("Addresses of the control plane's machines: as the plan names them, as they stand, or proposed: the first free ones of the private subnets, the same each time", "`--private-ip-address` of the machines that you start, and `controlPlane.addresses`, [before they are there](../how-to/machines.md#addresses-before-there-are-machines)"),
    "BootstrapAddress": ("The same of the bootstrap machine", "the same, and `bootstrap.address`"),
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
    "PrivateHostedZoneRole": ("Role by which a private zone of another account is written", "`platform.aws.hostedZoneRole` in install-config.yaml"),
    "PublicHostedZoneId": ("Public zone of the base domain", "`publicZone` in manifests/cluster-dns-02-config.yml"),
    "PublicHostedZoneNameServers": ("Name servers of the public zone", "an NS record in the domain above"),
    "PublicRecordsByHand": ("Records to make in the public DNS", "whoever runs that DNS"),
    "PrivateRecordsByHand": ("Records to make in the machines' DNS", "whoever runs that DNS"),
    "MasterInstanceProfile": ("Instance profile of the control plane", "the control plane's machines"),
    "WorkerInstanceProfile": ("Instance profile of the compute machines", "the compute machines"),
    "BootstrapInstanceProfile": ("Instance profile of the bootstrap machine", "the bootstrap machine"),
    "BootstrapIgnitionLocation": ("Where bootstrap.ign lies", "`ignition.config.replace.source` in the bootstrap machine's user data"),
    "BootstrapIgnitionSha512": ("Its digest, in hexadecimal", "`ignition.config.replace.verification.hash`, after `sha512-`"),
    "BootstrapIgnitionFetch": ("`presigned-url`, where the bootstrap role may not read S3, S3 has an address of the plan's own, or a proxy alone leads to it", "a hint: `--format ignition-pointer --presign 1h`"),
    "NoProxy": ("Names that endpoints answer for", "`proxy.noProxy` in install-config.yaml"),
    "ServiceEndpoints": ("Addresses of services, as the plan has them", "`platform.aws.serviceEndpoints` in install-config.yaml"),
    "NetworkOwnerCommands": ("Commands that tag subnets of another account", "[the owner of the network](../how-to/shared-network.md)"),
    "EndpointsToAdd": ("Services that the cluster calls and no endpoint leads to, each with what helps without it", "`openshift.endpoints` in the plan"),
    "AdditionalTrustBundle": ("The file of certificates by which AWS is trusted here; that of `AWS_CA_BUNDLE` only where the cluster meets them: with https addresses or a proxy in the plan, or in an isolated partition", "its text: `additionalTrustBundle` in install-config.yaml"),
    "AdditionalTrustBundlePolicy": ("`Always`: not only behind a proxy", "`additionalTrustBundlePolicy` in install-config.yaml"),
}  # fmt: skip
"""What each is, and where it goes, by its name."""

FORMATS: Final[Mapping[OutputFormat, tuple[str, str]]] = {
    "table": ("A line for each, of Subnets one for each subnet; the default", "to be read"),
    "json": ("An object; an output of several values is an array (as `--json`)", "programs"),
    "env": ("`export OCPPROV_VPC_ID=vpc-…`: names in capitals after `OCPPROV_`, values quoted", "`ocpprov outputs PLAN --format env > ids.sh`, then `. ./ids.sh` in a shell"),
    "tfvars": ("JSON with the names of variables: `vpc_id`, `private_subnet_ids` (a list)", "`ocpprov.auto.tfvars.json` beside your Terraform code, which declares the variables that it wants (Terraform warns of the others)"),
    "cfn-parameters": ("With `--for 04`, `05` or `06`: the parameters of Red Hat's template 04_cluster_bootstrap, 05_cluster_master_nodes or 06_cluster_worker_node. `--ami` is their RhcosAmi. What only you know is named on stderr", "`aws cloudformation create-stack --parameters file://…`"),
    "install-config": ("YAML: subnets as the plan's release has them (from 4.19 on with roles), and what else of the plan belongs there", "pasted into install-config.yaml"),
    "ignition-pointer": ("A few lines of Ignition that fetch bootstrap.ign, check its digest, and know the plan's proxy and certificates", "the bootstrap machine's user data"),
    "machine-sets": ("A MachineSet for each zone: `--replicas` (else 0), `--ami` (else the word RHCOS_AMI, to be replaced)", "`oc apply -f …`, once the cluster is there"),
}  # fmt: skip
"""What is printed with each, and where it goes."""


def page() -> str:
    """The page, as Markdown."""
    formats = table(
        ("`--format`", "prints", "goes to"), ((code(name), what, where) for name, (what, where) in FORMATS.items())
    )
    rows = ((anchored(name, code(name)), what, where) for name, (what, where) in OUTPUTS.items())
    return f"""# Outputs

`ocpprov outputs PLAN` shows those that the plan has; `ocpprov outputs NAME` prints one value. Names are those of the outputs of Red Hat's
CloudFormation templates, where these have one. With `--json` an output of several values is an array. The same lie in `outputs.json` in the run folder.

## Formats

{formats}
A role reads bootstrap.ign at `s3://`, where it may. `--presign 1h` makes a URL with which anybody reads it without a role, for that long, 7 days at
most, and no longer than the credentials last that have signed it; they need `s3:GetObject` on it. Alone, or with `--json`, it prints the URL; with
`ignition-pointer` and `cfn-parameters --for 04` it stands in place of the location. It is shown once and kept nowhere: treat it as you treat
bootstrap.ign, which has the cluster's keys.

## What there is

{table(("output", "what it is", "where it goes"), rows)}"""
