"""Names and values in two columns."""

from __future__ import annotations

from ocpprov.ui.table import table


def test_outputs_stand_in_two_columns() -> None:
    assert list(table({"VpcId": "vpc-1", "Subnets": ["a", "b"], "N": 3})) == [
        "VpcId    vpc-1",
        'Subnets  ["a", "b"]',
        "N        3",
    ]
    assert list(table({})) == []


def test_an_output_of_several_lines_stands_under_its_name() -> None:
    assert list(table({"VpcId": "vpc; 1", "Subnets": "a 1; b 2", "None": ""}, {"Subnets": "; ", "None": "; "})) == [
        "VpcId    vpc; 1",
        "Subnets  a 1",
        "         b 2",
        "None     ",
    ]
