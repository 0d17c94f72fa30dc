"""Broken plans written with a mark where each error is expected, so that nobody counts columns."""

from __future__ import annotations

from typing import Final

MARK: Final = "§"

Expected = tuple[int, int, str]
Broken = tuple[str, list[Expected]]

HEAD: Final = "name: a\nregion: eu-west-1\n"
SECTION: Final = f"{HEAD}openshift:\n  clusterName: prod\n  baseDomain: example.com\n"


def marked(text: str, *fragments: str) -> Broken:
    """The plan without its marks, and what is expected at each of them, in reading order."""
    *before, last = text.split(MARK)
    clean, places = "", []
    for part in before:
        clean += part
        lines = clean.split("\n")
        places.append((len(lines), len(lines[-1]) + 1))
    return clean + last, [(line, column, fragment) for (line, column), fragment in zip(places, fragments, strict=True)]


def section(lines: str, *fragments: str) -> Broken:
    """Lines of an openshift section, without their indentation, after a cluster name and a domain."""
    indented = "".join(f"  {line}\n" for line in lines.splitlines())
    return marked(SECTION + indented, *fragments)
