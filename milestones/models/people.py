"""The people of the desk: who they are, and in which role they work."""

from typing import Any

from django.conf import settings
from django.contrib.auth.models import AbstractBaseUser, BaseUserManager
from django.contrib.auth.validators import UnicodeUsernameValidator
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from milestones.rights import Role, may, sees
from projects.models import Authority
from projects.translated import one_line


class People(BaseUserManager["User"]):
    def create_user(self, username: str, password: str | None = None, **fields: Any) -> "User":
        """A person of the desk; without a password nobody can log in as him or her."""
        person = self.model(username=self.model.normalize_username(username), **fields)
        person.set_password(password)
        person.save(using=self._db)
        return person

    def create_superuser(self, username: str, password: str | None = None, **fields: Any) -> "User":
        """What `createsuperuser` makes: the first administrator of accounts, who makes the rest."""
        return self.create_user(username, password, **{"role": Role.ADMINISTRATOR, **fields})


class User(AbstractBaseUser):
    """Somebody of the desk, with one role; a coordinator works for one authority.

    Rights follow from the role alone (`milestones.rights`): there are no groups, no permissions
    of a person and no superuser.
    """

    username = models.CharField(
        _("user name"),
        max_length=150,
        unique=True,
        validators=[UnicodeUsernameValidator()],
        error_messages={"unique": _("There is an account of this name already.")},
    )
    full_name = models.CharField(_("full name"), max_length=150, blank=True, validators=[one_line])
    email = models.EmailField(_("e-mail"), blank=True)
    role = models.CharField(_("role"), max_length=15, choices=Role, default="auditor")
    authority = models.ForeignKey(
        Authority,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="coordinators",
        verbose_name=_("authority"),
        help_text=_("Of a coordinator: the authority whose projects he or she reports on."),
    )
    language = models.CharField(
        _("language"), max_length=2, choices=settings.LANGUAGES, blank=True,
        help_text=_("Of the desk and of its e-mails; empty: that of the browser."),
    )  # fmt: skip
    wants_mail = models.BooleanField(
        _("wants e-mail"),
        default=True,
        help_text=_("When a report opens, ten days before it closes, and when it is published."),
    )
    is_active = models.BooleanField(
        _("active"), default=True, help_text=_("Accounts are closed, never deleted.")
    )
    date_joined = models.DateTimeField(_("since"), default=timezone.now, editable=False)

    USERNAME_FIELD = "username"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS = ["email"]

    objects = People()

    class Meta:
        verbose_name = _("account")
        verbose_name_plural = _("accounts")
        ordering = ["username"]
        constraints = [
            models.CheckConstraint(condition=Q(role__in=Role.values), name="user_role_known"),
            models.CheckConstraint(
                condition=Q(role="coordinator", authority__isnull=False)
                | (~Q(role="coordinator") & Q(authority=None)),
                name="user_authority_of_coordinators_alone",
                violation_error_message=_("A coordinator, and nobody else, has an authority."),
            ),
        ]

    def __str__(self) -> str:
        return self.full_name or self.username

    @property
    def is_staff(self) -> bool:
        """Everybody who has an account works at the desk."""
        return self.is_active

    def has_perm(self, permission: str, record: models.Model | None = None) -> bool:
        """Whether the role may do this, e.g. 'milestones.change_milestone', to this record."""
        return self.is_active and may(self.role, permission, self.authority_id, record)

    def has_module_perms(self, app: str) -> bool:
        """Whether the role sees anything of this app."""
        return self.is_active and sees(self.role, app)
