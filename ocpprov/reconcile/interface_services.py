"""Services of AWS that put network interfaces of their own into other people's subnets, and how one of these is known.

AWS documents few of the descriptions. A row says where it is from and how far to trust it; an interface that fits none
is still known as some service's, by who asked for it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

_FILTERS: Final = "EC2 API Reference, DescribeNetworkInterfaces (interface-type)"
_TERRAFORM: Final = "hashicorp/terraform-provider-aws internal/service/ec2/vpc_network_interface.go"
_INVENTORIES: Final = "inventories of interfaces in public repositories, several alike"


@dataclass(frozen=True)
class ManagingService:
    """One service. `begins`: how descriptions of its interfaces begin; `types`: their `InterfaceType`; `requesters`:
    their `RequesterId`, or the owner of their attachment. One of the three has to fit. `step` is what to do about it;
    `lingers`: an interface that isn't in use any more goes by itself, in its own time. `trust` is documented, source
    or memory."""

    what: str
    step: str
    source: str
    trust: str
    begins: Sequence[str] = ()
    types: Sequence[str] = ()
    requesters: Sequence[str] = ()
    lingers: bool = False

    def made(self, description: str, type: str, requester: str) -> bool:
        """Whether an interface that is described so is one of its own."""
        return type in self.types or requester in self.requesters or description.startswith(tuple(self.begins))


SERVICES: Final = (
    ManagingService(
        "a mount target of EFS",
        "delete the file system's mount target in EFS",
        _FILTERS,
        "documented",
        begins=("EFS mount target for ",),
        types=("efs",),
    ),
    ManagingService(
        "a Lambda function",
        "delete the function or take it out of the VPC; AWS removes its interface up to 40 minutes later",
        _TERRAFORM,
        "source",
        begins=("AWS Lambda VPC ENI",),
        types=("lambda",),
        lingers=True,
    ),
    ManagingService(
        "a database of RDS, Neptune or DocumentDB",
        "delete the database, or move it to other subnets and groups",
        _INVENTORIES,
        "source",
        begins=("RDSNetworkInterface", "Network interface for DBProxy "),
        requesters=("amazon-rds",),
    ),
    ManagingService(
        "an EKS cluster",
        "delete the EKS cluster",
        _INVENTORIES,
        "source",
        begins=("Amazon EKS ",),
    ),
    ManagingService(
        "a directory of Directory Service",
        "delete the directory",
        "Directory Service Administration Guide, what gets created",
        "documented",
        begins=("AWS created network interface for directory ",),
    ),
    ManagingService(
        "a WorkSpace",
        "delete the WorkSpace",
        _INVENTORIES,
        "source",
        begins=("Created By Amazon Workspaces for AWS Account", "Created By Amazon WorkSpaces for AWS Account"),
    ),
    ManagingService(
        "a cache of ElastiCache",
        "delete the cache",
        _INVENTORIES,
        "source",
        begins=("ElastiCache",),
        requesters=("amazon-elasticache",),
    ),
    ManagingService(
        "a Redshift cluster",
        "delete the cluster",
        _INVENTORIES,
        "source",
        begins=("RedshiftNetworkInterface",),
        requesters=("amazon-redshift",),
    ),
    ManagingService("an OpenSearch domain", "delete the domain", _INVENTORIES, "source", begins=("ES ",)),
    ManagingService(
        "a cluster of MSK",
        "delete the cluster",
        _INVENTORIES,
        "source",
        begins=("Amazon MSK network interface for cluster ",),
    ),
    ManagingService(
        "a task of ECS",
        "stop the task, and the service that starts it anew",
        _INVENTORIES,
        "source",
        begins=("arn:aws:ecs:", "arn:aws-us-gov:ecs:", "arn:aws-cn:ecs:"),
    ),
    ManagingService(
        "an endpoint of Route 53 Resolver",
        "delete the resolver's endpoint",
        _INVENTORIES,
        "source",
        begins=("Route 53 Resolver: ",),
    ),
    ManagingService(
        "a replication instance of DMS", "delete it", _INVENTORIES, "source", begins=("DMSNetworkInterface",)
    ),
    ManagingService(
        "a job of Glue", "delete Glue's connection", _INVENTORIES, "source", begins=("Attached to Glue using role",)
    ),
    ManagingService(
        "something of SageMaker",
        "delete the domain, notebook or endpoint in SageMaker",
        _INVENTORIES,
        "source",
        begins=("[DO NOT DELETE] ENI managed by SageMaker",),
    ),
    ManagingService("EMR", "terminate the cluster", _INVENTORIES, "source", begins=("AWS ElasticMapReduce",)),
    ManagingService(
        "a link of API Gateway", "delete the VPC link", _FILTERS, "documented", types=("api_gateway_managed",)
    ),
    ManagingService("QuickSight", "delete its VPC connection", _FILTERS, "documented", types=("quicksight",)),
    ManagingService(
        "an EC2 Instance Connect endpoint",
        "delete that endpoint",
        _FILTERS,
        "documented",
        types=("ec2_instance_connect_endpoint",),
    ),
    ManagingService(
        "Global Accelerator",
        "take what it leads to out of the accelerator",
        _FILTERS,
        "documented",
        types=("global_accelerator_managed",),
    ),
    ManagingService(
        "a rule of IoT", "delete the rule's destination", _FILTERS, "documented", types=("iot_rules_managed",)
    ),
    ManagingService(
        "a CodeConnections host",
        "delete the host",
        _FILTERS,
        "documented",
        types=("aws_codestar_connections_managed",),
    ),
    ManagingService("a VMware environment of EVS", "delete the environment", _FILTERS, "documented", types=("evs",)),
)
