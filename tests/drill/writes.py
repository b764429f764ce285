"""The writes that matter, each in a process of its own, which may be killed in the middle.

Nothing in the site is there for this: the process counts its own statements, and kills itself.
"""

import multiprocessing
import os
import signal
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from multiprocessing.synchronize import Barrier
from pathlib import Path
from typing import Any

import django
from django.core.exceptions import ValidationError
from django.db import connection
from django.test import Client
from django.test.utils import setup_test_environment
from django.utils import timezone

from tests.drill.copies import Copy

django.setup()

from milestones import actions  # noqa: E402
from milestones.models import Assessment, Edition, Milestone, ProgressReport, User  # noqa: E402
from milestones.quarter import Quarter  # noqa: E402
from nextgen import publishing  # noqa: E402
from nextgen.backup import making, returning  # noqa: E402
from nextgen.backup.database import elsewhere, settings_of  # noqa: E402
from nextgen.backup.fault import BackupError  # noqa: E402
from nextgen.brochure import making as brochures  # noqa: E402
from nextgen.package import writing  # noqa: E402
from nextgen.package.actions import import_plan  # noqa: E402
from nextgen.package.fault import FaultsError  # noqa: E402
from nextgen.package.package import Package  # noqa: E402
from nextgen.package.stored import stored  # noqa: E402
from projects.models import Authority, NaturalRecipient  # noqa: E402

DRAFT = "2024-06"
NOTES = {f"note_{code}": "Said." for code in ("nl", "fr", "de", "en")}
processes = multiprocessing.get_context("forkserver")
processes.set_forkserver_preload(["tests.drill.writes"])


def prepare() -> None:
    """People, and a draft in which all milestones are signed but one and those of Flanders."""
    editor = User.objects.create_user("editor", "correct-horse-battery", role="editor")
    flanders = Authority.objects.get(code="FLA")
    User.objects.create_user("flanders", role="coordinator", authority=flanders)
    draft = actions.open_report(month=DRAFT, closes_on=None, by=editor)
    signed = Milestone.objects.in_plan(draft).select_related("project")
    signed = signed.exclude(project__lead=flanders).exclude(code="157")
    actions.sign_unchanged(milestones=signed, report=draft, by=editor)


def _editor() -> User:
    return User.objects.get(username="editor")


def _draft() -> ProgressReport:
    return ProgressReport.objects.get(month=DRAFT)


def publish() -> str:
    edition = actions.publish(report=_draft(), by=_editor(), pack=publishing.pack)
    return str(edition)


def publish_at_the_desk() -> str:
    """What the editor reads after the button."""
    desk = Client()
    desk.force_login(_editor(), backend="django.contrib.auth.backends.ModelBackend")
    setup_test_environment()
    _quick_brochures()
    path = f"/admin/report/{DRAFT}/"
    seen = desk.get(path).context["seen"]
    answer = desk.post(path, {"seen": seen}, follow=True)
    return " ".join(map(str, answer.context["messages"]))


def pay_somebody(year: int | None = None) -> str:
    """A natural person among the recipients, paid this year or in another one."""
    today = timezone.localdate()
    person = NaturalRecipient(name="Jo Zwijger", amount=1, as_of=today, paid_in=year or today.year)
    person.save()
    return str(person)


def _quick_brochures() -> None:
    """What they say is set in seconds, and looked at elsewhere."""
    brochures.contents = lambda _source, scopes, _language: scopes
    brochures.typeset = lambda contents: [b"%PDF"] * len(contents)


def _changed(word: str) -> Package:
    package = stored()
    assert package
    for row in package.tables["projects"]:
        row.cells["title_en"] += f" {word}"
    return package


def write_changes(file: Path) -> str:
    """What `import_changes` imports, as a file."""
    writing.write(_changed("revised"), file)
    return str(file)


def import_changes() -> str:
    return import_plan(_changed("revised"), why="Decided.").summary


def import_others() -> str:
    return import_plan(_changed("changed"), why="Decided too.").summary


def correct() -> str:
    said = Assessment.objects.as_corrected().get(report__month="2023-12", milestone__code="157")
    words = {"status": "delayed", "expected": Quarter(2026, 1), "done_quarter": None, **NOTES}
    return str(actions.correct(assessment=said, words=words, why="Misread.", by=_editor()))


def assess() -> str:
    milestone = Milestone.objects.select_related("project").get(code="157")
    words = {"status": "on-track", "expected": Quarter(2025, 4), **NOTES}
    return str(actions.assess(milestone=milestone, report=_draft(), words=words, by=_editor()))


def sign() -> str:
    flanders = User.objects.get(username="flanders")
    led = Milestone.objects.in_plan(_draft()).select_related("project")
    led = led.filter(project__lead=flanders.authority)
    signed = actions.sign_unchanged(milestones=led, report=_draft(), by=flanders)
    return str(len(signed))


def make_brochures() -> str:
    _quick_brochures()
    return str(len(brochures.make_missing(Edition.objects.published().light().last())))


def back_up(folder: Path, keep: int = 9, dies: int = 0, year: int = 0) -> str:
    """A backup; of another year, or killed when something comes to the disk the n-th time."""
    if year:
        timezone.now = lambda: datetime(year, 1, 1, tzinfo=UTC)
    left = iter(range(1, dies))

    def last() -> None:
        if dies and next(left, None) is None:
            die()

    to_disk, rename = making._to_disk, Path.rename
    making._to_disk = lambda path: (last(), to_disk(path))
    Path.rename = lambda path, new: (last(), rename(path, new))[1]  # type: ignore[method-assign]
    return str(making.back_up(folder, keep=keep))


def restore(backup: Path, replace: bool) -> str:
    return str(returning.restore(backup, replace=replace)["made_at"])


@dataclass(frozen=True)
class Outcome:
    """How a write ended: what it returned, or the sentence that refused it; its statements."""

    done: str | None
    refused: str | None
    statements: int
    killed: bool = False


class Dying:
    """Counts statements that write, and kills the process before the one at which it dies."""

    def __init__(self, at: int | str | None) -> None:
        self.at, self.statements = at, 0
        self.commit = connection._commit
        connection._commit = self.committing

    def __call__(self, execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        if sql.lstrip()[:6].upper() in ("INSERT", "UPDATE", "DELETE"):
            self.statements += 1
            if self.statements == self.at:
                die()
        return execute(sql, params, many, context)

    def committing(self) -> None:
        if self.at == "before the commit":
            die()
        self.commit()
        if self.at == "after the commit":
            die()


def die() -> None:
    os.kill(os.getpid(), signal.SIGKILL)


def _in_a_process(
    what: Callable[[], str | None],
    copy: Copy,
    at: int | str | None,
    gate: Barrier | None,
    told: Any,
) -> None:
    with elsewhere(settings_of(copy.url)):
        dying = Dying(at)
        done = refused = None
        if gate:
            gate.wait()
        try:
            with connection.execute_wrapper(dying):
                done = what()
        except (ValidationError, BackupError) as error:
            refused = str(getattr(error, "message", error))
        except FaultsError as error:
            refused = str(error.faults[0])
        told.send(Outcome(done, refused, dying.statements))


def run(
    *writes: Callable[[], str | None], copy: Copy, at: int | str | None = None
) -> list[Outcome]:
    """Runs these writes at once, each in its process; `at` says where it is killed."""
    gate = processes.Barrier(len(writes)) if len(writes) > 1 else None
    started = []
    for write in writes:
        hears, tells = processes.Pipe(duplex=False)
        process = processes.Process(target=_in_a_process, args=(write, copy, at, gate, tells))
        process.start()
        tells.close()
        started.append((process, hears))
    return [_ended(process, hears) for process, hears in started]


def _ended(process: Any, hears: Any) -> Outcome:
    try:
        outcome: Outcome = hears.recv()
    except EOFError:
        process.join()
        assert process.exitcode == -signal.SIGKILL, "it broke by itself"
        return Outcome(None, None, 0, killed=True)
    process.join()
    return outcome
