"""What AWS really said, in its public wording, and what it means: one file for each sort, as in the product."""

from __future__ import annotations

from typing import Final

from tests.aws.real_messages.account import ACCOUNT, CREDENTIALS
from tests.aws.real_messages.buckets import BUCKETS
from tests.aws.real_messages.networks import BALANCERS, NETWORKS
from tests.aws.real_messages.policies import MISSING_PERMISSION, REFUSED_BY_A_POLICY
from tests.aws.real_messages.quotas import QUOTAS
from tests.aws.real_messages.records import RECORDS
from tests.aws.real_messages.roles import ROLES
from tests.aws.real_messages.row import Row

ALL: Final[tuple[Row, ...]] = (
    *ACCOUNT,
    *CREDENTIALS,
    *REFUSED_BY_A_POLICY,
    *MISSING_PERMISSION,
    *NETWORKS,
    *BALANCERS,
    *RECORDS,
    *ROLES,
    *BUCKETS,
    *QUOTAS,
)
