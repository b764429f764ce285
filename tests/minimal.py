"""The plan of an invented country, to try what would take long with that of Belgium."""

from pathlib import Path

from django.core.management import call_command

from milestones.models import (
    Assessment,
    Change,
    Claim,
    Edition,
    Milestone,
    PaymentRequest,
    ProgressReport,
    PublishedFigure,
    Verdict,
)
from projects.models import (
    Allocation,
    Authority,
    Component,
    Pillar,
    Plan,
    Project,
    Recipient,
    Text,
)
from tests.thaw import thawed

MINIMAL = Path("fixtures/minimal")
CONTENTS = [
    Edition, Change, Verdict, Claim, PaymentRequest, PublishedFigure, Assessment, ProgressReport,
    Milestone, Allocation, Recipient, Project, Component, Pillar, Authority, Text, Plan,
]  # fmt: skip


def import_minimal_plan() -> None:
    """Put the minimal plan in place of the Belgian one, until the transaction is rolled back."""
    with thawed():
        Assessment.objects.update(corrects=None, version=1)
        Project.objects.update(successor=None)
        for model in CONTENTS:
            model._default_manager.all().delete()
    call_command("import_plan", str(MINIMAL), verbosity=0)
