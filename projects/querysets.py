"""The vocabulary of the plan as verbs."""

from datetime import date
from typing import TYPE_CHECKING, Self

from django.db import models
from django.db.models import Case, F, Q, When
from django.utils.translation import get_language

from projects.search import MAX_TERMS, has_word, has_words, rank, words

if TYPE_CHECKING:
    from projects.models import (  # noqa: F401
        NaturalRecipient,
        Project,
        Recipient,
        Text,
    )


def in_plan_on(day: date, prefix: str = "") -> Q:
    """Joined on or before this day and not left by then; `prefix` leads to the record."""
    return Q(**{f"{prefix}joined__lte": day}) & (
        Q(**{f"{prefix}left": None}) | Q(**{f"{prefix}left__gt": day})
    )


class ProjectQuerySet(models.QuerySet["Project", "Project"]):
    def in_plan(self, on: date) -> "ProjectQuerySet":
        """Projects that had joined the plan and not left it on this day."""
        return self.filter(in_plan_on(on))

    def carried_by(self, *codes: str) -> "ProjectQuerySet":
        """Projects that one of these authorities leads or carries an allocation of."""
        lead_or_allocation = Q(lead__code__in=codes) | Q(allocations__authority__code__in=codes)
        return self.filter(pk__in=self.model.objects.filter(lead_or_allocation).values("pk"))

    def contributing_to(self, objective: str) -> "ProjectQuerySet":
        """Projects with a contribution above zero to 'climate' or 'digital'."""
        return self.filter(**{f"{objective}_contribution__gt": 0})

    def formerly(self, code: str) -> "Project | None":
        """The project that had this code before it got its present one."""
        return next(
            (p for p in self.filter(former_codes__contains=code) if code in p.former_code_list),
            None,
        )

    def related_to(self, project: "Project") -> "ProjectQuerySet":
        """Others of the same component, else of the same pillar; the same lead first."""
        shared = (
            {"component": project.component} if project.component else {"pillar": project.pillar}
        )
        same_lead = Case(When(lead=project.lead, then=0), default=1)
        return self.filter(**shared).exclude(pk=project.pk).order_by(same_lead, "code")

    def weighted(self, objective: str) -> "ProjectQuerySet":
        """Contributing projects with `counted` (budget × contribution, EUR), largest first."""
        return (
            self.contributing_to(objective)
            .filter(budget__isnull=False)
            .annotate(
                contribution=F(f"{objective}_contribution"),
                counted=F("budget") * F(f"{objective}_contribution") / 100,
            )
            .order_by("-counted", "code")
            .defer("search")
        )

    def matching(self, query: str) -> "ProjectQuerySet":
        """Projects that hold every word of the query, in any language."""
        return self.filter(has_words(query, "search"))

    def by_relevance(self, query: str) -> "ProjectQuerySet":
        """Title before summary before the rest, ties by code."""
        return self.order_by(rank(query), "code")

    def for_rows(self) -> "ProjectQuerySet":
        """With all that a row of a list shows of the project itself."""
        return self.select_related("pillar", "component", "lead").defer("search")


class TextQuerySet(models.QuerySet["Text", "Text"]):
    def of(self, *pages: str) -> dict[str, "Text"]:
        """The texts of these pages in the language in force, by page."""
        return {
            text.page: text for text in self.filter(page__in=pages, language=get_language() or "")
        }


class ReceivingQuerySet[Row: models.Model](models.QuerySet[Row, Row]):
    """Final recipients, each of some projects, as of a day."""

    def of(self, day: date | None) -> Self:
        """Those of the list of this day; of no day, none."""
        return self.filter(Q(as_of=day))

    def matching(self, query: str) -> Self:
        """Those that hold every word of the query, themselves or in one of their projects."""
        every = self.model._default_manager
        condition = Q()
        for term in words(query)[:MAX_TERMS]:
            by_project = every.filter(has_word(term, "projects__search"))
            condition &= has_word(term, "search") | Q(pk__in=by_project.values("pk"))
        return self.filter(condition)

    def by_relevance(self, query: str) -> Self:
        """Name before project, then the largest first."""
        return self.order_by(rank(query), "-amount", "name", "pk")

    def for_rows(self) -> Self:
        """With all that a row of a list shows."""
        return self.prefetch_related("projects").defer("search")


class RecipientQuerySet(ReceivingQuerySet["Recipient"]):
    """Legal persons: all that may be exported."""


class NaturalRecipientQuerySet(ReceivingQuerySet["NaturalRecipient"]):
    def shown(self, on: date) -> Self:
        """Those whose name may be shown on this day: until two years after the year of payment."""
        return self.filter(paid_in__gte=on.year - 2)

    def newest(self, day: date | None) -> Self:
        """Those of the newest list among these that is not later than this day; of no day, none.

        Their file comes apart from the list of legal persons, and so may be of another day.
        """
        if day is None:
            return self.none()
        lists = self.filter(as_of__lte=day).order_by("-as_of").values("as_of")
        return self.filter(as_of=lists[:1])

    def past(self, on: date) -> Self:
        """Those whose name must be removed by this day."""
        return self.filter(paid_in__lt=on.year - 2)
