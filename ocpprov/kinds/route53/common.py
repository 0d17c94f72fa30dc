"""What the Route 53 types share: names as AWS writes them, zone ids, and whose a zone is."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any, Final

from ocpprov.engine.abbreviated_ids import abbreviated
from ocpprov.engine.ownership import PLAN, REGION, RESOURCE, claimed_by
from ocpprov.engine.values import Value
from ocpprov.kinds.reads import Found

ZONE: Final = "AWS::Route53::HostedZone"
CALLER_REFERENCE_LIMIT: Final = 128
_TOKEN_AT_LEAST: Final = 8
"""What has to be left of the token: without it a zone could be made once, and never again."""

_ZONE_ID: Final = re.compile(r"[A-Z0-9]{10,32}")
_ESCAPED: Final = re.compile(r"\\([0-7]{3})")


def canonical_name(name: str) -> str:
    """A domain name as the plan's side of a comparison has it: lower case, no trailing dot, `*` and not `\\052`."""
    return _ESCAPED.sub(lambda match: chr(int(match[1], 8)), name).lower().removesuffix(".")


def with_canonical_names(properties: Mapping[str, Value], *names: str) -> dict[str, Value]:
    """The properties with the named domain names canonical, as far as they are known."""
    texts = {name: text for name in names if isinstance(text := properties.get(name), str)}
    return {**properties, **{name: canonical_name(text) for name, text in texts.items()}}


def bare_id(zone_id: str) -> str:
    """A zone's id without the `/hostedzone/` that some answers put before it."""
    return zone_id.rpartition("/")[2]


def caller_reference(found_by: Mapping[str, str], token: str) -> str:
    """The reference that proves whose a zone is before it has tags: `ocpprov/<plan>/<region>/<resource>/<token>`, the
    token shortened where the rest leaves it less room; a logical id that would leave it next to none is abbreviated.
    Route 53 takes each reference once, ever."""
    place, resource = f"ocpprov/{found_by[PLAN]}/{found_by[REGION]}", found_by[RESOURCE]
    if len(f"{place}/{resource}/") + _TOKEN_AT_LEAST > CALLER_REFERENCE_LIMIT:
        resource = abbreviated(resource)
    return f"{place}/{resource}/{token}"[:CALLER_REFERENCE_LIMIT]


def claim_of(reference: str) -> dict[str, str]:
    """The ownership facts in a caller reference of ours, a long logical id abbreviated; none in anybody else's."""
    parts = reference.split("/")
    if len(parts) != 5 or parts[0] != "ocpprov":
        return {}
    return {PLAN: parts[1], REGION: parts[2], RESOURCE: parts[3]}


def zone_ids(found: Found) -> list[str]:
    """The zones to look into: those of this plan, and the existing ones that it names."""
    ours = {live.id for live in found.lives.get(ZONE, ()) if claimed_by(live, found.owner)}
    others = {name for name in (*found.given, *found.parents_elsewhere()) if _ZONE_ID.fullmatch(name)}
    return sorted(ours | others)


def tags_of(tags: Any) -> dict[str, str]:
    """A tag list as a mapping."""
    return {tag["Key"]: tag["Value"] for tag in tags}
