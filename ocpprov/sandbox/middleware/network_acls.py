"""Network ACLs: an association that isn't there."""

from __future__ import annotations

from ocpprov.sandbox.exchange import Answer, Request, error
from ocpprov.sandbox.middleware.contract import Aws


class NetworkAcls:
    """moto looks for an association without thinking of there being none. Each replacement gives it another id."""

    def before(self, request: Request, aws: Aws) -> Answer | None:
        """InvalidAssociationID.NotFound, as EC2's list of error codes has it."""
        if request.operation != "ReplaceNetworkAclAssociation":
            return None
        id_ = request.get("AssociationId")
        if any(id_ in acl._associations for acl in aws.ec2(request).network_acls.values()):
            return None
        return error(request, "InvalidAssociationID.NotFound", f"The association ID '{id_}' does not exist")

    def after(self, request: Request, answer: Answer, aws: Aws) -> Answer:
        """Unchanged."""
        return answer
