"""The plan as an edition holds it: a data package that can be read again without a fault."""

from pathlib import Path
from tempfile import NamedTemporaryFile

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from nextgen.package.fault import FaultsError
from nextgen.package.reading import read
from nextgen.package.stored import stored
from nextgen.package.writing import zipped

SHOWN = 20


def pack() -> bytes:
    """The plan as it stands, as a canonical zip.

    Raises ValidationError, with the first faults, where the package breaks a rule that every
    import keeps: an edition that nobody could import again would be worth little.
    """
    package = stored()
    if package is None:
        raise ValidationError(_("There is no plan yet."))
    data = zipped(package)
    with NamedTemporaryFile(suffix=".zip") as file:
        file.write(data)
        file.flush()
        try:
            read(Path(file.name))
        except FaultsError as error:
            raise ValidationError([str(fault) for fault in error.faults[:SHOWN]]) from error
    return data
