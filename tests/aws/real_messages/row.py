"""One message of AWS and what is expected of it."""

from __future__ import annotations

from dataclasses import dataclass

from ocpprov.aws.error_codes import ErrorClass

GIVE = "Give the user the permission"
ISSUES = "https://github.com/"
DOCS = "https://docs.aws.amazon.com/"
CALLER = "User: arn:aws:sts::123456789012:assumed-role/ops/me@example.com is not authorized to perform"


@dataclass(frozen=True)
class Row:
    """`source`: where the wording stands (ids of accounts and resources may be shortened). `means`: the class, from
    which follows whether it is tried again. `cause`: its name in docs/troubleshooting.md; that of a quota is its name
    at Service Quotas, that of a refusal which a permission mends is "permission". `says`: words of what is said."""

    service: str
    operation: str
    status: int
    code: str
    sentence: str
    source: str
    means: ErrorClass
    cause: str
    says: tuple[str, ...]

    def __str__(self) -> str:
        return f"{self.operation}-{self.code}-{self.sentence[:24]}"
