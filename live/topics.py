"""All questions, in the order in which they are asked: what costs nothing first."""

from __future__ import annotations

from typing import Final

from live.questions_balancers import BALANCERS
from live.questions_buckets import BUCKETS
from live.questions_gateways import PENDING, WITHOUT_GATEWAY
from live.questions_groups import GROUPS
from live.questions_lags import BLOCKS, BY_ID, BY_TAG, ENDPOINTS, PEERING, ROUTES
from live.questions_network import NETWORK
from live.questions_reads import READS
from live.questions_roles import ROLES
from live.questions_zones import ZONES

TOPICS: Final = (
    READS,
    NETWORK,
    GROUPS,
    BY_ID,
    BY_TAG,
    BLOCKS,
    ROUTES,
    PEERING,
    ROLES,
    BUCKETS,
    ZONES,
    ENDPOINTS,
    WITHOUT_GATEWAY,
    PENDING,
    BALANCERS,
)
