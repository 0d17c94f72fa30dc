"""A network of another account, whose owner shares its subnets with this one (AWS Resource Access Manager).

Whom it is shared with may put machines, load balancers and security groups into the subnets, and changes nothing else
(VPC user guide, "Responsibilities and permissions for owners and participants"). So nothing is written to it: what the
cluster needs there is handed over as commands.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from ocpprov.engine.problem import Problem
from ocpprov.engine.suggestion import command_line
from ocpprov.openshift.aws_facts import ExistingSubnet, Facts
from ocpprov.openshift.services import service_of
from ocpprov.plan.model import OpenShift


def shared_network_problems(section: OpenShift, region: str, facts: Facts) -> Iterator[Problem]:
    """What a plan asks for in a network that only its owner may change: paths below the section, each with what is
    wrong there. None for a network of this account."""
    account = facts.network_owner
    if not account:
        return
    whose = f"account {account} owns the VPC"
    if not section.subnets:
        remedy = "have it share subnets with this account, and name them in openshift.subnets"
        yield Problem("vpcID", f"{whose}, and nobody else makes subnets in it", remedy)
    for key, there in {"routeTables": section.route_tables, "transit": section.transit}.items():
        if there:
            remedy = f"leave {key} out, and have the owner make the routes"
            yield Problem(key, f"{whose}, and nobody else changes its route tables", remedy)
    missing = _not_there(section, region, facts)
    if missing and "openshift.endpoints" in section.positions:
        detail = f"{whose}, and nobody else makes endpoints in it: there is none for {', '.join(missing)} to be seen"
        yield Problem("endpoints", detail, "leave them out, and have the owner make them")
    through = section.bucket.only_through_endpoint
    if through and not any(each.service.endswith(".s3") for each in facts.endpoints):
        detail = f"{whose}, and no endpoint of S3 in it is to be seen, through which the bucket could be read"
        yield Problem("bucket", detail, "leave onlyThroughEndpoint out")
    if section.hosted_zone == "create":
        detail = f"{whose}, and Route 53 makes no private zone here for a VPC of another account"
        remedy = "the id of the owner's zone, with hostedZoneRole, or none (the outputs then list the records)"
        yield Problem("hostedZone", detail, remedy)


def _not_there(section: OpenShift, region: str, facts: Facts) -> list[str]:
    """The words of the services that nobody has an endpoint for, as far as AWS shows them."""
    there = {(each.service, each.type) for each in facts.endpoints}
    found = []
    for word in section.endpoints:
        service = service_of(word, region)
        if (facts.service_names.get(service.name, service.name), service.type) not in there:
            found.append(word)
    return found


def owners_subnets(section: OpenShift, facts: Facts) -> list[ExistingSubnet]:
    """The subnets that the plan names and another account owns."""
    known = (facts.subnets[each] for each in section.subnets if each in facts.subnets)
    return [subnet for subnet in known if subnet.owner]


def owner_commands(section: OpenShift, region: str, facts: Facts) -> list[str]:
    """The commands by which the cluster finds the shared subnets. What carries its tag already, as far as AWS shows it,
    isn't tagged again."""
    cluster = f"kubernetes.io/cluster/{section.infra_id}"
    subnets = owners_subnets(section, facts)
    wanted = [
        (f"Key={cluster},Value=shared", [each.id for each in subnets if section.infra_id and cluster not in each.tags])
    ]
    for key, public in (("kubernetes.io/role/elb", True), ("kubernetes.io/role/internal-elb", False)):
        lacking = [each.id for each in subnets if each.public is public and key not in each.tags]
        wanted.append((f"Key={key},Value=1", lacking))
    return [_tag(region, ids, tag) for tag, ids in wanted if ids]


def _tag(region: str, ids: Sequence[str], tag: str) -> str:
    return command_line("aws", "ec2", "create-tags", "--region", region, "--resources", *ids, "--tags", tag)


def owner_notes(section: OpenShift, region: str, facts: Facts) -> Iterator[str]:
    """What a reader of the plan should know of a shared network."""
    subnets = owners_subnets(section, facts)
    if not subnets:
        return
    ids = ", ".join(each.id for each in subnets)
    said = f"account {facts.network_owner} owns {ids}, so nothing is written to them"
    left = owner_commands(section, region, facts)
    yield f"{said}; the output NetworkOwnerCommands has what the owner runs" if left else said
