"""Who may do what at the desk: one table, by role. Whatever it does not grant is refused.

Rights are asked for as Django asks, 'milestones.change_milestone', with the record where there is
one. A coordinator's rights hold for records whose project his or her authority leads.
"""

from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy as _


class Role(models.TextChoices):
    COORDINATOR = "coordinator", _("coordinator")
    EDITOR = "editor", _("editor")
    AUDITOR = "auditor", _("auditor")
    ADMINISTRATOR = "administrator", _("administrator of accounts")


PLAN = [
    "projects.plan",
    "projects.text",
    "projects.pillar",
    "projects.component",
    "projects.authority",
    "projects.project",
    "projects.allocation",
    "projects.recipient",
    "projects.naturalrecipient",
    "milestones.milestone",
]
CLAIMS = ["milestones.paymentrequest", "milestones.claim", "milestones.verdict"]
REPORTS = ["milestones.progressreport", "milestones.publishedfigure"]
RECORDS = ["milestones.edition", "milestones.change", "auditlog.logentry"]
LOGINS = ["axes.accessattempt", "axes.accessfailurelog", "axes.accesslog"]

LOOK, WRITE = {"view"}, {"view", "add", "change"}

RIGHTS: dict[str, dict[str, set[str]]] = {
    Role.COORDINATOR: {
        "milestones.milestone": {"view", "change"},
        "milestones.assessment": WRITE,
    },
    Role.EDITOR: {
        **dict.fromkeys([*PLAN, *CLAIMS, *REPORTS, "milestones.assessment"], WRITE),
        "projects.allocation": {*WRITE, "delete"},
        "projects.naturalrecipient": {*WRITE, "delete"},
        **dict.fromkeys(RECORDS, LOOK),
    },
    Role.AUDITOR: dict.fromkeys(
        [*PLAN, *CLAIMS, *REPORTS, *RECORDS, *LOGINS, "milestones.assessment", "milestones.user"],
        LOOK,
    ),
    Role.ADMINISTRATOR: {"milestones.user": WRITE, **dict.fromkeys(LOGINS, LOOK)},
}


def may(role: str, permission: str, authority_id: int | None, record: Any = None) -> bool:
    """Whether a person of this role and authority has this permission, for this record."""
    app, _dot, rest = permission.partition(".")
    verb, _line, model = rest.partition("_")
    if verb not in RIGHTS[role].get(f"{app}.{model}", ()):
        return False
    return role != Role.COORDINATOR or record is None or record.lead_id == authority_id


def sees(role: str, app: str) -> bool:
    """Whether a role sees anything of an app."""
    return any(label.startswith(f"{app}.") for label in RIGHTS[role])
