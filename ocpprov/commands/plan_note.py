"""The run folder's note of the last plan: what a run had to do with, as the next one needs it.

The note is a file that people may edit and older versions wrote: what isn't as it is written is taken for missing.
"""

from __future__ import annotations

from collections.abc import Mapping

from ocpprov.commands.given_digests import digest
from ocpprov.commands.scope import ALL_SERVICES, ALWAYS_ASKED, Scope
from ocpprov.engine.graph import Graph, build
from ocpprov.engine.ledgers import planned_ledgers
from ocpprov.engine.memory import Memory
from ocpprov.engine.resources import Resource
from ocpprov.engine.secret_texts import NO_SECRETS, SecretTexts
from ocpprov.kinds.registry import KINDS
from ocpprov.runs.folder import RunFolder
from ocpprov.runs.journal import account_region


def scope_document(scope: Scope, secrets: SecretTexts = NO_SECRETS) -> dict[str, object]:
    """A scope as it is remembered in the run folder, without these texts. What a run did without is in it: the
    next one mayn't. Where a name is secret none is known: everything is looked at. Of an id that is, the digest is
    kept: what a plan gives is never deleted, with the plan file or without."""
    names = sorted(scope.declared_names or ())
    hidden = {id for id in scope.memory.given if secrets.hides(id)}
    digests = scope.hidden_given | {digest(id) for id in hidden}
    roles = {zone: role for zone, role in scope.zone_roles.items() if not secrets.hides(zone) | secrets.hides(role)}
    return {
        "services": sorted(scope.services | scope.excluded | scope.out_of_reach.keys()),
        "names": None if any(map(secrets.hides, names)) else names,
        "resources": dict(scope.memory.types),
        "given": sorted(scope.memory.given - hidden),
        **({"givenDigests": sorted(digests)} if digests else {}),
        "unplaced": scope.unplaced,
        **({"zoneRoles": roles} if roles else {}),
        **({} if scope.types is None else {"types": sorted(scope.types)}),
    }


def scope_remembered(folder: RunFolder) -> Scope | None:
    """The scope in a run folder's note of the last plan; None where it has none."""
    content = folder.read(folder.last_plan)
    if not isinstance(content, Mapping) or not isinstance(content.get("services"), list):
        return None
    names, types = content.get("names"), content.get("types")
    resources, given = content.get("resources"), content.get("given")
    digests, roles = content.get("givenDigests"), content.get("zoneRoles")
    return Scope(
        ALWAYS_ASKED | (ALL_SERVICES & set(map(str, content["services"]))),
        frozenset(map(str, names)) if isinstance(names, list) else None,
        types=frozenset(map(str, types)) if isinstance(types, list) else None,
        memory=Memory(
            {str(name): str(type) for name, type in resources.items()} if isinstance(resources, Mapping) else {},
            frozenset(map(str, given)) if isinstance(given, list) else frozenset(),
            rows=_rows(content.get("rows")),
            knows_rows=isinstance(content.get("rows"), list) and content.get("hidesRows") is not True,
            is_known_here=True,
        ),
        unplaced=_unplaced(content),
        hidden_given=frozenset(map(str, digests)) if isinstance(digests, list) else frozenset(),
        noted=_noted(content),
        zone_roles={str(zone): str(role) for zone, role in roles.items()} if isinstance(roles, Mapping) else {},
    )


def _unplaced(note: Mapping[str, object]) -> str:
    """Account and region of the journal's records that don't say it: those of the last run of the version that wrote
    them, which its note has. Every later note repeats it, as that may be about another account."""
    if "unplaced" in note:
        return str(note["unplaced"])
    return _noted(note)


def _noted(note: Mapping[str, object]) -> str:
    """Account and region of the last run; empty where the note doesn't say both."""
    account, region = note.get("account"), note.get("region")
    return account_region(str(account), str(region)) if account and region else ""


def planned_rows(graph: Graph, excluded: Mapping[str, Resource]) -> frozenset[tuple[str, str]]:
    """What the plan has of rows, links and members of shared lists: the logical id of what remembers each, and how.
    What is `excluded` from the run is remembered too, as somebody else makes it."""
    ledgers = planned_ledgers({**graph.resources, **build(excluded, KINDS).resources}, KINDS)
    return frozenset((name, entry) for name, ledger in ledgers.items() for entry in ledger.children | ledger.links)


def _rows(content: object) -> frozenset[tuple[str, str]]:
    rows = content if isinstance(content, list) else ()
    return frozenset((str(row[0]), str(row[1])) for row in rows if isinstance(row, list) and len(row) == 2)
