"""Somebody with access who makes what a template for CloudFormation says, with plain boto3.

moto's CloudFormation makes every zone public and drops its tags, so it can't stand in for the real one here.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from typing import Any

from ruamel.yaml import YAML

Client = Callable[[str], Any]


def stack(template: str, client: Client) -> dict[str, str]:
    """Make everything in a template, in the order in which one thing needs another. The physical ids by logical id."""
    wanted: dict[str, Any] = YAML(typ="safe", pure=True).load(template)["Resources"]
    made: dict[str, str] = {}
    while wanted:
        ready = [name for name, one in wanted.items() if not _needs(one) & set(wanted)]
        assert ready, f"these need each other: {sorted(wanted)}"
        for name in ready:
            one = wanted.pop(name)
            made[name] = _MAKERS[one["Type"]](client, _resolved(one.get("Properties", {}), made), name)
    return made


def _needs(value: Any) -> set[str]:
    if isinstance(value, Mapping):
        if set(value) == {"Ref"}:
            return {value["Ref"]}
        if set(value) == {"Fn::GetAtt"}:
            return {value["Fn::GetAtt"][0]}
        return set().union(*map(_needs, value.values()))
    return set().union(*map(_needs, value)) if isinstance(value, list) else set()


def _resolved(value: Any, made: Mapping[str, str]) -> Any:
    if isinstance(value, Mapping):
        if set(value) == {"Ref"}:
            return made[value["Ref"]]
        return {key: _resolved(item, made) for key, item in value.items()}
    return [_resolved(item, made) for item in value] if isinstance(value, list) else value


def _role(client: Client, properties: Mapping[str, Any], name: str) -> str:
    iam, plain = client("iam"), {key: properties[key] for key in ("RoleName", "Path", "Tags") if key in properties}
    iam.create_role(AssumeRolePolicyDocument=json.dumps(properties["AssumeRolePolicyDocument"]), **plain)
    for each in properties.get("Policies", ()):
        document = json.dumps(each["PolicyDocument"])
        iam.put_role_policy(RoleName=plain["RoleName"], PolicyName=each["PolicyName"], PolicyDocument=document)
    return str(plain["RoleName"])


def _profile(client: Client, properties: Mapping[str, Any], name: str) -> str:
    assert set(properties) <= {"InstanceProfileName", "Path", "Roles"}, "CloudFormation knows no more of a profile"
    iam, own = client("iam"), str(properties["InstanceProfileName"])
    iam.create_instance_profile(InstanceProfileName=own, Path=properties["Path"])
    for role in properties["Roles"]:
        iam.add_role_to_instance_profile(InstanceProfileName=own, RoleName=role)
    return own


def _zone(client: Client, properties: Mapping[str, Any], name: str) -> str:
    route53, vpcs = client("route53"), properties.get("VPCs", [])
    private = {"VPC": vpcs[0]} if vpcs else {}
    answer = route53.create_hosted_zone(
        Name=properties["Name"],
        CallerReference=f"stack-{name}",
        HostedZoneConfig={**properties["HostedZoneConfig"], "PrivateZone": bool(vpcs)},
        **private,
    )
    zone = str(answer["HostedZone"]["Id"].rpartition("/")[2])
    route53.change_tags_for_resource(
        ResourceType="hostedzone", ResourceId=zone, AddTags=properties.get("HostedZoneTags", [])
    )
    return zone


def _records(client: Client, properties: Mapping[str, Any], name: str) -> str:
    route53 = client("route53")
    zone = properties.get("HostedZoneId") or _zone_named(route53, properties["HostedZoneName"])
    changes = [
        {"Action": "CREATE", "ResourceRecordSet": _record(each)} for each in properties.get("RecordSets", [properties])
    ]
    route53.change_resource_record_sets(HostedZoneId=zone, ChangeBatch={"Changes": changes})
    return name


def _record(row: Mapping[str, Any]) -> dict[str, Any]:
    record: dict[str, Any] = {key: row[key] for key in ("Name", "Type")}
    if "AliasTarget" in row:
        return {**record, "AliasTarget": {"EvaluateTargetHealth": False, **row["AliasTarget"]}}
    return {**record, "TTL": int(row["TTL"]), "ResourceRecords": [{"Value": value} for value in row["ResourceRecords"]]}


def _zone_named(route53: Any, name: str) -> str:
    [zone] = [each["Id"] for each in route53.list_hosted_zones()["HostedZones"] if each["Name"] == name]
    return str(zone.rpartition("/")[2])


_MAKERS: Mapping[str, Callable[[Client, Mapping[str, Any], str], str]] = {
    "AWS::IAM::Role": _role,
    "AWS::IAM::InstanceProfile": _profile,
    "AWS::Route53::HostedZone": _zone,
    "AWS::Route53::RecordSet": _records,
    "AWS::Route53::RecordSetGroup": _records,
}
