"""AWS's own words for what stops traffic: the explanation codes of VPC Reachability Analyzer
(docs.aws.amazon.com/vpc/latest/reachability/explanation-codes.html)."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from typing import Final


class ExplanationCode(StrEnum):
    """Those that a verdict can have."""

    BAD_STATE = "BAD_STATE"
    BAD_STATE_ROUTE = "BAD_STATE_ROUTE"
    ELB_LISTENERS_MISMATCH = "ELB_LISTENERS_MISMATCH"
    ELB_NOT_CROSSZONE = "ELB_NOT_CROSSZONE"
    ELBV2_LISTENER_HAS_NO_TG = "ELBV2_LISTENER_HAS_NO_TG"
    ELBV2_LISTENERS_MISMATCH = "ELBV2_LISTENERS_MISMATCH"
    ELBV2_NO_TARGETS_IN_AZ = "ELBV2_NO_TARGETS_IN_AZ"
    ENI_SG_RULES_MISMATCH = "ENI_SG_RULES_MISMATCH"
    IGW_DESTINATION_ADDRESS_NOT_IN_RFC1918_EGRESS = "IGW_DESTINATION_ADDRESS_NOT_IN_RFC1918_EGRESS"
    IGW_DESTINATION_ADDRESS_NOT_IN_RFC6598_EGRESS = "IGW_DESTINATION_ADDRESS_NOT_IN_RFC6598_EGRESS"
    IGW_PRIVATE_IP_ASSOCIATION_FOR_INGRESS = "IGW_PRIVATE_IP_ASSOCIATION_FOR_INGRESS"
    IGW_PUBLIC_IP_ASSOCIATION_FOR_EGRESS = "IGW_PUBLIC_IP_ASSOCIATION_FOR_EGRESS"
    NO_ROUTE_TO_DESTINATION = "NO_ROUTE_TO_DESTINATION"
    SG_HAS_NO_RULES = "SG_HAS_NO_RULES"
    SUBNET_ACL_RESTRICTION = "SUBNET_ACL_RESTRICTION"


class OwnCode(StrEnum):
    """What AWS has no code for: its analyzer looks at packets, not at names and policies."""

    DNS_ATTRIBUTE = "dns-attribute"
    DNS_NO_ENDPOINT = "dns-no-endpoint"
    DNS_NO_RECORD = "dns-no-record"
    DNS_NO_SERVER = "dns-no-server"
    DNS_NO_ZONE = "dns-no-zone"
    DNS_OTHER_TARGET = "dns-other-target"
    ENDPOINT_POLICY = "endpoint-policy"
    HAIRPIN = "hairpin"


_ONE_HOP: Final = "said of the route that is used instead, as what that one leads to"
_SEEN_FROM_WITHIN: Final = "about traffic that comes in through the gateway"
_NOT_READ: Final = "transit gateways' own tables aren't read: the verdict says that it ends there"
_FILTERS: Final = "about filters of a path, and there are none"
_NO_SUCH_PART: Final = "no flow of a cluster goes there"

NOT_GIVEN: Final[Mapping[str, str]] = {
    "BAD_STATE_ATTACHMENT": "an internet gateway that isn't attached leaves a route that doesn't work: BAD_STATE_ROUTE",
    "BAD_STATE_VPN": "VPN connections aren't read: the verdict says that it ends at the gateway",
    "CANNOT_ROUTE": _ONE_HOP,
    "ELB_ACL_RESTRICTION": "the subnet's ACL is said as SUBNET_ACL_RESTRICTION",
    "ELB_INSTALLED_AZ_RESTRICTION": "said as ELB_NOT_CROSSZONE, with the zone that has no targets",
    "ELB_LISTENER_PORT_RESTRICTION": "said as ELB_LISTENERS_MISMATCH: the port that is asked for counts",
    "ELBV2_LISTENER_PORT_RESTRICTION": "said as ELBV2_LISTENERS_MISMATCH: the port that is asked for counts",
    "ELBV2_LISTENER_REQUIRES_TG_ACCEPT": "said of what stops the traffic between balancer and target",
    "ELBV2_SOURCE_ADDRESS_PRESERVATION": "targets are judged by the address that they see",
    "ENI_ADDRESS_RESTRICTION": "a place is judged by its own addresses",
    "ENI_SOURCE_DEST_CHECK_RESTRICTION": "machines that forward aren't judged: the verdict says that it ends there",
    "FIREWALL_RULES_RESTRICTION": "Network Firewall's rules aren't read: the verdict says that it ends there",
    "GATEWAY_REJECTS_SPOOFED_TRAFFIC": "a place is judged by its own addresses",
    "GWLB_DESTINATION_PORT_RESTRICTION": _NO_SUCH_PART,
    "GWLB_PROTOCOL_RESTRICTION": _NO_SUCH_PART,
    "HIGHER_PRIORITY_ROUTE": _ONE_HOP,
    "IGW_DESTINATION_ADDRESS_IN_VPC_CIDRS": _SEEN_FROM_WITHIN,
    "IGW_NAT_REFLECTION": "a path ends at the internet gateway",
    "IGW_SOURCE_ADDRESS_NOT_IN_RFC1918_INGRESS": _SEEN_FROM_WITHIN,
    "IGW_SOURCE_ADDRESS_NOT_IN_RFC6598_INGRESS": _SEEN_FROM_WITHIN,
    "INGRESS_RTB_NO_PUBLIC_IP": "tables of gateways aren't read",
    "INGRESS_RTB_TRAFFIC_REDIRECTION": "tables of gateways aren't read",
    "MORE_SPECIFIC_ROUTE": _ONE_HOP,
    "NGW_DEST_ADDRESS_PRESERVATION": "a NAT gateway is followed to what its own table has",
    "NGW_REQUIRES_SOURCE_IN_VPC": "all sources are in the VPC",
    "NGW_SOURCE_ADDRESS_REASSIGN": "a NAT gateway is followed with its own subnet's addresses",
    "NO_POSSIBLE_DESTINATION": "the verdict says what the traffic is handed to, and that it ends there",
    "PCX_REQUIRES_ADDRESS_IN_VPC_CIDR": "the other VPC isn't read: the verdict says that it ends there",
    "PROTOCOL_RESTRICTION": _NO_SUCH_PART,
    "REGIONAL_NGW_ROUTE_AZ_RESTRICTION": "regional NAT gateways aren't told apart",
    "REMAP_EPHEMERAL_PORT": "answers are judged by the ports that the sender uses",
    "SG_REFERENCES_NOT_PRESERVED": "rules that name a group count for members in the same VPC only",
    "SG_REFERENCING_SUPPORT": "rules that name a group count for members in the same VPC only",
    "TARGET_ADDRESS_RESTRICTION": "traffic is judged as far as the registered targets",
    "TARGET_PORT_RESTRICTION": "traffic is judged as far as the registered targets",
    "TGW_ATTACH_MISSING_TGW_RTB_ASSOCIATION": _NOT_READ,
    "TGW_ATTACH_VPC_AZ_RESTRICTION": _NOT_READ,
    "TGW_BAD_STATE_VPN": _NOT_READ,
    "TGW_ROUTE_AZ_RESTRICTION": _NOT_READ,
    "TGW_RTB_BAD_STATE_ROUTE": _NOT_READ,
    "TGW_RTB_CANNOT_ROUTE": _NOT_READ,
    "TGW_RTB_HIGHER_PRIORITY_ROUTE": _NOT_READ,
    "TGW_RTB_MORE_SPECIFIC_ROUTE": _NOT_READ,
    "TGW_RTB_NO_ROUTE_TO_TGW_ATTACHMENT": _NOT_READ,
    "TGW_RTB_ROUTES_ARE_UNKNOWN": _NOT_READ,
    "UNKNOWN_DESTINATION": "the verdict says what isn't known",
    "UNKNOWN_PEERED_SGS": "the other VPC isn't read: the verdict says that it ends there",
    "UNKNOWN_RESOURCE": "the verdict says what isn't known",
    "VGW_PRIVATE_IP_ASSOCIATION_FOR_EGRESS": "a place is judged by its own addresses",
    "VGW_PRIVATE_IP_ASSOCIATION_FOR_INGRESS": "about traffic that comes in through the gateway",
    "VPC_BLOCK_PUBLIC_ACCESS_ENABLED": "block public access isn't read",
    "VPC_LOCAL_ROUTE_CIDR_RESTRICTION": _ONE_HOP,
    "VPCE_GATEWAY_EGRESS_SOURCE_ADDRESS_RESTRICTION": "an answer comes from where the request went",
    "VPCE_GATEWAY_PROTOCOL_RESTRICTION": _NO_SUCH_PART,
    "VPCE_INTRA_VPC_TRAFFIC": "endpoints are where traffic goes to, never where it begins",
    "VPCE_SERVICE_NOT_INSTALLED_IN_AZ": "an endpoint is judged in the zones where it stands",
    "DISCONNECTED_VPCS": "a path begins in the VPC that is judged",
    "NO_PATH": "the verdict has the hop that stops it",
    "NO_SOURCE_OR_DESTINATION": "both are values that are given",
    "UNASSOCIATED_COMPONENT": "a path begins in the VPC that is judged",
    "UNSUPPORTED_COMPONENT": "the verdict says what the traffic is handed to, and that it ends there",
    "COMPONENT_FILTER_RESTRICTION": _FILTERS,
    "COMPONENT_FILTER_RESTRICTION_REMOVED_COMPONENT": _FILTERS,
    "FILTER_AT_DESTINATION_DESTINATION_ADDRESS": _FILTERS,
    "FILTER_AT_DESTINATION_DESTINATION_PORT_RANGE": _FILTERS,
    "FILTER_AT_DESTINATION_PROTOCOL": _FILTERS,
    "FILTER_AT_DESTINATION_SOURCE_ADDRESS": _FILTERS,
    "FILTER_AT_DESTINATION_SOURCE_PORT_RANGE": _FILTERS,
    "FILTER_AT_SOURCE_DESTINATION_ADDRESS": _FILTERS,
    "FILTER_AT_SOURCE_DESTINATION_PORT_RANGE": _FILTERS,
    "FILTER_AT_SOURCE_PROTOCOL": _FILTERS,
    "FILTER_AT_SOURCE_SOURCE_ADDRESS": _FILTERS,
    "FILTER_AT_SOURCE_SOURCE_PORT_RANGE": _FILTERS,
    "IGW_EXPECTS_PUBLIC_ADDRESS": _FILTERS,
}
"""Those that none has, each with the reason."""
