"""Prints how many seconds it takes to publish a report, freezing an edition of the plan."""

import sys
import time

import django


def main() -> None:
    django.setup()
    from milestones.actions import open_report, publish, sign_unchanged  # noqa: PLC0415
    from milestones.models import Milestone, User  # noqa: PLC0415
    from nextgen.publishing import pack  # noqa: PLC0415

    editor = User.objects.create_user("bench-editor", role="editor")
    report = open_report(month="2024-06", closes_on=None, by=editor)
    sign_unchanged(milestones=Milestone.objects.in_plan(report), report=report, by=editor)
    began = time.perf_counter()
    publish(report=report, by=editor, pack=pack)
    sys.stdout.write(f"{time.perf_counter() - began}\n")


if __name__ == "__main__":
    main()
