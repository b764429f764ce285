"""`manage.py close_plan`: the plan is over; or, with --reopen, it is not."""

from argparse import ArgumentParser
from typing import Any

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError

from milestones import actions
from projects.models import Plan


class Command(BaseCommand):
    help = "Closes the plan after its last day: the site then shows what came of it."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--why", required=True, help="the reason that the public log tells")
        parser.add_argument("--document", default="", help="address of the decision")
        parser.add_argument("--reopen", action="store_true", help="take the closing back")

    def handle(self, **options: Any) -> None:
        turn = actions.reopen_plan if options["reopen"] else actions.close_plan
        try:
            plan = turn(why=options["why"], document=options["document"])
        except Plan.DoesNotExist as error:
            raise CommandError("There is no plan yet.") from error
        except ValidationError as error:
            raise CommandError(" ".join(error.messages)) from error
        self.stdout.write(f"The plan {plan.code} is {plan.state}.")
