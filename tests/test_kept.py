"""What is worked out from the public data is worked out once, and anew after every change."""

from threading import Thread

import pytest
from django.db import connection
from pytest_django import DjangoAssertNumQueries

from milestones import kept
from projects.models import Project
from projects.summary import MOST_ORDERS, _building, pairs_of
from tests.selections import selected

pytestmark = pytest.mark.django_db


def committed() -> None:
    """On PostgreSQL the stamp is renewed at the end of a transaction."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")


@pytest.mark.usefixtures("as_visitors_read")
def test_it_is_made_once_as_long_as_nothing_changes() -> None:
    made: list[int] = []
    for _again in range(3):
        kept.kept("a thing", lambda: made.append(1))
    assert made == [1]


@pytest.mark.usefixtures("as_visitors_read")
def test_a_list_counts_anew_after_a_change() -> None:
    before = selected("projects", "kind=reform").count
    project = Project.objects.filter(kind="investment", left=None).earliest("joined")
    Project.objects.filter(pk=project.pk).update(kind="reform")
    committed()
    assert selected("projects", "kind=reform").count == before + 1


@pytest.mark.usefixtures("as_visitors_read")
def test_a_page_asks_once_whether_something_has_changed(
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    with kept.of_one_stamp(), django_assert_num_queries(1):
        assert [kept.kept(n, lambda n=n: n) for n in (1, 2, 1)] == [1, 2, 1]  # type: ignore[misc]


def test_what_is_archived_is_found_once_though_it_stands_in_a_transaction() -> None:
    assert connection.in_atomic_block
    with kept.of_one_stamp("an archive"), kept.of_one_stamp():
        assert [kept.kept("it", lambda n=n: n) for n in range(2)] == [0, 0]  # type: ignore[misc]
    with kept.of_one_stamp("another archive"):
        assert kept.kept("it", lambda: 2) == 2


@pytest.mark.usefixtures("as_visitors_read")
def test_no_more_things_are_kept_than_a_process_has_room_for() -> None:
    for n in range(kept.MOST + 10):
        kept.kept(n, lambda n=n: n)  # type: ignore[misc]
    assert len(kept._kept) == kept.MOST


@pytest.mark.usefixtures("as_visitors_read")
def test_no_more_orders_are_kept_than_a_process_has_room_for() -> None:
    """In each language a list has ten; each holds a number for every row."""
    summary = selected("projects", "").summary
    for n in range(MOST_ORDERS + 10):
        assert len(summary.order(n, lambda rows: rows.order_by("code"))) == summary.all.bit_count()
    assert len(summary._orders) == MOST_ORDERS


@pytest.mark.usefixtures("as_visitors_read")
def test_what_is_known_is_told_while_something_else_is_counted() -> None:
    summary = selected("projects", "").summary
    known = summary.values("a facet", lambda rows: pairs_of(rows, "kind"))
    told = []
    with _building:
        asking = Thread(target=lambda: told.append(summary.values("a facet", pairs_of)))  # type: ignore[arg-type]
        asking.start()
        asking.join(20)
        assert told == [known]


def test_whoever_is_writing_reads_what_is_written_and_not_what_is_kept() -> None:
    assert connection.in_atomic_block
    assert [kept.kept("a thing", lambda n=n: n) for n in range(2)] == [0, 1]  # type: ignore[misc]
