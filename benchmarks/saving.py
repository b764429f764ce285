"""Coordinators who save at once: how many saves a second, how slow the slowest, nothing lost.

    make bench                        on SQLite, 60 seconds, eight coordinators
    make bench SECONDS=20 PEOPLE=4    another time and number
    FSYNC=on .ci/with-postgresql make bench    on a PostgreSQL of its own that writes to disk

Each coordinator logs in, opens a milestone, says something of it and saves, again and again, over
HTTP as a browser does. At the end every save must stand in the history and the last word of each
in the draft; a conflict (two on one milestone) is counted apart: it loses nothing.
"""

import http.client
import os
import random
import re
import subprocess
import sys
import tempfile
import threading
import time
from dataclasses import dataclass, field
from http import HTTPStatus
from http.cookies import SimpleCookie
from pathlib import Path
from urllib.parse import urlencode, urlsplit

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from tests.conftest import DATABASE_URL, ROOT, served

SECONDS, PEOPLE = (int(os.environ.get(name, n)) for name, n in (("SECONDS", 60), ("PEOPLE", 8)))
WORD = "correct-horse-battery-staple"
PREPARE = f"""
from milestones.actions import open_report
from milestones.models import Milestone, User
from projects.models import Authority
editor = User.objects.create_user("editor", role="editor")
report = open_report(month="2024-06", closes_on=None, by=editor)
authorities = list(Authority.objects.order_by("position"))
for n in range({PEOPLE}):
    authority = authorities[n % len(authorities)]
    User.objects.create_user(f"c{{n}}", "{WORD}", role="coordinator", authority=authority)
    codes = Milestone.objects.in_plan(report).filter(project__lead=authority)
    print("codes", n, *codes.values_list("code", flat=True))
"""
COUNT = """
from auditlog.models import LogEntry
from milestones.models import Assessment
print("history", LogEntry.objects.filter(additional_data__action="assess").count())
for said in Assessment.objects.filter(report__month="2024-06").select_related("milestone"):
    print("said", said.milestone.code, said.note_en)
"""


@dataclass
class Coordinator:
    """One person with a browser: cookies, what was saved, and how long each save took."""

    name: str
    site: str
    codes: list[str]
    cookies: SimpleCookie = field(default_factory=SimpleCookie)
    took: list[float] = field(default_factory=list)
    last: dict[str, tuple[float, str]] = field(default_factory=dict)
    conflicts: int = 0
    errors: list[str] = field(default_factory=list)

    def ask(self, path: str, form: dict[str, str] | None = None) -> tuple[int, str]:
        """Status and text of a page; follows nothing."""
        connection = http.client.HTTPConnection(urlsplit(self.site).netloc, timeout=60)
        headers = {"Cookie": "; ".join(f"{c.key}={c.value}" for c in self.cookies.values())}
        body = urlencode(form) if form else None
        if form:
            headers |= {"Content-Type": "application/x-www-form-urlencoded"}
        connection.request("POST" if form else "GET", path, body, headers)
        answer = connection.getresponse()
        for line in answer.headers.get_all("Set-Cookie") or []:
            self.cookies.load(line)
        text = answer.read().decode()
        connection.close()
        return answer.status, text

    def log_in(self) -> None:
        path = "/admin/login/?next=/admin/"
        _status, page = self.ask(path)
        form = {"csrfmiddlewaretoken": value(page, "csrfmiddlewaretoken")}
        status, _page = self.ask(path, form | {"username": self.name, "password": WORD})
        if status != HTTPStatus.FOUND:
            raise SystemExit(f"{self.name} cannot log in: {status}")

    def save(self, number: int) -> None:
        code = random.choice(self.codes)  # noqa: S311 - which one does not matter
        path = f"/admin/assess/{code}/"
        status, page = self.ask(path)
        if status != HTTPStatus.OK:
            self.errors.append(f"GET {code}: {status}")
            return
        pk = value(page, "row")
        note = f"{self.name} {number}"
        form = {
            "csrfmiddlewaretoken": value(page, "csrfmiddlewaretoken"),
            "row": pk,
            f"m{pk}-seen": value(page, f"m{pk}-seen"),
            f"m{pk}-status": "delayed",
            f"m{pk}-quarter": "2025-Q1",
            **{f"m{pk}-note_{language}": note for language in ("nl", "fr", "de", "en")},
        }
        begun = time.perf_counter()
        status, page = self.ask(path, form)
        self.took.append(time.perf_counter() - begun)
        if status == HTTPStatus.FOUND:
            self.last[code] = (time.perf_counter(), note)
        elif status == HTTPStatus.CONFLICT:
            self.conflicts += 1
        else:
            self.errors.append(f"POST {code}: {status}")

    def work(self, end: float) -> None:
        number = 0
        while time.perf_counter() < end:
            self.save(number := number + 1)


def value(page: str, name: str) -> str:
    """The value of a hidden field of a page."""
    found = re.search(rf'name="{name}" value="([^"]*)"', page)
    return found[1] if found else ""


def manage(database: str, code: str) -> list[list[str]]:
    """The words of each line that a piece of code prints."""
    told = subprocess.run(
        [sys.executable, "manage.py", "shell", "-v", "0", "-c", code],
        cwd=ROOT,
        env=os.environ | {"DATABASE_URL": database},
        check=True,
        capture_output=True,
        text=True,
    ).stdout
    return [line.split(" ") for line in told.splitlines()]


def main() -> None:
    os.environ["SECOND_FACTOR"] = "0"
    with tempfile.TemporaryDirectory() as folder:
        database = DATABASE_URL or f"sqlite:///{folder}/bench.sqlite3"
        with served(database, Path(folder, "log")) as site:
            people = [
                Coordinator(f"c{line[1]}", site, line[2:])
                for line in manage(database, PREPARE)
                if line[0] == "codes"
            ]
            for person in people:
                person.log_in()
            end = time.perf_counter() + SECONDS
            threads = [threading.Thread(target=each.work, args=[end]) for each in people]
            for thread in threads:
                thread.start()
            for thread in threads:
                thread.join()
            report(people, manage(database, COUNT), "PostgreSQL" if DATABASE_URL else "SQLite")


def report(people: list[Coordinator], stored: list[list[str]], database: str) -> None:
    """Prints what was measured, and ends with an error where a word was lost."""
    took = sorted(seconds for person in people for seconds in person.took)
    conflicts = sum(person.conflicts for person in people)
    errors = [error for person in people for error in person.errors]
    saved = len(took) - conflicts - len([e for e in errors if e.startswith("POST")])
    history = next(int(line[1]) for line in stored if line[0] == "history")
    said = {line[1]: " ".join(line[2:]) for line in stored if line[0] == "said"}
    last: dict[str, tuple[float, str]] = {}
    for person in people:
        for code, word in person.last.items():
            last[code] = max(last.get(code, (0.0, "")), word)
    lost = [code for code, (_at, note) in last.items() if said.get(code) != note]
    sys.stdout.write(
        f"{database}: {PEOPLE} coordinators, {SECONDS} s, each page opened before it is saved\n"
        f"  saves             {saved} ({saved / SECONDS:.1f} a second)\n"
        f"  a save took       median {took[len(took) // 2] * 1000:.0f} ms,"
        f" slowest {took[-1] * 1000:.0f} ms\n"
        f"  conflicts shown   {conflicts}\n"
        f"  errors            {len(errors)} {errors[:3] or ''}\n"
        f"  in the history    {history} of {saved}\n"
        f"  last words lost   {len(lost)}\n"
    )
    if errors or lost or history != saved:
        raise SystemExit("Something was lost.")


if __name__ == "__main__":
    main()
