"""What happened, as an Atom feed (RFC 4287), in the language in force."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, datetime, time

from django.urls import reverse
from django.utils import timezone
from django.utils.feedgenerator import Atom1Feed, get_tag_uri
from django.utils.html import escape
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from milestones.models import Change, ProgressReport
from nextgen import formats
from nextgen.told import page_of, role_of, sentence_of
from projects.models import Plan
from projects.translated import CONTROLS

ATOM = Atom1Feed.content_type


@dataclass(frozen=True)
class Entry:
    """Something that happened on a day, with the page that tells of it.

    `key` is an address of its own, never shown: with the day it makes an id that is the same in
    every feed of one language, and for ever.
    """

    title: str
    text: str
    page: str
    key: str
    day: date


def of_line(change: Change) -> Entry:
    """A line of the log: its id is its number."""
    log = reverse("changes")
    words = [change.reason, f"{change.get_kind_display()}, {role_of(change)}"]
    return Entry(
        sentence_of(change),
        " · ".join(filter(None, words)),
        page_of(change) or log,
        f"{log}{change.number}",
        change.made_on,
    )


def of_report(report: ProgressReport) -> Entry:
    """A report that was published: its id is its month."""
    page = reverse("report", args=[report.month])
    title = _("The report of %(month)s is published") % {"month": formats.month(report.as_of)}
    return Entry(title, report.note, page, page, report.published_on or report.as_of)


class _Feed(Atom1Feed):
    """A feed that says nothing yet is as old as the plan, not as new as the request."""

    def latest_post_date(self) -> datetime:
        return super().latest_post_date() if self.items else self.feed["begun"]


def atom(
    entries: Iterable[Entry],
    title: str,
    page: str,
    own_path: str,
    plan: Plan,
    absolute: Callable[[str], str],
) -> str:
    """The entries, in this order, as the feed of `page` that is found at `own_path`."""
    feed = _Feed(
        title=_clean(f"{plan.name} – {title}"),
        link=absolute(page),
        description="",
        subtitle=_clean(plan.tagline),
        language=get_language(),
        author_name=_clean(plan.name),
        feed_url=absolute(own_path),
        begun=_midnight(plan.start),
    )
    for entry in entries:
        feed.add_item(
            title=_clean(entry.title),
            link=absolute(entry.page),
            description=escape(_clean(entry.text)),
            unique_id=get_tag_uri(absolute(entry.key), entry.day),
            pubdate=_midnight(entry.day),
            updateddate=_midnight(entry.day),
        )
    return feed.writeString("utf-8")


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time.min, timezone.get_default_timezone())


def _clean(text: str) -> str:
    """A reason that was typed in may hold what no feed can."""
    return CONTROLS.sub(" ", text)
