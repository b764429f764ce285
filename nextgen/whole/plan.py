"""The whole public plan as it stands, and the files that it can be taken away as."""

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from functools import cached_property, partial

from django.conf import settings
from django.core.cache import cache

from nextgen.package.package import Package
from nextgen.package.published import without_drafts
from nextgen.package.stored import stored
from nextgen.package.writing import files, zipped
from nextgen.whole.database import database, datasette
from nextgen.whole.dictionary import dictionary
from nextgen.whole.workbook import workbook

NAME = "nextgen-belgium"


@dataclass(frozen=True)
class File:
    """A file ready to send."""

    content: bytes
    sha256: str

    @classmethod
    def of(cls, content: bytes) -> "File":
        return cls(content, hashlib.sha256(content).hexdigest())


@dataclass(frozen=True)
class WholePlan:
    """The plan without drafts. Its files are made when first asked for and kept until it changes.

    `files` names them; those of the dictionary are one a language of the plan.
    """

    package: Package

    @classmethod
    def now(cls) -> "WholePlan | None":
        """The plan of the database; None where there is none yet."""
        package = stored()
        return cls(without_drafts(package)) if package else None

    @cached_property
    def revision(self) -> str:
        """The same for as long as the plan says the same: a hash of its canonical form."""
        digest = hashlib.sha256()
        for name, content in files(self.package).items():
            digest.update(f"{name} {len(content)}\n".encode() + content)
        return digest.hexdigest()

    @cached_property
    def dated(self) -> date:
        """The day on which its public data last changed: a report, a revision or a correction."""
        tables = self.package.tables
        days = [row["published_on"] for row in tables["reports"]]
        days += [row["made_on"] for row in tables["changes"]]
        return date.fromisoformat(max(days, default=tables["plan"][0]["start"]))

    @property
    def files(self) -> dict[str, Callable[[], bytes]]:
        """What makes each file, by its name."""
        package = self.package
        return {
            f"{NAME}.zip": partial(zipped, package),
            f"{NAME}.xlsx": partial(workbook, package, self.dated),
            f"{NAME}.sqlite": partial(database, package),
            "datasette.json": partial(datasette, package, NAME, settings.SITE_URL),
            **{
                f"dictionary-{language}.csv": partial(dictionary, package.languages, language)
                for language in package.languages
            },
        }

    def file(self, name: str) -> File:
        """One of its files; raises KeyError for a name that is none of theirs."""
        return self.kept(name, self.files[name])

    def kept(self, name: str, make: Callable[[], bytes]) -> File:
        """What was made under this name of the plan as it is; made now if the plan has changed."""
        kept: tuple[str, File] | None = cache.get(key := f"whole-plan/{name}")
        if kept and kept[0] == self.revision:
            return kept[1]
        file = File.of(make())
        cache.set(key, (self.revision, file), timeout=None)
        return file
