"""AWS::IAM::ManagedPolicy."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from ocpprov.engine.kind_facts import Property, UniqueKey
from ocpprov.engine.resources import Created, Live, Owner, Resource
from ocpprov.engine.values import Ref, Value
from ocpprov.kinds.contract import CreateRequest, Kind, Permissions
from ocpprov.kinds.ec2.common import given
from ocpprov.kinds.iam.common import (
    DESCRIPTION_LIMIT,
    LIST_POLICIES,
    NAME_LIMIT,
    NAME_PATTERN,
    PATH,
    PATIENCE,
    ROLES,
    arn_of,
    listed,
    names_of_ours,
    names_worth_details,
    tag_list,
    tags_of,
)
from ocpprov.kinds.iam.role_policy_attachment import attachment
from ocpprov.kinds.policy_documents import document, document_text, with_documents
from ocpprov.kinds.reads import Found, Pages, Read, read

if TYPE_CHECKING:
    from ocpprov.aws.clients import Clients

_MOST_VERSIONS = 5
"""IAM keeps at most so many versions of a policy (IAM and STS quotas)."""


class ManagedPolicy(Kind):
    """A policy with an ARN. A change of its document is a new version, which becomes the one in force.

    IAM takes tags on it; CloudFormation has no property for them.
    """

    type = "AWS::IAM::ManagedPolicy"
    tells = ("ManagedPolicyName",)
    service = "iam"
    properties = (
        Property(
            "ManagedPolicyName",
            "string",
            create_only=True,
            pattern=NAME_PATTERN,
            longest=NAME_LIMIT,
            documentation="Generated when not given.",
        ),
        PATH,
        Property(
            "Description",
            "string",
            create_only=True,
            may_be_absent=True,
            default="",
            longest=DESCRIPTION_LIMIT,
            documentation="A sentence for people.",
        ),
        Property("PolicyDocument", "json", required=True, documentation="Who may do what."),
        Property("Roles", "list", items=ROLES, documentation="The roles that it is attached to."),
    )
    attributes = ("PolicyArn",)
    tags_may_follow = True
    permissions = Permissions(
        read=("iam:ListPolicies", "iam:GetPolicy", "iam:GetPolicyVersion"),
        create=("iam:CreatePolicy", "iam:TagPolicy"),
        update=(
            "iam:CreatePolicyVersion",
            "iam:ListPolicyVersions",
            "iam:DeletePolicyVersion",
            "iam:TagPolicy",
            "iam:UntagPolicy",
        ),
        delete=(
            "iam:ListPolicyVersions",
            "iam:ListEntitiesForPolicy",
            "iam:DeletePolicyVersion",
            "iam:DeletePolicy",
        ),
    )
    bound_by = ("ManagedPolicyName",)
    tags_property = ""
    name_property = "ManagedPolicyName"
    name_limit = 128
    delete_deadline = PATIENCE
    # A role lets go of its policies when it goes.
    delete_after = ("AWS::IAM::Role",)

    def reads(self, found: Found) -> Sequence[Read]:
        """A list of the account's own, then tags and document of those that may be ours."""
        ours = names_of_ours(found, self.type)
        versions = {
            live.id: str(live.attributes.get("DefaultVersionId", "")) for live in found.lives.get(self.type, ())
        }
        return [
            LIST_POLICIES,
            *(read("iam", "get_policy", PolicyArn=arn) for arn in names_worth_details(found, self.type)),
            *(read("iam", "get_policy_version", PolicyArn=arn, VersionId=versions[arn]) for arn in ours),
        ]

    def by_id(self, id: str) -> Read | None:
        return read("iam", "get_policy", PolicyArn=id)

    def parse(self, pages: Pages) -> Sequence[Live]:
        items = {item["Arn"]: item for item in pages.items("iam", "list_policies", "Policies")}
        items |= {page["Policy"]["Arn"]: page["Policy"] for _, page in pages.documents("iam", "get_policy")}
        documents = {
            (made.arguments()["PolicyArn"], page["PolicyVersion"]["VersionId"]): page["PolicyVersion"]["Document"]
            for made, page in pages.documents("iam", "get_policy_version")
        }
        return [_live(item, documents.get((arn, item["DefaultVersionId"]))) for arn, item in items.items()]

    def create(self, clients: Clients, request: CreateRequest) -> Created:
        wanted = request.properties
        answer = clients.iam.create_policy(
            PolicyName=wanted["ManagedPolicyName"],
            PolicyDocument=document_text(wanted["PolicyDocument"]),
            **given(wanted, "Path", "Description"),
            **request.tag_argument(),
        )
        arn = answer["Policy"]["Arn"]
        return Created(arn, {"PolicyArn": arn})

    def update(self, clients: Clients, live: Live, desired: Mapping[str, Any], changed: Sequence[str]) -> None:
        """A new version; the oldest one that isn't in force makes room for it."""
        spare = _spare_versions(clients, live.id)
        if len(spare) >= _MOST_VERSIONS - 1:
            clients.iam.delete_policy_version(PolicyArn=live.id, VersionId=spare[0])
        clients.iam.create_policy_version(
            PolicyArn=live.id, PolicyDocument=document_text(desired["PolicyDocument"]), SetAsDefault=True
        )

    def delete(self, clients: Clients, live: Live) -> None:
        """AWS deletes a policy that has one version only. Looks for others where it refuses."""
        try:
            clients.iam.delete_policy(PolicyArn=live.id)
        except clients.iam.exceptions.DeleteConflictException:
            spare = _spare_versions(clients, live.id)
            for version in spare:
                clients.iam.delete_policy_version(PolicyArn=live.id, VersionId=version)
            if not spare:
                raise
            clients.iam.delete_policy(PolicyArn=live.id)

    def tag(self, clients: Clients, live_id: str, set_tags: Mapping[str, str], remove: Sequence[str]) -> None:
        if set_tags:
            clients.iam.tag_policy(PolicyArn=live_id, Tags=tag_list(set_tags))
        if remove:
            clients.iam.untag_policy(PolicyArn=live_id, TagKeys=list(remove))

    def normalise(self, properties: Mapping[str, Value]) -> Mapping[str, Value]:
        return with_documents(properties, "PolicyDocument")

    def predict_created(self, properties: Mapping[str, Value], owner: Owner) -> Created | None:
        name = properties.get("ManagedPolicyName")
        if not isinstance(name, str):
            return None
        arn = arn_of(owner, "policy", properties, name)
        return Created(arn, {"PolicyArn": arn})

    def unique(self, properties: Mapping[str, Value]) -> Sequence[UniqueKey]:
        name = properties.get("ManagedPolicyName")
        return [("managed policy", name.casefold())] if isinstance(name, str) else []

    def expand(self, resource: Resource) -> Sequence[Resource]:
        own = {name: value for name, value in resource.properties.items() if name != "Roles"}
        taken: set[str] = set()
        roles = listed(resource.properties.get("Roles"))
        policy = Ref(resource.logical_id)
        return [replace(resource, properties=own), *(attachment(resource, role, policy, taken) for role in roles)]


def _spare_versions(clients: Clients, arn: str) -> list[str]:
    """The versions that aren't in force, the oldest first."""
    pages = clients.iam.get_paginator("list_policy_versions").paginate(PolicyArn=arn)
    versions = [version for page in pages for version in page["Versions"]]
    spare = sorted((each for each in versions if not each["IsDefaultVersion"]), key=lambda each: each["CreateDate"])
    return [each["VersionId"] for each in spare]


def _live(policy: Mapping[str, Any], content: Any) -> Live:
    return Live(
        type=ManagedPolicy.type,
        id=policy["Arn"],
        properties={
            "ManagedPolicyName": policy["PolicyName"],
            **given(policy, "Path", "Description"),
            **({"PolicyDocument": document(content)} if content else {}),
        },
        attributes={"PolicyArn": policy["Arn"], "DefaultVersionId": policy["DefaultVersionId"]},
        tags=tags_of(policy),
    )
