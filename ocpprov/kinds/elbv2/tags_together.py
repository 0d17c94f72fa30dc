"""Tags of balancers, target groups and listeners: DescribeTags takes twenty ARNs of whatever types in one call (its
API reference), so what several kinds ask in one round goes out together."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from ocpprov.kinds.elbv2.common import tag_reads, tags_by_arn
from ocpprov.kinds.reads import Bulk, Pages, Read


class TogetherTagged(Bulk):
    """In as few calls as hold the ARNs that aren't answered yet. The kinds find tags wherever they were answered."""

    def instead(self, wanted: Sequence[Read], answers: Pages) -> Mapping[Read, Sequence[Read]]:
        asked = [one for one in wanted if _is_about_tags(one)]
        known = tags_by_arn(answers)
        missing = sorted({arn for one in asked for arn in _arns(one)} - known.keys())
        together = tag_reads(missing)
        if len(together) >= len(asked):
            return {}
        return {one: [each for each in asked if set(_arns(one)) & set(_arns(each))] for one in together}

    def told(self, wanted: Sequence[Read], answers: Pages) -> Mapping[Read, Sequence[Mapping[str, Any]]]:
        known = tags_by_arn(answers)
        return {one: [] for one in wanted if _is_about_tags(one) and set(_arns(one)) <= known.keys()}


def _is_about_tags(one: Read) -> bool:
    return (one.service, one.operation) == ("elbv2", "describe_tags")


def _arns(one: Read) -> list[str]:
    arns: list[str] = one.arguments()["ResourceArns"]
    return arns
