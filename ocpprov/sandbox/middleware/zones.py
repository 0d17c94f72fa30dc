"""Hosted zones: caller references, ids, names that clash, and how many tags one takes."""

from __future__ import annotations

import re
from typing import Any

from ocpprov.sandbox.exchange import Answer, Request, error
from ocpprov.sandbox.middleware.contract import Aws

_MOST_TAGS = 10
_ID = re.compile(rb"<Id>/hostedzone/(\w+)</Id>")


class HostedZones:
    """Remembers every caller reference: AWS takes each only once, also when its zone is gone."""

    def __init__(self) -> None:
        self._references: set[tuple[str, str]] = set()

    def before(self, request: Request, aws: Aws) -> Answer | None:
        """The refusal, if there is one."""
        if request.service != "route53":
            return None
        backend = aws.route53(request)
        if request.operation == "CreateHostedZone":
            return self._used(request) or _conflict(request, backend, request.get("Name"))
        if request.operation == "AssociateVPCWithHostedZone":
            zone = backend.zones.get(request.get("HostedZoneId"))
            return _conflict(request, backend, zone.name) if zone else None
        if request.operation == "ChangeTagsForResource":
            return _too_many_tags(request, backend)
        return None

    def after(self, request: Request, answer: Answer, aws: Aws) -> Answer:
        """Zones have ids in AWS's form; references are remembered, and the tags of a deleted zone forgotten."""
        if answer.ok and request.service == "route53":
            if request.operation == "CreateHostedZone":
                self._references.add(_reference(request))
                answer = _private(request, answer, aws.route53(request))
                _write_out_apex(answer, aws.route53(request))
                return _with_an_id_of_awss(answer, aws.route53(request))
            if request.operation == "DeleteHostedZone":
                aws.route53(request).resource_tags.pop(request.get("HostedZoneId"), None)
            if request.operation == "GetDNSSEC":
                return _with_its_list_of_keys(answer)
        return answer

    def _used(self, request: Request) -> Answer | None:
        if _reference(request) not in self._references:
            return None
        message = f"A hosted zone has already been created with the caller reference {request.get('CallerReference')}."
        return error(request, "HostedZoneAlreadyExists", message, 409)


def _with_its_list_of_keys(answer: Answer) -> Answer:
    """Route 53 always lists the keys that sign a zone (its reference, GetDNSSEC); moto has none, and leaves the list
    out."""
    if b"KeySigningKeys" in answer.body:
        return answer
    body = answer.body.replace(b"</GetDNSSECResponse>", b"<KeySigningKeys/></GetDNSSECResponse>")
    return Answer(answer.status, body, answer.headers)


def _private(request: Request, answer: Answer, backend: Any) -> Answer:
    """A zone for a VPC is a private one, whether or not it is called so (Route 53's reference, CreateHostedZone)."""
    found, vpc = _ID.search(answer.body), request.get("VPC/VPCId")
    if found is None or not vpc or backend.zones[found[1].decode()].private_zone:
        return answer
    zone = backend.zones[found[1].decode()]
    zone.private_zone = True
    zone.vpcs = [{"vpc_id": vpc, "vpc_region": request.get("VPC/VPCRegion")}]
    body = answer.body.replace(b"<PrivateZone>false<", b"<PrivateZone>true<")
    return Answer(answer.status, body, answer.headers)


def _write_out_apex(answer: Answer, backend: Any) -> None:
    """The records that come with a zone have their values as every other has: moto keeps the SOA's as a structure, and
    shows Python's word for it."""
    found = _ID.search(answer.body)
    for record in backend.zones[found[1].decode()].rrsets if found else ():
        record.records = [each["Value"] if isinstance(each, dict) else each for each in record.records]


def _with_an_id_of_awss(answer: Answer, backend: Any) -> Answer:
    """A zone's id begins with Z (the examples of Route 53's reference)."""
    found = _ID.search(answer.body)
    if found is None:
        return answer
    old = found[1].decode()
    new = f"Z{old[:20]}"
    zone = backend.zones[new] = backend.zones.pop(old)
    zone.resource_id = new
    headers = tuple((name, value.replace(old, new)) for name, value in answer.headers)
    return Answer(answer.status, answer.body.replace(old.encode(), new.encode()), headers)


def _reference(request: Request) -> tuple[str, str]:
    return request.access_key, request.get("CallerReference")


def _conflict(request: Request, backend: Any, name: str) -> Answer | None:
    """Two private zones of one name can't serve one VPC."""
    vpc = request.get("VPC/VPCId")
    full_name = name.rstrip(".") + "."
    for zone in backend.zones.values():
        same_name = zone.private_zone and zone.name == full_name
        if vpc and same_name and any(each.get("vpc_id") == vpc for each in zone.vpcs):
            message = (
                f"The VPC {vpc} in region {request.get('VPC/VPCRegion')} has already been associated with the hosted "
            )
            return error(
                request, "ConflictingDomainExists", f"{message}zone {zone.resource_id} with the same domain name."
            )
    return None


def _too_many_tags(request: Request, backend: Any) -> Answer | None:
    keys = set(backend.resource_tags.get(request.get("ResourceId"), {}))
    keys |= set(request.elements("AddTags/Tag/Key"))
    keys -= set(request.elements("RemoveTagKeys/Key"))
    if request.get("ResourceType") == "hostedzone" and len(keys) > _MOST_TAGS:
        return error(request, "InvalidInput", f"A hosted zone can have at most {_MOST_TAGS} tags.")
    return None
