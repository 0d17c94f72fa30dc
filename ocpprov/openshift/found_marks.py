"""By what a cluster's things are recognised where no plan names them: each mark with its weight, the heaviest wins."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from ocpprov.openshift.vpc_survey import VpcSurvey, clusters_in

WEAK: Final = 1
"""A word in a name, which anybody may use for anything."""
TELLING: Final = 2
"""The templates' own name for it, or what it serves."""
SURE: Final = 4
"""The installer's name of this very cluster, or a record that leads to it."""
USED: Final = 16
"""What the machines have is theirs, whatever anything is called."""
_STEM: Final = 21
"""Characters of the cluster's name that an infraID keeps (installer, pkg/asset/installconfig/clusterid.go)."""


class Machine(StrEnum):
    """Whose group, role and profile."""

    CONTROL_PLANE = "control plane"
    COMPUTE = "compute machines"
    BOOTSTRAP = "bootstrap machine"

    @property
    def whose(self) -> str:
        """Before what is theirs."""
        return f"the {self}'" if self.endswith("s") else f"the {self}'s"


_WORDS: Final = {
    Machine.CONTROL_PLANE: r"masters?|control-?planes?",
    Machine.COMPUTE: r"workers?|compute|nodes?",
    Machine.BOOTSTRAP: r"bootstrap",
}
INSTALLERS_WORD: Final = {
    Machine.CONTROL_PLANE: "master",
    Machine.COMPUTE: "worker",
    Machine.BOOTSTRAP: "bootstrap",
}
"""In the names that the installer gives."""


@dataclass(frozen=True)
class Candidates:
    """What something may be: AWS's ids, and by what it was sought. One is it; several that nothing tells apart are
    none that can be judged, unless all of them are it `together`, as machines wear several groups. `unclaimed` are
    those that nothing says anything of, and that may be it all the same."""

    ids: Sequence[str] = ()
    by: str = ""
    unclaimed: Sequence[str] = ()
    together: bool = False

    @property
    def certain(self) -> Sequence[str]:
        """The ids where it is known that they are it, else none."""
        return self.ids if self.together or len(self.ids) == 1 else ()

    @property
    def one(self) -> str:
        """The id where there is only one, else empty."""
        return self.ids[0] if len(self.ids) == 1 else ""


@dataclass(frozen=True)
class Marked:
    """One candidate, with the weight of what speaks for it."""

    id: str
    weight: int


def heaviest(found: Iterable[Marked], by: str, least: int = WEAK, unclaimed: Sequence[str] = ()) -> Candidates:
    """Those for which most speaks, if that is at least so much."""
    known = [each for each in found if each.weight >= least]
    most = max((each.weight for each in known), default=0)
    return Candidates(sorted(each.id for each in known if each.weight == most), by, unclaimed)


def named_for(machine: Machine, *names: str) -> int:
    """How much names say that something is a machine's: the templates' logical ids (MasterSecurityGroup) more than a
    word."""
    logical = INSTALLERS_WORD[machine].capitalize()
    if any(re.search(rf"{logical}(SecurityGroup|IamRole|InstanceProfile)", name) for name in names):
        return TELLING
    word = re.compile(rf"(?<![a-z0-9])({_WORDS[machine]})(?![a-z0-9])", re.IGNORECASE)
    return WEAK if any(word.search(name.replace("_", "-").replace(" ", "-")) for name in names) else 0


def is_infra_id(word: str, cluster_name: str) -> bool:
    """Whether a cluster of this name has such an infraID: its name, cut and cleaned, and five characters."""
    stem = re.sub(r"[^a-z0-9-]", "-", cluster_name.lower())[:_STEM].rstrip("-")
    return word == cluster_name or bool(re.fullmatch(rf"{re.escape(stem)}-[a-z0-9]{{5}}", word))


def infra_ids(survey: VpcSurvey, cluster_name: str, names: Iterable[str]) -> list[str]:
    """Those of the cluster by tags on what is in the VPC, else by the installer's `names` of balancers, groups and
    machines; sorted."""
    tagged = _of_cluster(_tagged(survey), cluster_name)
    return tagged or _of_cluster(_named(names), cluster_name)


def _of_cluster(words: Iterable[str], cluster_name: str) -> list[str]:
    return sorted({word for word in words if is_infra_id(word, cluster_name)})


def _tagged(survey: VpcSurvey) -> set[str]:
    sets: list[Mapping[str, str]] = [
        *(subnet.tags for subnet in survey.subnets.values()),
        *(group.tags for group in survey.groups.values()),
        *(instance.tags for instance in survey.instances),
        *(live.tags for lives in survey.lives.values() for live in lives),
        survey.vpc.tags,
    ]
    return {word for tags in sets for word in clusters_in(tags)}


def _named(names: Iterable[str]) -> set[str]:
    ends = re.compile(r"(.+?)-(int|ext|aint|aext|sint|master-sg|worker-sg|bootstrap-sg|master-\d+|bootstrap)")
    return {match[1] for name in names if (match := ends.fullmatch(name))}
