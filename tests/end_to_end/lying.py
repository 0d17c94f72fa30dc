"""Answers of AWS that say less, more or other than there is: one kind of lie for all operations, by what botocore's
descriptions say of each."""

from __future__ import annotations

import re
import xml.etree.ElementTree as ET
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from functools import cache
from typing import Any, Final

from botocore.loaders import Loader
from botocore.model import OperationModel, ServiceModel

from ocpprov.sandbox.exchange import Answer, Request
from tests.end_to_end.world import REGION
from tests.support.in_process import ACCOUNT

Lie = Callable[[Request, Answer], Answer]
"""What comes in place of an answer; the answer itself where there is nothing to lie about."""

_SERVICES: Final = {"elasticloadbalancing": ("elb", "elbv2")}
_TRUNCATED: Final = "IsTruncated"


def _element(answer: Answer) -> ET.Element | None:
    try:
        return ET.fromstring(answer.body)
    except ET.ParseError:
        return None


def _tag(element: ET.Element) -> str:
    return element.tag.rpartition("}")[2]


@cache
def _model(service: str) -> ServiceModel:
    return ServiceModel(Loader().load_service_model(service, "service-2"), service)


def operation_of(request: Request) -> OperationModel | None:
    """botocore's description of what was asked; of the two APIs of load balancing the one whose version was asked."""
    name = request.service
    if name in _SERVICES:
        name = "elb" if request.get("Version") == "2012-06-01" else "elbv2"
    model = _model(name)
    return model.operation_model(request.operation) if request.operation in model.operation_names else None


def _inside(root: ET.Element) -> ET.Element:
    """Where the members are: in the result's wrapper, where there is one."""
    wrapper = next((child for child in root if _tag(child).endswith("Result")), None)
    return root if wrapper is None else wrapper


def _lists(request: Request, root: ET.Element) -> Iterator[ET.Element]:
    """The elements of the answer's lists and structures."""
    model = operation_of(request)
    if model is None or model.output_shape is None:
        return
    names = {
        member.serialization.get("name", name)
        for name, member in model.output_shape.members.items()
        if member.type_name in ("list", "structure", "map")
    }
    yield from (child for child in _inside(root) if _tag(child) in names)


def _edited(answer: Answer, root: ET.Element) -> Answer:
    return replace(answer, body=ET.tostring(root))


def _members(edit: Callable[[ET.Element, ET.Element], None]) -> Lie:
    """A lie about each list or structure of an answer: `edit` gets what it is in, and it."""

    def lie(request: Request, answer: Answer) -> Answer:
        root = _element(answer)
        if root is None:
            return answer
        found = list(_lists(request, root))
        for each in found:
            edit(_inside(root), each)
        return _edited(answer, root) if found else answer

    return lie


def _take_out(parent: ET.Element, child: ET.Element) -> None:
    parent.remove(child)


def _empty(_: ET.Element, child: ET.Element) -> None:
    for item in list(child):
        child.remove(item)
    child.text = None


def _without_last(_: ET.Element, child: ET.Element) -> None:
    if len(child):
        child.remove(child[-1])


def _without(names: str) -> Lie:
    """Items without what a pattern names."""
    pattern = re.compile(names)

    def edit(_: ET.Element, child: ET.Element) -> None:
        for parent in [child, *child]:
            for each in [each for each in parent if pattern.fullmatch(_tag(each))]:
                parent.remove(each)

    return _members(edit)


def _with(**more: str) -> Lie:
    """With elements that say something else, in place of those of their names."""

    def lie(request: Request, answer: Answer) -> Answer:
        root = _element(answer)
        model = operation_of(request)
        if root is None or model is None or model.output_shape is None:
            return answer
        names = {name: member.serialization.get("name", name) for name, member in model.output_shape.members.items()}
        put = {names[name]: text for name, text in more.items() if name in names}
        inside = _inside(root)
        space = root.tag.rpartition("}")[0] + "}" if "}" in root.tag else ""
        for name, text in put.items():
            for each in [each for each in inside if _tag(each) == name]:
                inside.remove(each)
            ET.SubElement(inside, space + name).text = text
        return _edited(answer, root) if put else answer

    return lie


def _instead(pattern: str, put: str) -> Lie:
    return lambda _, answer: replace(answer, body=re.sub(pattern.encode(), put.encode(), answer.body))


def _body(body: bytes) -> Lie:
    return lambda _, answer: replace(answer, body=body)


_TOKENS: Final = ("NextToken", "NextMarker", "Marker", "NextContinuationToken", "ContinuationToken")

LIES: Final[Mapping[str, Lie]] = {
    "without its list": _members(_take_out),
    "with an empty list": _members(_empty),
    "without the last item": _members(_without_last),
    "without ids": _without(r".*(Id|Arn|ARN|Name)|Id|Name|Key"),
    "without tags": _without(r"tagSet|Tags|TagSet"),
    "of another account": _instead(ACCOUNT, "999999999999"),
    "of another region": _instead(REGION, "ap-south-1"),
    "of another VPC": _instead(r"vpc-[0-9a-f]{8,}", "vpc-00000000000000bad"),
    "the same token again": _with(**dict.fromkeys(_TOKENS, "again"), IsTruncated="true"),
    "truncated without a token": _with(IsTruncated="true"),
    "without anything": lambda _, answer: replace(
        answer, body=re.sub(rb"(<\?xml.*?\?>\s*)?<(\w+)[^>]*>.*", rb"<\2/>", answer.body, flags=re.DOTALL)
    ),
    "torn": lambda _, answer: replace(answer, body=answer.body[: len(answer.body) // 2]),
    "no body": _body(b""),
    "a page": _body(b"<html><body>Welcome to our network</body></html>"),
    "something else": _body(b"<SomethingElse><x>1</x></SomethingElse>"),
    "text where numbers are": _instead(r">\d+<", ">many<"),
}


def lied(request: Request, answer: Answer, operation: str, lie: Lie) -> Answer:
    """The answer to a request, wrong where it was about the operation and went well."""
    if request.operation != operation or not answer.ok:
        return answer
    return lie(request, answer)


def operations_in(calls: list[dict[str, Any]]) -> list[str]:
    """Each operation once, in the order of their first calls."""
    return list(dict.fromkeys(str(call["operation"]) for call in calls))
