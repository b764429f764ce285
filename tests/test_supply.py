"""Whoever ships the site knows what is in it and under which licences."""

import json
import re
from pathlib import Path

import pytest
from cyclonedx.schema import SchemaVersion
from cyclonedx.validation.json import JsonStrictValidator
from django.core.management import CommandError, call_command
from packaging.requirements import Requirement

from nextgen import supply

ROOT = Path(__file__).resolve().parent.parent


def locked() -> dict[str, str]:
    """What the lock names for this machine."""
    lines = re.findall(r"^(\S+==.+) \\$", (ROOT / "requirements.lock").read_text(), re.MULTILINE)
    wanted = [Requirement(line) for line in lines]
    here = [each for each in wanted if not each.marker or each.marker.evaluate()]
    return {each.name: str(each.specifier).removeprefix("==") for each in here}


def test_the_bill_is_a_valid_cyclonedx_document() -> None:
    assert JsonStrictValidator(SchemaVersion.V1_6).validate_str(supply.bill()) is None


def test_it_names_every_package_of_the_lock_with_version_address_and_licence() -> None:
    components = json.loads(supply.bill())["components"]
    python = {c["name"]: c for c in components if c["purl"].startswith("pkg:pypi/")}
    assert {name: c["version"] for name, c in python.items()} == locked()
    assert all(c["purl"] == f"pkg:pypi/{name}@{c['version']}" for name, c in python.items())
    assert [c["name"] for c in components if not c["licenses"]] == []


def test_it_names_what_browsers_are_sent_and_the_typeface() -> None:
    components = {c["name"]: c for c in json.loads(supply.bill())["components"]}
    sent = {"plotly.js-basic-dist-min", "htmx.org", "jquery", "hanken-grotesk.woff2"}
    assert sent <= components.keys()
    assert re.fullmatch(r"2\.\d+\.\d+", components["htmx.org"]["version"])
    assert len(components["plotly.js-basic-dist-min"]["hashes"][0]["content"]) == 64


def test_it_says_who_wants_what() -> None:
    bill = json.loads(supply.bill())
    wants = {entry["ref"].partition("@")[0]: entry["dependsOn"] for entry in bill["dependencies"]}
    assert any(ref.startswith("pkg:pypi/asgiref@") for ref in wants["pkg:pypi/django"])
    assert any(ref.startswith("pkg:pypi/django@") for ref in wants["nextgen-belgium"])
    wanted = {ref for below in wants.values() for ref in below}
    assert {c["bom-ref"] for c in bill["components"]} == wanted


def test_it_is_the_same_each_time(tmp_path: Path) -> None:
    for name in ("one", "two"):
        call_command("sbom", output=tmp_path / name)
    assert (tmp_path / "one").read_bytes() == (tmp_path / "two").read_bytes()


def test_every_licence_may_be_shipped(capsys: pytest.CaptureFixture[str]) -> None:
    call_command("licences")
    assert "unknown" not in capsys.readouterr().out


@pytest.mark.parametrize(
    ("licence", "allowed"),
    [
        ("MIT", True),
        ("Apache-2.0 OR BSD-2-Clause", True),
        ("GPL-2.0-or-later OR Artistic-1.0-Perl", True),
        ("MIT AND Proprietary", False),
        ("SSPL-1.0", False),
        ("", False),
    ],
)
def test_a_licence_that_nobody_looked_at_is_refused(
    licence: str, allowed: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    part = supply.Part("thing", "1", "pkg:pypi/thing@1", licence)
    monkeypatch.setattr("nextgen.management.commands.licences.parts", lambda: [part])
    if allowed:
        call_command("licences")
    else:
        with pytest.raises(CommandError, match="may be shipped: thing"):
            call_command("licences")
