"""Whoever is killed in the middle of a write leaves the plan as it was, or as it was to be."""

from collections.abc import Callable

import pytest

from tests.drill import writes
from tests.drill.copies import Copy

pytestmark = pytest.mark.django_db
WRITES = [
    writes.import_changes,
    writes.publish,
    writes.correct,
    writes.assess,
    writes.sign,
    writes.make_brochures,
]


@pytest.mark.parametrize("write", WRITES, ids=lambda write: write.__name__)
def test_a_killed_write_is_done_or_not_begun_and_can_be_done_again(
    write: Callable[[], str], new_copy: Callable[[], Copy]
) -> None:
    undisturbed = new_copy()
    (whole,) = writes.run(write, copy=undisturbed)
    assert whole.done

    copy = new_copy()
    before = copy.contents()
    for at in [*sorted({1, whole.statements // 2 or 1, whole.statements}), "before the commit"]:
        (outcome,) = writes.run(write, copy=copy, at=at)
        assert outcome.killed
        assert copy.is_whole()
        assert copy.contents() == before, f"killed at {at} of {whole.statements}"
    (again,) = writes.run(write, copy=copy)
    assert (again.done, copy.counts()) == (whole.done, undisturbed.counts())

    copy = new_copy()
    (outcome,) = writes.run(write, copy=copy, at="after the commit")
    assert outcome.killed
    assert copy.is_whole()
    assert copy.counts() == undisturbed.counts()
