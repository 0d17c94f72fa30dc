"""Roles, their policies, and the profiles by which instances have them."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any

from tests.end_to_end.breaking.cases import Breakage, Make, call
from tests.end_to_end.breaking.requirements import row_of
from tests.end_to_end.breaking.site import Site, Thing


def breakages(site: Site) -> Iterator[Breakage]:
    """Of each role, policy and profile."""
    for thing in site.of("AWS::IAM::Role"):
        yield from _of_role(thing)
    for thing in site.of("Ocpprov::IAM::RolePolicy"):
        yield from _of_policy(site, thing)
    for thing in site.of("AWS::IAM::InstanceProfile"):
        yield from _of_profile(site, thing)


def _of_role(thing: Thing) -> Iterator[Breakage]:
    named, row = (thing.logical_id, thing.id), row_of(thing.logical_id)
    for service in ("lambda.amazonaws.com", "ec2.amazonaws.com.cn"):
        trust = {
            "Version": "2012-10-17",
            "Statement": [{"Effect": "Allow", "Principal": {"Service": service}, "Action": "sts:AssumeRole"}],
        }
        trusted = call("iam", "update_assume_role_policy", RoleName=thing.id, PolicyDocument=json.dumps(trust))
        yield Breakage(f"{thing.logical_id} for {service}", row, named, trusted)
    yield Breakage(f"{thing.logical_id} denied everything by theirs", row, named, _denied(thing.id))
    yield Breakage(f"{thing.logical_id} within a boundary of theirs", row, named, _bounded(thing.id))
    lost = call("iam", "untag_role", RoleName=thing.id, TagKeys=["ocpprov:resource"])
    yield Breakage(f"{thing.logical_id} without its tags", row, named, lost)


def _denied(role: str) -> Make:
    """By a policy beside the plan's own."""
    document = {"Version": "2012-10-17", "Statement": [{"Effect": "Deny", "Action": "*", "Resource": "*"}]}
    return call("iam", "put_role_policy", RoleName=role, PolicyName="theirs", PolicyDocument=json.dumps(document))


def _bounded(role: str) -> Make:
    def bounded(site: Site) -> None:
        document = {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "s3:*", "Resource": "*"}]}
        made = site.client("iam").create_policy(PolicyName="theirs", PolicyDocument=json.dumps(document))
        site.client("iam").put_role_permissions_boundary(RoleName=role, PermissionsBoundary=made["Policy"]["Arn"])

    return bounded


def _of_policy(site: Site, thing: Thing) -> Iterator[Breakage]:
    role, _, name = thing.id.partition("|")
    named, row = (thing.logical_id, thing.id, role), row_of(thing.logical_id)
    which = {"RoleName": role, "PolicyName": name}
    yield Breakage(f"delete {thing.logical_id}", row, named, call("iam", "delete_role_policy", **which))
    document = site.client("iam").get_role_policy(**which)["PolicyDocument"]
    for what, narrowed in _narrowed(document):
        put = call("iam", "put_role_policy", **which, PolicyDocument=json.dumps(narrowed))
        yield Breakage(f"{thing.logical_id} {what}", row, named, put)


def _narrowed(document: Mapping[str, Any]) -> Iterator[tuple[str, Mapping[str, Any]]]:
    """One action less, another resource, a condition, and all of it denied."""
    first, *rest = document["Statement"]
    actions = first["Action"] if isinstance(first["Action"], list) else [first["Action"]]
    less = {**first, "Action": actions[1:] or ["ec2:DescribeTags"]}
    yield f"without {actions[0]}", {**document, "Statement": [less, *rest]}
    elsewhere = {**first, "Resource": "arn:aws:s3:::theirs/*"}
    yield "for another resource", {**document, "Statement": [elsewhere, *rest]}
    condition = {"StringEquals": {"aws:RequestedRegion": "us-east-1"}}
    yield "under a condition", {**document, "Statement": [{**first, "Condition": condition}, *rest]}
    yield "as a denial", {**document, "Statement": [{**first, "Effect": "Deny"}, *rest]}


def _of_profile(site: Site, thing: Thing) -> Iterator[Breakage]:
    name = thing.id.rpartition("/")[2]
    iam = site.client("iam")
    [role] = iam.get_instance_profile(InstanceProfileName=name)["InstanceProfile"]["Roles"]
    named, row = (thing.logical_id, thing.id, name), row_of(thing.logical_id)
    out = {"InstanceProfileName": name, "RoleName": role["RoleName"]}
    yield Breakage(
        f"{thing.logical_id} without its role", row, named, call("iam", "remove_role_from_instance_profile", **out)
    )

    def deleted(site: Site) -> None:
        site.client("iam").remove_role_from_instance_profile(**out)
        site.client("iam").delete_instance_profile(InstanceProfileName=name)

    def of_another_role(site: Site) -> None:
        trust = {"Version": "2012-10-17", "Statement": []}
        site.client("iam").create_role(RoleName="theirs", AssumeRolePolicyDocument=json.dumps(trust))
        site.client("iam").remove_role_from_instance_profile(**out)
        site.client("iam").add_role_to_instance_profile(InstanceProfileName=name, RoleName="theirs")

    yield Breakage(f"delete {thing.logical_id}", row, named, deleted)
    yield Breakage(f"{thing.logical_id} with another role", row, named, of_another_role)
