"""Makes the brochures of an edition, in every language of the plan, and keeps them."""

import base64
import hashlib
import json
import os
import subprocess
import sys
from collections.abc import Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Any

from django.conf import settings
from django.utils import translation

from milestones.models import Brochure, Edition
from nextgen.brochure.content import content
from nextgen.brochure.source import Scope, Source
from projects.models import Plan

PATIENCE = 300
"""Seconds that setting the brochures of one language may take."""


class TypesettingError(Exception):
    """Why a brochure could not be set, in a sentence."""


def typeset(contents: Sequence[dict[str, Any]]) -> list[bytes]:
    """The PDFs of these contents (`content.content`), the same bytes for the same content.

    In a process of its own: compiling keeps memory that it never frees. Raises TypesettingError for
    the first that cannot be set: a text has a letter that the typeface lacks, or typst failed.
    """
    lines = "".join(f"{json.dumps(content)}\n" for content in contents)
    command = [sys.executable, "-m", "nextgen.brochure.typeset"]
    try:
        child = subprocess.run(  # noqa: S603 (our own module)
            command, input=lines, capture_output=True, text=True, encoding="utf-8",
            cwd=settings.BASE_DIR, timeout=PATIENCE, check=True,
        )  # fmt: skip
    except subprocess.CalledProcessError as error:
        raise TypesettingError(error.stderr.strip().splitlines()[-1]) from error
    except subprocess.TimeoutExpired as error:
        raise TypesettingError(f"not done after {PATIENCE} seconds") from error
    answers = [json.loads(line) for line in child.stdout.splitlines()]
    for answer in answers:
        if "fault" in answer:
            raise TypesettingError(answer["fault"])
    return [base64.b64decode(answer["pdf"]) for answer in answers]


def make_missing(edition: Edition) -> list[Brochure]:
    """The brochures that this edition lacked: of the plan, its pillars and its authorities.

    All are kept or none, so that the site never shows two editions side by side. Raises
    TypesettingError where one cannot be set.
    """
    source = Source(edition)
    there = set(Brochure.objects.filter(edition=edition).values_list("scope", "language"))
    wanted = {
        language: [scope for scope in source.scopes if (scope.name, language) not in there]
        for language in source.plan.language_codes
    }
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
    return Brochure.objects.bulk_create(made, batch_size=20)


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
