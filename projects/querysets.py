"""The vocabulary of the plan as verbs."""

from datetime import date
from typing import TYPE_CHECKING, Any

from django.db import models
from django.db.models import F, Q, Sum
from django.utils.translation import get_language

from projects.search import has_words, rank

if TYPE_CHECKING:
    from projects.models import Project, Text


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
        lead_or_allocation = Q(lead__code__in=codes) | Q(
            allocations__authority__code__in=codes
        )
        return self.filter(
            pk__in=self.model.objects.filter(lead_or_allocation).values("pk")
        )

    def contributing_to(self, objective: str) -> "ProjectQuerySet":
        """Projects with a contribution above zero to 'climate' or 'digital'."""
        return self.filter(**{f"{objective}_contribution__gt": 0})

    def matching(self, query: str) -> "ProjectQuerySet":
        """Projects that hold every word of the query, in any language."""
        return self.filter(has_words(query, "search"))

    def by_relevance(self, query: str) -> "ProjectQuerySet":
        """Title before summary before the rest, ties by code."""
        return self.order_by(rank(query), "code")

    def for_rows(self) -> "ProjectQuerySet":
        """With all that a row of a list shows of the project itself."""
        return self.select_related("pillar", "component", "lead").defer("search")

    def money(self) -> dict[str, Any]:
        """Σ budget in EUR, how many budgets are not published, and Σ budget × contribution."""
        return self.aggregate(
            budget=Sum("budget", default=0),
            projects=models.Count("pk"),
            unpublished=models.Count("pk", filter=Q(budget=None)),
            climate=Sum(F("budget") * F("climate_contribution"), default=0),
            digital=Sum(F("budget") * F("digital_contribution"), default=0),
        )


class TextQuerySet(models.QuerySet["Text", "Text"]):
    def of(self, *pages: str) -> dict[str, "Text"]:
        """The texts of these pages in the language in force, by page."""
        return {
            text.page: text
            for text in self.filter(page__in=pages, language=get_language() or "")
        }
