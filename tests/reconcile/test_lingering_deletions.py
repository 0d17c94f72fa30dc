"""Before something is deleted: what lingers of what the run deleted a moment ago, and whom nobody waits for."""

from __future__ import annotations

import threading
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any, Final

import pytest

from ocpprov.aws.error_codes import ErrorClass
from ocpprov.aws.errors import AwsError, AwsMessage
from ocpprov.engine.resources import Live
from ocpprov.engine.slots import LendingClock, Slots
from ocpprov.kinds.contract import Lingering
from ocpprov.kinds.elb.lingering_interface import LingeringInterface
from ocpprov.reconcile.lingering_deletions import LingeringDeletions
from ocpprov.reconcile.prerequisites import PrerequisiteNotReady
from ocpprov.reconcile.wait import Waiter
from tests.reconcile.cloud import Cloud, Lists
from tests.reconcile.things import KINDS, Thing
from tests.reconcile.world import World, ours, outcome


class Subnet(Thing):
    """What a balancer stands in."""

    type = "AWS::EC2::Subnet"


class Balancer(Thing):
    """What leaves interfaces behind."""

    type = "Test::Cloud::Balancer"
    lingers = Lingering((Subnet.type,), shown_by=LingeringInterface())

    def references(self, live: Live) -> Sequence[str]:
        return [str(live.properties["Subnet"])]


class Listener(Balancer):
    """What keeps something for some seconds."""

    type = "Test::Cloud::Listener"
    lingers = Lingering((Subnet.type,), seconds=5)


KNOWN: Final = {**KINDS, **{kind.type: kind() for kind in (Subnet, Balancer, Listener)}}
LOOK: Final = "describe_network_interfaces"


def interface(description: str = "ELB b-1", subnet: str = "subnet-1", **more: Any) -> dict[str, Any]:
    of = {"NetworkInterfaceId": "eni-1", "SubnetId": subnet, "Description": description}
    return {**of, "RequesterManaged": True, "InterfaceType": "network_load_balancer", **more}


STRANGER: Final = interface("theirs", RequesterManaged=False, InterfaceType="interface", NetworkInterfaceId="eni-2")


class Scene:
    """A subnet that is to go, and what was deleted before, at 10 seconds."""

    def __init__(self, folder: Path, kind: type[Balancer] = Balancer, of: str = "subnet-1") -> None:
        self.world = World(folder, kinds=KNOWN)
        self.subnet = Live(Subnet.type, "subnet-1", {"VpcId": "vpc-1"}, tags=ours("Net"))
        gone = Live(kind.type, "b-1", {"Subnet": of}, tags=ours("Api"))
        self.world.live_state.add("Net", self.subnet)
        self.world.live_state.add("Api", gone)
        self.world.clock.sleep(10)
        self.world.live_state.remove(gone, self.world.clock.monotonic())
        self.lingering = LingeringDeletions(self.world.context, Waiter(self.world.context))

    def lists(self, *interfaces: dict[str, Any]) -> None:
        self.world.cloud.pages[LOOK] = {"NetworkInterfaces": list(interfaces)}

    def waits(self) -> float:
        self.lingering.wait_for(KNOWN[Subnet.type], [self.subnet])
        return self.world.clock.passed - 10


class Hanging(Lists):
    """Looks that hang, but for the first ones."""

    def __init__(self, cloud: Cloud, after: int) -> None:
        super().__init__(cloud)
        self.left, self.hangs, self.over = after, threading.Event(), threading.Event()

    def read(self, wanted: Sequence[Any]) -> Any:
        self.left -= 1
        if self.left < 0:
            self.hangs.set()
            self.over.wait(10)
        return super().read(wanted)


def test_its_interfaces_are_waited_for_and_looked_at_once_for_all(tmp_path: Path) -> None:
    scene = Scene(tmp_path)
    scene.lists(interface())
    scene.world.clock.at(70, scene.lists)
    assert 60 <= scene.waits() <= 64
    looks = len(scene.world.cloud.looks)
    assert scene.waits() <= 64
    # The first look was kept, and what is gone is asked for once.
    assert scene.world.cloud.looks[looks:] == []


def test_they_are_looked_at_by_when_their_balancer_went_though_somebody_waits_only_later(tmp_path: Path) -> None:
    scene = Scene(tmp_path)
    scene.lists(interface())
    # Gone at 71, a second after the first look that comes after the least.
    scene.world.clock.sleep(47)
    scene.world.clock.at(71, scene.lists)
    assert 61 <= scene.waits() <= 65
    assert scene.world.cloud.looked_at == pytest.approx([57, 57, 70, 72.2, 73.2], abs=0.1)


def test_where_none_is_left_nobody_waits(tmp_path: Path) -> None:
    scene = Scene(tmp_path)
    scene.lists(interface("ELB b-2"))
    scene.world.live_state.add("Other", Live("AWS::ElasticLoadBalancing::LoadBalancer", "b-2", {}, tags=ours("Other")))
    assert (scene.waits(), scene.world.cloud.looks) == (0, [LOOK])


def test_where_a_strangers_interface_is_there_nobody_waits_and_aws_says_no(tmp_path: Path) -> None:
    scene = Scene(tmp_path)
    scene.lists(interface(), STRANGER)
    assert scene.waits() == 0


def test_a_strangers_interface_elsewhere_is_in_nobodys_way(tmp_path: Path) -> None:
    scene = Scene(tmp_path)
    scene.lists(interface(), {**STRANGER, "SubnetId": "subnet-2"})
    scene.world.clock.at(40, scene.lists)
    assert scene.waits() >= 30


def test_what_nobody_may_look_at_is_sent(tmp_path: Path) -> None:
    scene = Scene(tmp_path)
    denied = AwsMessage("UnauthorizedOperation", "no", "r-1", "DescribeNetworkInterfaces")
    scene.world.cloud.pages[LOOK] = AwsError(ErrorClass.DENIED, denied)
    assert scene.waits() == 0


def test_what_cannot_be_read_is_an_error_for_each_that_waits(tmp_path: Path) -> None:
    scene = Scene(tmp_path)
    odd = AwsMessage("UnreadableAnswer", "no", "r-1", "DescribeNetworkInterfaces")
    scene.world.cloud.pages[LOOK] = AwsError(ErrorClass.INVALID, odd)
    assert isinstance(outcome(scene.waits), AwsError)
    assert isinstance(outcome(scene.waits), AwsError)


def test_what_nothing_shows_is_waited_for_by_the_clock(tmp_path: Path) -> None:
    scene = Scene(tmp_path, Listener)
    scene.world.clock.sleep(2)
    assert (scene.waits(), scene.world.cloud.looks) == (5, [])


@pytest.mark.parametrize("kind", [Balancer, Listener])
def test_what_did_not_refer_to_it_is_not_asked_about(kind: type[Balancer], tmp_path: Path) -> None:
    scene = Scene(tmp_path, kind, of="subnet-2")
    assert (scene.waits(), scene.world.cloud.looks) == (0, [])


def test_nor_what_is_of_another_type(tmp_path: Path) -> None:
    scene = Scene(tmp_path)
    scene.lingering.wait_for(KNOWN[Thing.type], [replace(scene.subnet, type=Thing.type)])
    assert scene.world.cloud.looks == []


def test_what_goes_after_it_in_the_same_network_waits_though_nothing_refers_to_it(tmp_path: Path) -> None:
    scene = Scene(tmp_path, of="subnet-2")

    class Gate(Subnet):
        delete_after = (Balancer.type,)

    scene.lists(interface(subnet="subnet-2"))
    scene.world.clock.at(40, scene.lists)
    scene.world.live_state.add("Api", Live(Balancer.type, "b-1", {"Subnet": "subnet-2", "VpcId": "vpc-1"}))
    scene.world.live_state.remove(Live(Balancer.type, "b-1", {}), 10)
    scene.lingering.wait_for(Gate(), [scene.subnet])
    assert scene.world.clock.passed >= 40


def test_who_waited_for_a_look_that_hangs_has_its_place_again_when_it_sends(tmp_path: Path) -> None:
    scene = Scene(tmp_path)
    reader: Any = Hanging(scene.world.cloud, after=1)
    scene.lists(interface())
    slots = Slots(1)
    slots.ask(1.0)
    context = replace(scene.world.context, reader=reader, slots=slots, clock=LendingClock(scene.world.clock, slots))
    scene.lingering = LingeringDeletions(context, Waiter(context))
    threading.Timer(0.3, reader.over.set).start()
    with slots.held(1.0):
        assert scene.waits() >= 20
        assert not slots.ask(2.0).done()


def test_who_waits_for_anothers_look_lets_no_time_pass(tmp_path: Path) -> None:
    scene = Scene(tmp_path)
    reader: Any = Hanging(scene.world.cloud, after=0)
    context = replace(scene.world.context, reader=reader)
    scene.lingering = LingeringDeletions(context, Waiter(context))
    first = threading.Thread(target=scene.waits)
    first.start()
    assert reader.hangs.wait(10)
    threading.Timer(0.5, reader.over.set).start()
    assert scene.waits() == 0
    first.join(10)


def test_whoever_stops_the_run_need_not_wait_until_it_is_gone(tmp_path: Path) -> None:
    """Nothing was sent for what waits."""
    scene = Scene(tmp_path)
    reader: Any = Hanging(scene.world.cloud, after=1)
    scene.lists(interface())
    context = replace(scene.world.context, reader=reader)
    scene.lingering = LingeringDeletions(context, Waiter(context), reader.hangs.is_set)
    stopped = outcome(scene.waits)
    reader.over.set()
    assert isinstance(stopped, PrerequisiteNotReady)
    assert stopped.error is None
