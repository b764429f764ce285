"""The whole public plan as it stands, and the files that it can be taken away as."""

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from functools import cached_property, partial

from django.conf import settings
from django.core.cache import cache
from django.utils.translation import override

from milestones.kept import kept
from nextgen.package.package import Package
from nextgen.package.published import without_drafts
from nextgen.package.schema import ordered
from nextgen.package.stored import stored
from nextgen.package.writing import files, zipped
from nextgen.whole.database import database, datasette, label_language
from nextgen.whole.dictionary import dictionary
from nextgen.whole.workbook import workbook
from projects.models import Plan


@dataclass(frozen=True)
class File:
    """A file ready to send."""

    content: bytes
    sha256: str

    @classmethod
    def of(cls, content: bytes) -> "File":
        return cls(content, hashlib.sha256(content).hexdigest())


@dataclass(frozen=True)
class State:
    """What the plan says: `revision` is a hash of its canonical form.

    `dated` is the day on which its public data last changed: a report, a revision or a correction.
    """

    revision: str
    dated: date

    @classmethod
    def of(cls, package: Package) -> "State":
        digest = hashlib.sha256()
        for name, content in files(package).items():
            digest.update(f"{name} {len(content)}\n".encode() + content)
        tables = package.tables
        days = [row["published_on"] for row in tables["reports"]]
        days += [row["made_on"] for row in tables["changes"]]
        dated = max(days, default=tables["plan"][0]["start"])
        return cls(digest.hexdigest(), date.fromisoformat(dated))


@dataclass(frozen=True)
class WholePlan:
    """The plan without drafts. Its files are made when first asked for and kept until it changes.

    `files` names them; those of the dictionary are one a language of the plan.
    """

    plan: Plan

    @classmethod
    def now(cls) -> "WholePlan | None":
        """The plan of the database; None where there is none yet."""
        plan = Plan.objects.first()
        return cls(plan) if plan else None

    @cached_property
    def package(self) -> Package:
        """All its tables; read only where something has to be made of them."""
        package = stored()
        if package is None:
            raise Plan.DoesNotExist
        return without_drafts(package)

    @cached_property
    def state(self) -> State:
        """Read from the tables only when the public data has changed."""
        return kept("whole plan", lambda: State.of(self.package))

    @property
    def dated(self) -> date:
        return self.state.dated

    @property
    def languages(self) -> list[str]:
        return ordered(self.plan.language_codes)

    @cached_property
    def name(self) -> str:
        """What its files are called, the same in every language."""
        with override(label_language(self.languages)):
            return self.plan.slug

    @property
    def files(self) -> dict[str, Callable[[], bytes]]:
        """What makes each file, by its name."""
        return {
            f"{self.name}.zip": lambda: zipped(self.package),
            f"{self.name}.xlsx": lambda: workbook(self.package, self.dated),
            f"{self.name}.sqlite": lambda: database(self.package),
            "datasette.json": lambda: datasette(self.package, self.name, settings.SITE_URL),
            **{
                f"dictionary-{language}.csv": partial(dictionary, self.languages, language)
                for language in self.languages
            },
        }

    def file(self, name: str) -> File:
        """One of its files; raises KeyError for a name that is none of theirs."""
        return self.kept(name, self.files[name])

    def kept(self, name: str, make: Callable[[], bytes]) -> File:
        """What was made under this name of the plan as it is; made now if the plan has changed."""
        found: tuple[str, File] | None = cache.get(key := f"whole-plan/{name}")
        if found and found[0] == self.state.revision:
            return found[1]
        file = File.of(make())
        cache.set(key, (self.state.revision, file), timeout=None)
        return file
