"""A plan as a template of CloudFormation: a stack made of it has what an apply makes, and nothing of ocpprov."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from graphlib import CycleError, TopologicalSorter
from typing import Any, Final

from ocpprov.engine.kind_facts import Identity
from ocpprov.engine.problem import Problem
from ocpprov.engine.resources import Resource
from ocpprov.engine.values import GetAtt, Join, Value, references, text, texts_in
from ocpprov.kinds.contract import Kind
from ocpprov.plan.folded_types import FoldedResources, folded
from ocpprov.plan.model import Output, Plan
from ocpprov.plan.no_echo_template import parametrised
from ocpprov.plan.rendering import written, written_output

MOST_RESOURCES: Final = 500
MOST_OUTPUTS: Final = 200
MOST_BYTES: Final = 1_000_000
MOST_BYTES_IN_A_REQUEST: Final = 51_200
"""CloudFormation's quotas (user guide, "Understand CloudFormation quotas"): a larger template has to lie in S3."""

_DYNAMIC: Final = "{{resolve:"
_CAPABILITIES: Final = "CAPABILITY_NAMED_IAM"
_REMEDY: Final = "apply the plan instead"
_LISTS: Final = ("DnsEntries", "NameServers", "NetworkInterfaceIds")
"""The attributes that are lists."""


class NotInTemplates(Exception):
    """CloudFormation's words can't say it, or would say something else. `problems` tell each."""

    def __init__(self, problems: Sequence[Problem]) -> None:
        super().__init__("; ".join(map(str, problems)))
        self.problems = problems


@dataclass(frozen=True)
class StackTemplate:
    """The template as JSON data, and what a stack of it doesn't have, each in a sentence."""

    document: Mapping[str, Any]
    notes: Sequence[str]


def stack_template(
    plan: Plan, resources: Mapping[str, Resource], outputs: Sequence[Output], kinds: Mapping[str, Kind]
) -> StackTemplate:
    """The template of a plan's resources and outputs. It has none of ocpprov's tags: those say that ocpprov made it.

    Raises NotInTemplates.
    """
    ready = folded(resources)
    shown = [replace(each, value=_as_text(each.value)) for each in outputs if _is_there(each.value, ready)]
    if problems := [*_problems(plan, resources, ready, shown, kinds)]:
        raise NotInTemplates(problems)
    tagged = {name: _tagged(one, plan, kinds.get(one.type)) for name, one in ready.resources.items()}
    hidden = parametrised(
        {name: _entry(one) for name, one in tagged.items()},
        {output.name: written_output(output) for output in shown},
        plan.secrets,
    )
    document = {
        "AWSTemplateFormatVersion": "2010-09-09",
        "Description": f"What the plan {plan.name} makes in {plan.region}",
        "Metadata": {"Ocpprov": {"Name": plan.name, "Region": plan.region}},
        **({"Parameters": dict(hidden.parameters)} if hidden.parameters else {}),
        "Resources": dict(hidden.resources),
        **({"Outputs": dict(hidden.outputs)} if shown else {}),
    }
    notes = [*_left_out(ready, outputs, shown), *_without_tags(plan, ready.resources, kinds), *_settings(plan)]
    return StackTemplate(document, [*notes, *_how_many(ready.resources, shown)])


def size_notes(text: str) -> Iterator[str]:
    """What is to be said of a template that is as long as this text."""
    size = len(text.encode())
    if size > MOST_BYTES:
        yield f"the template has {size:,} bytes, and CloudFormation takes {MOST_BYTES:,}: make two plans of it"
    elif size > MOST_BYTES_IN_A_REQUEST:
        yield (
            f"the template has {size:,} bytes, and CloudFormation takes more than {MOST_BYTES_IN_A_REQUEST:,} from S3 "
            "only: `aws cloudformation deploy` puts it there with --s3-bucket"
        )


def _problems(
    plan: Plan,
    resources: Mapping[str, Resource],
    ready: FoldedResources,
    shown: Sequence[Output],
    kinds: Mapping[str, Kind],
) -> Iterator[Problem]:
    """What a stack would do otherwise than an apply."""
    if not ready.resources:
        yield Problem(plan.file, "there is nothing in it that CloudFormation makes", "a template has resources")
    if plan.openshift and plan.openshift.hosted_zone_role:
        place = str(plan.positions.get("openshift.hostedZoneRole", plan.file))
        detail = "openshift.hostedZoneRole: a stack writes no records as a role of another account"
        yield Problem(place, detail, "apply the plan, or leave it out and have the records made there")
    for name, resource in ready.resources.items():
        for gone in dict.fromkeys(_gone(resource.properties, ready)):
            yield Problem(_place(resource), f"{name} refers to {gone}, which CloudFormation can't make", _REMEDY)
        if any(_DYNAMIC in text for text in texts_in(resource.properties)):
            detail = f"{name}: CloudFormation would look up what an apply takes as it stands, {_DYNAMIC}…}}}}"
            yield Problem(_place(resource), detail, _REMEDY)
    for name in ready.instead:
        if resources[name].deletion_policy != "Delete":
            detail = f"{name}: CloudFormation can't retain a {resources[name].type}"
            yield Problem(_place(resources[name]), detail, "leave its DeletionPolicy out")
    for output in shown:
        if isinstance(output.value, Mapping):
            yield Problem(plan.file, f"Outputs.{output.name} is a mapping, and CloudFormation's are texts", _REMEDY)
    if circle := _circle(ready.resources):
        detail = f"in a template {' needs '.join(circle)}"
        yield Problem(_place(ready.resources[circle[0]]), detail, "take one DependsOn out")


def _circle(resources: Mapping[str, Resource]) -> Sequence[str]:
    """Resources that need each other, from one to the same; empty where none do. An apply makes a whole before what
    is inside it, a stack both at once."""
    needs = {
        name: {*one.depends_on, *(each.logical_id for each in references(one.properties))}
        for name, one in resources.items()
    }
    try:
        TopologicalSorter(needs).prepare()
    except CycleError as error:
        return list(reversed(error.args[1]))
    return ()


def _place(resource: Resource | None) -> str:
    return str(resource.position) if resource and resource.position else ""


def _gone(value: Value, ready: FoldedResources) -> Iterator[str]:
    return (each.logical_id for each in references(value) if each.logical_id not in ready.resources)


def _is_there(value: Value, ready: FoldedResources) -> bool:
    return next(_gone(value, ready), None) is None


def _as_text(value: Value) -> Value:
    """What an output of CloudFormation can be: of a list, its items with commas between them."""
    match value:
        case GetAtt(attribute=attribute) if attribute in _LISTS:
            return Join(",", (value,), of_list=True)
        case list() | tuple():
            return Join(",", tuple(value))
        case bool() | int() | float():
            return text(value)
        case _:
            return value


def _entry(resource: Resource) -> dict[str, Any]:
    """A resource as it stands in a template. To an apply a policy of retaining says nothing of what is replaced."""
    entry = written(resource)
    if resource.deletion_policy == "Retain":
        entry["UpdateReplacePolicy"] = "Delete"
    return entry


def _tagged(resource: Resource, plan: Plan, kind: Kind | None) -> Resource:
    """With the tags that people and the cluster see: its name, its own, the user's; as many as the type takes."""
    if kind is None or not kind.tags_property or kind.identity is not Identity.TAGS:
        return resource
    rows = _rows(resource, plan, kind)[: kind.tag_limit]
    return replace(resource, properties={**resource.properties, kind.tags_property: rows}) if rows else resource


def _rows(resource: Resource, plan: Plan, kind: Kind) -> list[Value]:
    present = resource.properties.get(kind.tags_property)
    own = list(present) if isinstance(present, list | tuple) else []
    keys = {row["Key"] for row in own if isinstance(row, Mapping)}
    names = {"Name": f"{plan.name}-{resource.logical_id}"} if kind.takes_name_tag else {}
    before, after = (
        [{"Key": key, "Value": value} for key, value in tags.items() if key not in keys]
        for tags in (names, plan.user_tags)
    )
    return [*before, *own, *after]


def _left_out(ready: FoldedResources, outputs: Sequence[Output], shown: Sequence[Output]) -> Iterator[str]:
    for name, command in ready.left_out.items():
        yield f"left out: {name}; when the stack is there: {command}"
    there = {output.name for output in shown}
    if gone := [output.name for output in outputs if output.name not in there]:
        yield f"left out: the outputs {', '.join(gone)}, which tell of what is left out"


def _without_tags(plan: Plan, resources: Mapping[str, Resource], kinds: Mapping[str, Kind]) -> Iterator[str]:
    """The types that CloudFormation can't tag, and tags for which one has no room."""
    known = {name: (one, kinds[one.type]) for name, one in resources.items() if one.type in kinds}
    taggable = {name: (one, kind) for name, (one, kind) in known.items() if kind.identity is Identity.TAGS}
    if bare := [name for name, (_, kind) in taggable.items() if not kind.tags_property]:
        yield f"CloudFormation can't tag {', '.join(bare)}: an apply puts Name and userTags on them"
    for name, (resource, kind) in taggable.items():
        rows = _rows(resource, plan, kind) if kind.tags_property else []
        if over := [row["Key"] for row in rows[kind.tag_limit :] if isinstance(row, Mapping)]:
            yield f"left out: tags of {name}, which takes {kind.tag_limit}: {', '.join(map(str, over))}"


def _settings(plan: Plan) -> Iterator[str]:
    """What of a plan is about how it is applied, where a stack has its own way for it."""
    if plan.protect:
        yield "left out: protect; `aws cloudformation update-termination-protection` does it for a stack"
    if plan.exclusive:
        yield f"left out: exclusive ({', '.join(sorted(plan.exclusive))}); a stack takes nothing away that others put"


def _how_many(resources: Mapping[str, Resource], outputs: Sequence[Output]) -> Iterator[str]:
    for what, number, most in (
        ("resources", len(resources), MOST_RESOURCES),
        ("outputs", len(outputs), MOST_OUTPUTS),
    ):
        if number > most:
            yield f"the template has {number} {what}, and CloudFormation takes {most}: make two plans of it"
    if any(resource.type.startswith("AWS::IAM::") for resource in resources.values()):
        yield f"to make a stack of it, give --capabilities {_CAPABILITIES}"
