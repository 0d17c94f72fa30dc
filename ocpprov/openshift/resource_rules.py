"""What resources of a plan's second layer must not do to the cluster, or to what the openshift section makes."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from ocpprov.engine.resources import Resource
from ocpprov.engine.values import Ref
from ocpprov.kinds.s3.bucket import Bucket
from ocpprov.openshift import classic, load_balancers
from ocpprov.openshift.dns import PRIVATE_ZONE, PUBLIC_ZONE
from ocpprov.openshift.load_balancers import MACHINE_CONFIG_PORT
from ocpprov.openshift.storage import BUCKET
from ocpprov.plan.generated_names import name_problem
from ocpprov.plan.problems import PlanError
from ocpprov.plan.template_rules import TemplateContext, mappings, outside_its_zone, records

_LISTENER: Final = "AWS::ElasticLoadBalancingV2::Listener"
_BALANCER: Final = "AWS::ElasticLoadBalancingV2::LoadBalancer"
_CLASSIC: Final = "AWS::ElasticLoadBalancing::LoadBalancer"
_EXTERNAL_BALANCERS: Final = (load_balancers.EXTERNAL, classic.EXTERNAL)


def resource_problems(context: TemplateContext) -> Iterator[PlanError]:
    """Everything that is wrong, each at the property's place."""
    for listener in context.of_type(_LISTENER):
        yield from _listener(context, listener)
    for balancer in context.of_type(_CLASSIC):
        yield from _classic(context, balancer)
    yield from _bucket(context)
    domains = _zones_of_the_section(context)
    for record in records(context):
        if isinstance(record.zone, Ref):
            yield from outside_its_zone(context, record, domains.get(record.zone.logical_id, ""))


def _bucket(context: TemplateContext) -> Iterator[PlanError]:
    """The section's own bucket, which is called after the plan where it has no name."""
    section = context.section
    if section is None or BUCKET not in context.made or section.bucket.name:
        return
    if wrong := name_problem(Bucket(), context.name, BUCKET, {}):
        place = section.positions.get("openshift.bucket") or section.positions["openshift.clusterName"]
        yield PlanError(place, "openshift.bucket", wrong[0], "give the bucket a name, or the plan another one")


def _listener(context: TemplateContext, listener: Resource) -> Iterator[PlanError]:
    balancer = listener.properties.get("LoadBalancerArn")
    at_risk = listener.properties.get("Port") == MACHINE_CONFIG_PORT
    if at_risk and isinstance(balancer, Ref) and _faces_the_internet(context, balancer):
        yield _machine_configs(context, listener, "Port", balancer.logical_id)


def _classic(context: TemplateContext, balancer: Resource) -> Iterator[PlanError]:
    ports = [str(row.get("LoadBalancerPort")) for row in mappings(balancer.properties.get("Listeners"))]
    if str(MACHINE_CONFIG_PORT) in ports and _is_external(balancer):
        yield _machine_configs(context, balancer, "Listeners", balancer.logical_id)


def _faces_the_internet(context: TemplateContext, balancer: Ref) -> bool:
    """Whether a balancer is known to be there for everybody."""
    if balancer.logical_id in context.made:
        return balancer.logical_id in _EXTERNAL_BALANCERS
    own = context.template.resources.get(balancer.logical_id)
    return own is not None and own.type in (_BALANCER, _CLASSIC) and _is_external(own)


def _is_external(balancer: Resource) -> bool:
    """Balancers face the internet unless they say otherwise."""
    return balancer.properties.get("Scheme", "internet-facing") == "internet-facing"


def _machine_configs(context: TemplateContext, resource: Resource, key: str, balancer: str) -> PlanError:
    """Machines fetch their configuration there, secrets included: never for anybody outside."""
    message = f"{MACHINE_CONFIG_PORT} on {balancer} would give machine configurations to the internet"
    return context.error(resource, key, message, "put it on the internal load balancer")


def _zones_of_the_section(context: TemplateContext) -> dict[str, str]:
    section = context.section
    if section is None:
        return {}
    domains = {PRIVATE_ZONE: section.cluster_domain, PUBLIC_ZONE: section.base_domain}
    return {name: domain for name, domain in domains.items() if name in context.made}
