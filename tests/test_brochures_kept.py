"""Brochures are made when a report is published, kept for ever, and served from there."""

import hashlib
import sys
from threading import Event
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import DatabaseError, connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from milestones import log
from milestones.actions import move_due, open_report, sign_unchanged
from milestones.models import Brochure, Edition, Milestone, ProgressReport, User
from milestones.preview import state_of
from milestones.quarter import Quarter
from nextgen.brochure import making
from nextgen.brochure.making import TypesettingError, make_missing, make_parts_later

pytestmark = pytest.mark.django_db
LANGUAGES = ["nl", "fr", "de", "en"]


def edition() -> Edition:
    return Edition.objects.get(report__month="2023-12")


@pytest.fixture
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """Brochures that are made at once, and say nothing."""
    monkeypatch.setattr(
        making, "typeset", lambda told: [f"%PDF {each['title']}".encode() for each in told]
    )


@pytest.fixture
def kept() -> Brochure:
    pdf = b"%PDF" + bytes(range(256)) * 40
    return Brochure.objects.create(
        edition=edition(), language="fr", pdf=pdf,
        sha256=hashlib.sha256(pdf).hexdigest(),
    )  # fmt: skip


@pytest.mark.usefixtures("quick")
def test_all_are_made_once_and_no_more() -> None:
    made = make_missing(edition())
    assert {brochure.language for brochure in made} == set(LANGUAGES)
    assert {brochure.scope for brochure in made} == {
        "", *(f"pillar-{n}" for n in range(1, 6)),
        *(f"authority-{code}" for code in ("FED", "FLA", "WAL", "BCR", "FWB", "DG")),
    }  # fmt: skip
    assert make_missing(edition()) == []


@pytest.mark.usefixtures("quick")
def test_what_another_process_keeps_meanwhile_is_neither_kept_twice_nor_counted(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    gathered = making.contents

    def overtaken(*told: Any) -> list[dict[str, Any]]:
        monkeypatch.setattr(making, "contents", gathered)
        make_missing(edition(), parts=False)
        return gathered(*told)

    monkeypatch.setattr(making, "contents", overtaken)
    made = make_missing(edition())
    assert {brochure.scope for brochure in made} & {"", "pillar-1"} == {"pillar-1"}
    assert Brochure.objects.filter(edition=edition(), scope="").count() == len(LANGUAGES)


def move_a_date() -> None:
    """The revision of a date in force: a later brochure would show it as promised already."""
    milestone = Milestone.objects.select_related("project").get(code="x-fla-blue-deal-4")
    by = User.objects.create_user("editor", role="editor")
    reasons = dict.fromkeys(LANGUAGES, "Later.")
    move_due(milestone=milestone, due=Quarter(2025, 4), reasons=reasons, by=by)


@pytest.mark.usefixtures("quick")
def test_none_is_made_of_a_plan_that_has_changed_since() -> None:
    move_a_date()
    with pytest.raises(
        CommandError, match=r"48 brochures of 2023-12 were not made: .* has changed"
    ):
        call_command("brochures")
    assert not Brochure.objects.exists()


@pytest.mark.usefixtures("quick")
def test_none_is_kept_where_the_plan_changes_while_it_is_made(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    gathered = making.contents

    def changing(*told: Any) -> list[dict[str, Any]]:
        monkeypatch.setattr(making, "contents", gathered)
        move_a_date()
        return gathered(*told)

    monkeypatch.setattr(making, "contents", changing)
    with pytest.raises(TypesettingError, match="has changed"):
        make_missing(edition(), parts=False)
    assert not Brochure.objects.exists()


@pytest.mark.usefixtures("quick")
def test_those_that_are_there_need_no_more() -> None:
    make_missing(edition())
    move_a_date()
    call_command("brochures")


@pytest.mark.usefixtures("quick")
def test_a_text_may_be_mended_before_it_is_made() -> None:
    """Or one that cannot be set would keep its edition without any."""
    log.append(
        [log.Line("project", "x-fla-blue-deal", "summary_en", "a \u2192 b", "a to b")],
        kind="correction", reason="Misspelt.", role="editor",
    )  # fmt: skip
    assert len(make_missing(edition(), parts=False)) == len(LANGUAGES)


@pytest.mark.usefixtures("quick")
def test_a_public_site_has_to_know_its_address(settings: Any) -> None:
    settings.HTTPS, settings.SITE_URL = True, ""
    with pytest.raises(CommandError, match="SITE_URL"):
        call_command("brochures")
    settings.SITE_URL = "https://example.org"
    call_command("brochures")


def test_those_of_parts_are_made_by_a_process_that_outlives_this_one(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    started: list[Any] = []
    told = Event()

    def run(command: list[str], **options: Any) -> None:
        started.extend([command, options])
        told.set()

    monkeypatch.setattr("subprocess.run", run)
    make_parts_later(edition())
    assert told.wait(10)
    command, options = started
    assert command == [sys.executable, "manage.py", "brochures", "--edition", "2023-12"]
    assert options["start_new_session"]


@pytest.mark.usefixtures("quick")
def test_the_command_writes_them_as_files(
    tmp_path: Any, capsys: pytest.CaptureFixture[str]
) -> None:
    call_command("brochures", "--edition", "2023-06", "--output", str(tmp_path))
    assert (tmp_path / "nextgen-belgium-2023-06-fr.pdf").read_bytes().startswith(b"%PDF")
    assert (tmp_path / "nextgen-belgium-authority-fla-2023-06-nl.pdf").exists()
    assert "of 2023-06" in capsys.readouterr().out


@pytest.mark.parametrize("path", ["/fr/brochure.pdf", "/fr/avancement/2023-12/brochure.pdf"])
def test_it_is_served_under_its_name(client: Client, kept: Brochure, path: str) -> None:
    answer = client.get(path, headers={"Accept-Encoding": "gzip"})
    assert (answer.status_code, answer.content) == (200, kept.pdf)
    assert answer.headers["Content-Type"] == "application/pdf"
    assert answer.headers["ETag"] == f'"{kept.sha256}"'
    assert answer.headers["Content-Disposition"] == (
        'inline; filename="nextgen-belgium-2023-12-fr.pdf"'
    )
    assert ("immutable" in answer.headers["Cache-Control"]) == ("2023-12" in path)


def test_what_has_not_changed_is_neither_sent_nor_read_again(
    client: Client, kept: Brochure
) -> None:
    with CaptureQueriesContext(connection) as queries:
        again = client.get("/fr/brochure.pdf", headers={"If-None-Match": f'"{kept.sha256}"'})
    assert (again.status_code, again.content) == (304, b"")
    assert not any('."pdf",' in query["sql"] for query in queries)
    assert again.headers["Cache-Control"]


@pytest.mark.parametrize(
    ("wanted", "start", "stop"),
    [("bytes=0-99", 0, 100), ("bytes=10000-", 10000, 10244), ("bytes=-44", 10200, 10244),
     ("bytes=10240-99999", 10240, 10244)],
)  # fmt: skip
def test_a_part_is_sent_where_a_part_is_asked_for(
    client: Client, kept: Brochure, wanted: str, start: int, stop: int
) -> None:
    asked = {"Range": wanted, "Accept-Encoding": "gzip"}
    answer = client.get("/fr/brochure.pdf", headers=asked)
    assert (answer.status_code, answer.content) == (206, kept.pdf[start:stop])
    assert answer.headers["Content-Range"] == f"bytes {start}-{stop - 1}/10244"
    assert answer.headers["ETag"] == f'"{kept.sha256}"'


@pytest.mark.parametrize("wanted", ["bytes=0-1,5-6", "bytes=-", "bytes=9-2", "lines=1-2"])
def test_a_range_that_is_none_is_passed_over(client: Client, kept: Brochure, wanted: str) -> None:
    answer = client.get("/fr/brochure.pdf", headers={"Range": wanted})
    assert (answer.status_code, answer.content) == (200, kept.pdf)


def test_a_part_of_another_version_is_not_mixed_in(client: Client, kept: Brochure) -> None:
    asked = {"Range": "bytes=0-9", "If-Range": '"another"'}
    assert client.get("/fr/brochure.pdf", headers=asked).content == kept.pdf


@pytest.mark.parametrize("wanted", ["bytes=10244-", "bytes=-0"])
def test_a_part_beyond_the_end_is_refused(client: Client, kept: Brochure, wanted: str) -> None:
    answer = client.get("/fr/brochure.pdf", headers={"Range": wanted})
    assert answer.status_code == 416
    assert answer.headers["Content-Range"] == "bytes */10244"


@pytest.mark.parametrize("asked", [{"Range": "bytes=10244-"}, {"If-Match": '"another"'}])
def test_a_refusal_is_not_kept_for_ever(
    client: Client, kept: Brochure, asked: dict[str, str]
) -> None:
    answer = client.get("/fr/avancement/2023-12/brochure.pdf", headers=asked)
    assert answer.status_code in (412, 416)
    assert "immutable" not in answer.headers.get("Cache-Control", "")


@pytest.mark.parametrize(
    "path",
    [
        "/en/brochure.pdf", "/fr/piliers/mobility/brochure.pdf", "/fr/piliers/x/brochure.pdf",
        "/fr/autorites/FLA/brochure.pdf", "/fr/autorites/X/brochure.pdf",
        "/fr/avancement/2023-06/brochure.pdf",
    ],
)  # fmt: skip
def test_there_is_none_where_none_was_made(client: Client, kept: Brochure, path: str) -> None:
    assert client.get(path).status_code == 404


def test_pages_offer_it_with_its_size_where_there_is_one(client: Client, kept: Brochure) -> None:
    for path in ("/fr/", "/fr/plan/"):
        page = client.get(path).content.decode()
        assert 'href="/fr/brochure.pdf"' in page, path
        assert "10,0\u00a0Kio" in page or "10,0\u00a0Ko" in page, path
    assert 'href="/fr/avancement/2023-12/brochure.pdf"' in client.get(
        "/fr/avancement/2023-12/"
    ).content.decode()  # fmt: skip
    for path in ("/en/", "/fr/piliers/mobility/", "/fr/autorites/FLA/", "/fr/avancement/2023-06/"):
        assert "brochure.pdf" not in client.get(path).content.decode(), path


def test_no_page_reads_the_file(client: Client, kept: Brochure) -> None:
    with CaptureQueriesContext(connection) as queries:
        client.get("/fr/")
    assert not any('brochure"."pdf",' in query["sql"] for query in queries)


@pytest.fixture
def draft() -> ProgressReport:
    """The report of June 2024, ready to be published."""
    by = User.objects.create_user("ed", role="editor")
    report = open_report(month="2024-06", closes_on=None, by=by)
    milestones = Milestone.objects.filter(assessments__report__month="2023-12")
    sign_unchanged(milestones=milestones, report=report, by=by)
    return report


def publish(draft: ProgressReport) -> str:
    """Publishes at the desk; gives what the desk says then."""
    client = Client()
    client.force_login(
        User.objects.get(username="ed"), backend="django.contrib.auth.backends.ModelBackend"
    )
    seen = {"seen": state_of(draft)}
    answer = client.post(f"/admin/report/{draft.month}/", seen, follow=True)
    return answer.content.decode()


@pytest.mark.usefixtures("quick")
def test_only_the_whole_is_made_before_the_desk_answers(
    draft: ProgressReport,
    monkeypatch: pytest.MonkeyPatch,
    django_capture_on_commit_callbacks: Any,
) -> None:
    later: list[str] = []
    monkeypatch.setattr(
        "nextgen.desk.reports.make_parts_later", lambda edition: later.append(str(edition))
    )
    with django_capture_on_commit_callbacks(execute=True):
        publish(draft)
    assert later == ["2024-06"]
    assert {each.scope for each in Brochure.objects.all()} == {""}


@pytest.mark.usefixtures("quick")
def test_a_report_that_is_published_gets_its_brochures(
    client: Client, kept: Brochure, draft: ProgressReport
) -> None:
    page = publish(draft)
    assert "The report 2024-06 is published." in page
    assert "Its brochure is made" in page
    assert client.get("/fr/brochure.pdf").content != kept.pdf
    assert client.get("/fr/avancement/2023-12/brochure.pdf").content == kept.pdf
    assert 'href="/fr/avancement/2024-06/brochure.pdf"' in client.get(
        "/fr/avancement/2024-06/"
    ).content.decode()  # fmt: skip


@pytest.mark.parametrize("fault", [TypesettingError, DatabaseError])
def test_what_cannot_be_set_keeps_the_last_good_one_and_says_why(
    client: Client,
    kept: Brochure,
    draft: ProgressReport,
    monkeypatch: pytest.MonkeyPatch,
    fault: type[Exception],
) -> None:
    def failing(_told: list[dict[str, Any]]) -> list[bytes]:
        raise fault("no letter for \u2192")

    monkeypatch.setattr(making, "typeset", failing)
    page = publish(draft)
    assert "The report 2024-06 is published." in page
    assert "Its brochures were not made: no letter for \u2192" in page
    assert ProgressReport.objects.current() == draft
    assert client.get("/fr/brochure.pdf").content == kept.pdf
    assert "brochure.pdf" not in client.get("/fr/avancement/2024-06/").content.decode()
