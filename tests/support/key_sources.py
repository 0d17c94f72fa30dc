"""Where a host gets temporary keys: the metadata service of an instance, the address that a container is given, and a
command. Each hands out other keys each time that it is asked."""

from __future__ import annotations

import json
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

ROLE = "bastion"
TOKEN = "metadata-token"
AUTHORIZATION = "Bearer container-token"


@dataclass
class KeyServer:
    """A service on this machine that hands out keys, `good_for` times; then it has none any more. `refused`: what was
    asked for in the wrong way; `handed_out`: how often it was asked for keys."""

    url: str = ""
    good_for: int = 1000
    refused: list[str] = field(default_factory=list)
    handed_out: int = 0
    _lock: threading.Lock = field(default_factory=threading.Lock)

    @property
    def gone(self) -> bool:
        return self.handed_out >= self.good_for

    def keys(self) -> bytes:
        with self._lock:
            self.handed_out += 1
            return json.dumps({"Token": "token", **keys(self.handed_out)}).encode()


def keys(number: int, seconds: float = 3600) -> dict[str, str]:
    """Temporary keys as a service of AWS writes them."""
    ends = datetime.now(UTC) + timedelta(seconds=seconds)
    return {
        "AccessKeyId": f"ASIAKEYNUMBER{number:07}",
        "SecretAccessKey": "secret",
        "Expiration": f"{ends:%Y-%m-%dT%H:%M:%SZ}",
    }


@contextmanager
def metadata_service() -> Iterator[KeyServer]:
    """An instance's, of version 2 alone: who has no token of a PUT is refused."""
    server = KeyServer()

    class Handler(_Handler):
        def do_PUT(self) -> None:
            asked = self.headers.get("x-aws-ec2-metadata-token-ttl-seconds")
            self.answer(200 if asked and not server.gone else 403, TOKEN.encode())

        def do_GET(self) -> None:
            if self.headers.get("x-aws-ec2-metadata-token") != TOKEN:
                server.refused.append(self.path)
                self.answer(401, b"")
            elif self.path.endswith("/security-credentials/"):
                self.answer(200, ROLE.encode())
            elif self.path.endswith(f"/security-credentials/{ROLE}"):
                self.answer(200, server.keys())
            else:
                self.answer(404, b"")

    with _serving(server, Handler):
        yield server


@contextmanager
def container_service() -> Iterator[KeyServer]:
    """A container's, with a token of its own."""
    server = KeyServer()

    class Handler(_Handler):
        def do_GET(self) -> None:
            if self.headers.get("Authorization") != AUTHORIZATION:
                server.refused.append(self.path)
                self.answer(401, b"")
            elif server.gone:
                self.answer(500, b"the agent has no keys for this task")
            else:
                self.answer(200, server.keys())

    with _serving(server, Handler):
        yield server


def command(folder: Path, *, seconds: float = 3600, good_for: int = 1000) -> str:
    """A `credential_process` that gives keys for so many seconds, `good_for` times; then it fails."""
    counter, script = folder / "asked", folder / "keys.py"
    script.write_text(
        f"import json, sys\nsys.path.insert(0, {str(Path(__file__).parents[2])!r})\n"
        "from tests.support.key_sources import keys\n"
        f"file = open({str(counter)!r}, 'a+')\nfile.write('x')\nfile.flush()\nfile.seek(0)\n"
        "number = len(file.read())\n"
        f"if number > {good_for}:\n    sys.exit('the vault is sealed')\n"
        f"print(json.dumps({{'Version': 1, 'SessionToken': 'token', **keys(number, {seconds})}}))\n"
    )
    return f"{sys.executable} {script}"


class _Handler(BaseHTTPRequestHandler):
    def log_message(self, format: str, *args: object) -> None:
        """Keep the tests' output clean."""

    def answer(self, status: int, body: bytes) -> None:
        self.send_response(status)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)


@contextmanager
def _serving(keys: KeyServer, handler: type[BaseHTTPRequestHandler]) -> Iterator[None]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    keys.url = f"http://127.0.0.1:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
    thread.start()
    try:
        yield
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
