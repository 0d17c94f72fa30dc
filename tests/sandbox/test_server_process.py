"""What the server gets from whoever starts it."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

import ocpprov
from ocpprov.sandbox.private_files import private_folder
from ocpprov.sandbox.server_process import SandboxFailed, launch, server_environ

HERE = str(Path(ocpprov.__file__).parents[1])
NEEDED = {"HOME": "/home/u", "PATH": "/usr/bin", "LANG": "C.UTF-8", "LC_ALL": "C", "TMPDIR": "/tmp", "TZ": "UTC"}
SECRET = (
    "AWS_ACCESS_KEY_ID",
    "AWS_SECRET_ACCESS_KEY",
    "AWS_SESSION_TOKEN",
    "AWS_PROFILE",
    "AWS_CONTAINER_AUTHORIZATION_TOKEN",
    "HTTP_PROXY",
    "https_proxy",
    "ALL_PROXY",
    "NO_PROXY",
    "GITHUB_TOKEN",
    "VAULT_TOKEN",
    "SSH_AUTH_SOCK",
    "LD_PRELOAD",
    "PYTHONSTARTUP",
    "OCPPROV_ANYTHING",
)


def test_it_has_what_it_needs_and_no_credentials() -> None:
    assert server_environ({**NEEDED, **dict.fromkeys(SECRET, "canary")}) == {**NEEDED, "PYTHONPATH": HERE}


def test_it_imports_what_its_starter_does() -> None:
    assert server_environ({"PYTHONPATH": "/a::b:.:/c:"}) == {"PYTHONPATH": f"{HERE}:/a:/c"}


def test_a_server_that_does_not_start_is_told(tmp_path: Path) -> None:
    with private_folder(tmp_path) as folder, pytest.raises(SandboxFailed, match=r"invalid int value.*server\.log$"):
        launch(folder, ["--port", "x"], os.environ)
