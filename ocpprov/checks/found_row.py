"""What is found out of one row where no plan says what it is made of."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from ocpprov.checks.requirement_drift import Defect
from ocpprov.engine.suggestion import command_line
from ocpprov.openshift.found_cluster import FoundCluster
from ocpprov.openshift.found_marks import Candidates
from ocpprov.openshift.found_terrain import unread_tables
from ocpprov.openshift.terrain import Terrain
from ocpprov.openshift.vpc_survey import VpcSurvey

READ_IT: Final = "give the permission to read it"


@dataclass(frozen=True)
class FoundCase:
    """What a row is judged by."""

    survey: VpcSurvey
    cluster: FoundCluster
    terrain: Terrain

    @property
    def vpc(self) -> str:
        return self.survey.vpc.id

    def aws(self, *words: str) -> str:
        """A command of the AWS CLI in this region."""
        return f"`{command_line('aws', *words, '--region', self.survey.region)}`"

    def unread(self, *types: str) -> list[Defect]:
        """What isn't known as nobody may read these types."""
        return [Defect(f"couldn't be read: {said}", READ_IT) for said in self.survey.unread_of(*types)]

    def one_a_zone(self, subnets: Sequence[str]) -> list[str]:
        """The first of each zone: load balancers and interface endpoints may have no more there."""
        zones = [self.survey.subnets[id].zone for id in subnets]
        return [id for at, id in enumerate(subnets) if zones[at] not in zones[:at]]

    def unread_ways(self) -> list[Defect]:
        """What isn't known of a way out, as nobody may read the machines' route tables."""
        unread = unread_tables(self.survey, self.cluster)
        tables = ", ".join(filter(None, unread)) or "the machines' route tables"
        return [Defect(f"{tables} couldn't be read, and a way out may be there", READ_IT)] if unread else []


@dataclass(frozen=True)
class Judged:
    """`faults` are what isn't as it should be, `unknown` what can't be known, each with what helps. `said` is the word
    of a row that holds, or of one that doesn't apply (`applies`)."""

    evidence: Sequence[str] = ()
    faults: Sequence[Defect] = ()
    unknown: Sequence[Defect] = ()
    said: str = ""
    applies: bool = True


JudgedRows = Mapping[str, Judged]


def needless(said: str) -> Judged:
    """A row that doesn't apply, for this reason."""
    return Judged(said=said, applies=False)


def several(what: str, candidates: Candidates) -> Defect:
    """Which of several it is nobody can tell."""
    ids = ", ".join(candidates.ids)
    return Defect(
        f"several may be {what}: {ids} (by {candidates.by})", f"tell them apart by tag or name: {candidates.by}"
    )
