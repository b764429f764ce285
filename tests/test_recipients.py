"""The largest final recipients are listed; a person among them is named on the page, for a time."""

import csv
import io
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from auditlog.models import LogEntry
from django.core.exceptions import ValidationError
from django.core.management import CommandError, call_command
from django.db import IntegrityError, connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from milestones.models import Change, User
from nextgen.package.stored import stored
from nextgen.package.tables import TABLES
from nextgen.package.writing import files, zipped
from nextgen.pages.lists import choose
from projects.models import NaturalRecipient, Project, Recipient
from tests.browser.pages import addresses
from tests.test_admin import form_of, page

pytestmark = pytest.mark.django_db
OLD, NEW = date(2024, 6, 30), date(2024, 12, 31)
PERSON = "Zénobie Quaxelquatsch"
PAGE, EXPORT = "/en/recipients/", "/en/recipients/export.csv"
HEADING = "name,amount,as_of,paid_in,projects"


@pytest.fixture(autouse=True)
def in_2025(monkeypatch: pytest.MonkeyPatch) -> Callable[[date], None]:
    """It is 1 March 2025, or the day that a test moves the clock to."""

    def move(day: date) -> None:
        monkeypatch.setattr(timezone, "localdate", lambda *_args: day)

    move(date(2025, 3, 1))
    return move


@pytest.fixture
def firms() -> dict[str, Recipient]:
    """Three legal persons of the newest list and one of the list before it."""
    made = {}
    for name, identifier, amount, day, codes in (
        ("=Société Générale d’Érable", "BE0001", 30, NEW, ["x-5g", "x-fla-blue-deal"]),
        ("Bouwbedrijf Voorbeeld", "BE0002", 50, NEW, ["x-5g"]),
        ("City of Example", "BE0003", 10, NEW, []),
        ("Once Upon a Time", "BE0004", 99, OLD, ["x-5g"]),
    ):
        made[identifier] = Recipient.objects.create(
            name=name, identifier=identifier, amount=amount, as_of=day
        )
        made[identifier].projects.set(Project.objects.filter(code__in=codes))
    return made


@pytest.fixture
def person() -> NaturalRecipient:
    """A natural person of the newest list, paid in 2024: shown until the end of 2026."""
    person = NaturalRecipient.objects.create(name=PERSON, amount=40, as_of=NEW, paid_in=2024)
    person.projects.set(Project.objects.filter(code="x-5g"))
    return person


@pytest.fixture
def editor(client: Client) -> Client:
    client.force_login(User.objects.create_user("desk", role="editor"))
    return client


def shown(client: Client, address: str = PAGE) -> str:
    answer = client.get(address)
    assert answer.status_code == 200, address
    return answer.content.decode()


def listed(client: Client, query: str = "") -> list[str]:
    """The numbers of the legal persons on the page, and that its CSV holds the same."""
    rows = [part.split('"')[0] for part in shown(client, PAGE + query).split('data-recipient="')]
    told = csv.DictReader(io.StringIO(client.get(EXPORT + query).content.decode(), newline=""))
    assert [row["identifier"] for row in told] == rows[1:]
    return rows[1:]


def everywhere() -> Iterator[tuple[str, str]]:
    """Every table of the database, and all that it holds as text."""
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            cursor.execute(f"SELECT * FROM {connection.ops.quote_name(table)}")  # noqa: S608 - our tables
            yield table, str(cursor.fetchall())


def where_named() -> list[str]:
    """The tables that hold a part of the person's name."""
    parts = ("Quaxel", "quaxel", "Zénobie", "zenobie")
    return [table for table, text in everywhere() if any(part in text for part in parts)]


def test_a_plan_without_recipients_says_so_and_why(client: Client) -> None:
    page = shown(client)
    assert "No final recipients are published here." in page
    assert "Article 25a of Regulation (EU) 2021/241" in page
    assert "data-results" not in page
    assert client.get(EXPORT).content.decode().splitlines() == [
        "name,identifier,amount,as_of,projects,source"
    ]


def test_where_there_is_no_list_its_results_are_none(client: Client) -> None:
    """Whoever asks for them past the page, which offers no search then."""
    answer = client.get(PAGE, headers={"HX-Request": "true"})
    assert "0 final recipients" in answer.content.decode()


def test_the_newest_list_is_shown_the_largest_first(
    client: Client, firms: dict[str, Recipient]
) -> None:
    assert listed(client) == ["BE0002", "BE0001", "BE0003"]
    page = shown(client)
    assert '<time datetime="2024-12-31">' in page
    assert '<data value="50">€50</data>' in page
    assert '<a href="/en/projects/x-5g/">' in page
    assert "There is a newer list." not in page


def test_an_older_list_can_be_asked_for(client: Client, firms: dict[str, Recipient]) -> None:
    assert listed(client, "?as_of=2024-06-30") == ["BE0004"]
    assert "There is a newer list." in shown(client, f"{PAGE}?as_of=2024-06-30")
    assert choose("recipients", {"as_of": ["2024-06-30"]}).query_string() == "?as_of=2024-06-30"
    assert choose("recipients", {"as_of": ["2024-12-31"]}).query_string() == "?"


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("?q=erable", ["BE0001"]),
        ("?q=be0002", ["BE0002"]),
        ("?q=blue+deal", ["BE0001"]),
        ("?q=voorbeeld+5g", ["BE0002"]),
        ("?q=nobody", []),
        ("?project=x-5g", ["BE0002", "BE0001"]),
        ("?project=x-fla-blue-deal&project=x-5g&sort=amount", ["BE0001", "BE0002"]),
        ("?sort=name", ["BE0001", "BE0002", "BE0003"]),
        ("?sort=-name", ["BE0003", "BE0002", "BE0001"]),
        ("?q=5g&sort=-amount", ["BE0002", "BE0001"]),
    ],
)
def test_recipients_are_searched_chosen_and_ordered(
    client: Client, firms: dict[str, Recipient], query: str, found: list[str]
) -> None:
    assert listed(client, query) == found


def test_an_option_counts_recipients_not_their_projects(
    client: Client, firms: dict[str, Recipient]
) -> None:
    options = {
        (option.facet, option.value): option.count
        for _facet, options in choose("recipients", {}).facets
        for option in options
    }
    for (facet, value), count in options.items():
        assert len(listed(client, f"?{facet}={value}")) == count, (facet, value)
    assert sum(count for (facet, _value), count in options.items() if facet == "pillar") >= 2


def test_what_the_address_says_wrong_is_named(client: Client, firms: dict[str, Recipient]) -> None:
    for query, name in (
        ("pillar=99", "pillar"), ("colour=red", "colour"), ("report=2023-12", "report"),
        ("as_of=2020-01-01", "as_of"), ("budget_min=5", "budget_min"), ("sort=due", "sort"),
    ):  # fmt: skip
        assert f"<code>{name}</code>" in shown(client, f"{PAGE}?{query}")
        answer = client.get(f"{EXPORT}?{query}")
        assert (answer.status_code, answer.json()["parameters"]) == (400, [name])


def test_the_csv_has_the_columns_of_the_data_package_and_no_formula(
    client: Client, firms: dict[str, Recipient]
) -> None:
    rows = list(csv.DictReader(io.StringIO(client.get(EXPORT).content.decode(), newline="")))
    assert list(rows[0]) == [column.name for column in TABLES["recipients"].columns]
    assert rows[1] == {
        "name": "'=Société Générale d’Érable", "identifier": "BE0001", "amount": "30",
        "as_of": "2024-12-31", "projects": "x-5g;x-fla-blue-deal", "source": "",
    }  # fmt: skip


def test_a_longer_list_asks_no_more(client: Client, firms: dict[str, Recipient]) -> None:
    def counted() -> list[int]:
        counts = []
        for address in (PAGE, EXPORT, "/en/projects/x-5g/"):
            with CaptureQueriesContext(connection) as queries:
                assert client.get(address).status_code == 200
            counts.append(len(queries))
        return counts

    few = counted()
    for n in range(60):
        firm = Recipient.objects.create(name=f"F {n}", identifier=f"F{n}", amount=n, as_of=NEW)
        firm.projects.set(Project.objects.filter(code__startswith="x-")[: n % 9])
    assert counted() == few


def test_htmx_gets_the_results_alone(client: Client, firms: dict[str, Recipient]) -> None:
    answer = client.get(f"{PAGE}?q=erable", headers={"hx-request": "true"})
    assert answer.content.decode().strip().startswith('<div id="results">')
    assert answer.headers["HX-Push-Url"] == f"{PAGE}?q=erable"


def test_a_page_of_a_project_names_its_recipients(
    client: Client, firms: dict[str, Recipient], person: NaturalRecipient
) -> None:
    page = shown(client, "/en/projects/x-5g/")
    assert page.index("Bouwbedrijf Voorbeeld") < page.index("Société Générale")
    assert "Once Upon a Time" not in page
    assert "one natural person" in page
    assert PERSON not in page
    assert "Final recipients</h2>" not in shown(client, "/en/projects/x-r-bcr-solar/")


def test_a_person_stands_below_the_list_until_the_day_beside_the_name(
    client: Client, firms: dict[str, Recipient], person: NaturalRecipient
) -> None:
    answer = client.get(PAGE)
    page = answer.content.decode()
    assert page.index("City of Example") < page.index('id="persons"') < page.index(PERSON)
    assert '<time datetime="2026-12-31">31\u00a0December\u00a02026</time>' in page
    assert 'data-results value="3"' in page
    assert answer.headers["X-Robots-Tag"] == "noindex, noarchive"
    assert "no-store" in answer.headers["Cache-Control"]
    assert PERSON not in shown(client, f"{PAGE}?as_of=2024-06-30")
    assert PERSON in shown(client, f"{PAGE}?q=quaxel")
    assert PERSON not in shown(client, f"{PAGE}?q=voorbeeld")


def test_a_newer_list_of_persons_hides_no_legal_person(
    client: Client, firms: dict[str, Recipient], person: NaturalRecipient
) -> None:
    """The list is as new as its legal persons; names of a later day wait for it."""
    newer = NaturalRecipient.objects.create(
        name="Too Early", amount=9, as_of=date(2025, 2, 1), paid_in=2024
    )
    newer.projects.set(person.projects.all())
    assert listed(client) == ["BE0002", "BE0001", "BE0003"]
    page = shown(client)
    assert PERSON in page
    assert "Too Early" not in page
    project = shown(client, "/en/projects/x-5g/")
    assert "Bouwbedrijf Voorbeeld" in project
    assert "one natural person" in project
    Recipient.objects.all().delete()
    page = shown(client)
    assert "Too Early" in page
    assert PERSON not in page


def test_an_older_list_of_persons_stands_below_a_newer_one_with_its_own_day(
    client: Client, firms: dict[str, Recipient], person: NaturalRecipient
) -> None:
    """Never two lists of persons at once: the newest of them that the day knows."""
    NaturalRecipient.objects.create(name="Long Ago", amount=9, as_of=OLD, paid_in=2024)
    assert "31\u00a0December\u00a02024</time>" not in shown(client).split('id="persons"')[1]
    Recipient.objects.create(name="A", identifier="BE0009", amount=1, as_of=date(2025, 2, 1))
    page = shown(client)
    assert "Long Ago" not in page
    assert PERSON in page
    assert '<time datetime="2024-12-31">' in page.split('id="persons"')[1]
    older = shown(client, f"{PAGE}?as_of={OLD}")
    assert "Long Ago" in older
    assert PERSON not in older


def test_where_nobody_is_named_search_engines_may_look(
    client: Client, firms: dict[str, Recipient]
) -> None:
    assert "X-Robots-Tag" not in client.get(PAGE).headers


@given(st.integers(2020, 2026), st.dates(date(2020, 1, 1), date(2032, 12, 31)))
def test_a_name_is_shown_for_two_years_after_the_year_of_payment(paid_in: int, day: date) -> None:
    with transaction.atomic():
        row = NaturalRecipient.objects.create(name="A B", amount=1, as_of=NEW, paid_in=paid_in)
        rows = NaturalRecipient.objects.filter(pk=row.pk)
        assert rows.shown(day).exists() == (day <= row.until) == (day < date(paid_in + 3, 1, 1))
        assert rows.past(day).exists() != rows.shown(day).exists()
        transaction.set_rollback(True)


def test_a_name_vanishes_on_its_day_even_if_nobody_removed_it(
    editor: Client, firms: dict[str, Recipient], person: NaturalRecipient, in_2025: Any
) -> None:
    in_2025(date(2026, 12, 31))
    assert PERSON in shown(editor)
    in_2025(date(2027, 1, 1))
    assert NaturalRecipient.objects.get() == person
    assert "persons" not in shown(editor)
    assert "natural person" not in shown(editor, "/en/projects/x-5g/")
    assert PERSON not in shown(editor, page(NaturalRecipient, "changelist"))
    assert editor.get(page(NaturalRecipient, "change", person.pk)).status_code == 404


def test_the_daily_command_removes_whose_time_has_passed_and_nobody_else(
    person: NaturalRecipient, in_2025: Any, capsys: pytest.CaptureFixture[str]
) -> None:
    call_command("forget_recipients")
    NaturalRecipient.objects.create(name="Another", amount=1, as_of=NEW, paid_in=2025)
    in_2025(date(2027, 1, 1))
    call_command("forget_recipients")
    call_command("forget_recipients")
    assert capsys.readouterr().out.splitlines() == [
        "Removed 0 natural persons.", "Removed 1 natural person.", "Removed 0 natural persons.",
    ]  # fmt: skip
    assert NaturalRecipient.objects.get().name == "Another"
    assert where_named() == []


def test_a_name_is_in_no_export_and_on_no_other_page(
    client: Client, firms: dict[str, Recipient], person: NaturalRecipient
) -> None:
    package = stored()
    assert package
    assert "Quaxel" not in str(files(package))
    assert b"Quaxel" not in zipped(package)
    exports = [f"/en/{name}/export.csv" for name in ("projects", "milestones", "recipients")]
    exports += ["/en/changes/export.csv", "/en/changes/feed.atom", "/sitemap.xml"]
    others = [address for address in addresses("en").values() if not address.startswith(PAGE)]
    for address in [*exports, *others]:
        assert "Quaxel" not in client.get(address, follow=True).content.decode(), address


def test_what_the_desk_does_with_a_person_leaves_no_name_behind(
    editor: Client, person: NaturalRecipient
) -> None:
    """Not in the public log, and not in the history, which tells that something was done."""
    before = Change.objects.count()
    project = Project.objects.get(code="x-5g").pk
    sent = {"name": f"{PERSON} II", "amount": 7, "as_of": NEW, "paid_in": 2024}
    answer = editor.post(page(NaturalRecipient, "add"), {**sent, "projects": [project]})
    assert answer.status_code == 302
    address = page(NaturalRecipient, "change", person.pk)
    changed = form_of(editor.get(address)) | {"name": f"{PERSON} III", "projects": [project]}
    assert editor.post(address, changed).status_code == 302
    assert NaturalRecipient.objects.get(pk=person.pk).name == f"{PERSON} III"
    history = shown(editor, page(NaturalRecipient, "history", person.pk))
    assert "••••" in history
    assert "Quaxel" not in history
    told = LogEntry.objects.get_for_model(NaturalRecipient)
    assert [entry.object_repr for entry in told.order_by("pk")][-1] == f"natural person {person.pk}"
    assert where_named() == ["projects_naturalrecipient"]
    for each in NaturalRecipient.objects.all():
        gone = editor.post(page(NaturalRecipient, "delete", each.pk), {"post": "yes"})
        assert gone.status_code == 302
    assert where_named() == []
    assert Change.objects.count() == before


@pytest.mark.parametrize(
    ("as_of", "paid_in", "told"),
    [
        (NEW, 2025, {"paid_in": "This is after the date of the amount."}),
        (NEW, 2021, {"paid_in": "Two years after this one, names are removed."}),
        (date(2025, 3, 2), 2025, {"as_of": "This day is still to come."}),
        (date(9999, 1, 1), 9998, {
            "as_of": "This day is still to come.", "paid_in": "This year is still to come.",
        }),
    ],
)  # fmt: skip
def test_the_desk_takes_no_day_to_come_no_year_after_the_amount_or_too_long_ago(
    as_of: date, paid_in: int, told: dict[str, str]
) -> None:
    row = NaturalRecipient(name="A B", amount=1, as_of=as_of, paid_in=paid_in)
    with pytest.raises(ValidationError) as refused:
        row.clean()
    assert refused.value.message_dict == {name: [text] for name, text in told.items()}


def test_a_legal_person_has_a_number() -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        Recipient.objects.create(name="A firm", identifier="", amount=1, as_of=NEW)


def test_persons_come_from_a_file_of_their_own(
    tmp_path: Path, client: Client, person: NaturalRecipient, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "persons.csv"
    file.write_text(
        f'{HEADING}\nJ. Doe,12,2024-12-31,2024,x-5g\n"Roe, R.",13,2024-12-31,2023,x-5g\n'
    )
    for _time in (1, 2):
        call_command("import_natural_recipients", str(file))
    assert capsys.readouterr().out == "Imported 2 natural persons.\n" * 2
    told = [(p.name, p.amount, str(p.until)) for p in NaturalRecipient.objects.all()]
    assert told == [("Roe, R.", 13, "2025-12-31"), ("J. Doe", 12, "2026-12-31")]
    assert [p.code for p in NaturalRecipient.objects.all()[1].projects.all()] == ["x-5g"]
    assert where_named() == []
    assert "J. Doe" in shown(client)
    assert not [
        table for table, text in everywhere() if "J. Doe" in text and "natural" not in table
    ]


def test_every_faulty_row_of_that_file_is_named_and_nothing_is_written(
    tmp_path: Path, person: NaturalRecipient, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "persons.csv"
    rows = [
        "J. Doe,12,2024-12-31,2024,x-5g", "J. Doe,12,2024-12-31,2024,x-5g",
        ",1 000,31/12/2024,2024,x-5g", "A B,5,2024-12-31,2025,x-nowhere",
        "C D,5,2024-12-31,2021,x-5g", "E F,5,2024-12-31", "G H,5,2024-12-31,2024,",
        "I J,5,2025-03-02,2025,x-5g", "K L,5,9999-01-01,9998,x-5g", "M N,5,2199-01-01,2199,x-5g",
    ]  # fmt: skip
    file.write_text("\n".join([HEADING, *rows, ""]))
    with pytest.raises(CommandError, match="14 faults: nothing was imported"):
        call_command("import_natural_recipients", str(file))
    told = capsys.readouterr().err.splitlines()
    assert [line.split(": ")[0] for line in told] == [
        "persons.csv:3:name", "persons.csv:4:amount", "persons.csv:4:as_of", "persons.csv:4:name",
        "persons.csv:5:paid_in", "persons.csv:5:projects", "persons.csv:6:paid_in",
        "persons.csv:7", "persons.csv:8:projects", "persons.csv:9:as_of", "persons.csv:10:as_of",
        "persons.csv:10:paid_in", "persons.csv:11:as_of", "persons.csv:11:paid_in",
    ]  # fmt: skip
    assert "the name could be shown until 2023-12-31; remove the row" in told[6]
    assert told[8].endswith("is empty: it must be given")
    assert told[9].endswith("2025-03-02 is still to come: write a day until 2025-03-01")
    assert told[13].endswith("2199 is still to come: write a year until 2025")
    assert NaturalRecipient.objects.get() == person


def test_a_file_with_a_number_for_a_person_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "persons.csv"
    file.write_text("name,identifier,amount,as_of,paid_in,projects\nJ,1,1,2024-12-31,2024,\n")
    with pytest.raises(CommandError):
        call_command("import_natural_recipients", str(file))
    with pytest.raises(CommandError, match="cannot be read"):
        call_command("import_natural_recipients", str(tmp_path / "none.csv"))
