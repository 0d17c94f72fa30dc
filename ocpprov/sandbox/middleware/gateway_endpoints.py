"""Gateway endpoints keep the routes of their tables."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from ocpprov.sandbox.exchange import Answer, Request, error
from ocpprov.sandbox.middleware.contract import Aws


class GatewayEndpoints:
    """An endpoint's list of tables and the routes in these tables are the same thing, seen from two sides."""

    def before(self, request: Request, aws: Aws) -> Answer | None:
        """Two endpoints to one service can't share a table."""
        if request.service != "ec2":
            return None
        backend = aws.ec2(request)
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
        """Unchanged; routes follow the endpoint's list of tables, and the list follows the tables."""
        if not answer.ok or request.service != "ec2":
            return answer
        backend = aws.ec2(request)
        if request.operation == "ModifyVpcEndpoint":
            endpoint = backend.vpc_end_points[request.get("VpcEndpointId")]
            _add_routes(backend, endpoint, request.values("AddRouteTableId"))
            _remove_routes(backend, endpoint, request.values("RemoveRouteTableId"))
        if request.operation == "DeleteVpcEndpoints":
            for endpoint_id in request.values("VpcEndpointId"):
                if endpoint_id in backend.vpc_end_points:
                    backend.vpc_end_points[endpoint_id].route_table_ids = []
        if request.operation == "DeleteRouteTable":
            _forget_table(backend, request.get("RouteTableId"))
        return answer


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
    for table in tables if prefixes else ():
        backend.create_route(table, None, gateway_id=endpoint.id, destination_prefix_list_id=prefixes)


def _remove_routes(backend: Any, endpoint: Any, tables: Iterable[str]) -> None:
    for table in tables:
        if table in backend.route_tables:
            backend.route_tables[table]._routes.pop(_route_key(endpoint, table), None)


def _forget_table(backend: Any, table: str) -> None:
    for endpoint in backend.vpc_end_points.values():
        endpoint.route_table_ids = [each for each in endpoint.route_table_ids or [] if each != table]


def _only_its_routes(backend: Any, endpoint: Any) -> None:
    """moto's deletion stumbles over a table in the endpoint's list that has no route, or is gone."""
    if endpoint is None:
        return
    endpoint.route_table_ids = [
        table
        for table in endpoint.route_table_ids or []
        if table in backend.route_tables and _route_key(endpoint, table) in backend.route_tables[table]._routes
    ]
