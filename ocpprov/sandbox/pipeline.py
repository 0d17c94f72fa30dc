"""A request's way through the sandbox: counted, perhaps struck by a fault, answered through the middleware, noted."""

from __future__ import annotations

import json
import signal
import threading
import time
import traceback
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any, Protocol

from ocpprov.sandbox.conditions import Conditions
from ocpprov.sandbox.exchange import Answer, ConnectionDropped, Request, error, throttled
from ocpprov.sandbox.faults import Fault, FaultKind, Script
from ocpprov.sandbox.middleware.contract import Aws, FailsLater, Middleware
from ocpprov.sandbox.pages import page_of, whole
from ocpprov.sandbox.private_files import append_private
from ocpprov.sandbox.processes import Process
from ocpprov.sandbox.script import FaultScript
from ocpprov.sandbox.target_states import Course, TargetStates

_PAGE = b"<html><head><title>502 Bad Gateway</title></head><body><h1>502 Bad Gateway</h1></body></html>"


class Cloud(Aws, Protocol):
    """An imitation of AWS that can begin anew."""

    conditions: Conditions
    target_states: TargetStates

    def reset(self) -> None:
        """Forgets everything."""
        ...


class Pipeline:
    """Lets calls in one at a time, as moto's state isn't safe for threads.

    `log` gets a line of JSON for each call.
    """

    def __init__(
        self, cloud: Cloud, new_middleware: Callable[[], Sequence[Middleware]], log: Path | None = None
    ) -> None:
        self._cloud = cloud
        self._new_middleware = new_middleware
        self._middleware = new_middleware()
        self._faults = FaultScript(Script())
        self._calls: list[dict[str, Any]] = []
        self._registered: set[Process] = set()
        self._log = log
        self._one_at_a_time = threading.Lock()

    def answer(self, request: Request) -> Answer | ConnectionDropped:
        """The answer, or how the connection breaks."""
        with self._one_at_a_time:
            fault = self._faults.strike(request, self._cloud.now())
            answer = self._struck(request, fault) if fault else self._carry_out(request)
            self._note(request, answer, fault)
            return answer

    def set_faults(self, script: Script) -> None:
        """Replaces the script; the counts begin anew."""
        with self._one_at_a_time:
            self._faults = FaultScript(script)

    def register(self, process: Process) -> None:
        """Faults may kill it from now on, once."""
        with self._one_at_a_time:
            self._registered.add(process)

    def set_conditions(self, conditions: Conditions) -> None:
        """From now on AWS behaves like this."""
        with self._one_at_a_time:
            self._cloud.conditions = conditions

    def set_target_states(self, courses: Mapping[str, Course]) -> None:
        """From now on targets fare like this."""
        with self._one_at_a_time:
            self._cloud.target_states = TargetStates(courses, self._cloud.now())

    def reset(self) -> None:
        """Forgets resources, tokens, faults, conditions, courses of targets, calls and registered processes."""
        with self._one_at_a_time:
            self._cloud.reset()
            self._cloud.conditions = Conditions()
            self._cloud.target_states = TargetStates()
            self._middleware = self._new_middleware()
            self._faults = FaultScript(Script())
            self._calls = []
            self._registered = set()

    @property
    def latency(self) -> float:
        """How long a call takes, in seconds of AWS's time."""
        return self._cloud.conditions.latency

    def calls(self) -> list[dict[str, Any]]:
        """What was called, in order."""
        with self._one_at_a_time:
            return list(self._calls)

    def clear_calls(self) -> None:
        """Forgets what was called, and nothing else."""
        with self._one_at_a_time:
            self._calls = []

    def status(self) -> dict[str, int]:
        """Figures of the script and the calls."""
        with self._one_at_a_time:
            return {
                "calls": len(self._calls),
                "mutating_calls": self._faults.mutating_calls,
                "faults_waiting": self._faults.waiting,
            }

    def _struck(self, request: Request, fault: Fault) -> Answer | ConnectionDropped:
        if fault.kind is FaultKind.KILL_BEFORE:
            self._kill()
        answer = self._carry_out(request) if fault.kind.executes else None
        match fault.kind:
            case FaultKind.ERROR | FaultKind.ERROR_AFTER:
                return error(request, fault.code, fault.message, fault.status)
            case FaultKind.THROTTLE:
                return throttled(request)
            case FaultKind.HTML | FaultKind.HTML_AFTER:
                return Answer(502, _PAGE, (("Content-Type", "text/html"),))
            case FaultKind.ANSWER:
                return Answer(200, fault.body.encode(), (("Content-Type", "text/xml"),))
            case FaultKind.FAIL_LATER if answer:
                if answer.ok:
                    self._let_fail_later(answer, fault)
                else:
                    self._faults.missed(fault)
                return answer
            case FaultKind.HALF_ANSWER:
                return ConnectionDropped(answer)
            case FaultKind.HANG:
                return ConnectionDropped(seconds=fault.seconds)
            case FaultKind.KILL_AFTER:
                self._kill()
        return ConnectionDropped()

    def _kill(self) -> None:
        for process in self._registered:
            process.send(signal.SIGKILL)
        self._registered = set()

    def _let_fail_later(self, answer: Answer, fault: Fault) -> None:
        for each in self._middleware:
            if isinstance(each, FailsLater):
                each.fail(answer, (fault.code, fault.message))

    def _carry_out(self, request: Request) -> Answer:
        size = self._cloud.conditions.page_size
        try:
            if size:
                return page_of(request, self._through_middleware(whole(request, size)), size)
            return self._through_middleware(request)
        except Exception as trouble:
            # What moto can't do is told to the client like any failure of AWS; the server's log has the whole story.
            traceback.print_exc()
            message = f"The sandbox can't do {request.operation}: {type(trouble).__name__}: {trouble}"
            return error(request, "InternalError", message, 500)

    def _through_middleware(self, request: Request) -> Answer:
        passed: list[Middleware] = []
        answer: Answer | None = None
        for each in self._middleware:
            answer = each.before(request, self._cloud)
            if answer is not None:
                break
            passed.append(each)
        answer = answer or self._cloud.execute(request)
        for each in reversed(passed):
            answer = each.after(request, answer, self._cloud)
        return answer

    def _note(self, request: Request, answer: Answer | ConnectionDropped, fault: Fault | None) -> None:
        call = {
            "index": len(self._calls) + 1,
            "time": time.time(),
            "service": request.service,
            "region": request.region,
            "host": request.header("Host"),
            "operation": request.operation,
            "mutating": request.mutating,
            "status": answer.status if isinstance(answer, Answer) else None,
            "fault": fault.kind.value if fault else None,
            "parameters": dict(request.parameters),
        }
        self._calls.append(call)
        if self._log:
            append_private(self._log, json.dumps(call) + "\n")
