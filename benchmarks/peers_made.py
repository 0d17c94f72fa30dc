"""The tools that the benchmark of peers runs: each in a virtual environment of its own under build/peers/, the newest
that runs on this Python."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from benchmarks.lives import ROOT

FOLDER: Final = ROOT / "build" / "peers"
SCRIPTS: Final = ROOT / "benchmarks" / "peers"


@dataclass(frozen=True)
class Peer:
    """`packages` are what pip installs, `program` is what runs `script`, which is in peers/."""

    name: str
    packages: tuple[str, ...]
    program: str
    script: str

    @property
    def venv(self) -> Path:
        return FOLDER / self.packages[0]

    def made(self) -> Path:
        """The folder of its programs; made by pip, once."""
        programs, stamp = self.venv / "bin", self.venv / ".made"
        if not stamp.exists():
            subprocess.run([sys.executable, "-m", "venv", str(self.venv)], check=True)
            subprocess.run([str(programs / "pip"), "install", "--quiet", *self.packages], check=True)
            stamp.touch()
        return programs

    def versions(self) -> dict[str, str]:
        """Of its packages."""
        told = "import json, sys, importlib.metadata as m; print(json.dumps({n: m.version(n) for n in sys.argv[1:]}))"
        command = [str(self.made() / "python"), "-c", told, *self.packages]
        found: dict[str, str] = json.loads(subprocess.run(command, capture_output=True, text=True, check=True).stdout)
        return found

    def lines(self) -> int:
        """Of its script, without empty ones and comments."""
        return lines_of(SCRIPTS / self.script)


def lines_of(file: Path) -> int:
    """Lines that say something."""
    lines = (line.strip() for line in file.read_text().splitlines())
    return sum(bool(line) and not line.startswith("#") for line in lines)


AWS_CLI: Final = Peer("aws, one command after another", ("awscli",), "bash", "aws_cli.sh")
ANSIBLE: Final = Peer("Ansible, amazon.aws", ("ansible", "boto3"), "ansible-playbook", "playbook.yaml")
BOTO3: Final = Peer("boto3, 16 threads", ("boto3",), "python", "boto3_threads.py")
PEERS: Final = (AWS_CLI, ANSIBLE, BOTO3)


def command_of(peer: Peer, region: str, zones: tuple[str, str, str], bucket: str, documents: Path) -> list[str]:
    """What runs its script, with what it is to make."""
    script = str(SCRIPTS / peer.script)
    if peer is ANSIBLE:
        given = {"region": region, "zones": zones, "bucket": bucket, "folder": str(documents)}
        return [str(peer.made() / peer.program), "-i", "localhost,", script, "--extra-vars", json.dumps(given)]
    program = peer.program if peer is AWS_CLI else str(peer.made() / peer.program)
    return [program, script, region, *zones, bucket, str(documents)]


def environ_of(peer: Peer, url: str, region: str, home: Path, base: Mapping[str, str]) -> dict[str, str]:
    """Its environment: AWS is at `url`, and nobody's settings are read."""
    return {
        **base,
        "PATH": f"{peer.made()}:{base.get('PATH', '')}",
        "HOME": str(home),
        "AWS_ENDPOINT_URL": url,
        "AWS_REGION": region,
        "AWS_DEFAULT_REGION": region,
        "AWS_ACCESS_KEY_ID": "test",
        "AWS_SECRET_ACCESS_KEY": "test",
        "AWS_CONFIG_FILE": str(home / "none"),
        "AWS_SHARED_CREDENTIALS_FILE": str(home / "none"),
        "AWS_EC2_METADATA_DISABLED": "true",
        "ANSIBLE_PYTHON_INTERPRETER": str(peer.made() / "python"),
    }
