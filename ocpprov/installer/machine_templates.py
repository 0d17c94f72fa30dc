"""Red Hat's templates for the machines; a module of its own, as `--help` loads it."""

from __future__ import annotations

from typing import Literal, get_args

Template = Literal["04", "05", "06"]
"""By the number that its file begins with: 04_cluster_bootstrap, 05_cluster_master_nodes, 06_cluster_worker_node."""
TEMPLATES: tuple[Template, ...] = get_args(Template)
