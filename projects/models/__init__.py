"""What the plan consists of: pillars, components, authorities, projects, money and recipients."""

from projects.models.plan import Authority, Component, Pillar, Plan, Text, valid_code
from projects.models.project import Allocation, Project, Sourced
from projects.models.recipient import NaturalRecipient, Recipient

__all__ = [
    "Allocation",
    "Authority",
    "Component",
    "NaturalRecipient",
    "Pillar",
    "Plan",
    "Project",
    "Recipient",
    "Sourced",
    "Text",
    "valid_code",
]
