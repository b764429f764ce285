"""Importing a plan: all or nothing, checked against what is published, told in the public log."""

from django.db import transaction
from django.db.models import ProtectedError

from milestones.editions import freeze_missing
from milestones.log import Line, append
from nextgen.package import history, published
from nextgen.package.applying import Writer
from nextgen.package.difference import Difference, difference
from nextgen.package.fault import Fault, FaultsError
from nextgen.package.log import lines
from nextgen.package.package import Package
from nextgen.package.stored import MODELS, stored
from nextgen.package.tables import TABLES
from projects.models import Plan


class UnexplainedError(Exception):
    """Public values would change, and nobody said why."""


def compare(package: Package) -> tuple[Difference, list[Line]]:
    """What the package would change, and what the log would tell of it; writes nothing.

    Raises FaultsError where the package touches what is published.
    """
    before = stored()
    found = difference(before, package)
    if before is None:
        return found, []
    faults = list(published.refused(before, found))
    if faults:
        raise FaultsError(faults)
    return found, lines(package, found, published.months(before))


@transaction.atomic
def import_plan(
    package: Package,
    *,
    why: str = "",
    kind: str = "correction",
    role: str = "administrator",
    document: str = "",
) -> Difference:
    """Makes the database say what the package says, and returns what that changed.

    `why` is asked for once public values of a plan change; with `kind` ('correction' or
    'revision'), `role` and `document` it goes into the log. Raises FaultsError or
    UnexplainedError, and has then written nothing.
    """
    Plan.objects.select_for_update().first()  # two imports follow one another
    first = not Plan.objects.exists()
    found, told = compare(package)
    if told and not why.strip():
        raise UnexplainedError(f"{len(told)} public values change: say why")
    try:
        writer = Writer()
        writer.apply(found)
    except ProtectedError as error:
        raise FaultsError([_needed(error)]) from error
    if told:
        append(told, kind=kind, reason=why, role=role, document=document)
    if not first:
        history.tell(found, writer, role)
    freeze_missing()
    return found


def _needed(error: ProtectedError) -> Fault:
    """The fault of a row that cannot go because a record outside the package needs it."""
    needed_by = next(iter(error.protected_objects))
    field = next(
        each
        for each in needed_by._meta.concrete_fields
        if each.is_relation and each.related_model in MODELS.values()
    )
    table = next(name for name, model in MODELS.items() if model is field.related_model)
    needed = getattr(needed_by, field.name)
    key = getattr(needed, TABLES[table].key[0], needed)
    told = f"{key} cannot go: {needed_by._meta.verbose_name} {needed_by}"
    return Fault(TABLES[table].path, 0, "", f"{told} belongs to it; keep its row")
