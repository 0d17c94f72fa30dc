"""A classic balancer's listeners, health check and attributes: the plan's words, the API's, and the calls that set
them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, Final

from ocpprov.engine.kind_facts import ListRule, Property
from ocpprov.engine.resources import Live
from ocpprov.engine.values import Value, text
from ocpprov.kinds.ec2.common import given

if TYPE_CHECKING:
    from mypy_boto3_elb.type_defs import ListenerTypeDef

    from ocpprov.aws.clients import Clients

PORT: Final = r"[0-9]{1,5}"

LISTENERS: Final = Property(
    "Listeners",
    "list",
    required=True,
    list_rule=ListRule.CONTAINS,
    items=Property(
        "Listener",
        "object",
        properties=(
            Property("LoadBalancerPort", "string", required=True, pattern=PORT, documentation="The balancer's port."),
            Property("InstancePort", "string", required=True, pattern=PORT, documentation="The instances' port."),
            Property(
                "Protocol",
                "string",
                required=True,
                allowed=("TCP", "SSL", "HTTP", "HTTPS"),
                documentation="What the balancer understands.",
            ),
            Property(
                "InstanceProtocol",
                "string",
                allowed=("TCP", "SSL", "HTTP", "HTTPS"),
                documentation="What the instances get; the same when not given.",
            ),
            Property(
                "SSLCertificateId",
                "string",
                may_be_absent=True,
                documentation="The certificate's ARN, for SSL and HTTPS.",
            ),
        ),
    ),
    documentation="The ports, and where their traffic goes. Listeners that others add stay.",
)
HEALTH_CHECK: Final = Property(
    "HealthCheck",
    "object",
    after_create=True,
    properties=(
        Property("Target", "string", required=True, documentation="Protocol, port and path: HTTPS:6443/readyz."),
        Property("Interval", "string", required=True, documentation="Seconds from check to check."),
        Property("Timeout", "string", required=True, documentation="Seconds until a check has failed."),
        Property("HealthyThreshold", "string", required=True, documentation="Successes that make one healthy."),
        Property("UnhealthyThreshold", "string", required=True, documentation="Failures that make one unhealthy."),
    ),
    documentation="How instances are checked.",
)
PROPERTIES: Final = (
    LISTENERS,
    HEALTH_CHECK,
    Property("CrossZone", "boolean", after_create=True, documentation="Whether it sends traffic to other zones."),
    Property(
        "ConnectionDrainingPolicy",
        "object",
        after_create=True,
        properties=(
            Property("Enabled", "boolean", required=True, documentation="Whether open connections are let finish."),
            Property("Timeout", "integer", documentation="Seconds that they get."),
        ),
        documentation="What becomes of the connections of an instance that goes.",
    ),
    Property(
        "ConnectionSettings",
        "object",
        after_create=True,
        properties=(
            Property(
                "IdleTimeout", "integer", required=True, minimum=1, maximum=4000, documentation="Seconds of silence."
            ),
        ),
        documentation="When a silent connection is closed.",
    ),
)
# CloudFormation's name, by the API's name of the attribute.
_ATTRIBUTES: Final[Mapping[str, str]] = {
    "CrossZone": "CrossZoneLoadBalancing",
    "ConnectionDrainingPolicy": "ConnectionDraining",
    "ConnectionSettings": "ConnectionSettings",
}


def update(clients: Clients, live: Live, wanted: Mapping[str, Any], changed: Sequence[str]) -> None:
    """Set the listeners, the health check and the attributes that are named in `changed`."""
    if "Listeners" in changed:
        _set_listeners(clients, live, wanted["Listeners"])
    if "HealthCheck" in changed:
        clients.elb.configure_health_check(LoadBalancerName=live.id, HealthCheck=_api_check(wanted["HealthCheck"]))
    attributes: Any = {api: wanted[name] for name, api in _ATTRIBUTES.items() if name in changed}
    if "CrossZone" in changed:
        attributes["CrossZoneLoadBalancing"] = {"Enabled": wanted["CrossZone"]}
    if attributes:
        clients.elb.modify_load_balancer_attributes(LoadBalancerName=live.id, LoadBalancerAttributes=attributes)


def normalise(properties: Mapping[str, Value]) -> dict[str, Value]:
    """The plan's listeners and health check in the shape of live ones, as far as they are known."""
    wanted = dict(properties)
    listeners, check = wanted.get("Listeners"), wanted.get("HealthCheck")
    if isinstance(listeners, Sequence) and not isinstance(listeners, str):
        wanted["Listeners"] = [_listener(item) if isinstance(item, Mapping) else item for item in listeners]
    if isinstance(check, Mapping):
        wanted["HealthCheck"] = {name: _as_text(value) for name, value in check.items()}
    return wanted


def live_listener(listener: Mapping[str, Any]) -> Mapping[str, Value]:
    """A listener of the API in the plan's words."""
    return _listener(
        given(listener, "LoadBalancerPort", "InstancePort", "Protocol", "InstanceProtocol", "SSLCertificateId")
    )


def live_attributes(attributes: Mapping[str, Any]) -> dict[str, Value]:
    """The API's attributes in the plan's words; those that weren't read are left out."""
    live: dict[str, Value] = {name: attributes[api] for name, api in _ATTRIBUTES.items() if api in attributes}
    if "CrossZone" in live:
        live["CrossZone"] = attributes["CrossZoneLoadBalancing"]["Enabled"]
    return live


def api_listeners(listeners: Sequence[Mapping[str, Any]]) -> list[ListenerTypeDef]:
    """Listeners as the API takes them, ports as numbers."""
    ports = ("LoadBalancerPort", "InstancePort")
    api: Any = [{**listener, **{port: int(listener[port]) for port in ports}} for listener in listeners]
    return list(api)


def _listener(listener: Mapping[str, Value]) -> Mapping[str, Value]:
    """Ports as text, as CloudFormation has them; protocols in capitals, the instances' one filled in."""
    known = {name: _as_text(value) for name, value in listener.items()}
    protocols = {
        name: value.upper() for name in ("Protocol", "InstanceProtocol") if isinstance(value := known.get(name), str)
    }
    same = {"InstanceProtocol": protocols["Protocol"]} if "Protocol" in protocols else {}
    return {**same, **known, **protocols}


def _as_text(value: Value) -> Value:
    return text(value) if isinstance(value, int) else value


def _api_check(check: Mapping[str, Any]) -> Any:
    return {name: value if name == "Target" else int(value) for name, value in check.items()}


def _set_listeners(clients: Clients, live: Live, wanted: Sequence[Mapping[str, Any]]) -> None:
    """A port has one listener, so those that change go before the others come."""
    present: Any = live.properties.get("Listeners", ())
    surplus = [int(listener["LoadBalancerPort"]) for listener in present if listener not in wanted]
    missing = [listener for listener in wanted if listener not in present]
    if surplus:
        clients.elb.delete_load_balancer_listeners(LoadBalancerName=live.id, LoadBalancerPorts=surplus)
    if missing:
        clients.elb.create_load_balancer_listeners(LoadBalancerName=live.id, Listeners=api_listeners(missing))
