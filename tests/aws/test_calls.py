"""What is known of calls beside what they say."""

from __future__ import annotations

import threading

from ocpprov.aws.calls import CallSubject


def test_what_the_calls_of_a_thread_are_for() -> None:
    subject = CallSubject()
    seen: list[tuple[str, ...]] = []
    with subject.about(["A", "B"]):
        with subject.about(["C"]):
            seen.append(subject.names)
        seen.append(subject.names)
        other = threading.Thread(target=lambda: seen.append(subject.names))
        other.start()
        other.join()
    assert [*seen, subject.names] == [("C",), ("A", "B"), (), ()]
