"""The plans that are broken: two of plans/ as they are, and one with what neither has."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from pathlib import Path

Edit = Callable[[str], str]

_MORE = """
  dhcpOptions: {domainName: corp.example, domainNameServers: [10.0.0.2]}
  secondaryNetworks: [10.1.0.0/16]
  etcdRecords: true
"""


def stored(home: Path) -> Edit:
    """restricted-3az with a file for the bootstrap machine in `home`, DHCP options, a second block and etcd's names."""
    (home / "bootstrap.ign").write_text(json.dumps({"ignition": {"version": "3.2.0"}}))

    def edit(text: str) -> str:
        return text.replace("    # ignition: ./bootstrap.ign", "    ignition: ./bootstrap.ign").rstrip() + _MORE

    return edit


def as_it_is(home: Path) -> Edit:
    return lambda text: text


PLANS: Mapping[str, tuple[str, Callable[[Path], Edit]]] = {
    "public-3az": ("public-3az", as_it_is),
    "restricted-3az": ("restricted-3az", as_it_is),
    "stored": ("restricted-3az", stored),
}
"""By the name that tests use: the file in plans/, and what is written into it otherwise."""
