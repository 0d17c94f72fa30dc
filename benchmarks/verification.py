"""What verify costs beyond plan. To run it: `.venv/bin/python -m benchmarks.verification`.

Each shipped plan is applied in the sandbox in this process. CPU is the lowest of several looks: `matrix` is all flows
judged on values, `verify` and `plan` are whole commands, AWS's side included, so that their difference is what verify
reads and judges besides.
"""

from __future__ import annotations

import json
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Final

from rich.console import Console
from rich.table import Table

from ocpprov.commands.load import load_plan
from ocpprov.commands.options import Options
from ocpprov.commands.show_plan import show_plan
from ocpprov.commands.validate_reachability import matrix_of
from ocpprov.commands.verify import verify
from tests.support.in_process import Bastion
from tests.support.networks import with_a_network

ROOT: Final = Path(__file__).resolve().parents[1]
REGIONS: Final = {"govcloud": "us-gov-west-1"}
LOOKS: Final = 5


def milliseconds(work: Callable[[], object]) -> float:
    """The least CPU that some work takes."""
    spent = []
    for _ in range(LOOKS):
        began = time.process_time()
        work()
        spent.append(time.process_time() - began)
    return 1000 * min(spent)


HEADINGS: Final = ("flows", "rows", "matrix, ms", "plan, ms", "verify, ms", "calls of plan", "calls of verify")


def row(path: Path, bastion: Bastion, home: Path) -> Sequence[float]:
    """Of one plan, in the order of the headings."""
    bastion.moved_in(home, REGIONS.get(path.stem, "eu-west-1"))
    plan = with_a_network(path, bastion.client("ec2"), home)
    assert bastion.apply(plan).code == 0
    read = load_plan(Options(plan=plan, directory=home))
    flows = matrix_of(read)
    matrix = milliseconds(lambda: matrix_of(read))
    planned = milliseconds(lambda: bastion.command(show_plan, plan=plan))
    of_plan = len(bastion.pipeline.calls())
    judged = milliseconds(lambda: bastion.command(verify, plan=plan, as_json=True))
    of_verify = len(bastion.pipeline.calls())
    rows = json.loads(bastion.command(verify, plan=plan, as_json=True).said)["requirements"]
    asked = sum(each["status"] != "not-applicable" for each in rows)
    return (len(flows.rows) if flows else 0, asked, round(matrix), round(planned), round(judged), of_plan, of_verify)


def main() -> None:
    """The table."""
    table = Table("plan", *HEADINGS)
    for name, values in measured():
        table.add_row(name, *map(str, values))
    Console().print(table)


def figures() -> Mapping[str, float]:
    """Each by its name."""
    return {
        f"{name}: {heading}": value
        for name, values in measured()
        for heading, value in zip(HEADINGS, values, strict=True)
    }


def measured() -> Iterator[tuple[str, Sequence[float]]]:
    """A row for each plan."""
    with tempfile.TemporaryDirectory() as folder:
        bastion = Bastion(Path(folder), "eu-west-1")
        for path in sorted((ROOT / "plans").glob("*.yaml")):
            home = Path(folder) / path.stem
            home.mkdir()
            yield path.stem, row(path, bastion, home)


if __name__ == "__main__":
    main()
