"""What goes to AWS in one call."""

from __future__ import annotations

from typing import Any

import pytest
from botocore.exceptions import ClientError

from ocpprov.engine.resources import Live
from ocpprov.engine.values import GetAtt, Ref
from ocpprov.kinds.contract import CreateRequest
from ocpprov.kinds.registry import KINDS
from tests.kinds.world import OWNER

ENDPOINT = KINDS["AWS::EC2::VPCEndpoint"]
ACL_OF = KINDS["AWS::EC2::SubnetNetworkAclAssociation"]
RULE = KINDS["AWS::EC2::SecurityGroupIngress"]


class Ec2:
    """Takes down what is asked; `default` is the ACL that each subnet has, but for those in `moved`."""

    def __init__(self, *unsuccessful: dict[str, Any], moved: tuple[str, ...] = ()) -> None:
        self.calls: list[tuple[str, Any]] = []
        self.ec2 = self
        self.exceptions = self
        self.ClientError = ClientError
        self._unsuccessful = list(unsuccessful)
        self._moved = moved

    def delete_vpc_endpoints(self, **arguments: Any) -> Any:
        self.calls.append(("delete", arguments["VpcEndpointIds"]))
        return {"Unsuccessful": self._unsuccessful, "ResponseMetadata": {}}

    def get_paginator(self, operation: str) -> Any:
        return self

    def paginate(self, **arguments: Any) -> Any:
        subnets = arguments["Filters"][0]["Values"]
        self.calls.append(("look", subnets))
        of = {id: "new" if id in self._moved else "default" for id in subnets}
        return [
            {
                "NetworkAcls": [
                    {
                        "NetworkAclId": acl,
                        "Associations": [
                            {"SubnetId": id, "NetworkAclAssociationId": f"assoc-{id}"} for id in of if of[id] == acl
                        ],
                    }
                    for acl in ("default", "new")
                ]
            }
        ]

    def replace_network_acl_association(self, **arguments: Any) -> Any:
        self.calls.append(("replace", arguments["AssociationId"]))
        return {"NewAssociationId": f"new-{arguments['AssociationId']}"}


def endpoint(id: str, sort: str = "Interface", vpc: str = "vpc-1") -> Live:
    return Live(ENDPOINT.type, id, {"VpcId": vpc, "VpcEndpointType": sort})


def test_endpoints_of_a_vpc_go_in_one_call_those_of_each_sort() -> None:
    api: Any = Ec2()
    ENDPOINT.delete_many(api, [endpoint("vpce-1"), endpoint("vpce-2")])
    assert api.calls == [("delete", ["vpce-1", "vpce-2"])]
    batches = [ENDPOINT.delete_batch(endpoint("", *of).properties) for of in (("Interface",), ("Gateway",))]
    batches.append(ENDPOINT.delete_batch(endpoint("", "Interface", "vpc-2").properties))
    assert len({*batches}) == 3
    assert ENDPOINT.delete_batch({}) is None
    assert ENDPOINT.batch(endpoint("").properties) is None


def test_an_endpoint_that_stays_makes_an_error_of_the_call() -> None:
    said = {"ResourceId": "vpce-2", "Error": {"Code": "InvalidVpcEndpointId.NotFound", "Message": "no"}}
    api: Any = Ec2(said)
    with pytest.raises(ClientError, match="NotFound"):
        ENDPOINT.delete_many(api, [endpoint("vpce-1"), endpoint("vpce-2")])


def test_which_acls_subnets_have_is_asked_once_and_what_is_there_stays() -> None:
    api: Any = Ec2(moved=("subnet-2",))
    requests = [
        CreateRequest(id, {"SubnetId": id, "NetworkAclId": "new"}, {}, "t", OWNER) for id in ("subnet-1", "subnet-2")
    ]
    made = ACL_OF.create_many(api, requests)
    assert [each.id for each in made] == ["new-assoc-subnet-1", "assoc-subnet-2"]
    assert api.calls == [("look", ["subnet-1", "subnet-2"]), ("replace", "assoc-subnet-1")]
    assert ACL_OF.batch({"NetworkAclId": Ref("Acl"), "SubnetId": Ref("A")}) == ACL_OF.batch(
        {"NetworkAclId": Ref("Acl"), "SubnetId": Ref("B")}
    )


def test_a_groups_rules_are_one_batch_however_the_plan_refers_to_it() -> None:
    inside, beside, other = (
        RULE.batch({"GroupId": group}) for group in (Ref("Group"), GetAtt("Group", "GroupId"), Ref("Other"))
    )
    assert inside == beside != other
