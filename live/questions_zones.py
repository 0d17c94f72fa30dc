"""Questions about Route 53."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

from botocore.exceptions import ClientError

from live.clients import code
from live.lab import Lab
from live.questions import Question, Topic

_CODES: Final = "ocpprov/aws/error_codes.py"


def new_zone(lab: Lab, domain: str, reference: str, **more: Any) -> str:
    """A private zone of the network. Its caller reference begins with the mark."""
    made = lab.client("route53").create_hosted_zone(
        Name=domain,
        CallerReference=f"{lab.name}-{reference}",
        VPC={"VPCId": lab.vpc, "VPCRegion": lab.region},
        **more,
    )
    return str(made["HostedZone"]["Id"])


def _public_zone(lab: Lab, domain: str, reference: str) -> str:
    made = lab.client("route53").create_hosted_zone(Name=domain, CallerReference=f"{lab.name}-{reference}")
    return str(made["HostedZone"]["Id"])


def _domain(lab: Lab) -> str:
    return f"{lab.name}.example-corp.net"


def _twice(lab: Lab) -> str:
    new_zone(lab, _domain(lab), "twice")
    return code(lambda: new_zone(lab, _domain(lab), "twice"))


def _reference_of_one_that_is_gone(lab: Lab) -> str:
    zone = _public_zone(lab, f"gone.{_domain(lab)}", "gone")
    lab.client("route53").delete_hosted_zone(Id=zone)
    return code(lambda: _public_zone(lab, f"gone.{_domain(lab)}", "gone"))


def _empty_comment(lab: Lab) -> str:
    return code(
        lambda: new_zone(lab, f"empty.{_domain(lab)}", "empty", HostedZoneConfig={"Comment": "", "PrivateZone": True})
    )


def _private_of_a_reserved_domain(lab: Lab) -> str:
    return code(lambda: new_zone(lab, f"{lab.name}.example.com", "reserved"))


def _public_of_a_reserved_domain(lab: Lab) -> str:
    return code(lambda: _public_zone(lab, f"{lab.name}.example.com", "reserved-public"))


def _change(lab: Lab, *actions: str) -> Callable[[], Any]:
    zones = lab.client("route53").list_hosted_zones_by_name(DNSName=_domain(lab))["HostedZones"]
    record = {"Name": f"a.{_domain(lab)}", "Type": "A", "TTL": 60, "ResourceRecords": [{"Value": "10.0.0.1"}]}
    changes = [{"Action": action, "ResourceRecordSet": record} for action in actions]
    return lambda: lab.client("route53").change_resource_record_sets(
        HostedZoneId=zones[0]["Id"], ChangeBatch={"Changes": changes}
    )


def _missing_record(lab: Lab) -> str:
    try:
        _change(lab, "DELETE")()
    except ClientError as error:
        said = error.response["Error"]
        words = "but it was not found"
        return f"{said['Code']}: {words if words in said['Message'] else said['Message']}"
    return "ok"


def _upsert_twice(lab: Lab) -> str:
    upsert = _change(lab, "UPSERT")
    upsert()
    return code(upsert)


def _create_again(lab: Lab) -> str:
    return code(_change(lab, "CREATE"))


def _zone_with_records(lab: Lab) -> str:
    zones = lab.client("route53").list_hosted_zones_by_name(DNSName=_domain(lab))["HostedZones"]
    return code(lambda: lab.client("route53").delete_hosted_zone(Id=zones[0]["Id"]))


def _unknown_change(lab: Lab) -> str:
    return code(lambda: lab.client("route53").get_change(Id="C0000000000000"))


ZONES: Final = Topic(
    "zones and records",
    (
        Question("a caller reference twice", "HostedZoneAlreadyExists 409", _CODES, _twice),
        Question(
            "the reference of a zone that is gone",
            "HostedZoneAlreadyExists 409",
            "ocpprov/sandbox/middleware/zones.py",
            _reference_of_one_that_is_gone,
        ),
        Question(
            "deleting a record that isn't there", "InvalidChangeBatch: but it was not found", _CODES, _missing_record
        ),
        Question("UPSERT twice", "ok", "ocpprov/kinds/route53/record_set.py", _upsert_twice),
        Question("CREATE of a record that is there", "InvalidChangeBatch 400", _CODES, _create_again),
        Question("deleting a zone with records", "HostedZoneNotEmpty 400", _CODES, _zone_with_records),
        Question("a change that nobody made", "NoSuchChange 404", _CODES, _unknown_change),
        Question(
            "a zone with an empty comment",
            "ok",
            "ocpprov/kinds/route53/hosted_zone.py",
            _empty_comment,
            "refused: HostedZoneConfig goes without Comment where the plan has none",
        ),
        Question(
            "a private zone below example.com",
            "ok",
            "ocpprov/openshift/dns.py",
            _private_of_a_reserved_domain,
            "refused: validate has to refuse reserved domains for private zones, too",
        ),
        Question(
            "a public zone below example.com",
            "InvalidDomainName 400",
            "ocpprov/openshift/dns.py",
            _public_of_a_reserved_domain,
            "ok: only the reserved domains themselves are refused, and validate refuses too much",
        ),
    ),
    "1 network, 4 zones, 1 of them public; AWS doesn't bill a zone that is gone within 12 hours",
)
