"""How the plan is going: milestones, reports, claims, the public log, people of the desk."""

from milestones.models.change import Change
from milestones.models.milestone import Milestone
from milestones.models.people import User
from milestones.models.report import (
    Assessment,
    Brochure,
    Edition,
    ProgressReport,
    PublishedFigure,
    Status,
)
from milestones.models.request import Claim, Outcome, PaymentRequest, Verdict
from milestones.models.stamp import Stamp
from milestones.rights import Role

__all__ = [
    "Assessment",
    "Brochure",
    "Change",
    "Claim",
    "Edition",
    "Milestone",
    "Outcome",
    "PaymentRequest",
    "ProgressReport",
    "PublishedFigure",
    "Role",
    "Stamp",
    "Status",
    "User",
    "Verdict",
]
