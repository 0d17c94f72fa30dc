"""docs/logical-ids.md is complete, and what is expanded is what the kinds know."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path

import pytest

from ocpprov.engine.kind_facts import Property
from ocpprov.engine.values import GetAtt, Value, references
from ocpprov.kinds.registry import KINDS
from ocpprov.openshift.expand import expand, logical_ids
from ocpprov.openshift.section_outputs import outputs
from ocpprov.plan.model import OpenShift
from tests.openshift.plans import SECTION_3AZ, plan_of
from tests.openshift.test_template import EXISTING, KNOWN, RESTRICTED

SECTIONS = (
    replace(SECTION_3AZ, public_zone="create", apps_record="auto", network_acl="working", bootstrap_ignition="b.ign"),
    replace(SECTION_3AZ, load_balancers="classic", record_type="cname", network_acl="documented"),
    RESTRICTED,
    EXISTING,
)
DOCUMENT = Path(__file__).parents[2] / "docs" / "logical-ids.md"
# Ids with a count of their own, or with what AWS calls the thing: the document has examples or an ellipsis.
NAMED_BY_AWS = re.compile(
    r"(SubnetTags|TransitGatewayAttachment|TransitRoute|VPCCidrBlock).*|\w+Endpoint|Etcd\d+Record"
)

every_section = pytest.mark.parametrize("section", SECTIONS, ids=["external", "classic", "restricted", "existing"])


@every_section
def test_the_document_has_every_logical_id(section: OpenShift) -> None:
    text = DOCUMENT.read_text(encoding="utf-8")
    written = set(re.findall(r"`(\w+)`", text))
    stems = {re.sub(r"[23]$", "", name) for name in logical_ids(section) if not NAMED_BY_AWS.fullmatch(name)}
    assert stems - written == set()
    for logical_id, type in logical_ids(section).items():
        assert type in text, logical_id


def unknown(value: Value, row: Property, path: str) -> Iterator[str]:
    """Members of a value that the kind's table doesn't have, and required ones that aren't there."""
    if isinstance(value, Mapping) and row.properties:
        yield from strangers(value, row.properties, path)
    elif isinstance(value, Sequence) and not isinstance(value, str) and row.items:
        for item in value:
            yield from unknown(item, row.items, path)


def strangers(values: Mapping[str, Value], rows: Sequence[Property], path: str) -> Iterator[str]:
    known = {row.name: row for row in rows}
    yield from (f"{path}.{name}" for name in values if name not in known)
    yield from (f"{path}.{row.name} is missing" for row in rows if row.required and row.name not in values)
    for name, value in values.items():
        if name in known:
            yield from unknown(value, known[name], f"{path}.{name}")


@every_section
def test_the_kinds_know_every_property(section: OpenShift) -> None:
    resources = expand(plan_of(section), KNOWN).values()
    found = [each for each in resources if each.type in KINDS]
    assert [line for each in found for line in strangers(each.properties, KINDS[each.type].properties, each.type)] == []


@every_section
def test_the_kinds_have_every_attribute(section: OpenShift) -> None:
    plan = plan_of(section)
    resources = expand(plan, KNOWN)
    values = [*(each.properties for each in resources.values()), *(each.value for each in outputs(plan, KNOWN))]
    asked = {each for value in values for each in references(value) if isinstance(each, GetAtt)}
    types = {each: resources[each.logical_id].type for each in asked}
    assert {
        each for each in asked if types[each] in KINDS and each.attribute not in KINDS[types[each]].attributes
    } == set()
