"""Of two who do the same at once one wins; the other reads why not, and nothing stands twice."""

from collections.abc import Callable

import pytest

from tests.drill import writes
from tests.drill.copies import Copy

pytestmark = pytest.mark.django_db
EDITIONS = (
    "SELECT COUNT(*) FROM milestones_edition e JOIN milestones_progressreport r"
    " ON r.id = e.report_id WHERE r.month = '2024-06'"
)
LOG = "SELECT number FROM milestones_change ORDER BY number"
TITLES = "SELECT title_en FROM projects_project"


def numbers(copy: Copy) -> list[int]:
    return [number for (number,) in copy.rows(LOG)]


@pytest.mark.parametrize("publish", [writes.publish, writes.publish_at_the_desk])
def test_two_who_publish_one_draft_make_one_edition(publish: Callable[[], str], copy: Copy) -> None:
    outcomes = writes.run(publish, publish, copy=copy)
    told = [outcome.done or outcome.refused or "" for outcome in outcomes]
    assert copy.rows(EDITIONS) == [(1,)]
    assert sum("can only be corrected" in each for each in told) == 1, told


def test_two_imports_at_once_follow_one_another(copy: Copy) -> None:
    """Each says of all titles what they are: the second one knows what the first one wrote."""
    lines = len(numbers(copy))
    outcomes = writes.run(writes.import_changes, writes.import_others, copy=copy)
    assert all(outcome.done for outcome in outcomes)
    titles = {title.rsplit(" ", 1)[1] for (title,) in copy.rows(TITLES)}
    assert len(titles) == 1
    projects = len(copy.rows(TITLES))
    assert numbers(copy) == list(range(1, lines + 2 * projects + 1))


def test_an_import_beside_a_publication_is_in_its_edition_or_after_it(copy: Copy) -> None:
    outcomes = writes.run(writes.publish, writes.import_changes, copy=copy)
    published, imported = outcomes
    assert imported.done or "published" in (imported.refused or "")
    assert published.done
    assert copy.rows(EDITIONS) == [(1,)]
    assert numbers(copy) == list(range(1, len(numbers(copy)) + 1))
