"""A dry run changes nothing."""

from __future__ import annotations

from ocpprov.sandbox.exchange import Answer, Request, error
from ocpprov.sandbox.middleware.contract import Aws


class DryRun:
    """moto carries out many a dry run; AWS answers with an error that says it would have been allowed."""

    def before(self, request: Request, aws: Aws) -> Answer | None:
        """DryRunOperation for each EC2 call that asks for it."""
        if request.service == "ec2" and request.get("DryRun").lower() == "true":
            return error(request, "DryRunOperation", "Request would have succeeded, but DryRun flag is set.", 412)
        return None

    def after(self, request: Request, answer: Answer, aws: Aws) -> Answer:
        """Unchanged."""
        return answer
