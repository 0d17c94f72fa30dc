"""Talks to a sandbox's own endpoints, beside those of AWS."""

from __future__ import annotations

import json
import urllib.request
from collections.abc import Mapping, Sequence
from typing import Any

from ocpprov.sandbox.admission import bearer


class SandboxAdmin:
    """The admin API of one sandbox, by its URL and its secret, both of which are in its record. Methods raise
    urllib.error.URLError when it doesn't answer, and its subclass HTTPError when it refuses."""

    def __init__(self, url: str, secret: str, *, timeout: float = 10.0) -> None:
        self.url = url.rstrip("/")
        self._headers = {"Authorization": bearer(secret)}
        self._timeout = timeout
        # Whatever the environment's proxy is, the sandbox is on this machine.
        self._opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))

    def faults(self, faults: Sequence[Mapping[str, Any]], storm: Mapping[str, Any] | None = None) -> None:
        """Sets the fault script and starts its counts anew.

        Each fault has `call` (the k-th mutating call) or `operation` and `nth`, perhaps `times`, and `fault`, one of
        `faults.FaultKind`. Kills end what was registered; errors have `code`, `status` and `message`; what fails later
        `code` and `message`; throttles and hangs `seconds`; answers `body`. A storm has a `seed` and shares:
        `throttled`, `lost_answers`, `lost_requests`, `done_but_failed`, `failed`.
        """
        self._ask("faults", {"faults": list(faults), **({"storm": dict(storm)} if storm else {})})

    def register(self, pid: int) -> None:
        """Gives leave to kill this process, once, which the caller has started. Whoever has the number after it is
        safe."""
        self._ask("processes", {"pid": pid})

    def conditions(self, **conditions: Any) -> None:
        """How AWS behaves from now on, by the fields of `conditions.Conditions`; what isn't named is off."""
        self._ask("conditions", conditions)

    def targets(self, courses: Mapping[str, Mapping[str, Any]]) -> None:
        """How targets of load balancers fare from now on, by address, instance or `<address>:<port>`: for each the
        `states` that it has from so many of AWS's seconds on (`[[0, "initial"], [60, "healthy"]]`, names as in the
        second API) and perhaps `every`, after which it begins anew. The others are healthy."""
        self._ask("targets", courses)

    def calls(self) -> list[dict[str, Any]]:
        """What was called, in order: index, time, service, region (signed for), host (the header), operation, mutating,
        status (None when there was no answer), fault (None when none struck), parameters (flat, as on the wire)."""
        calls: list[dict[str, Any]] = self._ask("calls")
        return calls

    def clear_calls(self) -> None:
        """Forgets what was called."""
        self._ask("calls/clear", {})

    def reset(self) -> None:
        """Forgets everything: resources, tokens, faults, conditions, calls."""
        self._ask("reset", {})

    def advance(self, seconds: float) -> None:
        """Lets so much of AWS's time pass at once."""
        self._ask("clock/advance", {"seconds": seconds})

    def status(self) -> dict[str, Any]:
        """pid, scale, delays (AWS's seconds, by name), time (AWS's seconds since the start), calls, mutating_calls
        (since the script was set) and faults_waiting."""
        status: dict[str, Any] = self._ask("status")
        return status

    def _ask(self, name: str, document: Mapping[str, Any] | None = None) -> Any:
        data = None if document is None else json.dumps(document).encode()
        # Always the sandbox's own URL.
        request = urllib.request.Request(f"{self.url}/ocpprov-sandbox/{name}", data=data, headers=self._headers)  # noqa: S310
        with self._opener.open(request, timeout=self._timeout) as answer:
            return json.load(answer)
