"""The search finds the same rows whatever the case, the accents or the language of the words."""

import pytest
from django.db import connection
from hypothesis import given, settings
from hypothesis import strategies as st

from nextgen.pages.lists import choose
from projects.models import Project
from projects.search import words

pytestmark = pytest.mark.django_db


def found(q: str, name: str = "projects") -> list[str]:
    selection = choose(name, {"q": [q]})
    assert not selection.unknown
    return list(selection.rows.values_list("code", flat=True))


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("école", "ECOLE"),
        ("Énergie", "energie"),
        ("Lüttich", "luttich"),
        ("œuvre", "oeuvre"),
        ("Straße", "strasse"),
        ("Brüssel", "BRU\u0308SSEL"),
    ],
)
def test_case_and_accents_do_not_matter(one: str, other: str) -> None:
    Project.objects.get(code="x-5g").save()
    assert words(one) == words(other)
    assert found(one) == found(other)


@settings(max_examples=40)
@given(st.text(max_size=40))
def test_words_are_the_same_in_any_case(text: str) -> None:
    assert words(text.upper()) == words(text.upper().lower())
    assert words(" ".join(words(text))) == words(text)


@pytest.mark.parametrize("word", ["tram Luik", "tram Liège", "Straßenbahn Lüttich"])
def test_a_project_is_found_in_each_of_its_languages(word: str) -> None:
    assert "x-wal-tram-liege" in found(word)


def test_the_start_of_a_word_is_enough_and_its_middle_is_not() -> None:
    assert "x-wal-tram-liege" in found("lieg")
    assert "x-wal-tram-liege" not in found("iege")


def test_every_word_must_be_there() -> None:
    assert set(found("tram bus")) == set(found("tram")) & set(found("bus"))
    assert found("tram xyzzy") == []


def test_the_title_comes_before_the_summary_and_the_rest() -> None:
    a, b, c = Project.objects.order_by("code")[:3]
    a.description_en = b.summary_fr = c.title_de = "Quetzalcoatlus"
    for project in (a, b, c):
        project.save()
    assert found("quetzalcoatlus") == [c.code, b.code, a.code]
    assert found("QUETZAL") == [c.code, b.code, a.code]


def test_a_milestone_is_found_by_its_project_and_after_those_that_say_it_themselves() -> None:
    project = Project.objects.get(code="x-wal-tram-liege")
    own = set(project.milestones.values_list("code", flat=True))
    assert own <= set(found("tram liege", "milestones"))
    assert "157" in found("157", "milestones")[:1]


def test_a_project_is_found_by_its_code() -> None:
    assert found("I-2.09") == ["I-2.09"]


@pytest.mark.parametrize("q", ["%", "_", "???", "'", '"', "*", "中文"])
def test_what_holds_no_word_is_named_and_left_out(q: str) -> None:
    selection = choose("projects", {"q": [q]})
    assert [(u.parameter, u.value) for u in selection.unknown] == [("q", q)]
    assert selection.matches.count() == 127


@settings(max_examples=30)
@given(st.text(min_size=1, max_size=30))
def test_more_words_never_find_more(extra: str) -> None:
    selection = choose("projects", {"q": [f"energie {extra}"]})
    assert set(selection.rows.values_list("code", flat=True)) <= set(found("energie"))


def test_a_word_is_found_as_soon_as_it_is_written_and_no_longer_than_it_stands_there() -> None:
    project = Project.objects.get(code="x-wal-tram-liege")
    for title in ("Quetzalcoatlus", "Pterodactylus"):
        project.title_en = title
        project.save()
    assert found("quetzalcoatlus") == []
    Project.objects.filter(pk=project.pk).update(joined="2021-01-01", left=None)
    assert found("pterodactylus") == [project.code]


def test_a_word_too_long_for_any_index_is_found_by_its_beginning() -> None:
    project = Project.objects.exclude(code="x-wal-tram-liege").earliest("joined")
    project.description_nl = "z" * 5000
    project.save()
    assert found("z" * 150) == found("z" * 40) == [project.code]


def test_no_search_reads_every_row() -> None:
    plan = Project.objects.matching("energie renovation").explain()
    words_of = "VIRTUAL TABLE" if connection.vendor == "sqlite" else "projects_project"
    assert words_of in plan
    assert "SCAN projects_project\n" not in f"{plan}\n"
