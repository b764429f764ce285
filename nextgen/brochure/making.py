"""Makes the brochures of an edition, in every language of the plan, and keeps them."""

import base64
import hashlib
import json
import os
import subprocess
import sys
from collections.abc import Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from threading import Thread
from typing import Any

from django.conf import settings
from django.utils import translation
from django.utils.translation import gettext as _

from milestones.models import Brochure, Change, Edition
from milestones.querysets import COUNTED
from nextgen.brochure.content import content
from nextgen.brochure.source import Scope, Source
from projects.models import Plan

PATIENCE = 30
"""Seconds that setting one brochure may take."""
LIVE = {
    "project": [*COUNTED["project"], "component"],
    "milestone": [*COUNTED["milestone"], "due"],
}
"""What a brochure shows as the plan has it now. Texts are not among them: what cannot be set, or
reads badly, may be mended first."""


class TypesettingError(Exception):
    """Why a brochure was not made, in a sentence."""


def typeset(contents: Sequence[dict[str, Any]]) -> list[bytes]:
    """The PDFs of these contents (`content.content`), the same bytes for the same content.

    In a process of its own: compiling keeps memory that it never frees. Raises TypesettingError for
    the first that cannot be set: a text has a letter that the typeface lacks, or typst failed.
    """
    patience = PATIENCE * len(contents)
    lines = "".join(f"{json.dumps(content)}\n" for content in contents)
    command = [sys.executable, "-m", "nextgen.brochure.typeset"]
    try:
        child = subprocess.run(  # noqa: S603 (our own module)
            command, input=lines, capture_output=True, text=True, encoding="utf-8",
            cwd=settings.BASE_DIR, timeout=patience, check=True,
        )  # fmt: skip
    except subprocess.CalledProcessError as error:
        # One that is killed, as for want of memory, says nothing.
        ended = _("The typesetter ended with code %(code)s.") % {"code": error.returncode}
        raise TypesettingError((error.stderr.strip().splitlines() or [ended])[-1]) from error
    except subprocess.TimeoutExpired as error:
        late = _("It was not done after %(n)s seconds.") % {"n": patience}
        raise TypesettingError(late) from error
    except OSError as error:
        raise TypesettingError(str(error)) from error
    answers = [json.loads(line) for line in child.stdout.splitlines()]
    for answer in answers:
        if "fault" in answer:
            raise TypesettingError(answer["fault"])
    return [base64.b64decode(answer["pdf"]) for answer in answers]


def missing(source: Source, *, parts: bool = True) -> dict[str, list[Scope]]:
    """The scopes of which an edition has no brochure, by language; of its parts unless told."""
    there = set(source.edition.brochures.values_list("scope", "language"))
    scopes = [scope for scope in source.scopes if parts or not scope.name]
    return {
        language: [scope for scope in scopes if (scope.name, language) not in there]
        for language in source.plan.language_codes
    }


def make_missing(edition: Edition, *, parts: bool = True) -> list[Brochure]:
    """The brochures that this edition lacked: of the plan and, unless told, of its parts.

    All are kept or none. Those that another process kept meanwhile are not among those returned.
    Raises TypesettingError where one cannot be set, or would say for ever what is not so: links to
    nowhere, or the plan as it was changed after the report was published.
    """
    source = Source(edition)
    wanted = missing(source, parts=parts)
    if not any(wanted.values()):
        return []
    _refuse_to_mislead(edition)
    # While one language is set in its own process, what the next one says is gathered here.
    with ThreadPoolExecutor(os.cpu_count()) as pool:
        waiting = {
            language: pool.submit(typeset, contents(source, scopes, language))
            for language, scopes in wanted.items()
            if scopes
        }
    made = [
        brochure
        for language, future in waiting.items()
        for brochure in _brochures(edition, language, wanted[language], future)
    ]
    # Somebody may have changed it while it was read.
    _refuse_to_mislead(edition)
    Brochure.objects.bulk_create(made, batch_size=20, ignore_conflicts=True)
    kept = set(edition.brochures.values_list("scope", "language", "made_at"))
    return [each for each in made if (each.scope, each.language, each.made_at) in kept]


def _refuse_to_mislead(edition: Edition) -> None:
    if settings.HTTPS and not settings.SITE_URL:
        raise TypesettingError(
            _("Set SITE_URL first: without it the links of a brochure lead nowhere, for ever.")
        )
    if Change.objects.counted_since(edition, LIVE).exists():
        told = _(
            "The plan has changed since the report %(month)s was published: a brochure made now"
            " would not show it as it was."
        )
        raise TypesettingError(told % {"month": edition.report.month})


def make_parts_later(edition: Edition) -> None:
    """Starts the making of what is missing, which outlives this process and tells it in its log."""
    command = [sys.executable, "manage.py", "brochures", "--edition", edition.report.month]
    more = {"cwd": settings.BASE_DIR, "stdin": subprocess.DEVNULL, "start_new_session": True}
    # A thread that waits for it, or it would stay as a zombie.
    Thread(target=subprocess.run, args=[command], kwargs=more, daemon=True).start()


def contents(source: Source, scopes: list[Scope], language: str) -> list[dict[str, Any]]:
    with translation.override(language):
        return [content(source, scope) for scope in scopes]


def _brochures(
    edition: Edition, language: str, scopes: list[Scope], future: Future[list[bytes]]
) -> Iterator[Brochure]:
    for scope, pdf in zip(scopes, future.result(), strict=True):
        digest = hashlib.sha256(pdf).hexdigest()
        yield Brochure(edition=edition, scope=scope.name, language=language, pdf=pdf, sha256=digest)


def file_name(plan: Plan, brochure: Brochure) -> str:
    """What a brochure is called where it is kept as a file: 'nextgen-belgium-2023-12-fr.pdf'."""
    with translation.override(brochure.language):
        parts = [plan.slug, brochure.scope.lower(), str(brochure.edition)]
    return f"{'-'.join(part for part in [*parts, brochure.language] if part)}.pdf"
