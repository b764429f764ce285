"""What `manage.py doctor` looks at: a function a thing, in the order in which it is told."""

from collections.abc import Iterator

from nextgen.doctor import content, database, deployment, links, machine, reach
from nextgen.doctor.finding import FAULT, WARNING, Check, Finding

CHECKS: list[Check] = [
    deployment.site, deployment.django, deployment.metrics,
    database.answers, database.role, database.guards, database.stamp, database.migrations,
    database.search, database.package,
    content.editions, content.brochures, content.reports, content.persons, content.clock,
    content.statement,
    machine.disk, machine.backups,
    reach.certificate, reach.served, reach.mail, links.links,
]  # fmt: skip
OPTIONS = sorted({each.option for each in CHECKS if each.option})


def examine(*options: str) -> Iterator[Finding]:
    """What each check finds; those that have an option only where it is named."""
    away = False
    for each in CHECKS:
        if each.option and each.option not in options:
            continue
        if each.database and away:
            what = "Not looked at, because the database does not answer."
            yield Finding(each.name, WARNING, what, "Ask again once it does.")
            continue
        for finding in each.findings():
            away = away or (each is database.answers and finding.level == FAULT)
            yield finding
