"""What `make check` looks at beside style and types: templates, catalogues, locks, what is kept."""

import json
import subprocess
import tomllib
from pathlib import Path

import pytest
from django.template import engines

from nextgen import messages

ROOT = Path(__file__).resolve().parent.parent
TEMPLATES = [str(p.relative_to(ROOT / "templates")) for p in (ROOT / "templates").rglob("*.*")]


@pytest.mark.parametrize("name", sorted(TEMPLATES))
def test_the_template_compiles(name: str) -> None:
    engines["django"].get_template(name)


@pytest.mark.parametrize("language", messages.languages())
def test_the_catalogue_translates_every_message_of_the_code(language: str) -> None:
    catalogue = messages.read(language)
    known = {(message.context, str(message.id)) for message in catalogue}
    wanted = {(message.context, str(message.id)) for message in messages.extracted()}
    assert sorted(wanted - known, key=str) == [], "run `make messages`"
    assert messages.missing(catalogue) == []
    assert [str(fault) for message in catalogue for fault in message.check(catalogue)] == []


def test_the_locks_hold_what_pyproject_asks_for_and_agree() -> None:
    asked = tomllib.loads((ROOT / "pyproject.toml").read_text())
    runtime, dev = pinned("requirements.lock"), pinned("requirements-dev.lock")
    assert runtime.items() <= dev.items()
    assert names(asked["project"]["dependencies"]) <= runtime.keys()
    assert names(asked["dependency-groups"]["dev"]) <= dev.keys()


def pinned(lock: str) -> dict[str, str]:
    lines = (ROOT / lock).read_text().splitlines()
    return dict(line.split(" ")[0].split("==") for line in lines if "==" in line and line[0] != " ")


def names(requirements: list[str]) -> set[str]:
    return {requirement.split(">")[0].split("[")[0] for requirement in requirements}


def test_no_lock_names_an_index_or_a_tool_by_its_newest_version() -> None:
    """Every machine asks its own index; `latest` would leave the lock out of step one day."""
    locked = json.loads((ROOT / "package-lock.json").read_text())["packages"]
    assert not [name for name, package in locked.items() if "resolved" in package]
    kept = subprocess.check_output(["git", "ls-files", "-z"], cwd=ROOT, text=True).split("\0")
    texts = {name: (ROOT / name).read_bytes() for name in kept if (ROOT / name).is_file()}
    for host in ("pypi" + ".org", "pythonhosted" + ".org", "registry.npmjs" + ".org"):
        assert not [name for name, text in texts.items() if host.encode() in text]


def test_what_belongs_to_one_machine_is_never_committed() -> None:
    own = [".env", ".venv/x", ".tools/x", ".setup/x", "db.sqlite3", "db.sqlite3-wal"]
    own += ["node_modules/x", "staticfiles/x", "locale/nl/LC_MESSAGES/django.mo"]
    ignored = subprocess.check_output(["git", "check-ignore", *own], cwd=ROOT, text=True)
    assert ignored.split() == own
