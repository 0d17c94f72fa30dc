"""A file of prices by the hour: in YAML or JSON what is billed with its price, in CSV a row of both for each."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator, Mapping
from decimal import Decimal
from io import StringIO
from pathlib import Path
from typing import Final

from ocpprov.checks.hourly_costs import PriceTable
from ocpprov.engine.resources import Position
from ocpprov.kinds.contract import Kind
from ocpprov.plan.nodes import MOST_BYTES, Node, parse
from ocpprov.plan.problems import PlanError, PlanErrors, likely
from ocpprov.runs.input_files import read_input

_CURRENCY: Final = "currency"
_PRICE: Final = re.compile(r"[0-9]{1,9}(\.[0-9]{1,9})?")
_SUCH_AS: Final = "a price is a number such as 0.048"


def billed_names(kinds: Mapping[str, Kind]) -> list[str]:
    """Everything that is billed by the hour, by the names that a file of prices has."""
    return sorted({kind.billed_as for kind in kinds.values()} - {""})


def read_prices(path: Path, kinds: Mapping[str, Kind]) -> PriceTable:
    """The prices in a file. Raises PlanErrors with all that is wrong, each with its place."""
    try:
        content = read_input(path, MOST_BYTES + 1)
    except OSError as error:
        raise PlanErrors([PlanError(Position(str(path), 1, 1), "", f"can't be read: {error.strerror}")]) from None
    return prices_in(content, str(path), billed_names(kinds))


def prices_in(content: bytes, file: str, known: list[str]) -> PriceTable:
    """The same, of what a file has; `known` are the names that it may give prices for."""
    rows = _of_csv(content, file) if file.casefold().endswith(".csv") else _of_mapping(content, file)
    errors: list[PlanError] = []
    prices: dict[str, Decimal] = {}
    currency = ""
    for key, value in rows:
        text = value.written or (value.value if isinstance(value.value, str) and value.value else value.what())
        if key.value == _CURRENCY:
            currency = text
            if not re.fullmatch(r"[A-Z]{3}", text):
                errors.append(
                    PlanError(value.position, _CURRENCY, f"invalid value {text}", "three letters such as USD")
                )
        elif key.value not in known:
            hint = likely(str(key.value), known) or f"known here: {', '.join(known)}"
            errors.append(PlanError(key.position, "", f"{key.value} is nothing that is billed by the hour", hint))
        elif not _PRICE.fullmatch(text):
            errors.append(PlanError(value.position, str(key.value), f"invalid value {text}", _SUCH_AS))
        elif key.value in prices:
            errors.append(PlanError(key.position, "", f"{key.value} is given twice", "remove one of them"))
        else:
            prices[str(key.value)] = Decimal(text)
    if errors:
        raise PlanErrors(errors)
    return PriceTable(prices, currency, file)


def _of_mapping(content: bytes, file: str) -> Iterator[tuple[Node, Node]]:
    root = parse(content, file)
    if root.mapping() is None:
        raise PlanErrors([PlanError(root.position, "", f"prices are a mapping, not {root.what()}", _SUCH_AS)])
    for key, value in (root.mapping() or {}).items():
        yield Node(key, root.keys[key]), value


def _of_csv(content: bytes, file: str) -> Iterator[tuple[Node, Node]]:
    """A heading, if any, has no number in its second column and isn't the currency's row."""
    if len(content) > MOST_BYTES:
        raise PlanErrors([PlanError(Position(file, 1, 1), "", "the file is larger than 1 MiB", "it has a few rows")])
    try:
        table = csv.reader(StringIO(content.decode("utf-8-sig")), strict=True)
        for number, row in enumerate(table, 1):
            place = Position(file, number, 1)
            cells = [cell.strip() for cell in row]
            if not any(cells) or (number == 1 and _is_heading(cells)):
                continue
            if len(cells) != 2:
                raise PlanErrors([PlanError(place, "", f"{len(cells)} columns", "a name and its price: two columns")])
            yield Node(cells[0], place), Node(cells[1], place)
    except (csv.Error, UnicodeDecodeError) as error:
        raise PlanErrors([PlanError(Position(file, 1, 1), "", f"not CSV: {error}")]) from None


def _is_heading(cells: list[str]) -> bool:
    return len(cells) == 2 and cells[0] != _CURRENCY and not any(char.isdigit() for char in cells[1])
