"""A verification as a report has it: what arrives, what is stopped, what isn't known, what must not arrive."""

from __future__ import annotations

from dataclasses import replace
from typing import Any, Final

from ocpprov.checks.exposure import Exposure, Exposures
from ocpprov.checks.verification import RowResult, RowStatus
from ocpprov.checks.verification_record import Verification
from ocpprov.openshift.matrix_row import MatrixRow
from ocpprov.openshift.subnet_pairs import SubnetPair
from ocpprov.reachability.explanation_codes import ExplanationCode
from ocpprov.reachability.network import Subnet
from ocpprov.reachability.spans import Share, Span, addresses
from ocpprov.reachability.verdict import ARRIVES, Obstacle, Unread, Verdict

CLOSED: Final = Obstacle(
    ExplanationCode.SUBNET_ACL_RESTRICTION,
    "acl-1",
    "ingress",
    "tcp",
    Share(addresses("10.0.64.0/20"), Span(22623, 22623)),
    "50",
)
SILENT: Final = Obstacle(
    ExplanationCode.SG_HAS_NO_RULES, "sg-1", "egress", "tcp", Share(addresses("10.0.0.0/16"), Span(22623, 22623))
)


def flow(source: str, target: str, verdict: Verdict = ARRIVES, **more: Any) -> MatrixRow:
    row = {"name": "API", "requirement": "LB-REACH", "protocol": "tcp", "ports": "6443", **more}
    return MatrixRow(source=source, target=target, verdict=verdict, **row)


CONFIGURATIONS: Final = {"name": "machine configurations", "ports": "22623"}
ONE: Final = Subnet("subnet-1", addresses("10.0.0.0/20"), "eu-west-1a")
OTHER: Final = Subnet("subnet-2", addresses("10.0.64.0/20"), "eu-west-1b")
STOPPED: Final = flow(
    "compute",
    "IntApiElb",
    Verdict((CLOSED, SILENT)),
    **CONFIGURATIONS,
    commands={CLOSED: ["aws one", "aws two"]},
    pairs=[SubnetPair(ONE, OTHER, ARRIVES), SubnetPair(OTHER, ONE, Verdict((CLOSED, SILENT)))],
)
FLOWS: Final = (
    flow("compute", "IntApiElb", pairs=[SubnetPair(OTHER, ONE, ARRIVES)]),
    STOPPED,
    flow("bootstrap", "IntApiElb", Verdict((CLOSED,)), **CONFIGURATIONS),
    flow("internet", "ExtApiElb", ARRIVES, **CONFIGURATIONS, wanted=False),
    flow("machine network", "ExtApiElb", Verdict((CLOSED,)), **CONFIGURATIONS, wanted=False),
    flow("compute", "S3Endpoint", Verdict(unread=(Unread("pl-1"),)), name="s3", requirement="NET-S3", ports="443"),
    flow("compute", "10.8.0.0/16", Verdict(beyond=("tgw-1",)), name="HTTPS", requirement="NET-TRANSIT", ports="443"),
)
ROWS: Final = (
    RowResult("NET-VPC", RowStatus.PASS, ["vpc-1", "vpc-2"]),
    RowResult("LB-REACH", RowStatus.FAIL, [], "<i>closed</i>", "open it", ("aws one",)),
    RowResult("NET-S3", RowStatus.UNKNOWN, [], "pl-1 couldn't be read", "give the permission"),
    RowResult("DNS-ETCD", RowStatus.NOT_APPLICABLE, detail="the plan doesn't ask for it"),
)
OPENING: Final = Exposure(
    "sg-9", "Db", "tcp 3306 from anywhere", "a database to everybody", "", "not of this plan", "aws ec2 close it"
)
PARTLY: Final = replace(OPENING, component="sg-8", resource="", needed="tcp 22 from 10.0.0.0/16")
EXPOSURES: Final = Exposures([OPENING, PARTLY], ["egress is open"], ["bucket x couldn't be read"])
FOUND: Final = Verification("prod", 1767323000.1234, 3.2, ROWS, FLOWS, EXPOSURES)
