"""What the state can put on a shelf: the whole site as files, complete and the same each time."""

import hashlib
import json
import re
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from html.parser import HTMLParser
from pathlib import Path
from unittest.mock import patch
from urllib.parse import unquote, urlsplit

import pytest
from django.core.management import CommandError, call_command
from django.db import connection, transaction
from django.test import Client
from django.urls import get_resolver

from milestones.models import Assessment, Edition, Milestone, ProgressReport
from nextgen.archive import manifest
from nextgen.archive.asking import Visitor
from nextgen.archive.places import ROOT, named
from nextgen.archive.rewriting import META
from nextgen.archive.writing import BrokenError, Writer, write
from nextgen.whole.plan import WholePlan
from projects.models import NaturalRecipient, Project
from projects.translated import columns
from tests.minimal import import_minimal_plan
from tests.thaw import thawed

CLOCK, DAY = "django.utils.timezone.now", datetime(2024, 6, 30, 12, tzinfo=UTC)
PERSON, DRAFTED = "Ignota Persona", "nobody has published this note"
FIGURE = re.compile(r"<data data-figure=[^>]*>[^<]*")
ADDRESSES = {"href", "src", "action", "data-light", "data-dark", "data-chart-png", "data-plotly"}


class Read(HTMLParser):
    """The addresses and anchors of a page, read by other means than they were written by."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.addresses: list[tuple[str, str, str]] = []
        self.anchors: set[str] = set()
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        for name, value in attrs:
            if name in ADDRESSES and value is not None:
                self.addresses.append((tag, name, value))
            elif name == "id" and value:
                self.anchors.add(value)
            elif tag == "meta" and name == "content" and value and "; url=" in value:
                self.addresses.append((tag, name, value.partition("; url=")[2]))


@dataclass
class Shelf:
    """An archive, a second one of ten years later, and what the live site said meanwhile."""

    folder: Path
    later: Path
    written: dict[str, str]
    live: dict[str, bytes] = field(default_factory=dict)

    def pages(self) -> Iterator[tuple[str, Read]]:
        for name in self.written:
            if name.endswith(".html"):
                yield name, Read((self.folder / name).read_text())


def prepare() -> None:
    """The minimal plan with brochures, a code of old, a draft, and a natural person."""
    import_minimal_plan()
    Project.objects.filter(code="I-1.01").update(former_codes="x-old-homes")
    first = Milestone.objects.order_by("code")[0]
    Milestone.objects.filter(pk=first.pk).update(former_codes="x-old-step")
    call_command("brochures", verbosity=0)
    with thawed():
        package = b"PK as frozen"
        digest = hashlib.sha256(package).hexdigest()
        Edition.objects.update(package=package, sha256=digest)
    draft = ProgressReport.objects.create(month="2024-06")
    Assessment.objects.create(
        report=draft, milestone=first, status="done", done_quarter=first.due,
        **dict.fromkeys((name for name in columns("note") if hasattr(Assessment, name)), DRAFTED),
    )  # fmt: skip
    person = NaturalRecipient.objects.create(
        name=PERSON, amount=40, as_of=date(2024, 6, 30), paid_in=2024
    )
    person.projects.set(Project.objects.all())


@pytest.fixture(scope="module")
def shelf(
    django_db_setup: None, django_db_blocker: object, tmp_path_factory: pytest.TempPathFactory
) -> Shelf:
    folder = tmp_path_factory.mktemp("shelf")
    with django_db_blocker.unblock(), transaction.atomic():  # type: ignore[attr-defined]
        prepare()
        for name in ("now", "later"):
            (folder / name).mkdir()
        written = write(folder / "now", whole()).written
        shelf = Shelf(folder / "now", folder / "later", written)
        with patch(CLOCK, return_value=DAY):
            for name, address in written.items():
                if name.startswith("en/") and name.endswith((".html", ".bib", ".csv", ".atom")):
                    shelf.live[name] = Visitor().get(address).content
        with patch(CLOCK, return_value=DAY + timedelta(days=3660)):
            write(shelf.later, whole())
        transaction.set_rollback(True)
    connection.close()  # which nobody waits for when the database is taken away
    return shelf


def whole() -> WholePlan:
    found = WholePlan.now()
    assert found
    return found


def test_every_link_of_every_page_leads_to_a_file_and_to_a_place_on_it(shelf: Shelf) -> None:
    pages = dict(shelf.pages())
    broken = []
    for name, page in pages.items():
        for tag, _attribute, address in page.addresses:
            scheme, host, path, _query, fragment = urlsplit(address)
            if scheme or host:
                assert tag == "a", (name, address)
                assert not address.startswith(ROOT), (name, address)
                continue
            target = (shelf.folder / name).parent / unquote(path) if path else shelf.folder / name
            file = target.resolve().relative_to(shelf.folder.resolve()).as_posix()
            anchors = pages[file].anchors if file in pages else set()
            if not target.is_file() or (fragment and unquote(fragment) not in anchors):
                broken.append(f"{name}: {address}")
    assert len(pages) > 600
    assert broken == []


def test_every_page_carries_the_policy_and_the_notice(shelf: Shelf) -> None:
    for name, _page in shelf.pages():
        html = (shelf.folder / name).read_text()
        assert META in html, name
        assert 'http-equiv="refresh"' in html or 'class="notice archive"' in html, name
        assert "unsafe" not in META
        assert "data-hx-" not in html, name


def test_no_kind_of_page_or_file_is_forgotten(shelf: Shelf) -> None:
    known = {name for name in get_resolver().reverse_dict if isinstance(name, str)}
    there = {named(address.partition("?")[0]) for address in shelf.written.values()}
    assert known - there == set()
    for form in ("csv", "xlsx", "json", "atom", "bib", "svg", "zip", "sqlite", "pdf", "ttl"):
        assert any(name.endswith(f".{form}") for name in shelf.written), form


def test_every_address_of_the_sitemap_has_its_file(shelf: Shelf) -> None:
    addresses = set(shelf.written.values())
    found = re.findall(r"<loc>([^<]+)</loc>", (shelf.folder / "sitemap.xml").read_text())
    assert len(found) > 100
    assert {address.removeprefix(ROOT) for address in found} <= addresses


def test_the_figures_are_those_of_the_live_site(shelf: Shelf) -> None:
    compared = 0
    for name, content in shelf.live.items():
        if name.endswith(".html"):
            live = FIGURE.findall(content.decode())
            assert FIGURE.findall((shelf.folder / name).read_text()) == live, name
            compared += len(live)
    assert compared > 1000


def test_files_and_citations_are_those_of_the_live_site(shelf: Shelf) -> None:
    """On the day of its data: a citation says when it was read."""
    files = {name: live for name, live in shelf.live.items() if not name.endswith(".html")}
    assert len(files) > 100
    for name, live in files.items():
        assert (shelf.folder / name).read_bytes() == live, name


def test_ten_years_later_it_is_the_same_byte_for_byte(shelf: Shelf) -> None:
    assert manifest.files(shelf.later) == manifest.files(shelf.folder)
    for name in manifest.files(shelf.folder):
        assert (shelf.later / name).read_bytes() == (shelf.folder / name).read_bytes(), name


def test_neither_drafts_nor_natural_persons_are_in_it(shelf: Shelf) -> None:
    for name in manifest.files(shelf.folder):
        content = (shelf.folder / name).read_bytes()
        assert PERSON.encode() not in content, name
        assert DRAFTED.encode() not in content, name
    said = (shelf.folder / "en/recipients/index.html").read_text()
    assert "Natural persons are not in the archive" in said


@pytest.mark.parametrize(
    "old", ["en/projects/x-old-homes", "fr/projets/x-old-homes", "en/milestones/x-old-step"]
)
def test_a_code_of_old_leads_on(shelf: Shelf, old: str) -> None:
    page = Read((shelf.folder / old / "index.html").read_text())
    told = {address for _tag, name, address in page.addresses if name in ("href", "content")}
    assert len({address for address in told if address.startswith("../")} - {"../"}) >= 1
    assert 'http-equiv="refresh"' in (shelf.folder / old / "index.html").read_text()


def test_a_list_without_javascript_holds_all_its_rows(shelf: Shelf) -> None:
    for name in ("projects", "milestones"):
        html = (shelf.folder / f"en/{name}/index.html").read_text()
        count = json.loads((shelf.folder / f"en/{name}/export.json").read_text())["count"]
        assert html.count('<li class="row') == count
        assert f'<data data-results value="{count}">' in html
        assert "The archive shows the whole list on one page." in html


def test_each_file_is_in_the_manifest_and_a_changed_one_is_noticed(shelf: Shelf) -> None:
    check = ["sha256sum", "--check", "--quiet", manifest.NAME]
    assert subprocess.run(check, cwd=shelf.folder, check=False).returncode == 0
    listed = (shelf.folder / manifest.NAME).read_text().splitlines()
    assert [line[66:] for line in listed] == [
        name for name in manifest.files(shelf.folder) if name != manifest.NAME
    ]
    readme = (shelf.folder / "README.txt").read_bytes()
    assert f"{hashlib.sha256(readme).hexdigest()}  README.txt" in listed


@pytest.fixture
def key(tmp_path: Path) -> Path:
    made = tmp_path / "key.pem"
    subprocess.run(["openssl", "genpkey", "-algorithm", "ed25519", "-out", made], check=True)
    return made


def test_openssl_alone_verifies_the_signature(tmp_path: Path, key: Path) -> None:
    folder = tmp_path / "archive"
    folder.mkdir()
    (folder / "page.html").write_text("kept")
    manifest.write(folder, key)
    verify = [
        "openssl", "pkeyutl", "-verify", "-pubin", "-inkey", manifest.PUBLIC, "-rawin",
        "-in", manifest.NAME, "-sigfile", manifest.SIGNATURE,
    ]  # fmt: skip
    assert subprocess.run(verify, cwd=folder, check=False).returncode == 0
    signature = (folder / manifest.SIGNATURE).read_bytes()
    manifest.write(folder, key)
    assert (folder / manifest.SIGNATURE).read_bytes() == signature
    (folder / manifest.NAME).write_text("forged")
    assert subprocess.run(verify, cwd=folder, check=False, capture_output=True).returncode != 0


# The command itself, with a site of one page in place of the whole.


@pytest.fixture
def small(db: None, monkeypatch: pytest.MonkeyPatch) -> None:
    def write_little(folder: Path, whole: WholePlan, key: Path | None = None) -> Writer:
        writer = Writer.of(folder, whole, follow=False)
        writer.write(["/en/privacy/"])
        manifest.write(folder, key)
        return writer

    monkeypatch.setattr("nextgen.management.commands.archive.write", write_little)


@pytest.mark.usefixtures("small")
def test_an_archive_takes_the_place_of_an_earlier_one_alone(tmp_path: Path) -> None:
    folder = tmp_path / "archive"
    call_command("archive", str(folder))
    call_command("archive", str(folder))
    assert manifest.is_archive(folder)
    assert [path.name for path in tmp_path.iterdir()] == ["archive"]
    (folder / "letter.txt").write_text("not ours")
    with pytest.raises(CommandError, match="holds more than an archive"):
        call_command("archive", str(folder))
    assert (folder / "letter.txt").read_text() == "not ours"


@pytest.mark.usefixtures("small")
def test_a_failure_leaves_the_earlier_archive_whole(
    tmp_path: Path,
) -> None:
    folder = tmp_path / "archive"
    call_command("archive", str(folder))
    before = {name: (folder / name).read_bytes() for name in manifest.files(folder)}
    for error in (BrokenError("/en/: 500"), OSError("No space left on device")):
        failing = patch("nextgen.management.commands.archive.write", side_effect=error)
        with failing, pytest.raises(CommandError, match=str(error)):
            call_command("archive", str(folder))
        assert {name: (folder / name).read_bytes() for name in manifest.files(folder)} == before
        assert [path.name for path in tmp_path.iterdir()] == ["archive"]


@pytest.mark.usefixtures("small")
def test_with_a_key_it_is_signed_and_without_one_it_says_so(
    tmp_path: Path, key: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    call_command("archive", str(tmp_path / "signed"), key=key)
    assert (tmp_path / "signed" / manifest.SIGNATURE).is_file()
    assert "not signed" not in capsys.readouterr().out
    call_command("archive", str(tmp_path / "plain"))
    assert "It is not signed" in capsys.readouterr().out


@pytest.mark.usefixtures("small")
def test_a_key_of_another_kind_is_refused_before_anything_is_written(tmp_path: Path) -> None:
    key = tmp_path / "rsa.pem"
    subprocess.run(
        ["openssl", "genpkey", "-algorithm", "rsa", "-out", key], check=True, capture_output=True
    )
    with pytest.raises(CommandError, match="not an Ed25519 key"):
        call_command("archive", str(tmp_path / "archive"), key=key)
    assert [path.name for path in tmp_path.iterdir()] == ["rsa.pem"]


@pytest.mark.django_db
def test_a_page_that_is_away_is_named_with_what_led_there(tmp_path: Path) -> None:
    with pytest.raises(BrokenError, match="/en/nowhere/: 404"):
        Writer.of(tmp_path, whole(), follow=False).write(["/en/nowhere/"])


@pytest.mark.django_db
def test_the_live_site_shows_no_trace_of_it(client: Client, tmp_path: Path) -> None:
    before = client.get("/en/milestones/").content
    Writer.of(tmp_path, whole(), follow=False).write(["/en/milestones/"])
    assert client.get("/en/milestones/").content == before
    assert b"archive" not in before
