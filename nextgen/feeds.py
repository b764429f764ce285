"""The public log as an Atom feed (RFC 4287), in the language in force."""

import re
from collections.abc import Callable, Iterable
from datetime import datetime, time

from django.urls import reverse
from django.utils import timezone
from django.utils.feedgenerator import Atom1Feed, get_tag_uri
from django.utils.html import escape
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from milestones.models import Change
from nextgen.told import page_of, role_of, sentence_of
from projects.models import Plan

ATOM = Atom1Feed.content_type
# Signs that no XML may hold; a reason that was typed in may.
CONTROLS = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")


def log(
    changes: Iterable[Change], plan: Plan, absolute: Callable[[str], str], own_path: str
) -> str:
    """These lines of the log as a feed that is found at `own_path`, newest first.

    An entry keeps its id whatever page the log shows it on: its number, by language.
    """
    page = reverse("changes")
    feed = Atom1Feed(
        title=f"{plan.name} – {_('Corrections and revisions')}",
        link=absolute(page),
        description="",
        subtitle=plan.tagline,
        language=get_language(),
        author_name=plan.name,
        feed_url=absolute(own_path),
    )
    for change in changes:
        made = datetime.combine(change.made_on, time.min, timezone.get_default_timezone())
        words = [change.reason, f"{change.get_kind_display()}, {role_of(change)}"]
        feed.add_item(
            title=_clean(sentence_of(change)),
            link=absolute(page_of(change) or page),
            description=escape(_clean(" · ".join(filter(None, words)))),
            unique_id=get_tag_uri(absolute(f"{page}{change.number}"), change.made_on),
            pubdate=made,
            updateddate=made,
        )
    return feed.writeString("utf-8")


def _clean(text: str) -> str:
    return CONTROLS.sub(" ", text)
