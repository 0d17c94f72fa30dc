"""What AWS calls things, in the letters and digits of a logical id."""

from __future__ import annotations

from ipaddress import IPv4Network


def block_label(block: IPv4Network) -> str:
    """`10x20x0x0x16` for 10.20.0.0/16."""
    return str(block).replace(".", "x").replace("/", "x")


def id_label(aws_id: str) -> str:
    """`0abc123` for `subnet-0abc123`."""
    return aws_id.rpartition("-")[2]
