"""The report of one run, or of a verification: one page of HTML that needs nothing else. It has no scripts, loads
nothing, and its policy (Content-Security-Policy) lets it load nothing."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final
from xml.etree.ElementTree import Element

from ocpprov.kinds.contract import Kind
from ocpprov.report.history import History
from ocpprov.report.markup import as_html, element, raw_style
from ocpprov.report.page_parts import point
from ocpprov.report.page_sections import Checks, Sections
from ocpprov.report.page_style import STYLE
from ocpprov.report.picture import STYLE as PICTURE_STYLE
from ocpprov.report.reach_picture import STYLE as REACH_STYLE
from ocpprov.report.verification_sections import beyond_need, reach, verification
from ocpprov.report.verified import ShownVerification

POLICY: Final = "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'"


def page(
    history: History,
    kinds: Mapping[str, Kind],
    version: str,
    checks: Checks | None = None,
    verified: ShownVerification | None = None,
) -> str:
    """The whole page. What it is given has no secrets in it; its texts may be anybody's."""
    sections = Sections(history, kinds, checks)
    parts = [
        sections.summary(),
        sections.topology(),
        sections.timeline(),
        sections.resources(),
        sections.preflight(),
        verification(verified, history.head.time),
        *([reach(verified)] if verified else []),
        *([beyond_need(verified.exposures)] if verified and verified.exposures else []),
        sections.others(),
        sections.calls(),
    ]
    head = history.head
    title = f"{head.verb or 'run'} of {head.plan or 'a plan'}, {point(head.time)}"
    ran = f"the run was of ocpprov {head.version}" if head.version else "the run was of an earlier version"
    return _whole(title, _top(history), parts, f"Made by ocpprov {version} from the run folder; {ran}.")


def verification_page(subject: str, verified: ShownVerification, version: str) -> str:
    """A page on a verification alone, of a plan or a VPC; its texts may be anybody's, and have no secrets in them."""
    parts = [
        verification(verified, None),
        reach(verified),
        *([beyond_need(verified.exposures)] if verified.exposures else []),
    ]
    title = f"Verification of {subject}"
    when = point(verified.time)
    top = [element("h1", title), element("p", when, class_="soft")]
    return _whole(f"{title}, {when}", top, parts, f"Made by ocpprov {version}.")


def _whole(title: str, top: Sequence[Element], parts: Sequence[Element], made_by: str) -> str:
    body = element(
        "body",
        element("a", "Skip to the content", href="#content", class_="skip"),
        element("header", *top, _contents(parts)),
        element("main", *parts, id="content"),
        element("footer", element("p", made_by)),
    )
    root = element("html", _head(title), body, lang="en")
    return "<!DOCTYPE html>\n" + as_html(root) + "\n"


def _head(title: str) -> Element:
    return element(
        "head",
        element("meta", charset="utf-8"),
        element("meta", http_equiv="Content-Security-Policy", content=POLICY),
        element("meta", name="viewport", content="width=device-width, initial-scale=1"),
        element("meta", name="color-scheme", content="light dark"),
        element("meta", name="referrer", content="no-referrer"),
        element("title", title),
        raw_style(STYLE + PICTURE_STYLE + REACH_STYLE),
    )


def _top(history: History) -> list[Element]:
    head = history.head
    badge = [element("p", "SANDBOX", class_="badge")] if head.sandbox else []
    place = ", ".join(filter(None, [f"account {head.account}" if head.account else "", head.region]))
    return [
        *badge,
        element("h1", f"{head.verb.capitalize() or 'A run'} of {head.plan or 'a plan'}"),
        element("p", f"{point(head.time)}{f', {place}' if place else ''}", class_="soft"),
    ]


def _contents(parts: Sequence[Element]) -> Element:
    links = [element("li", element("a", str(each[0].text), href=f"#{each.get('id')}")) for each in parts]
    return element("nav", element("ul", *links), aria_label="Contents")
