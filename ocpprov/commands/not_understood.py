"""What ends a judgement of resources or answers that aren't as they have to be."""

from __future__ import annotations

from typing import Final

NOT_UNDERSTOOD: Final = (AttributeError, LookupError, TypeError, ValueError)
"""A member that an answer lacks is an AwsError instead."""
