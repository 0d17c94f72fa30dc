"""Names of attributes that load balancers have."""

from __future__ import annotations

from typing import Final

PROTECTION: Final = "deletion_protection.enabled"
"""The one that keeps a load balancer from being deleted (Elastic Load Balancing API, LoadBalancerAttribute)."""
