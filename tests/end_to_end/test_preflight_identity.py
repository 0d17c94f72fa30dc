"""Who asks: preflight finds it out once, so that it can't go wrong unheard a second time."""

from __future__ import annotations

from tests.end_to_end.failing import errors
from tests.end_to_end.local import LocalAws, LocalOperator
from tests.end_to_end.preflighting import cluster_plan, preflight, said

ASKED = 3
"""By the probe, for the identity, and for AWS's time."""


def test_the_identity_is_asked_for_once(user: LocalOperator, aws: LocalAws) -> None:
    refused = "is not authorized to perform this"
    aws.faults(errors("GetCallerIdentity", "AccessDenied", refused, 403, first=ASKED + 1))
    [(status, detail)] = said(preflight(user, cluster_plan()), "identity")
    assert (status, detail.rpartition(" ")[2]) == ("pass", "123456789012")
    assert sum(call["operation"] == "GetCallerIdentity" for call in aws.calls()) == ASKED
