"""AWS::ElasticLoadBalancing::LoadBalancer: the classic one."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any, Final

from ocpprov.engine.kind_facts import ListRule, Property, UniqueKey
from ocpprov.engine.resources import Created, Live, Resource
from ocpprov.engine.values import Ref, Value, text
from ocpprov.kinds.contract import CreateRequest, Kind, Permissions
from ocpprov.kinds.ec2.common import TAGS, given, sorted_lists, tags_of
from ocpprov.kinds.ec2.implied_needs import gateways_of_balancer
from ocpprov.kinds.elb import settings
from ocpprov.kinds.elb.instance import CLASSIC, INSTANCE, described_balancers
from ocpprov.kinds.elb.lingering_interface import INTERFACES_OF_BALANCER
from ocpprov.kinds.elbv2.common import (
    NAME_LIMIT,
    NAME_PATTERN,
    ids_worth_details,
    ids_worth_their_tags,
    shares,
    tag_list,
    vpc_and,
    without_reserved_prefix,
)
from ocpprov.kinds.inline_ids import free_id, words
from ocpprov.kinds.reads import Found, Pages, Read, read

if TYPE_CHECKING:
    from ocpprov.aws.clients import Clients

# As CloudFormation's schema has it: name and scheme. It replaces for subnets and a health check in some cases, which
# the API changes in place.
PROPERTIES: Final = (
    Property(
        "LoadBalancerName",
        "string",
        create_only=True,
        pattern=NAME_PATTERN,
        documentation="Unique among the classic ones of account and region. Generated when not given.",
    ),
    Property(
        "Scheme",
        "string",
        create_only=True,
        default="internet-facing",
        allowed=("internet-facing", "internal"),
        documentation="Whether its name resolves to public addresses.",
    ),
    Property(
        "Subnets",
        "list",
        items=Property("SubnetId", "string"),
        list_rule=ListRule.CONTAINS,
        keeps_one=True,
        once_per="AvailabilityZone",
        documentation="The subnets it stands in, one a zone.",
    ),
    Property(
        "SecurityGroups",
        "list",
        items=Property("SecurityGroupId", "string"),
        list_rule=ListRule.CONTAINS,
        documentation="The groups that it is in.",
    ),
    *settings.PROPERTIES,
    Property(
        "Instances",
        "list",
        list_rule=ListRule.CONTAINS,
        items=Property("InstanceId", "string"),
        documentation="Who gets the traffic. What others register beside is left alone.",
    ),
    TAGS,
)


class ClassicLoadBalancer(Kind):
    """A classic load balancer; `Ref` gives its name. Its instances are resources of their own.

    All are listed, one page for 400; besides, twenty others whose name could be ours cost a call for their tags.
    """

    type = CLASSIC
    billed_as = "load balancer"
    tells = ("Scheme",)
    service = "elb"
    properties = PROPERTIES
    attributes = ("DNSName", "CanonicalHostedZoneName", "CanonicalHostedZoneNameID")
    tags_may_follow = True
    permissions = Permissions(
        read=(
            "elasticloadbalancing:DescribeLoadBalancers",
            "elasticloadbalancing:DescribeLoadBalancerAttributes",
            "elasticloadbalancing:DescribeTags",
        ),
        create=(
            "elasticloadbalancing:CreateLoadBalancer",
            "elasticloadbalancing:AddTags",
            "elasticloadbalancing:DescribeLoadBalancers",
            "elasticloadbalancing:ConfigureHealthCheck",
            "elasticloadbalancing:ModifyLoadBalancerAttributes",
            "iam:CreateServiceLinkedRole",
        ),
        update=(
            "elasticloadbalancing:AttachLoadBalancerToSubnets",
            "elasticloadbalancing:DetachLoadBalancerFromSubnets",
            "elasticloadbalancing:ApplySecurityGroupsToLoadBalancer",
            "elasticloadbalancing:CreateLoadBalancerListeners",
            "elasticloadbalancing:DeleteLoadBalancerListeners",
            "elasticloadbalancing:ConfigureHealthCheck",
            "elasticloadbalancing:ModifyLoadBalancerAttributes",
            "elasticloadbalancing:AddTags",
            "elasticloadbalancing:RemoveTags",
        ),
        delete=("elasticloadbalancing:DeleteLoadBalancer",),
    )
    bound_by = ("LoadBalancerName",)
    name_property = "LoadBalancerName"
    name_limit = NAME_LIMIT
    protected = True
    stands_in = ("Subnets",)
    typical_seconds = 10
    lingers = INTERFACES_OF_BALANCER

    @property
    def bound_as(self) -> str:
        return without_reserved_prefix(self.type)

    def reads(self, found: Found) -> Sequence[Read]:
        names = ids_worth_their_tags(found, self.type, "LoadBalancerName")
        return [
            read("elb", "describe_load_balancers"),
            *(read("elb", "describe_tags", LoadBalancerNames=share) for share in shares(names)),
            *(
                read("elb", "describe_load_balancer_attributes", LoadBalancerName=name)
                for name in ids_worth_details(found, self.type, "LoadBalancerName")
            ),
        ]

    def by_id(self, id: str) -> Read | None:
        return read("elb", "describe_load_balancers", LoadBalancerNames=[id])

    def parse(self, pages: Pages) -> Sequence[Live]:
        """Every classic balancer, other people's too: a name of theirs is one that we can't have."""
        described = pages.items("elb", "describe_tags", "TagDescriptions")
        tags = {item["LoadBalancerName"]: tags_of(item) for item in described}
        documents = pages.documents("elb", "describe_load_balancer_attributes")
        attributes = {made.arguments()["LoadBalancerName"]: page["LoadBalancerAttributes"] for made, page in documents}
        return [
            _live(item, tags.get(name, {}), attributes.get(name, {}))
            for name, item in described_balancers(pages).items()
        ]

    def create(self, clients: Clients, request: CreateRequest) -> Created:
        wanted: Mapping[str, Any] = self.normalise(request.properties)
        name = wanted["LoadBalancerName"]
        # The API knows only the one word; without it the balancer is public.
        scheme = given(wanted, "Scheme") if wanted.get("Scheme") == "internal" else {}
        clients.elb.create_load_balancer(
            LoadBalancerName=name,
            Listeners=settings.api_listeners(wanted["Listeners"]),
            **given(wanted, "Subnets", "SecurityGroups"),
            **scheme,
            **request.tag_argument(),
        )
        # The answer has no zone id, which an alias to it needs at once.
        described = clients.elb.describe_load_balancers(LoadBalancerNames=[name])["LoadBalancerDescriptions"][0]
        return Created(name, _attributes(described))

    def update(self, clients: Clients, live: Live, desired: Mapping[str, Any], changed: Sequence[str]) -> None:
        wanted: Mapping[str, Any] = self.normalise(desired)
        if "Subnets" in changed:
            _set_subnets(clients, live, wanted["Subnets"])
        if "SecurityGroups" in changed:
            clients.elb.apply_security_groups_to_load_balancer(
                LoadBalancerName=live.id, SecurityGroups=wanted["SecurityGroups"]
            )
        settings.update(clients, live, wanted, changed)

    def delete(self, clients: Clients, live: Live) -> None:
        """AWS says success of one that is gone, too."""
        clients.elb.delete_load_balancer(LoadBalancerName=live.id)

    def tag(self, clients: Clients, live_id: str, set_tags: Mapping[str, str], remove: Sequence[str]) -> None:
        if set_tags:
            clients.elb.add_tags(LoadBalancerNames=[live_id], Tags=tag_list(set_tags))
        if remove:
            clients.elb.remove_tags(LoadBalancerNames=[live_id], Tags=[{"Key": key} for key in remove])

    def normalise(self, properties: Mapping[str, Value]) -> Mapping[str, Value]:
        return settings.normalise(properties)

    def unique(self, properties: Mapping[str, Value]) -> Sequence[UniqueKey]:
        name = properties.get("LoadBalancerName")
        return [("classic load balancer", name)] if isinstance(name, str) else []

    def references(self, live: Live) -> Sequence[str]:
        return vpc_and(live, live.properties.get("Subnets"), live.properties.get("SecurityGroups"))

    def implied_needs(self, resource: Resource, resources: Mapping[str, Resource]) -> Iterable[str]:
        return gateways_of_balancer(resource, resources)

    def member(self, name: str, item: Value) -> str | None:
        if name != "Listeners":
            return super().member(name, item)
        port = item.get("LoadBalancerPort") if isinstance(item, Mapping) else None
        return f"listener {port}" if isinstance(port, str) else None

    def expand(self, resource: Resource) -> Sequence[Resource]:
        own = {name: value for name, value in resource.properties.items() if name != "Instances"}
        return [replace(resource, properties=own), *_instances(resource)]


def _instances(balancer: Resource) -> Iterator[Resource]:
    taken: set[str] = set()
    instances = balancer.properties.get("Instances", ())
    for instance in instances if isinstance(instances, Sequence) and not isinstance(instances, str) else ():
        yield Resource(
            logical_id=free_id(f"{balancer.logical_id}/instance {words(instance)}", taken),
            type=INSTANCE,
            properties={"LoadBalancerName": Ref(balancer.logical_id), "InstanceId": instance},
            deletion_policy=balancer.deletion_policy,
            position=balancer.position,
            parent=balancer.logical_id,
        )


def _set_subnets(clients: Clients, live: Live, wanted: Sequence[str]) -> None:
    present: Any = live.properties.get("Subnets", ())
    missing = [subnet for subnet in wanted if subnet not in present]
    surplus = [subnet for subnet in present if subnet not in wanted]
    # Attached first: the last subnet can't be taken away.
    if missing:
        clients.elb.attach_load_balancer_to_subnets(LoadBalancerName=live.id, Subnets=missing)
    if surplus:
        clients.elb.detach_load_balancer_from_subnets(LoadBalancerName=live.id, Subnets=surplus)


def _attributes(item: Mapping[str, Any]) -> dict[str, Value]:
    return given(item, "DNSName", "CanonicalHostedZoneName", "CanonicalHostedZoneNameID")


def _live(item: Mapping[str, Any], tags: Mapping[str, str], attributes: Mapping[str, Any]) -> Live:
    check, listeners = item.get("HealthCheck"), item.get("ListenerDescriptions", ())
    return Live(
        type=CLASSIC,
        id=item["LoadBalancerName"],
        properties={
            "LoadBalancerName": item["LoadBalancerName"],
            **given(item, "Scheme"),
            **({"VpcId": item["VPCId"]} if item.get("VPCId") else {}),
            **sorted_lists(item, "Subnets", "SecurityGroups"),
            **(
                {"Listeners": [settings.live_listener(each["Listener"]) for each in listeners]}
                if "ListenerDescriptions" in item
                else {}
            ),
            **({"HealthCheck": {name: text(value) for name, value in check.items()}} if check else {}),
            **settings.live_attributes(attributes),
        },
        attributes=_attributes(item),
        tags=tags,
    )
