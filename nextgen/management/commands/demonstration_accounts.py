"""`manage.py demonstration_accounts`: an account of each role, to try the desk with."""

import secrets
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db import transaction

from milestones.models import User
from milestones.rights import Role
from projects.models import Authority, Plan


class Command(BaseCommand):
    help = "Make an account of each role, or renew its password; for a demonstration only."

    @transaction.atomic
    def handle(self, *_args: Any, **_options: Any) -> None:
        if settings.SECOND_FACTOR or not Plan.objects.filter(demonstration=True).exists():
            raise CommandError(
                "Demonstration accounts are for a plan that says it is a demonstration,"
                " served with SECOND_FACTOR=0: try `make accounts`."
            )
        wanted: list[tuple[str, Authority | None]] = [
            (Role.COORDINATOR, authority) for authority in Authority.objects.order_by("position")
        ]
        wanted += [(role, None) for role in Role if role != Role.COORDINATOR]
        for role, authority in wanted:
            name = f"{role}-{authority.code.lower()}" if authority else str(role)
            password = secrets.token_urlsafe(12)
            person = User.objects.filter(username=name).first() or User(username=name)
            person.role, person.authority, person.is_active = role, authority, True
            person.set_password(password)
            person.save()
            self.stdout.write(f"{name:<20} {password}")
