"""Descriptions of services are found as botocore finds them, and no others are looked for."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import botocore.session
import pytest
from botocore.exceptions import DataNotFoundError, UnknownServiceError
from botocore.loaders import JSONFileLoader, Loader

from ocpprov.aws.calls import CallRecord
from ocpprov.aws.service_models import ServiceModels, with_cut
from ocpprov.aws.services import SERVICES
from ocpprov.aws.session import open_session


class Files(JSONFileLoader):
    """Keeps which files were looked for."""

    def __init__(self) -> None:
        self.looked_for: list[str] = []

    def exists(self, file_path: str) -> bool:
        self.looked_for.append(file_path)
        return super().exists(file_path)


def _described(folder: Path, service: str, version: str, sort: str) -> None:
    (folder / service / version).mkdir(parents=True, exist_ok=True)
    (folder / service / version / f"{sort}.json").write_text(json.dumps({"is": f"{service} {version}"}))


def test_only_the_service_that_is_asked_for_is_looked_at(tmp_path: Path) -> None:
    for service, version in (("ec2", "2015"), ("ec2", "2016"), ("zoo", "2020")):
        _described(tmp_path, service, version, "service-2")
    (tmp_path / "readme.txt").write_text("")
    files = Files()
    models = ServiceModels([str(tmp_path / "none"), str(tmp_path)], files, include_default_search_paths=False)
    assert models.list_available_services("service-2") == ["ec2", "zoo"]
    assert files.looked_for == []
    assert models.load_service_model("ec2", "service-2") == {"is": "ec2 2016"}
    assert [path for path in files.looked_for if not path.startswith(str(tmp_path / "ec2"))] == []
    with pytest.raises(DataNotFoundError):
        models.load_service_model("ec2", "paginators-1")
    with pytest.raises(UnknownServiceError):
        models.load_service_model("sqs", "service-2")


def test_folders_of_the_users_come_first(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_DATA_PATH", str(tmp_path))
    _described(tmp_path, "sts", "2999-01-01", "service-2")
    models = ServiceModels.of(botocore.session.Session())
    assert models.search_paths == with_cut(Loader(extra_search_paths=[str(tmp_path)]).search_paths)
    assert models.load_service_model("sts", "service-2") == {"is": "sts 2999-01-01"}


def test_every_service_has_the_versions_that_botocore_finds() -> None:
    models, usual = ServiceModels.of(botocore.session.Session()), Loader()
    for service in (*SERVICES, "sso", "sso-oidc"):
        for sort in ("service-2", "endpoint-rule-set-1"):
            assert service in models.list_available_services(sort)
            assert models.determine_latest_version(service, sort) == usual.determine_latest_version(service, sort)


def _listening(_: CallRecord) -> None:
    """Nobody does."""


@pytest.mark.parametrize("sandbox", ["http://127.0.0.1:1", ""])
def test_clients_of_a_run_are_made_without_the_search(sandbox: str, monkeypatch: pytest.MonkeyPatch) -> None:
    def searches(*_: Any) -> None:
        pytest.fail("botocore looks through the folders of all services")

    monkeypatch.setattr(Loader, "list_available_services", searches)
    session = open_session("eu-west-1", on_call=_listening, sandbox_url=sandbox)
    assert session.clients.ec2.can_paginate("describe_vpcs")
    assert not session.probes.sts.can_paginate("get_caller_identity")
