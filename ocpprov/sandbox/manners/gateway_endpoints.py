"""Gateway endpoints keep the routes of their tables, and take a while to go."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any

from ocpprov.sandbox.exchange import Answer, Request, error
from ocpprov.sandbox.manners.manner import Aws


class GatewayEndpoints:
    """`delay`, in seconds of AWS's time, is how long one is `pending`, and later `deleting`."""

    def __init__(self, delay: float = 5.0) -> None:
        self._delay = delay
        self._available_at: dict[str, float] = {}
        self._deleted_at: dict[str, float] = {}

    def before(self, request: Request, aws: Aws) -> Answer | None:
        """Brings the endpoints' states up to now; two endpoints to one service can't share a table."""
        if request.service != "ec2":
            return None
        backend = aws.ec2(request)
        self._settle(backend, aws.now())
        if request.operation == "CreateVpcEndpoint":
            service, tables = request.get("ServiceName"), request.values("RouteTableId")
            return _taken(request, backend, tables, service, "")
        if request.operation == "ModifyVpcEndpoint":
            endpoint = backend.vpc_end_points.get(request.get("VpcEndpointId"))
            tables = request.values("AddRouteTableId")
            return _taken(request, backend, tables, endpoint.service_name, endpoint.id) if endpoint else None
        if request.operation == "DeleteVpcEndpoints":
            for endpoint_id in request.values("VpcEndpointId"):
                _only_its_routes(backend, backend.vpc_end_points.get(endpoint_id))
        return None

    def after(self, request: Request, answer: Answer, aws: Aws) -> Answer:
        """Routes follow the endpoint's list of tables; the delays start."""
        if not answer.ok or request.service != "ec2":
            return answer
        backend, now = aws.ec2(request), aws.now()
        if request.operation == "CreateVpcEndpoint":
            return self._created(backend, answer, now)
        if request.operation == "ModifyVpcEndpoint":
            endpoint = backend.vpc_end_points[request.get("VpcEndpointId")]
            _add_routes(backend, endpoint, request.values("AddRouteTableId"))
            _remove_routes(backend, endpoint, request.values("RemoveRouteTableId"))
        if request.operation == "DeleteVpcEndpoints":
            for endpoint_id in request.values("VpcEndpointId"):
                self._delete(backend, endpoint_id, now)
        if request.operation == "DeleteRouteTable":
            for endpoint in backend.vpc_end_points.values():
                gone = request.get("RouteTableId")
                endpoint.route_table_ids = [each for each in endpoint.route_table_ids or [] if each != gone]
        return answer

    def _created(self, backend: Any, answer: Answer, now: float) -> Answer:
        match = re.search(rb"<vpcEndpointId>(vpce-\w+)<", answer.body)
        if match is None:
            return answer
        endpoint = backend.vpc_end_points[match[1].decode()]
        endpoint.vpc_endpoint_type = endpoint.vpc_endpoint_type or "Gateway"
        if self._delay <= 0:
            return answer
        endpoint.state = "pending"
        self._available_at[endpoint.id] = now + self._delay
        body = answer.body.replace(b"<state>available</state>", b"<state>pending</state>")
        return Answer(answer.status, body, answer.headers)

    def _delete(self, backend: Any, endpoint_id: str, now: float) -> None:
        endpoint = backend.vpc_end_points.get(endpoint_id)
        if endpoint is not None:
            endpoint.state = "deleting"
            endpoint.route_table_ids = []
            self._deleted_at.setdefault(endpoint_id, now + self._delay)
            self._settle(backend, now)

    def _settle(self, backend: Any, now: float) -> None:
        for endpoint in list(backend.vpc_end_points.values()):
            if endpoint.state == "pending" and self._available_at.get(endpoint.id, now) <= now:
                endpoint.state = "available"
            if self._deleted_at.get(endpoint.id, float("inf")) <= now:
                del backend.vpc_end_points[endpoint.id]
                backend.tags.pop(endpoint.id, None)


def _taken(request: Request, backend: Any, tables: Iterable[str], service: str, own_id: str) -> Answer | None:
    others = [each for each in backend.vpc_end_points.values() if each.service_name == service and each.id != own_id]
    for table in tables:
        if any(table in (other.route_table_ids or []) for other in others):
            message = f"route table {table} already has a route to a gateway endpoint for {service}"
            return error(request, "RouteAlreadyExists", message)
    return None


def _route_key(endpoint: Any, table_id: str) -> str:
    return f"{table_id}~{endpoint.destination_prefix_list_id}"


def _add_routes(backend: Any, endpoint: Any, tables: Iterable[str]) -> None:
    prefixes = endpoint.destination_prefix_list_id
    for table in tables:
        backend.create_route(table, None, gateway_id=endpoint.id, destination_prefix_list_id=prefixes)


def _remove_routes(backend: Any, endpoint: Any, tables: Iterable[str]) -> None:
    for table in tables:
        if table in backend.route_tables:
            backend.route_tables[table]._routes.pop(_route_key(endpoint, table), None)


def _only_its_routes(backend: Any, endpoint: Any) -> None:
    """moto's deletion stumbles over a table in the endpoint's list that has no route, or is gone."""
    if endpoint is None:
        return
    endpoint.vpc_endpoint_type = endpoint.vpc_endpoint_type or "Gateway"
    endpoint.route_table_ids = [
        table
        for table in endpoint.route_table_ids or []
        if table in backend.route_tables and _route_key(endpoint, table) in backend.route_tables[table]._routes
    ]
