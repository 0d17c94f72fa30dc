"""A question that is given up leaves the terminal as it was."""

from __future__ import annotations

import os
import pty
import subprocess
import sys

SCRIPT = """
import fcntl, getpass, os, sys, termios
from ocpprov.aws.time_to_answer import TimeToAnswer

fcntl.ioctl(0, termios.TIOCSCTTY, 0)

def told():
    flags = termios.tcgetattr(0)[3]
    print("told in the dark" if not flags & termios.ECHO else "told in the light", flush=True)

try:
    TimeToAnswer(0.5, 1.0).ask(lambda: getpass.getpass("code: "), told)
except TimeoutError:
    print("given up", "with echo" if termios.tcgetattr(0)[3] & termios.ECHO else "without echo", flush=True)
os._exit(0)
"""


def test_the_echo_comes_back_when_nobody_types_the_code() -> None:
    ours, theirs = pty.openpty()
    process = subprocess.Popen(
        [sys.executable, "-c", SCRIPT],
        stdin=theirs,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )
    out, err = process.communicate(timeout=60)
    os.close(ours)
    os.close(theirs)
    assert out.splitlines() == ["told in the dark", "given up with echo"], err
