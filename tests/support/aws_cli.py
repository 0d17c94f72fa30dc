"""A command of the AWS CLI as what it calls, as far as ocpprov tells any."""

from __future__ import annotations

import re
import shlex
from collections.abc import Callable
from typing import Any


def run(command: str, client: Callable[[str], Any]) -> None:
    """Call what the command calls, with a client of the service."""
    program, service, operation, *words = shlex.split(command)
    assert program == "aws"
    given: dict[str, list[str]] = {}
    for word in words:
        if word.startswith("--"):
            option = word.removeprefix("--")
            given[option] = []
        else:
            given[option].append(word)
    assert given.pop("region")
    parameters = {_member(option): _value(option, values) for option, values in given.items() if option != "ingress"}
    if operation.endswith("network-acl-entry"):
        parameters.setdefault("Egress", False)
    getattr(client(service), operation.replace("-", "_"))(**parameters)


def _member(option: str) -> str:
    return "".join(part.capitalize() for part in option.split("-")).replace("IdS", "Ids")


def _value(option: str, values: list[str]) -> Any:
    match option:
        case "egress":
            return True
        case "rule-number":
            return int(values[0])
        case "ip-permissions":
            return [_permission(each) for each in values]
        case "port-range" | "icmp-type-code":
            return {key: int(number) for key, number in _pairs(values[0]).items()}
        case "protocol":
            return {"tcp": "6", "udp": "17", "icmp": "1", "all": "-1"}.get(values[0], values[0])
        case "attributes":
            return [_pairs(each) for each in values]
        case "add-route-table-ids":
            return values
    return values[0]


def _permission(text: str) -> dict[str, Any]:
    known: dict[str, Any] = {}
    for name, member, value in re.findall(r"(\w+)=\[\{(\w+)=([^}]*)\}\]", text):
        known[name] = [{member: value}]
    for key, value in _pairs(re.sub(r",?\w+=\[[^]]*\]", "", text)).items():
        known[key] = value if key == "IpProtocol" else int(value)
    return known


def _pairs(text: str) -> dict[str, str]:
    return dict(part.split("=", 1) for part in text.split(","))
