"""Small pages: AWS may cut any list as it likes.

A page of a search may be empty though more follow (EC2's guide on pagination: read on until there is no token). moto
ignores the sizes of most EC2 lists; Route 53's, S3's and IAM's it cuts when it is told to.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from urllib.parse import parse_qsl, urlencode

from ocpprov.sandbox.exchange import Answer, Request
from ocpprov.sandbox.listings import Listed, filters, listing_of

_IN_QUERY: Mapping[str, str] = {
    "ListHostedZones": "maxitems",
    "ListResourceRecordSets": "maxitems",
    "ListObjects": "max-keys",
    "ListObjectsV2": "max-keys",
    "ListObjectVersions": "max-keys",
}
_IN_FORM: Mapping[str, str] = {"iam": "MaxItems"}


def whole(request: Request, size: int) -> Request:
    """The call for all pages of a list, or for one of `size` entries where moto cuts it."""
    listing = listing_of(request)
    if listing and listing.token:
        return request.with_form(_form(request, {listing.token: "", "MaxResults": "", "PageSize": ""}))
    if not request.operation.startswith("List"):
        return request
    if name := _IN_QUERY.get(request.operation):
        query = dict(parse_qsl(request.query, keep_blank_values=True))
        return replace(request, query=urlencode({**query, name: str(size)}))
    if name := _IN_FORM.get(request.service):
        return request.with_form(_form(request, {name: str(size)}))
    return request


def page_of(request: Request, answer: Answer, size: int) -> Answer:
    """The page that was asked for."""
    listing = listing_of(request)
    if not (answer.ok and listing and listing.token):
        return answer
    listed = Listed(answer, listing)
    entries = [entry for _, entry in listed.entries()]
    token = request.get(listing.token)
    if not token and filters(request):
        return listed.keep([], "from-0")
    start = int(token.removeprefix("from-") or 0)
    end = start + size
    return listed.keep(entries[start:end], f"from-{end}" if end < len(entries) else "")


def _form(request: Request, changes: Mapping[str, str]) -> dict[str, str]:
    """A form with other parameters; empty ones go."""
    form = {"Action": request.operation, **request.parameters, **changes}
    return {name: value for name, value in form.items() if value or name not in changes}
