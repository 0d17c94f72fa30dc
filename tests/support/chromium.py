"""Chromium without a window, spoken to in its DevTools protocol through two pipes: what a page asks for, what it says
on its console, and how it looks."""

from __future__ import annotations

import base64
import fcntl
import json
import os
import select
import shutil
import signal
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

_PROGRAMS: Final = ("chromium", "chromium-browser", "google-chrome")
_SECONDS: Final = 60.0


def chromium() -> str:
    """The program. Its absence fails the test: whoever runs torture wants to know."""
    found = next(filter(None, map(shutil.which, _PROGRAMS)), None)
    assert found, "there is no Chromium: `make programs-torture` installs Debian's package chromium"
    return found


@dataclass
class Page:
    """One page; `events` are all that the browser has told of it."""

    write_to: int
    read_from: int
    session: str = ""
    events: list[Mapping[str, Any]] = field(default_factory=list)
    _number: int = 0
    _rest: bytes = b""

    def ask(self, method: str, **parameters: Any) -> Any:
        """The result of a command. Fails when the browser says no, or nothing for a minute."""
        self._number += 1
        session = {"sessionId": self.session} if self.session else {}
        message = {"id": self._number, "method": method, "params": parameters, **session}
        os.write(self.write_to, json.dumps(message).encode() + b"\0")
        while True:
            answer = self._next()
            if answer.get("id") == self._number:
                assert "error" not in answer, f"{method}: {answer['error']}"
                return answer["result"]
            self.events.append(answer)

    def wait_for(self, event: str) -> None:
        """Until the browser has told of such an event."""
        while not self.told(event):
            self.events.append(self._next())

    def told(self, *events: str) -> list[Mapping[str, Any]]:
        """What it told of such events."""
        return [each["params"] for each in self.events if each.get("method") in events]

    def value(self, expression: str) -> Any:
        """The value of an expression of JavaScript in the page, as JSON data."""
        answer = self.ask("Runtime.evaluate", expression=expression, returnByValue=True)
        assert "exceptionDetails" not in answer, answer
        return answer["result"].get("value")

    def look(self, width: int, theme: str) -> None:
        """Be so wide, on a light or a dark screen."""
        self.ask("Emulation.setDeviceMetricsOverride", width=width, height=900, deviceScaleFactor=1, mobile=False)
        self.ask("Emulation.setEmulatedMedia", features=[{"name": "prefers-color-scheme", "value": theme}])

    def picture(self) -> bytes:
        """The whole page as PNG."""
        return base64.b64decode(self.ask("Page.captureScreenshot", captureBeyondViewport=True)["data"])

    def printed(self) -> bytes:
        """The page as PDF."""
        return base64.b64decode(self.ask("Page.printToPDF", printBackground=False)["data"])

    def _next(self) -> Mapping[str, Any]:
        until = time.monotonic() + _SECONDS
        while b"\0" not in self._rest:
            ready, _, _ = select.select([self.read_from], [], [], max(0.0, until - time.monotonic()))
            assert ready, "the browser says nothing"
            more = os.read(self.read_from, 1 << 20)
            assert more, "the browser has gone"
            self._rest += more
        message, _, self._rest = self._rest.partition(b"\0")
        found: Mapping[str, Any] = json.loads(message)
        return found


@contextmanager
def opened(page: Path, profile: Path) -> Iterator[Page]:
    """The page in a new browser, loaded; everything that it asks for and says is in its events."""
    commands, write_to = os.pipe()
    read_from, answers = os.pipe()
    # The numbers under which the browser wants them must be free.
    inner = [fcntl.fcntl(each, fcntl.F_DUPFD_CLOEXEC, 20) for each in (commands, answers)]
    quiet = os.open(os.devnull, os.O_RDWR)
    moves = [(os.POSIX_SPAWN_DUP2, quiet, each) for each in (0, 1, 2)]
    moves += [(os.POSIX_SPAWN_DUP2, inner[0], 3), (os.POSIX_SPAWN_DUP2, inner[1], 4)]
    arguments = [
        chromium(),
        "--headless=new",
        "--no-sandbox",
        "--disable-gpu",
        "--disable-background-networking",
        "--disable-component-update",
        "--no-first-run",
        "--remote-debugging-pipe",
        f"--user-data-dir={profile}",
    ]
    environ = {**os.environ, "HOME": str(profile)}
    process = os.posix_spawn(arguments[0], arguments, environ, file_actions=moves, setpgroup=0)
    for each in (commands, answers, *inner, quiet):
        os.close(each)
    try:
        yield _loaded(Page(write_to, read_from), page)
    finally:
        with suppress(ProcessLookupError):
            os.killpg(process, signal.SIGKILL)
        os.waitpid(process, 0)
        os.close(write_to)
        os.close(read_from)


def _loaded(browser: Page, page: Path) -> Page:
    target = browser.ask("Target.createTarget", url="about:blank")["targetId"]
    browser.session = browser.ask("Target.attachToTarget", targetId=target, flatten=True)["sessionId"]
    for domain in ("Network", "Runtime", "Log", "Page", "Accessibility"):
        browser.ask(f"{domain}.enable")
    browser.events.clear()
    browser.ask("Page.navigate", url=page.as_uri())
    browser.wait_for("Page.loadEventFired")
    return browser
