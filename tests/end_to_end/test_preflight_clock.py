"""A clock that is off: preflight says by how much, although nobody accepts what this host signs."""

from __future__ import annotations

import pytest

from tests.end_to_end.preflighting import preflight_over_sockets
from tests.end_to_end.world import ROOT, Operator
from tests.support.fronts import refused_signature


@pytest.mark.parametrize(
    ("code", "ahead", "status", "said"),
    [
        ("RequestTimeTooSkewed", 900, "fail", "s behind AWS's"),
        ("SignatureDoesNotMatch", -900, "fail", "s ahead of AWS's"),
        ("RequestExpired", 3600, "fail", "s behind AWS's"),
        ("SignatureDoesNotMatch", 0, "pass", "of AWS's"),
        ("InvalidClientTokenId", 900, "warn", "s behind AWS's"),
    ],
)
def test_a_refused_signature_comes_with_the_clock(
    operator: Operator, code: str, ahead: float, status: str, said: str
) -> None:
    plan = (ROOT / "plans" / "restricted-3az.yaml").read_text()
    with refused_signature(code, ahead) as url:
        found = {check["id"]: check for check in preflight_over_sockets(operator, plan, AWS_ENDPOINT_URL_STS=url)}
    assert found["identity"]["status"] == "fail"
    assert code in found["identity"]["detail"]
    assert found["clock"]["status"] == status
    assert said in found["clock"]["detail"]
    if status != "pass":
        off = int(found["clock"]["detail"].partition(") is ")[2].partition(" s ")[0])
        # The rest is room for a slow machine: the answer is read later than it was dated.
        assert abs(off - abs(ahead)) < 60
        assert "chronyd" in found["clock"]["remedy"]
