"""Who received most: legal persons, and for a time natural persons, in tables of their own."""

from datetime import date

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from projects.models.project import Project
from projects.querysets import NaturalRecipientQuerySet, RecipientQuerySet
from projects.search import SearchField
from projects.translated import no_controls, one_line


class Recipient(models.Model):
    """One of the largest final recipients (Regulation (EU) 2021/241, article 25a), a legal person.

    Article 25a(2), brought in by Regulation (EU) 2023/435: the full legal name and the number for
    VAT or tax, or another that is unique in the country; the amount received and the measures.
    """

    name = models.CharField(_("name"), max_length=200, validators=[one_line])
    identifier = models.CharField(_("identifier"), max_length=40, validators=[one_line])
    amount = models.BigIntegerField(_("amount"), help_text=_("EUR"))
    as_of = models.DateField(_("as of"))
    projects = models.ManyToManyField(
        Project, related_name="recipients", verbose_name=_("projects")
    )
    source = models.TextField(_("source"), blank=True, validators=[no_controls])
    search = SearchField(["name"], [], ["identifier"])

    objects = RecipientQuerySet.as_manager()

    class Meta:
        verbose_name = _("final recipient")
        verbose_name_plural = _("final recipients")
        ordering = ["-amount", "identifier"]
        constraints = [
            models.UniqueConstraint(fields=["identifier", "as_of"], name="recipient_once_a_date"),
            models.CheckConstraint(condition=Q(amount__gte=0), name="recipient_not_negative"),
            models.CheckConstraint(condition=~Q(identifier=""), name="recipient_identified"),
        ]

    def __str__(self) -> str:
        return str(self.name)


class NaturalRecipient(models.Model):
    """A final recipient who is a natural person: first and last name, and no number.

    A table of its own, so that nothing that exports recipients can meet one: a person is on the
    page alone, and only for a time. Article 25a(4) of Regulation (EU) 2021/241: personal data are
    removed two years after the end of the financial year in which the funding was paid.
    """

    name = models.CharField(_("first and last name"), max_length=200, validators=[one_line])
    amount = models.BigIntegerField(_("amount"), help_text=_("EUR"))
    as_of = models.DateField(_("as of"))
    paid_in = models.PositiveSmallIntegerField(
        _("paid in"), help_text=_("The financial year, from January to December.")
    )
    projects = models.ManyToManyField(
        Project, related_name="natural_recipients", verbose_name=_("projects")
    )
    search = SearchField(["name"])

    objects = NaturalRecipientQuerySet.as_manager()

    class Meta:
        verbose_name = _("final recipient, natural person")
        verbose_name_plural = _("final recipients, natural persons")
        ordering = ["-amount", "name"]
        constraints = [
            models.CheckConstraint(condition=Q(amount__gte=0), name="natural_not_negative"),
            models.CheckConstraint(
                condition=Q(paid_in__range=(1900, 2200)), name="natural_paid_in_a_year"
            ),
        ]

    def __str__(self) -> str:
        """Without the name: this is what the history and the pages of the desk keep."""
        return gettext("natural person %(number)s") % {"number": self.pk}

    @property
    def until(self) -> date:
        """The last day on which the name is shown.

        A period in years ends with the last hour of the day on which it began: Regulation (EEC,
        Euratom) No 1182/71, article 3(2)(c).
        """
        return date(self.paid_in + 2, 12, 31)

    def clean(self) -> None:
        """Raises ValidationError where a day or a year is to come, contradicts or is long past."""
        today, faults = timezone.localdate(), {}
        if self.as_of and self.as_of > today:
            faults["as_of"] = _("This day is still to come.")
        if self.paid_in and self.as_of:  # else one of them was not understood
            if self.paid_in > self.as_of.year:
                faults["paid_in"] = _("This is after the date of the amount.")
            elif self.paid_in > today.year:
                faults["paid_in"] = _("This year is still to come.")
            elif self.until < today:
                faults["paid_in"] = _("Two years after this one, names are removed.")
        if faults:
            raise ValidationError(faults)
