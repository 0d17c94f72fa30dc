"""How long a presigned URL may be good; without boto3, for the command line."""

from __future__ import annotations

from typing import Final

MOST_SECONDS: Final = 7 * 24 * 3600
"""S3 takes no signature that is good for longer (S3's user guide, "Sharing objects with presigned URLs")."""
