"""What the site is made of beside its own code: names, versions and licences of what is shipped.

The list is that of `requirements.lock`, as far as it concerns this machine, with what stands in
`static/` and the scripts that packages bring along for browsers. What compiled packages have linked
in, Rust crates and C libraries, is theirs to list.
"""

import hashlib
import importlib.metadata
import json
import re
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from uuid import NAMESPACE_URL, uuid5

from django.conf import settings
from packaging.requirements import Requirement

PROJECT = "nextgen-belgium"
# May be shipped with a work under the EUPL-1.2, of which the appendix names the copyleft ones.
ALLOWED = {
    "0BSD", "Apache-2.0", "BSD-2-Clause", "BSD-3-Clause", "GPL-2.0-or-later", "ISC",
    "LGPL-3.0-only", "MIT", "MIT-0", "MPL-2.0", "OFL-1.1", "PSF-2.0", "Unlicense",
}  # fmt: skip
SPELT = {
    "Apache 2.0": "Apache-2.0",
    "ISC License": "ISC",
    "MIT License": "MIT",
    "OSI Approved :: MIT License": "MIT",
}
# Their metadata name a family or nothing; this is what their licence files say.
READ = {
    "isodate": "BSD-3-Clause",
    "jinja2": "BSD-3-Clause",
    "segno": "BSD-3-Clause",
    "sqlparse": "BSD-3-Clause",
    "text-unidecode": "GPL-2.0-or-later OR Artistic-1.0-Perl",
}
# (package, name in npm, licence, file, where the file says its version)
BROUGHT = [
    ("django-htmx", "htmx.org", "0BSD",
     "django_htmx/static/django_htmx/htmx-2.js", r"version: '([\d.]+)'"),
    ("django", "jquery", "MIT",
     "django/contrib/admin/static/admin/js/vendor/jquery/jquery.js", r"Library v([\d.]+)"),
    ("django", "select2", "MIT",
     "django/contrib/admin/static/admin/js/vendor/select2/select2.full.js", r"Select2 ([\d.]+)"),
    ("django", "xregexp", "MIT",
     "django/contrib/admin/static/admin/js/vendor/xregexp/xregexp.js",
     r"XRegExp\.version = '([\d.]+)'"),
]  # fmt: skip
TYPEFACE = [
    "static/fonts/hanken-grotesk.woff2",
    "nextgen/brochure/fonts/HankenGrotesk-Regular.ttf",
    "nextgen/brochure/fonts/HankenGrotesk-Bold.ttf",
]


@dataclass(frozen=True)
class Part:
    """One thing that is shipped. `licence` is an SPDX expression, '' where none was found."""

    name: str
    version: str
    purl: str
    licence: str
    sha256: str = ""
    wanted_by: list[str] = field(default_factory=list)

    @property
    def may_be_shipped(self) -> bool:
        """Of licences to choose from one is allowed, of those that hold together each."""
        return any(
            all(licence.strip() in ALLOWED for licence in choice.split(" AND "))
            for choice in self.licence.split(" OR ")
        )


def parts() -> list[Part]:
    """Everything that is shipped, by name. Raises PackageNotFoundError where it is not there."""
    found = [*_packages(), *_brought(), *_vendored()]
    return sorted(found, key=lambda part: part.purl)


def _packages() -> Iterator[Part]:
    lock = (settings.BASE_DIR / "requirements.lock").read_text()
    for entry in re.findall(r"^\S.*(?:\n +.*)*", lock, re.MULTILINE):
        first, *rest = entry.splitlines()
        wanted = Requirement(first.rstrip(" \\"))
        if wanted.marker and not wanted.marker.evaluate():
            continue
        version = str(wanted.specifier).removeprefix("==")
        by = re.findall(r"# +(?:via )?([a-z0-9][\w.-]*)", "\n".join(rest).replace("via\n", "\n"))
        purl = f"pkg:pypi/{wanted.name}@{version}"
        yield Part(wanted.name, version, purl, _licence(wanted.name), wanted_by=by)


def _licence(package: str) -> str:
    told = importlib.metadata.metadata(package)
    classified = [line.removeprefix("License :: ") for line in told.get_all("Classifier", [])]
    names = [READ.get(package), told.get("License-Expression"), told.get("License"), *classified]
    spelt = (SPELT.get(name or "", name or "") for name in names)
    return next((name for name in spelt if re.fullmatch(r"[\w.-]+( (OR|AND) [\w.-]+)*", name)), "")


def _brought() -> Iterator[Part]:
    for package, name, licence, file, pattern in BROUGHT:
        text = Path(str(importlib.metadata.distribution(package).locate_file(file))).read_text()
        version = re.findall(pattern, text)[0]
        yield Part(name, version, f"pkg:npm/{name}@{version}", licence, wanted_by=[package])


def _vendored() -> Iterator[Part]:
    plotly = json.loads((settings.BASE_DIR / "static/vendor/plotly-basic.json").read_text())
    name, version = plotly["name"], plotly["version"]
    licence = SPELT.get(plotly["licence"], plotly["licence"])
    yield Part(
        name, version, f"pkg:npm/{name}@{version}", licence, plotly["sha256"], wanted_by=[PROJECT]
    )
    for file in TYPEFACE:
        digest = hashlib.sha256((settings.BASE_DIR / file).read_bytes()).hexdigest()
        purl = f"pkg:github/marcologous/hanken-grotesk#{Path(file).name}"
        yield Part(Path(file).name, "", purl, "OFL-1.1", digest, wanted_by=[PROJECT])


def bill() -> str:
    """The software bill of materials: CycloneDX 1.6 as JSON, the same bytes for the same parts."""
    project = tomllib.loads((settings.BASE_DIR / "pyproject.toml").read_text())["project"]
    shipped = parts()
    refs = {part.name: part.purl for part in shipped} | {PROJECT: PROJECT}
    wants: dict[str, list[str]] = {ref: [] for ref in refs.values()}
    for part in shipped:
        for name in part.wanted_by:
            wants[refs[name]].append(part.purl)
    document = {
        "bomFormat": "CycloneDX",
        "specVersion": "1.6",
        "version": 1,
        "metadata": {
            "component": {
                "type": "application",
                "bom-ref": PROJECT,
                "name": PROJECT,
                "version": project["version"],
                "description": project["description"],
                "licenses": [{"expression": project["license"]}],
            }
        },
        "components": [_component(part) for part in shipped],
        "dependencies": [{"ref": ref, "dependsOn": below} for ref, below in wants.items()],
    }
    text = json.dumps(document, sort_keys=True)
    document["serialNumber"] = f"urn:uuid:{uuid5(NAMESPACE_URL, text)}"
    return json.dumps(document, indent=2, sort_keys=True, ensure_ascii=False) + "\n"


def _component(part: Part) -> dict[str, object]:
    font = part.licence == "OFL-1.1"
    told: dict[str, object] = {
        "type": "file" if font else "library",
        "bom-ref": part.purl,
        "name": part.name,
        "purl": part.purl,
        "licenses": [{"expression": part.licence}] if part.licence else [],
    }
    if part.version:
        told["version"] = part.version
    if part.sha256:
        told["hashes"] = [{"alg": "SHA-256", "content": part.sha256}]
    return told
