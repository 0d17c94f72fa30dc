"""Which nodes of a graph wait for each other, directly or not: its strongly connected components.

Tarjan's algorithm, without recursion: chains may be as long as they like. The standard library's graphlib names one
circle only.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Set


def component_of(needs: Mapping[str, Set[str]]) -> dict[str, int]:
    """By node, the number of its component: two with the same number wait for each other. Each need is a node, too."""
    found: dict[str, int] = {}
    index: dict[str, int] = {}
    low: dict[str, int] = {}
    path: list[str] = []
    for root in needs:
        if root in index:
            continue
        index[root] = low[root] = len(index)
        path.append(root)
        work: list[tuple[str, Iterator[str]]] = [(root, iter(needs[root]))]
        while work:
            node, rest = work[-1]
            for need in rest:
                if need not in index:
                    index[need] = low[need] = len(index)
                    path.append(need)
                    work.append((need, iter(needs[need])))
                    break
                if need not in found:
                    low[node] = min(low[node], index[need])
            else:
                work.pop()
                if work:
                    above = work[-1][0]
                    low[above] = min(low[above], low[node])
                if low[node] == index[node]:
                    _close(node, path, found)
    return found


def _close(root: str, path: list[str], found: dict[str, int]) -> None:
    """The component of a root is what was reached after it and isn't in another one."""
    number = len(found)
    while True:
        node = path.pop()
        found[node] = number
        if node == root:
            return
