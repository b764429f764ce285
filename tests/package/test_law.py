"""The law: on an empty database export(import(x)) = canonical(x), byte for byte."""

from pathlib import Path

import frictionless
import pytest
from django.core.management import call_command
from django.core.management.base import CommandError

from milestones.models import Milestone
from nextgen.package.actions import import_plan
from nextgen.package.reading import read
from nextgen.package.stored import MODELS, stored
from nextgen.package.tables import TABLES
from nextgen.package.writing import files, write, zipped
from projects.models import Project
from tests.package.edits import FIXTURES, append, cell, faults_of, raw

BOTH = pytest.mark.parametrize("name", ["minimal", "belgium"])


def bytes_of(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.iterdir() if path.name != "README.md"}


@BOTH
def test_the_fixture_is_canonical(name: str) -> None:
    assert files(read(FIXTURES / name)) == bytes_of(FIXTURES / name)


@BOTH
@pytest.mark.django_db
@pytest.mark.usefixtures("no_plan")
def test_export_gives_back_what_import_took(name: str, tmp_path: Path) -> None:
    call_command("import_plan", FIXTURES / name, verbosity=0)
    call_command("export_plan", tmp_path / "out", verbosity=0)
    assert bytes_of(tmp_path / "out") == bytes_of(FIXTURES / name)


@pytest.mark.django_db
@pytest.mark.usefixtures("no_plan")
def test_what_is_not_canonical_is_exported_canonically(lorvania: Path) -> None:
    """Other line breaks, order, quotes and notations are the same plan."""
    canonical = bytes_of(lorvania)
    cell("projects", "I-1.02", "goal_value", "0087.50")(lorvania)
    cell("projects", "I-1.01", "sdgs", "13;11;7")(lorvania)
    cell("plan", "LOR", "languages", "en;fr")(lorvania)
    raw("components.csv", lambda data: b"\n".join(data.split(b"\r\n")[::-1][1:]))(lorvania)
    raw(
        "components.csv", lambda data: b"\n".join([data.split(b"\n")[-1], *data.split(b"\n")[:-1]])
    )(lorvania)
    raw("texts.csv", lambda data: data.replace(b"Privacy", b'"Privacy"'))(lorvania)
    assert bytes_of(lorvania) != canonical
    import_plan(read(lorvania))
    assert files(stored()) == canonical


@BOTH
@pytest.mark.django_db
@pytest.mark.usefixtures("no_plan")
def test_importing_the_same_again_changes_nothing(name: str) -> None:
    import_plan(read(FIXTURES / name))
    before = {key: list(model.objects.values()) for key, model in MODELS.items()}
    assert not import_plan(read(FIXTURES / name))
    assert before == {key: list(model.objects.values()) for key, model in MODELS.items()}


@pytest.mark.django_db
@pytest.mark.usefixtures("no_plan")
def test_the_number_of_queries_does_not_grow_with_the_rows(
    lorvania: Path, django_assert_max_num_queries: object
) -> None:
    small, large = read(FIXTURES / "minimal"), read(FIXTURES / "belgium")
    assert sum(map(len, large.tables.values())) > 10 * sum(map(len, small.tables.values()))
    # Ten for the edition of each published report, whatever it counts.
    editions = sum(row["state"] == "published" for row in large.tables["reports"])
    with django_assert_max_num_queries(45 + 10 * editions):  # type: ignore[operator]
        import_plan(large)
    with django_assert_max_num_queries(20):  # type: ignore[operator]
        stored()


@BOTH
def test_frictionless_itself_finds_no_fault(name: str) -> None:
    """The published descriptor holds for whoever reads the package with another tool."""
    report = frictionless.Package(str(FIXTURES / name / "datapackage.json")).validate()
    assert report.flatten(["title", "rowNumber", "fieldName", "note"]) == []


@pytest.mark.django_db
@pytest.mark.usefixtures("no_plan")
def test_what_a_search_finds_is_imported_too() -> None:
    import_plan(read(FIXTURES / "minimal"))
    assert [project.code for project in Project.objects.matching("éoliennes port")] == ["I-1.02"]
    assert [each.code for each in Milestone.objects.matching("sleeping")] == ["x-night-trains-1"]


def test_the_schema_fits_the_models() -> None:
    """What the package lets pass, the database takes: lengths and obligations agree."""
    for name, table in TABLES.items():
        for heading, column in table.by_name(["nl", "fr", "de", "en"]).items():
            if column.to or heading in ("corrects", "unsourced_milestones"):
                continue
            field = MODELS[name]._meta.get_field(heading)
            if not column.many:
                assert (column.max_length or None) == (
                    getattr(field, "max_length", None) if not column.choices else None
                ) or heading in ("month", "language"), (name, heading)
            if column.required:
                assert not field.null, (name, heading)
            elif (
                column.kind in ("integer", "number", "date", "year", "quarter") and not column.many
            ):
                assert field.null, (name, heading)


def test_the_same_plan_gives_the_same_zip(tmp_path: Path) -> None:
    package = read(FIXTURES / "minimal")
    assert zipped(package) == zipped(package)
    write(package, tmp_path / "plan.zip")
    assert files(read(tmp_path / "plan.zip")) == files(package)


@pytest.mark.django_db
@pytest.mark.usefixtures("no_plan")
def test_an_export_overwrites_a_package_and_nothing_else(lorvania: Path, tmp_path: Path) -> None:
    import_plan(read(FIXTURES / "minimal"))
    append("recipients.csv", "rubbish")(lorvania)
    call_command("export_plan", lorvania, verbosity=0)
    assert faults_of(lorvania) == []
    (tmp_path / "photos").mkdir()
    (tmp_path / "photos" / "cat.jpg").touch()
    with pytest.raises(CommandError, match="holds something else than a package"):
        call_command("export_plan", tmp_path / "photos")


@pytest.mark.django_db
@pytest.mark.usefixtures("no_plan")
def test_an_export_without_plan_says_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(CommandError, match="import one with import_plan"):
        call_command("export_plan", tmp_path / "out")
