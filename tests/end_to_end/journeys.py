"""The scripts of docs/how-to/install-a-cluster.md, and who runs their commands: ocpprov in this process, and of
openshift-install and Terraform what a plan has to do with."""

from __future__ import annotations

import json
import re
import shlex
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any, Final

from ruamel.yaml import YAML

from tests.end_to_end.local import LocalOperator
from tests.support.openshift_install import OpenShiftInstall, machines_of
from tests.test_documents import ROOT

PAGE: Final = "docs/how-to/install-a-cluster.md"
SHAPES: Final = (
    "Public",
    "Private, in a closed network",
    "In an existing VPC",
    "AWS GovCloud",
    "Behind a proxy",
    "Several machine networks",
)
COMMON: Final = ("The machines", "Take it away")
_GIVEN: Final = frozenset(("apiVersion",))
"""What of an install-config nobody has to think about."""
_FILES: Final = frozenset(("prod.yaml", "inst"))


@dataclass(frozen=True)
class Shape:
    """A section of the page: its install-config, its commands, and the values that it says somebody types."""

    name: str
    config: str
    commands: Sequence[str]
    stated: tuple[int, int, int]

    @property
    def typed(self) -> tuple[int, int, int]:
        """The values of the script: in all, in the install-config, and for ocpprov."""
        config = YAML(typ="safe", pure=True).load(self.config)
        own = [word for line in self.commands if line.startswith("ocpprov init ") for word in shlex.split(line)[2:]]
        given = [word for word in own if not word.startswith("--") and word not in _FILES]
        inside = sum(1 for key, value in config.items() if key not in _GIVEN for _ in _scalars(value))
        return inside + len(given), inside, len(given)

    @property
    def region(self) -> str:
        return str(YAML(typ="safe", pure=True).load(self.config)["platform"]["aws"]["region"])


def _scalars(value: object) -> Iterator[object]:
    match value:
        case Mapping():
            for each in value.values():
                yield from _scalars(each)
        case list():
            for each in value:
                yield from _scalars(each)
        case _:
            yield value


def sections() -> dict[str, str]:
    """The page's sections by their headings."""
    text = (ROOT / PAGE).read_text()
    return {part.partition("\n")[0]: part.partition("\n")[2] for part in text.split("\n## ")[1:]}


def _blocks(section: str, language: str) -> list[str]:
    return re.findall(rf"```{language}\n(.*?)```", section, re.DOTALL)


def commands_in(section: str) -> list[str]:
    """The command lines of a section."""
    return [line.removeprefix("$ ") for block in _blocks(section, "console") for line in block.splitlines()]


def shape(name: str) -> Shape:
    """A shape with its whole script, from init to destroyed."""
    found = sections()
    own = found[name]
    [config] = _blocks(own, "yml")
    said = re.search(r"You type (\d+) values: (\d+) in the file, (\d+) for init\.", own.replace("\n", " "))
    assert said, name
    common = [line for each in COMMON for line in commands_in(found[each])]
    stated = (int(said[1]), int(said[2]), int(said[3]))
    return Shape(name, config, [*commands_in(own), *common], stated)


@dataclass
class Journey:
    """Somebody who runs a script in the user's folder, with a release of OpenShift."""

    user: LocalOperator
    release: str

    def begin(self, of: Shape) -> None:
        folder = self.user.folder / "inst"
        folder.mkdir()
        (folder / "install-config.yaml").write_text(of.config)

    def run(self, command: str) -> None:
        """One line, which has to end well."""
        line, _, target = command.partition(" > ")
        program, *words = shlex.split(re.sub(r"(--openshift-version) \S+", rf"\1 {self.release}", line))
        match program:
            case "ocpprov":
                said = self.user.good(*words).out
                if target:
                    (self.user.folder / target).write_text(said)
            case "openshift-install":
                OpenShiftInstall(self.user.folder, self.release, self.user.bastion.client).run(words)
            case "terraform":
                self._terraform(words)
            case _:
                raise AssertionError(command)

    def _terraform(self, words: Sequence[str]) -> None:
        """A module that makes the machines that its variables ask for, and takes the others away. It reads the infraID
        from metadata.json, and has it in its state from then on."""
        state = self.user.folder / "terraform.tfstate"
        if words[0] == "apply":
            given = dict(each.split("=") for before, each in pairwise(words) if before == "-var")
            metadata = json.loads((self.user.folder / "inst" / "metadata.json").read_text())
            variables = json.loads((self.user.folder / "cluster.auto.tfvars.json").read_text())
            state.write_text(json.dumps({"infra_id": metadata["infraID"], **variables}))
        else:
            given = {"bootstrap": "false", "masters": "0"}
        self._machines(json.loads(state.read_text()), given)

    def _machines(self, variables: Mapping[str, Any], given: Mapping[str, str]) -> None:
        wanted = {f"master-{number}": "master" for number in range(int(given.get("masters", 3)))}
        wanted |= {f"worker-{number}": "worker" for number in range(int(given.get("workers", 0)))}
        wanted |= {"bootstrap": "bootstrap"} if given["bootstrap"] == "true" else {}
        infra_id = variables["infra_id"]
        ec2 = self.user.bastion.client("ec2")
        there = machines_of(self.user.bastion.client, infra_id)
        for name, machine in there.items():
            if name.removeprefix(f"{infra_id}-") not in wanted:
                ec2.terminate_instances(InstanceIds=[machine["InstanceId"]])
        for number, (name, role) in enumerate(wanted.items()):
            if f"{infra_id}-{name}" not in there:
                self._start(f"{infra_id}-{name}", role, number, variables)

        if "worker-0" in wanted:
            self._router(variables)

    def _router(self, variables: Mapping[str, Any]) -> None:
        """What the cluster makes itself as soon as it has compute machines."""
        owned = {
            f"kubernetes.io/cluster/{variables['infra_id']}": "owned",
            "kubernetes.io/service-name": "openshift-ingress/router-default",
        }
        self.user.bastion.client("elb").create_load_balancer(
            LoadBalancerName="a0123456789abcdef0123456789abcde",
            Listeners=[{"Protocol": "TCP", "LoadBalancerPort": 443, "InstancePort": 30443}],
            Subnets=variables["private_subnet_ids"],
            SecurityGroups=[variables["worker_security_group_id"]],
            Tags=[{"Key": key, "Value": value} for key, value in owned.items()],
        )

    def _start(self, name: str, role: str, number: int, variables: Mapping[str, Any]) -> None:
        # Nobody is so quick that AWS wouldn't know the profile.
        self.user.bastion.clock.sleep(10)
        subnets = variables["private_subnet_ids"]
        groups = [variables[f"{each}_security_group_id"] for each in {role, "master" if role != "worker" else role}]
        self.user.bastion.client("ec2").run_instances(
            ImageId="ami-12345678",
            MinCount=1,
            MaxCount=1,
            InstanceType="m5.xlarge",
            SubnetId=subnets[number % len(subnets)],
            SecurityGroupIds=groups,
            IamInstanceProfile={"Name": variables[f"{role}_instance_profile"]},
            TagSpecifications=[
                {
                    "ResourceType": "instance",
                    "Tags": [
                        {"Key": "Name", "Value": name},
                        {"Key": f"kubernetes.io/cluster/{variables['infra_id']}", "Value": "shared"},
                    ],
                }
            ],
        )
