"""How near runs come to what AWS allows, in simulated time. To run it: `.venv/bin/python -m benchmarks.speed`.

A life of each plan (`lives.py`) beside its bound (`bound.py`): seconds, calls, and calls one after another; and what
`plan` grows to in an account that is crowded with other people's things.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

from rich.console import Console
from rich.table import Table

from benchmarks.bound import Bound, apply_bound, destroy_bound
from benchmarks.lives import ROOT, TimedAct, lived
from benchmarks.templates import template_of
from ocpprov.aws.clients import Clients
from tests.support.crowd import MAKERS

PLANS: Final = ("public-3az", "restricted-3az")
CROWD: Final[Mapping[str, int]] = {"load balancers": 200, "zones": 300, "roles": 800}


def fill(clients: Clients) -> None:
    """Puts the crowd there."""
    for name, count in CROWD.items():
        MAKERS[name](clients.__getitem__, count)


def figures() -> Mapping[str, float]:
    """Each figure by its name, which ends in its unit."""
    found: dict[str, float] = {}
    for name in PLANS:
        plan = ROOT / "plans" / f"{name}.yaml"
        template = template_of(plan)
        bounds = {"apply": apply_bound(template), "destroy": destroy_bound(template)}
        found |= of_life(name, lived(plan), bounds)
    crowded = lived(ROOT / "plans" / f"{PLANS[0]}.yaml", before=fill)
    found |= of_life(f"{PLANS[0]} in a crowded account", [act for act in crowded if act.name in ("plan", "destroy")])
    return found


def of_life(plan: str, acts: Sequence[TimedAct], bounds: Mapping[str, Bound] | None = None) -> dict[str, float]:
    """The figures of one life. Raises RuntimeError where a command didn't end well: its figures would be worth
    nothing."""
    found: dict[str, float] = {}
    for act in acts:
        if not act.ok:
            raise RuntimeError(f"{plan}: {act.name} failed")
        head = f"{plan}: {act.name}"
        found |= {f"{head}, s": act.seconds, f"{head}, calls": len(act.calls)}
        bound = (bounds or {}).get(act.name)
        if bound is None:
            found[f"{head}, calls one after another"] = act.in_a_row
        else:
            found |= {
                f"{head}, bound, s": bound.seconds,
                f"{head}, seconds over the bound, times": act.seconds / bound.seconds,
                f"{head}, changing calls": act.mutating,
                f"{head}, fewest changing calls": bound.changes,
            }
    return found


def main() -> None:
    """Print the table."""
    table = Table("figure", title="In simulated time: 80 ms a call, AWS's readiness held")
    table.add_column("value", justify="right")
    for name, value in figures().items():
        table.add_row(name, f"{value:.2f}".removesuffix(".00"))
    Console().print(table)


if __name__ == "__main__":
    main()
