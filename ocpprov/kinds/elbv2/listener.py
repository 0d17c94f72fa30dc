"""AWS::ElasticLoadBalancingV2::Listener."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, Final

from ocpprov.engine.bound import strings
from ocpprov.engine.kind_facts import Property, UniqueKey
from ocpprov.engine.resources import Created, Live
from ocpprov.engine.values import Value
from ocpprov.kinds.contract import CreateRequest, Lingering, Permissions
from ocpprov.kinds.ec2.common import TAGS, given, ids_in
from ocpprov.kinds.elbv2.common import (
    LISTENER,
    LOAD_BALANCER,
    ElbV2Kind,
    ids_worth_details,
    tag_reads,
    tags_by_arn,
    with_integers,
)
from ocpprov.kinds.reads import Found, Pages, Read, read

if TYPE_CHECKING:
    from ocpprov.aws.clients import Clients

FORWARD_CONFIG: Final = Property(
    "ForwardConfig",
    "object",
    properties=(
        Property(
            "TargetGroups",
            "list",
            required=True,
            items=Property(
                "TargetGroupTuple",
                "object",
                properties=(
                    Property("TargetGroupArn", "string", required=True, documentation="The group."),
                    Property("Weight", "integer", minimum=0, maximum=999, documentation="Its share of the traffic."),
                ),
            ),
            documentation="The groups that share the traffic.",
        ),
    ),
    may_be_absent=True,
    documentation="Several groups, by weight. Either this or TargetGroupArn.",
)

# As CloudFormation's schema has it, only the balancer is create-only; ModifyListener takes the rest.
PROPERTIES: Final = (
    Property(
        "LoadBalancerArn", "string", required=True, create_only=True, documentation="The balancer that it listens on."
    ),
    Property("Port", "integer", minimum=1, maximum=65535, documentation="The port that it listens on."),
    Property(
        "Protocol",
        "string",
        allowed=("TCP", "TLS", "UDP", "TCP_UDP", "HTTP", "HTTPS"),
        documentation="What it understands.",
    ),
    Property(
        "DefaultActions",
        "list",
        required=True,
        keeps_one=True,
        items=Property(
            "Action",
            "object",
            properties=(
                Property("Type", "string", required=True, allowed=("forward",), documentation="What it does."),
                Property(
                    "TargetGroupArn", "string", may_be_absent=True, documentation="The group that gets the traffic."
                ),
                FORWARD_CONFIG,
                Property(
                    "Order",
                    "integer",
                    minimum=1,
                    maximum=50000,
                    documentation="Its place among several; one forward needs none.",
                ),
            ),
        ),
        documentation="Where the traffic goes.",
    ),
    Property("SslPolicy", "string", documentation="The ciphers and versions that a TLS listener offers."),
    Property(
        "Certificates",
        "list",
        items=Property(
            "Certificate",
            "object",
            properties=(Property("CertificateArn", "string", documentation="The certificate's ARN."),),
        ),
        documentation="The certificate of a TLS listener.",
    ),
    Property(
        "AlpnPolicy",
        "list",
        may_be_absent=True,
        items=Property("AlpnPolicyValue", "string"),
        documentation="The protocols that a TLS listener agrees on.",
    ),
    TAGS,
)
CHANGEABLE: Final = ("Port", "Protocol", "DefaultActions", "SslPolicy", "Certificates", "AlpnPolicy")


class Listener(ElbV2Kind):
    """A port of a balancer, and the group that its traffic goes to. `Ref` gives its ARN.

    Only the listeners of balancers that may be ours are looked at.
    """

    type = LISTENER
    # "Deleting a load balancer also deletes its listeners" (user guides of Network and Application Load Balancers).
    ends_with = "LoadBalancerArn"
    # Target groups are in use for some seconds more (pulumi/pulumi#5900, cloud-custodian/cloud-custodian#3559).
    lingers = Lingering(("AWS::ElasticLoadBalancingV2::TargetGroup",), seconds=5)
    tells = ("Protocol", "Port")
    properties = PROPERTIES
    attributes = ("ListenerArn",)
    tags_may_follow = True
    permissions = Permissions(
        read=("elasticloadbalancing:DescribeListeners", "elasticloadbalancing:DescribeTags"),
        create=("elasticloadbalancing:CreateListener", "elasticloadbalancing:AddTags"),
        update=(
            "elasticloadbalancing:ModifyListener",
            "elasticloadbalancing:AddTags",
            "elasticloadbalancing:RemoveTags",
        ),
        delete=("elasticloadbalancing:DeleteListener",),
    )
    exclusive_sort = "listeners"
    bound_by = ("LoadBalancerArn", "Port")

    def reads(self, found: Found) -> Sequence[Read]:
        return [
            *(
                read("elbv2", "describe_listeners", LoadBalancerArn=arn)
                for arn in ids_worth_details(found, LOAD_BALANCER)
            ),
            *tag_reads(found.ids(self.type)),
        ]

    def by_id(self, id: str) -> Read | None:
        return read("elbv2", "describe_listeners", ListenerArns=[id])

    def parse(self, pages: Pages) -> Sequence[Live]:
        tags = tags_by_arn(pages)
        listed = pages.with_read("elbv2", "describe_listeners", "Listeners")
        by_arn = {item["ListenerArn"]: (made.arguments().get("LoadBalancerArn"), item) for made, item in listed}
        return [_live(balancer, item, tags.get(arn, {})) for arn, (balancer, item) in by_arn.items()]

    def create(self, clients: Clients, request: CreateRequest) -> Created:
        wanted: Mapping[str, Any] = self.normalise(request.properties)
        answer = clients.elbv2.create_listener(
            LoadBalancerArn=wanted["LoadBalancerArn"],
            **given(wanted, *CHANGEABLE),
            **request.tag_argument(),
        )
        arn = answer["Listeners"][0]["ListenerArn"]
        return Created(arn, {"ListenerArn": arn})

    def update(self, clients: Clients, live: Live, desired: Mapping[str, Any], changed: Sequence[str]) -> None:
        wanted: Mapping[str, Any] = self.normalise(desired)
        # Protocol, certificate and policy are only valid together, so all of them go along.
        clients.elbv2.modify_listener(ListenerArn=live.id, **given(wanted, *CHANGEABLE))

    def delete(self, clients: Clients, live: Live) -> None:
        clients.elbv2.delete_listener(ListenerArn=live.id)

    def normalise(self, properties: Mapping[str, Value]) -> Mapping[str, Value]:
        wanted = with_integers(properties, "Port")
        actions = wanted.get("DefaultActions")
        if isinstance(actions, Sequence) and not isinstance(actions, str):
            wanted["DefaultActions"] = [_action(action) for action in actions]
        return wanted

    def bound_parts(self, properties: Mapping[str, Value]) -> Sequence[str] | None:
        place = strings(properties, ("LoadBalancerArn", "Port"))
        return None if place is None or len(place) < 2 else [":".join(place)]

    def unique(self, properties: Mapping[str, Value]) -> Sequence[UniqueKey]:
        balancer, port = properties.get("LoadBalancerArn"), properties.get("Port")
        known = isinstance(balancer, str) and isinstance(port, int | str)
        return [("listener", str(balancer), str(port))] if known else []

    def references(self, live: Live) -> Sequence[str]:
        actions: Any = live.properties.get("DefaultActions", ())
        groups = [arn for action in actions for arn in _target_groups(action)]
        return list(dict.fromkeys([*ids_in(live, "LoadBalancerArn"), *groups]))


def _action(action: Value) -> Value:
    """An action in its one form: a single group as TargetGroupArn, several as ForwardConfig. AWS answers with both."""
    if not isinstance(action, Mapping):
        return action
    rest = {name: value for name, value in action.items() if name not in ("ForwardConfig", "TargetGroupArn")}
    config = action.get("ForwardConfig")
    groups = config.get("TargetGroups") if isinstance(config, Mapping) else None
    if not isinstance(groups, Sequence) or isinstance(groups, str) or not groups:
        return action
    if len(groups) == 1 and isinstance(groups[0], Mapping):
        return {**rest, "TargetGroupArn": groups[0].get("TargetGroupArn")}
    return {**rest, "ForwardConfig": {"TargetGroups": list(groups)}}


def _target_groups(action: Mapping[str, Any]) -> list[str]:
    several = [group["TargetGroupArn"] for group in action.get("ForwardConfig", {}).get("TargetGroups", ())]
    return [action["TargetGroupArn"]] if action.get("TargetGroupArn") else several


def _says_where(action: Mapping[str, Any]) -> bool:
    """Whether an action that forwards says to which groups, as it always does."""
    return action.get("Type") != "forward" or bool(_target_groups(action))


def _live(balancer: str | None, item: Mapping[str, Any], tags: Mapping[str, str]) -> Live:
    """`balancer` is the one whose listeners were asked for; None where this one was."""
    actions = item.get("DefaultActions", ())
    known = "DefaultActions" in item and all(map(_says_where, actions))
    return Live(
        type=LISTENER,
        id=item["ListenerArn"],
        properties={
            **({"LoadBalancerArn": balancer} if balancer else {}),
            **given(item, "LoadBalancerArn", "Port", "Protocol", "SslPolicy", "Certificates", "AlpnPolicy"),
            **({"DefaultActions": [_action(action) for action in actions]} if known else {}),
        },
        attributes={"ListenerArn": item["ListenerArn"]},
        tags=tags,
    )
