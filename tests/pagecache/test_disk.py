"""A process that starts finds the pages that another one built, within bounds."""

from pathlib import Path

import pytest

from nextgen.pagecache.page import Key
from nextgen.pagecache.shelf import Disk
from nextgen.pagecache.state import State
from tests.pagecache.standing_in import Plan, Site, Visitor, cache_before


def test_a_process_that_starts_finds_what_another_built(
    django: Site, plan: Plan, tmp_path: Path
) -> None:
    before = Visitor(cache_before(django, plan, folder=tmp_path)).get("/en/")
    after = Visitor(cache_before(django, plan, folder=tmp_path)).get("/en/")
    assert after == before
    assert len(django.asked) == 1


def test_a_process_that_starts_with_the_database_away_has_copies(
    django: Site, plan: Plan, tmp_path: Path
) -> None:
    Visitor(cache_before(django, plan, folder=tmp_path)).get("/en/")
    plan.state = State(away=True)
    status, headers, _body = Visitor(cache_before(django, plan, folder=tmp_path)).get("/en/")
    assert status == 200
    assert "warning" in headers


def test_what_earlier_versions_kept_is_cleared_away_and_nothing_else(
    django: Site, plan: Plan, tmp_path: Path
) -> None:
    """The folder that an operator names may hold other things too."""
    earlier, mine = tmp_path / f"pages-{'0' * 32}", tmp_path / f"pages-{'1' * 32}"
    for folder in (earlier, mine, tmp_path / "backups"):
        folder.mkdir()
    cache_before(django, plan, folder=mine)
    assert sorted(folder.name for folder in tmp_path.iterdir()) == ["backups", mine.name]


@pytest.mark.parametrize("damage", [b"", b"{}\nx", b"no json"])
def test_half_a_page_on_the_disk_is_none(
    django: Site, plan: Plan, tmp_path: Path, damage: bytes
) -> None:
    Visitor(cache_before(django, plan, folder=tmp_path)).get("/en/")
    (file,) = tmp_path.iterdir()
    file.write_bytes(damage or file.read_bytes()[:-10])
    assert Visitor(cache_before(django, plan, folder=tmp_path)).get("/en/")[2].endswith(b" 2")


def test_a_full_disk_keeps_nobody_from_a_page(django: Site, plan: Plan, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("where the folder would be")
    cache = cache_before(django, plan)
    cache.disk = Disk(tmp_path / "file" / "pages", 2**20)
    assert [Visitor(cache).get(path)[0] for path in ("/en/", "/nl/", "/en/")] == [200] * 3


def test_pages_fill_no_disk(django: Site, plan: Plan, tmp_path: Path) -> None:
    """However many addresses there are; what is kept is renewed all the same."""
    for started in range(2):
        cache = cache_before(django, plan, room=10_000, folder=tmp_path)
        for n in range(100):
            Visitor(cache).get(f"/en/projects/{started}-{n}/")
    assert sum(file.stat().st_size for file in tmp_path.iterdir()) <= 40_000
    plan.state = State("second", seen_at=1.0)
    Visitor(cache).get("/en/projects/0-0/")
    assert cache.disk
    kept = cache.disk.get(Key("localhost", "http", "/en/projects/0-0/"))
    assert kept
    assert kept.state == "second"
