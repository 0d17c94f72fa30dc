"""A file of prices: three forms, and what is wrong in one, each with its place."""

from __future__ import annotations

import os
from decimal import Decimal
from pathlib import Path

import pytest

from ocpprov.checks.hourly_costs import PriceTable
from ocpprov.checks.price_files import billed_names, prices_in, read_prices
from ocpprov.kinds.registry import KINDS
from ocpprov.plan.nodes import MOST_BYTES
from ocpprov.plan.problems import PlanErrors
from ocpprov.runs import input_files

KNOWN = ["Elastic IP", "NAT gateway"]


def test_the_names_are_those_of_what_is_billed() -> None:
    assert billed_names(KINDS) == [
        "Elastic IP",
        "NAT gateway",
        "interface endpoint",
        "load balancer",
        "transit gateway attachment",
    ]


@pytest.mark.parametrize(
    ("file", "content"),
    [
        ("p.yaml", "currency: USD\nNAT gateway: 0.0480   # here\nElastic IP: '5'\n"),
        ("p.json", '{"currency": "USD", "NAT gateway": 0.048, "Elastic IP": "5"}'),
        ("p.csv", "what,price\r\ncurrency,USD\r\n\r\nNAT gateway, 0.048\r\nElastic IP,5\r\n"),
        ("P.CSV", "\ufeffNAT gateway,0.048\nElastic IP,5\ncurrency,USD"),
    ],
)
def test_three_forms(file: str, content: str) -> None:
    wanted = PriceTable({"NAT gateway": Decimal("0.048"), "Elastic IP": Decimal(5)}, "USD", file)
    assert prices_in(content.encode(), file, KNOWN) == wanted


@pytest.mark.parametrize(
    ("file", "content", "said"),
    [
        (
            "p.yaml",
            "NAT gatway: 1",
            "p.yaml:1:1: NAT gatway is nothing that is billed by the hour; did you mean NAT gate",
        ),
        (
            "p.yaml",
            "zebra: 1",
            "p.yaml:1:1: zebra is nothing that is billed by the hour; known here: Elastic IP, NAT gat",
        ),
        (
            "p.yaml",
            "a:\nNAT gateway: -1",
            "p.yaml:2:14: NAT gateway: invalid value -1; a price is a number such as 0.048",
        ),
        ("p.yaml", "NAT gateway: much", "p.yaml:1:14: NAT gateway: invalid value much; a price is a number"),
        ("p.yaml", "NAT gateway: 1e3", "p.yaml:1:14: NAT gateway: invalid value 1e3; a price"),
        ("p.yaml", "NAT gateway: 0x1", "p.yaml:1:14: NAT gateway: invalid value 0x1; a price"),
        ("p.yaml", "NAT gateway: {a: 1}", "p.yaml:1:14: NAT gateway: invalid value a mapping; a price"),
        ("p.yaml", "NAT gateway: [1]", "p.yaml:1:14: NAT gateway: invalid value a list; a price"),
        ("p.yaml", "NAT gateway: ''", "p.yaml:1:14: NAT gateway: invalid value ''; a price"),
        ("p.yaml", "# none", "p.yaml:1:1: the file is empty"),
        ("p.yaml", "NAT gateway:", "p.yaml:1:13: NAT gateway: invalid value nothing"),
        ("p.yaml", "currency: dollars", "p.yaml:1:11: currency: invalid value dollars; three letters such as USD"),
        ("p.yaml", "[1]", "p.yaml:1:1: prices are a mapping, not a list; a price is a number such as 0.048"),
        ("p.yaml", "a: [", "p.yaml:1:5: not YAML"),
        ("p.csv", "what,price\nNAT gateway", "p.csv:2:1: 1 columns; a name and its price: two columns"),
        ("p.csv", "NAT gateway,1\nNAT gateway,2", "p.csv:2:1: NAT gateway is given twice; remove one of them"),
        ("p.csv", "NAT gateway,1\nElastic IP,price", "p.csv:2:1: Elastic IP: invalid value price"),
        ("p.csv", '"', "p.csv:1:1: not CSV: unexpected end of data"),
        ("p.csv", "x" * (MOST_BYTES + 1), "p.csv:1:1: the file is larger than 1 MiB; it has a few rows"),
    ],
)
def test_what_is_wrong_says_where(file: str, content: str, said: str) -> None:
    with pytest.raises(PlanErrors) as error:
        prices_in(content.encode(), file, KNOWN)
    assert any(line.startswith(said) for line in str(error.value).splitlines()), str(error.value)


def test_a_pipe_is_read() -> None:
    here, there = os.pipe()
    os.write(there, b"load balancer: 1.25\n")
    os.close(there)
    try:
        assert read_prices(Path(f"/dev/fd/{here}"), KINDS).prices == {"load balancer": Decimal("1.25")}
    finally:
        os.close(here)


def test_a_pipe_without_a_writer_is_not_waited_for(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(input_files, "NO_WRITER_SECONDS", 0.01)
    os.mkfifo(tmp_path / "prices.csv")
    with pytest.raises(PlanErrors, match=r"prices\.csv:1:1: can't be read: nobody has written"):
        read_prices(tmp_path / "prices.csv", KINDS)


def test_a_file_that_cannot_be_read(tmp_path: Path) -> None:
    with pytest.raises(PlanErrors, match=r"prices\.csv:1:1: can't be read: No such file or directory"):
        read_prices(tmp_path / "prices.csv", KINDS)
    (tmp_path / "prices.yaml").write_text("load balancer: 1.25\n")
    assert read_prices(tmp_path / "prices.yaml", KINDS).prices == {"load balancer": Decimal("1.25")}
