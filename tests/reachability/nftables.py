"""Security groups and network ACLs as rules of the kernel's packet filter, one statement for each."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from ocpprov.reachability.network import AclEntry, GroupRule, NetworkAcl, SecurityGroup
from ocpprov.reachability.spans import ALL_PORTS, Span, blocks


def host_filter(group: SecurityGroup) -> str:
    """A host with this group: answers pass, whatever they answer."""
    return f"""
flush ruleset
table ip host {{
  chain input {{
    type filter hook input priority 0; policy drop;
    iifname "lo" accept
    ct state established accept
    {_lines(_accepts("saddr", rule) for rule in group.ingress)}
  }}
  chain output {{
    type filter hook output priority 0; policy drop;
    oifname "lo" accept
    ct state established accept
    {_lines(_accepts("daddr", rule) for rule in group.egress)}
  }}
}}
"""


def router_filter(subnets: Sequence[tuple[str, NetworkAcl]]) -> str:
    """A router between subnets, each behind an interface and an ACL; it remembers nothing of what passed."""
    chains = "".join(
        f"""
  chain egress_{name} {{
    {_lines(_decides("daddr", entry) for entry in _in_order(acl.egress))}
    drop
  }}
  chain ingress_{name} {{
    {_lines(_decides("saddr", entry) for entry in _in_order(acl.ingress))}
    drop
  }}"""
        for name, acl in subnets
    )
    leaves = _lines(f'iifname "to-{name}" jump egress_{name}' for name, _ in subnets)
    enters = _lines(f'oifname "to-{name}" jump ingress_{name}' for name, _ in subnets)
    return f"""
flush ruleset
table ip router {{{chains}
  chain forward {{
    type filter hook forward priority 0; policy accept;
    {leaves}
    {enters}
  }}
}}
"""


def _in_order(entries: Sequence[AclEntry]) -> list[AclEntry]:
    return sorted(entries, key=lambda entry: entry.number)


def _lines(statements: Iterator[str]) -> str:
    return "\n    ".join(statements)


def _accepts(side: str, rule: GroupRule) -> str:
    assert rule.peers is not None
    return f"{_matches(side, rule.protocol, rule.peers, rule.ports)} accept"


def _decides(side: str, entry: AclEntry) -> str:
    return f"{_matches(side, entry.protocol, entry.peers, entry.ports)} {'return' if entry.allow else 'drop'}"


def _matches(side: str, protocol: str, peers: Span, ports: Span) -> str:
    address = f"ip {side} {blocks(peers)}"
    if protocol == "-1":
        return address
    if ports == ALL_PORTS:
        return f"{address} meta l4proto {protocol}"
    return f"{address} {protocol} dport {ports.first}-{ports.last}"
