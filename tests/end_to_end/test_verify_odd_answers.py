"""verify where an answer of AWS lacks a member: rows are unknown, what is open isn't judged, and nothing ends it."""

from __future__ import annotations

import json
from collections.abc import Callable
from functools import partial
from typing import Any

import pytest

from ocpprov.aws.errors import AwsError
from ocpprov.aws.reads import Reader
from ocpprov.commands import verification_look
from ocpprov.commands.verify import verify
from tests.end_to_end.breaking.site import Site, applied

pytestmark = pytest.mark.torture


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Site:
    return applied(tmp_path_factory.mktemp("odd"), "network-single-zone")


def lacking(monkeypatch: pytest.MonkeyPatch, operation: str, take: Callable[[Any], object]) -> None:
    """AWS's answers to the operation, with something taken out."""
    attempt = Reader.attempt

    def changed(reader: Reader, wanted: Any) -> Any:
        found = attempt(reader, wanted)
        for one, pages in found.items():
            if one.operation == operation and not isinstance(pages, AwsError):
                for page in pages:
                    take(page)
        return found

    monkeypatch.setattr(Reader, "attempt", changed)


def found_by(site: Site, **options: Any) -> tuple[int, Any]:
    given = options or {"plan": site.plan}
    command = partial(verify, vpc_id=site.vpc if options else None)
    ended = site.bastion.command(command, as_json=True, **given)
    return ended.code, json.loads(ended.said)


def test_a_network_that_cannot_be_understood_is_unknown(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    lacking(monkeypatch, "describe_prefix_lists", lambda page: page["PrefixLists"][0].pop("PrefixListId"))
    code, found = found_by(site)
    rows = {row["id"]: row for row in found["requirements"]}
    assert (code, rows["NET-S3"]["status"], rows["NET-VPC"]["status"]) == (3, "unknown", "pass")
    assert "can't be understood: DescribePrefixLists: UnreadableAnswer" in rows["NET-S3"]["detail"]


@pytest.mark.parametrize("judge", ["live_terrain", "port_matrix", "purposes"])
def test_what_ends_a_judgement_ends_no_verification(site: Site, monkeypatch: pytest.MonkeyPatch, judge: str) -> None:
    def fails(*_: object) -> None:
        raise KeyError("DNSName")

    monkeypatch.setattr(verification_look, judge, fails)
    code, found = found_by(site)
    details = {row["detail"] for row in found["requirements"] if row["status"] == "unknown"}
    said = "the network couldn't be read: what AWS says of the cluster's network can't be understood"
    assert (code, [detail for detail in details if said not in detail]) == (3, [])


def test_what_is_open_is_not_judged_where_it_cannot_be_understood(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    def fails(*_: object) -> None:
        raise AttributeError

    monkeypatch.setattr(verification_look, "exposures_of_plan", fails)
    code, found = found_by(site)
    assert (code, found["exposures"]) == (0, [])
    assert found["notJudged"] == ["what AWS says of what is open can't be understood (AttributeError)"]


def test_without_a_plan_all_rows_are_unknown(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    lacking(monkeypatch, "describe_subnets", lambda page: page["Subnets"][0].pop("SubnetId"))
    code, found = found_by(site, cluster="lab.example-corp.net", region="eu-west-1")
    assert code == 3
    assert {row["status"] for row in found["requirements"]} == {"unknown"}
    assert found["requirements"][0]["detail"].startswith("the network couldn't be read: ")
