"""Writes an archive: from the addresses that the site names, along every link, into files."""

import re
from collections import deque
from collections.abc import Iterable
from dataclasses import dataclass, field
from html import unescape
from pathlib import Path
from uuid import uuid4

from django.conf import settings
from django.template.loader import render_to_string
from django.templatetags.static import static
from django.urls import reverse
from django.utils import translation

from milestones.kept import of_one_stamp
from milestones.models import Milestone, ProgressReport
from nextgen.archive import manifest, rewriting
from nextgen.archive.asking import Answer, Visitor
from nextgen.archive.moment import Moment, archived
from nextgen.archive.places import NoPlaceError, Place, named, place
from nextgen.whole.plan import WholePlan
from projects.models import Project, Recipient
from projects.recipients import days

RESOURCE = re.compile(r"(/api/v1/(?!openapi\.)[a-z_-]+)\.json")
SITEMAP = "/sitemap.xml"
BEGINNINGS = ["/", "/robots.txt", SITEMAP, "/catalog.ttl", "/catalog.jsonld", "/data/emblem.svg",
              "/api/v1/", "/api/v1/docs", "/api/v1/openapi.json"]  # fmt: skip
LOCATION = re.compile(r"<loc>([^<]+)</loc>")


class BrokenError(Exception):
    """The site does not answer as an archive needs; the text names each address and says why."""


def moment_of(whole: WholePlan) -> Moment:
    """The plan as it stands: its day is the last on which its public data changed."""
    of_lists = Recipient.objects.order_by().values_list("as_of", flat=True)
    day = max([whole.dated, *of_lists])
    return Moment(day, whole.state.revision, settings.SITE_URL)


def former_addresses(languages: Iterable[str]) -> list[str]:
    """The addresses of projects and milestones under codes that they had before."""
    found = []
    for language in languages:
        with translation.override(language):
            for route, records in (("project", Project.objects), ("milestone", Milestone.objects)):
                for record in records.exclude(former_codes="").order_by("code"):
                    found += [reverse(route, args=[code]) for code in record.former_code_list]
    return found


@dataclass
class Writer:
    """Writes into an empty `folder`; `written` names each file with its address.

    With `follow` every link leads on to another file, else only to what pages are made with.
    """

    folder: Path
    moment: Moment
    current: dict[str, str]
    follow: bool = True
    visitor: Visitor = field(default_factory=Visitor)
    written: dict[str, str] = field(default_factory=dict)
    broken: list[str] = field(default_factory=list)
    _waiting: deque[tuple[Place, str]] = field(default_factory=deque)

    @classmethod
    def of(cls, folder: Path, whole: WholePlan, *, follow: bool = True) -> "Writer":
        moment, report = moment_of(whole), ProgressReport.objects.current()
        known = days(moment.day)
        current = {
            "report": report.month if report else "",
            "as_of": str(known[-1]) if known else "",
        }
        return cls(folder, moment, current, follow)

    def write(self, addresses: Iterable[str]) -> None:
        """Write what stands at these addresses and all that it leads to. Raises BrokenError."""
        token = archived.set(self.moment)
        try:
            with of_one_stamp(f"archive {uuid4()}"):
                for address in addresses:
                    self._lead(address, "", "")
                while self._waiting:
                    self._visit(*self._waiting.popleft())
        finally:
            archived.reset(token)
        if self.broken:
            raise BrokenError("\n".join(self.broken))

    def _lead(self, link: str, address: str, file: str) -> str | None:
        """The relative address of a link of a file; what it leads to will be visited."""
        try:
            found = place(link, address, self.current)
        except NoPlaceError as error:
            self.broken.append(f"{address}: {error}")
            return None
        if found is None:
            return None
        before = self.written.get(found.file)
        if before is None and (self.follow or not file or _is_part(found)):
            self.written[found.file] = found.address
            self._waiting.append((found, address))
        elif before not in (None, found.address):
            self.broken.append(f"{found.address} and {before} would be one file.")
        return found.seen_from(file)

    def _visit(self, found: Place, referrer: str) -> None:
        resource = RESOURCE.fullmatch(found.address)
        get = self.visitor.whole_resource if resource else self.visitor.get
        answer = get(resource[1] if resource else found.address)
        if answer.status in (301, 302) and found.file.endswith(".html"):
            content = self._redirect(answer, found)
        elif answer.status == 200:
            content = self._rewritten(answer, found)
        else:
            self.broken.append(f"{found.address}: {answer.status}, linked from {referrer or '/'}")
            return
        self._put(found.file, content)

    def _cite(self, html: str, address: str) -> None:
        """Write the citations that a page shows: asking for each would count all once more."""
        for link, text in rewriting.citations(html).items():
            found = place(link, address, self.current)
            if found and found.file not in self.written:
                self.written[found.file] = found.address
                self._put(found.file, text)

    def _put(self, file: str, content: bytes) -> None:
        target = self.folder / file
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(content)

    def _redirect(self, answer: Answer, found: Place) -> bytes:
        address = self._lead(answer.location, found.address, found.file) or answer.location
        title = re.sub(r"^[./]+|/index\.html$", "", address)
        language = translation.get_language_from_path(found.address) or "en"
        icon = self._lead(static("mark.svg"), found.address, found.file)
        context = {"address": address, "title": title, "language": language, "icon": icon}
        html = render_to_string("archive/redirect.html", context)
        return html.replace(rewriting.CHARSET, f"{rewriting.CHARSET}\n{rewriting.META}").encode()

    def _rewritten(self, answer: Answer, found: Place) -> bytes:
        def lead(link: str) -> str | None:
            return self._lead(link, found.address, found.file)

        if found.address == SITEMAP:
            for located in LOCATION.finditer(answer.content.decode()):
                lead(unescape(located[1]))
        rewrite = {"text/html": rewriting.page, "text/css": rewriting.style}.get(answer.media_type)
        if named(found.address.partition("?")[0]) == "chart_drawing":
            rewrite = rewriting.drawing
        if rewrite is None:
            return answer.content
        if rewrite is rewriting.page and self.follow:
            self._cite(answer.content.decode(), found.address)
        return rewrite(answer.content.decode(), lead).encode()


def _is_part(found: Place) -> bool:
    """Whether a browser needs it to show a page."""
    path, _mark, _query = found.address.partition("?")
    return found.file.startswith("static/") or named(path) == "chart_drawing"


def write(folder: Path, whole: WholePlan, key: Path | None = None) -> Writer:
    """The whole site into an empty folder, with its README and its manifest.

    Raises BrokenError if an address does not answer, or if the plan changes meanwhile.
    """
    writer = Writer.of(folder, whole)
    writer.write([*BEGINNINGS, *former_addresses(whole.languages)])
    if WholePlan.now() != whole:
        raise BrokenError("The plan changed while it was written: begin again.")
    readme = "\n\n".join(_readme(writer.moment, language) for language in whole.languages)
    (folder / "README.txt").write_text(f"{readme}\n")
    manifest.write(folder, key)
    return writer


def _readme(moment: Moment, language: str) -> str:
    with translation.override(language):
        return render_to_string("archive/README.txt", {"archive": moment}).strip()
