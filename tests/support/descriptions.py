"""What a client knows of its service's operations, for stand-ins of clients."""

from __future__ import annotations

from functools import cache
from types import SimpleNamespace
from typing import Any

import botocore.session
from botocore import xform_name


@cache
def meta_of(service: str) -> Any:
    """The `meta` of boto3's client of a service, as far as the reader asks it."""
    model = botocore.session.get_session().get_service_model(service)
    names = {xform_name(operation): operation for operation in model.operation_names}
    return SimpleNamespace(region_name="eu-west-1", service_model=model, method_to_api_mapping=names)
