"""The journal of a plan: what was about to be sent, and what came of it.

One JSON object a line, each forced to the disk before the next thing happens. It remembers tokens and times of
requests whose answer never came. Deleting it loses nothing: tags say the rest.

A plan of one name may be applied to several accounts and regions from one folder: each line says of which it is. Those
of earlier versions mostly don't, and whoever reads them has to know it from elsewhere.
"""

from __future__ import annotations

import json
import os
import threading
from collections.abc import Collection, Iterator, Sequence
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from typing import Literal

from ocpprov.engine.secret_texts import NO_SECRETS, SecretTexts
from ocpprov.runs.private_files import Untrusted, open_private, read_private


@dataclass(frozen=True)
class Record:
    """One line. `time` is seconds since the epoch. An intent has a token, what was created an id. What gets its tags
    after its creation counts as created when it has them; its intent says until then what it is: `key` is what AWS has
    only once of it, such as its name. `where`: account and region, by `account_region`; empty where an earlier version
    wrote it. `refused`: AWS said no, and nothing was made. `proven`: a run found it by its tags and by what proves
    them, before it changed anything. `settled`: a later run had it looked for and ended well, so that nothing is open
    about it any more.
    """

    event: Literal["intent", "created", "deleted", "refused", "settled", "proven"]
    time: float
    run: str
    resource: str
    type: str
    revision: str = ""
    token: str = ""
    id: str = ""
    key: str = ""
    where: str = ""


@dataclass(frozen=True)
class Made:
    """Something that a run made; `where` as in a `Record`, `resource` the logical id that it was made as."""

    type: str
    id: str
    where: str = ""
    resource: str = field(default="", compare=False)


def account_region(account: str, region: str) -> str:
    """Account and region as a record has them."""
    return f"{account}/{region}"


def _may_be_same(where: str, other: str) -> bool:
    """Whether two records may be of one account and region: an earlier version's don't say."""
    return where == other or not where or not other


class Journal:
    """The journal in one file, mode 0600, as a run in the account and region `where` sees it: every line that it writes
    says so, and what is of others it doesn't know. Used from many threads: one lock guards file and memory.

    Opening it raises OSError when the file can't be written, and Untrusted when others can; so does the `write` of an
    intent, before it is sent. What has come of one is true without its line: then the next intent is what raises.
    """

    def __init__(self, path: Path, where: str = "", secrets: SecretTexts = NO_SECRETS) -> None:
        """None of the `secrets` is written: what would be known by one is known by its tags alone."""
        self._secrets = secrets
        self._lock = threading.Lock()
        self._where = where
        self._open: dict[tuple[str, str], Record] = {}
        for record in read(path):
            if _may_be_same(record.where, where):
                self._remember(record)
        self._in_doubt = dict(self._open)
        self._file = open_private(path, os.O_RDWR | os.O_CREAT | os.O_APPEND)
        self._end_torn_line()
        self._failure: OSError | None = None

    def write(self, record: Record) -> None:
        """Append one record, on the disk when this returns. After a failure nothing more is appended: it would
        go on in a torn line."""
        self.write_all([record])

    def write_all(self, records: Sequence[Record]) -> None:
        """The same for several, which are forced to the disk together."""
        records = [self._hidden(replace(record, where=record.where or self._where)) for record in records]
        lines = "".join(json.dumps(asdict(record), separators=(",", ":")) + "\n" for record in records)
        with self._lock:
            if self._failure is None:
                self._failure = self._append(lines.encode())
            if self._failure is not None and any(record.event == "intent" for record in records):
                raise OSError(self._failure.errno, f"the journal can't be written: {self._failure.strerror}")
            for record in records:
                self._remember(record)

    def in_doubt(self, type: str, resource: str, revision: str) -> Record | None:
        """The intent of an earlier process that never got an answer, if there is one for just this resource, whatever
        format its revision was written in."""
        with self._lock:
            record = self._in_doubt.get((type, self._secrets.masked(resource)))
        same = record is not None and record.revision.partition("-")[2] == revision.partition("-")[2]
        return record if same else None

    def is_open(self, type: str, resource: str) -> bool:
        """Whether it is not known what came of the last intent for this resource."""
        with self._lock:
            return (type, self._secrets.masked(resource)) in self._open

    def settle(self, run: str, now: float, seconds: float) -> None:
        """End the intents that are older than so many seconds, after a run that has seen all there is: whatever gets
        such a name later is somebody else's."""
        with self._lock:
            old = [record for record in self._open.values() if now - record.time > seconds]
        for record in old:
            self.write(Record("settled", now, run, record.resource, record.type))

    def close(self) -> None:
        """Whoever writes later, left behind by a run that was interrupted, doesn't find the file."""
        with self._lock:
            os.close(self._file)
            self._file = -1

    def _hidden(self, record: Record) -> Record:
        """A key with a secret in it is left out: whoever has the plan works it out again."""
        return replace(
            record,
            resource=self._secrets.masked(record.resource),
            id=self._secrets.masked(record.id),
            key="" if self._secrets.hides(record.key) else record.key,
        )

    def _append(self, line: bytes) -> OSError | None:
        try:
            # A full disk takes a part first, and says why only when asked to take the rest.
            while line:
                line = line[os.write(self._file, line) :]
            os.fsync(self._file)
        except OSError as error:
            return error
        return None

    def _remember(self, record: Record) -> None:
        place = (record.type, record.resource)
        if record.event == "intent":
            self._open[place] = record
        elif record.event != "proven":
            self._open.pop(place, None)

    def _end_torn_line(self) -> None:
        size = os.fstat(self._file).st_size
        if size and os.pread(self._file, 1, size - 1) != b"\n":
            os.write(self._file, b"\n")


def open_intents(path: Path) -> Sequence[Record]:
    """The intents of which nobody knows what came: their runs were killed before they were answered, or before what was
    made had its tags. A journal that can't be read says nothing; a run, which has to write it, will say so. Raises
    Untrusted."""
    found: list[Record] = []
    try:
        records = list(read(path))
    except Untrusted:
        raise
    except OSError:
        return ()
    for record in records:
        if record.event != "proven":
            found = [each for each in found if not _is_about(record, each)]
        if record.event == "intent":
            found.append(record)
    return found


def _is_about(record: Record, intent: Record) -> bool:
    named = (record.type, record.resource) == (intent.type, intent.resource)
    return named and _may_be_same(record.where, intent.where)


def made(path: Path, types: Collection[str]) -> frozenset[Made]:
    """What the journal's runs made of these types and haven't deleted. What went with what it belonged to (`<id of
    that>|...`) is no longer there either. A journal that can't be read says nothing; a run, which has to write it, will
    say so. Raises Untrusted."""
    found: set[Made] = set()
    try:
        records = list(read(path))
    except Untrusted:
        raise
    except OSError:
        return frozenset()
    for record in records:
        if record.event == "deleted":
            found -= {each for each in found if _went_with(each, record)}
        elif record.event in ("created", "proven") and record.type in types:
            # The first says what it was made as: a later one, what its tags said.
            found.add(Made(record.type, record.id, record.where, record.resource))
    return frozenset(found)


def _went_with(each: Made, deleted: Record) -> bool:
    gone = (each.type, each.id) == (deleted.type, deleted.id) or each.id.startswith(f"{deleted.id}|")
    return gone and _may_be_same(each.where, deleted.where)


def read(path: Path) -> Iterator[Record]:
    """The records of a journal. A line torn by a crash is passed over, and so are fields of later versions. Raises
    OSError for a file that is there and can't be read, and Untrusted."""
    try:
        lines = read_private(path).splitlines()
    except FileNotFoundError:
        return
    names = set(Record.__dataclass_fields__)
    for line in lines:
        try:
            content = json.loads(line)
            yield Record(**{name: value for name, value in content.items() if name in names})
        except (ValueError, TypeError, AttributeError, RecursionError):
            continue
