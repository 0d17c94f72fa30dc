"""What the cluster itself needs to reach AWS: for its install-config.yaml, and beside the plan's endpoints.

Sources: the installation program's list of services that need an endpoint in an unknown region (pkg/types/aws/
validation), the documentation's pages on restricted networks and GovCloud, and what the ingress operator asks.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from ipaddress import IPv4Network
from typing import Final

from ocpprov.aws.partitions import Partition, partition_of
from ocpprov.openshift.endpoints import served_by_others, service_meant, services, unreached
from ocpprov.openshift.layout import Layout
from ocpprov.openshift.services import S3_GATEWAY, S3_INTERFACE, EndpointService, service_of
from ocpprov.plan.model import ITEM_END, AwsSettings, OpenShift, Output

TRUST_BUNDLE: Final = "AdditionalTrustBundle"

_DNS_MANIFEST: Final = "remove privateZone and publicZone from manifests/cluster-dns-02-config.yml"
_TAGGING: Final = "tagging"
_IAM: Final = "iam"
_NEEDED: Final[Mapping[str, str]] = {
    "ec2": "required",
    "elasticloadbalancing": "required",
    "s3": "required for bootstrap.ign and the image registry, as a gateway or an interface",
    "sts": "or give credentials that don't come from STS",
    _IAM: "or set credentialsMode: Manual in install-config.yaml",
    "route53": f"or {_DNS_MANIFEST}",
    _TAGGING: f"or {_DNS_MANIFEST}",
}
"""Every service that a cluster without a way out calls, by the plan's words, and what helps without it."""
CALLED: Final = tuple(_NEEDED)
_ANYWHERE: Final = IPv4Network("0.0.0.0/0")


def cluster_access(layout: Layout, aws: AwsSettings) -> Iterator[Output]:
    """Lines for install-config.yaml, and the endpoints that are still missing."""
    endpoints = service_endpoints(layout, aws)
    if endpoints:
        rows = [{"name": name, "url": url} for name, url in endpoints.items()]
        purpose = "For platform.aws.serviceEndpoints in install-config.yaml"
        yield Output("ServiceEndpoints", json.dumps(rows), purpose, tuple(rows))
    if aws.ca_bundle:
        yield from trust_bundle(aws.ca_bundle)
    missing = dict(_missing(layout, endpoints))
    if missing:
        text = ITEM_END.join(f"{word}: {help}" for word, help in missing.items())
        items = tuple({"service": word, "remedy": help} for word, help in missing.items())
        purpose = "Services that the cluster calls and no endpoint leads to"
        yield Output("EndpointsToAdd", text, purpose, items, by_line=True)


def services_called(section: OpenShift, region: str) -> Sequence[EndpointService]:
    """The services that a plan lists, and those that a cluster calls anyhow: each once, of those whose name in DNS is
    known."""
    called = [_tagging(partition_of(region), region) if word == _TAGGING else word for word in CALLED]
    found = [service_of(word, region) for word in (*section.endpoints, *called)]
    return list({each.logical_id: each for each in found if each.host}.values())


def is_missing(word: str, layout: Layout, aws: AwsSettings) -> bool:
    """Whether nothing leads the machines to a service (by the plan's word for it), unless a proxy does."""
    return word in dict(_missing(layout, service_endpoints(layout, aws)))


def without_endpoint(section: OpenShift, region: str) -> Mapping[str, str]:
    """What helps a cluster without a way out where no endpoint leads to a service that it calls, by the service's
    logical id; empty where there is a way out."""
    if _has_way_out(section):
        return {}
    called = _called(section, partition_of(region), region)
    return {service_of(kind, region).logical_id: help for word, help in called for kind in _kinds(word)}


def trust_bundle(path: str) -> Iterator[Output]:
    """Where the certificates are that AWS's endpoints, or a proxy, are trusted by here: the cluster has to, too."""
    detail = (
        "File whose content additionalTrustBundle in install-config.yaml needs. In C2S it also belongs into "
        "ca-bundle.pem of the config map openshift-config/cloud-provider-config"
    )
    yield Output(TRUST_BUNDLE, path, detail)
    yield Output(f"{TRUST_BUNDLE}Policy", "Always", "For additionalTrustBundlePolicy: not only behind a proxy")


def certificates_needed(aws: AwsSettings, partition: Partition) -> bool:
    """Whether the cluster meets certificates that machines don't trust by themselves: of addresses of the plan's own,
    of a proxy that may replace others', or of a partition that the internet doesn't reach."""
    own = any(each.url.startswith("https://") for each in aws.service_endpoints)
    return own or bool(aws.proxy) or partition.isolated


def service_endpoints(layout: Layout, aws: AwsSettings) -> dict[str, str]:
    """URLs by install-config's service names: the plan's, which must be https there, and what the partition needs."""
    given = {each.name: each.url for each in aws.service_endpoints if each.url.startswith("https://")}
    return {**_of_partition(layout.partition), **given}


def _of_partition(partition: Partition) -> dict[str, str]:
    if not partition.cluster_needs_endpoints:
        return {}
    tagging = f"tagging.{partition.route53_region}.{partition.dns_suffix}"
    return {"route53": f"https://{partition.route53_host}", "tagging": f"https://{tagging}"}


def _missing(layout: Layout, endpoints: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    """The words of the services that nothing leads to. A default route of transit leads to all of them."""
    section = layout.section
    if _has_way_out(section):
        return
    lost = unreached(layout)
    served = {each.name for each in services(layout) if each not in lost}
    led_to = {
        _word(each, layout.partition, layout.region) for each in {*endpoints} - {*_of_partition(layout.partition)}
    }
    for word, help in _called(section, layout.partition, layout.region):
        meant = [service_meant(layout, kind) for kind in _kinds(word)]
        if word not in led_to and not any(each.name in served or served_by_others(layout, each) for each in meant):
            yield word, help


def _has_way_out(section: OpenShift) -> bool:
    """Whether machines reach what no endpoint leads to: a default route of transit leads to all of it."""
    return section.egress != "none" or any(_ANYWHERE in way.cidrs for way in section.transit)


def _called(section: OpenShift, partition: Partition, region: str) -> Iterator[tuple[str, str]]:
    """The words of the services that the cluster calls, and what helps without an endpoint to each."""
    for service, help in _NEEDED.items():
        if service == _IAM and section.credentials_mode == "Manual":
            continue
        if service == _TAGGING and not partition.zones_by_tag:
            continue
        yield _word(service, partition, region), help


def _word(service: str, partition: Partition, region: str) -> str:
    """The plan's word for a service that the cluster calls."""
    return _tagging(partition, region) if service == _TAGGING else service


def _kinds(word: str) -> tuple[str, ...]:
    """The plan's words for whatever leads to a service."""
    return (S3_GATEWAY, S3_INTERFACE) if word == S3_GATEWAY else (word,)


def _tagging(partition: Partition, region: str) -> str:
    """The tagging API of the region where Route 53 is: only there does it know zones (cluster-ingress-operator,
    pkg/dns/aws/dns.go)."""
    home = partition.route53_region
    return _TAGGING if home == region else f"com.amazonaws.{home}.{_TAGGING}"
