"""A plan beside the installer's files, in a process of its own with AWS."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path

from tests.end_to_end.world import REGION
from tests.support.in_process import Bastion, Ended

PLAN = """\
name: prod
openshift:
  installConfig: inst/install-config.yaml
  metadata: inst/metadata.json
  version: "4.1"
  zones: 1
  egress: none
  endpoints: [s3]
  dhcpOptions: {domainName: corp.example.com}
  bootstrap: {ignition: inst/bootstrap.ign}
  iam: {instanceProfiles: {master: masters, worker: workers}}
  appsRecord: none
"""
SECRET = "not-to-be-shown"
CONFIG = f"""\
apiVersion: v1
baseDomain: example.com
metadata: {{name: prod}}
networking: {{machineNetwork: [{{cidr: 10.0.0.0/16}}]}}
publish: Internal
pullSecret: {SECRET}
proxy: {{httpsProxy: 'http://user:{SECRET}@proxy.example.com:3128'}}
platform:
  aws:
    region: eu-west-1
"""
METADATA = {"infraID": "prod-x7k2p", "clusterName": "prod", "aws": {"region": REGION}}


@dataclass(frozen=True)
class Site:
    """A folder with a plan and the installer's folder beside it."""

    bastion: Bastion

    @property
    def plan_file(self) -> Path:
        return self.bastion.home / "plan.yaml"

    @property
    def folder(self) -> Path:
        return self.bastion.home / "inst"

    def config(self, lines: str = "") -> None:
        (self.folder / "install-config.yaml").write_text(CONFIG + lines)

    def metadata(self) -> None:
        (self.folder / "metadata.json").write_text(json.dumps(METADATA))

    def ignition(self) -> None:
        (self.folder / "bootstrap.ign").write_text(json.dumps({"ignition": {"version": "3.2.0"}, "key": SECRET}))

    def remove(self, *names: str) -> None:
        for name in names:
            (self.folder / name).unlink()

    def apply(self) -> Ended:
        ended = self.bastion.apply(self.plan_file)
        assert ended.code == 0, ended.said
        return ended

    def everything(self) -> None:
        """All of the installer's files."""
        self.config()
        self.metadata()
        self.ignition()

    def unchanged(self) -> Ended:
        ended = self.bastion.plan(self.plan_file)
        assert ended.code == 0, ended.said
        assert "0 to create, 0 to delete" in ended.said
        return ended

    def forget(self) -> None:
        """Be on another bastion."""
        (self.bastion.home / ".ocpprov" / "prod" / "plan.json").unlink()

    def left(self) -> list[str]:
        ec2, iam, s3 = (self.bastion.client(each) for each in ("ec2", "iam", "s3"))
        return [
            *(each["VpcId"] for each in ec2.describe_vpcs()["Vpcs"] if not each["IsDefault"]),
            *(each["RoleName"] for each in iam.list_roles()["Roles"]),
            *(each["Name"] for each in s3.list_buckets()["Buckets"]),
        ]


def site_in(bastion: Bastion, home: Path) -> Site:
    """AWS is empty."""
    bastion.moved_in(home, REGION)
    found = Site(bastion)
    found.folder.mkdir()
    found.plan_file.write_text(PLAN)
    return found
