"""The interface's messages: taken from code and templates, kept in locale/*.po, by Babel alone."""

from collections.abc import Iterator
from datetime import UTC, datetime
from io import BytesIO, StringIO
from pathlib import Path
from typing import Any, BinaryIO

from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_dir, extract_python
from babel.messages.pofile import read_po, write_po
from django.conf import settings
from django.utils.translation.template import templatize

SOURCE_LANGUAGE = "en"
KEYWORDS: dict[str, Any] = {
    "_": None,
    "gettext": None,
    "gettext_lazy": None,
    "ngettext": (1, 2),
    "pgettext": ((1, "c"), 2),
    "pgettext_lazy": ((1, "c"), 2),
    "npgettext": ((1, "c"), 2, 3),
}


def extract_template(
    fileobj: BinaryIO, keywords: Any, comment_tags: Any, options: Any
) -> Iterator[Any]:
    """Messages of a Django template: Django turns it into Python, Babel reads that."""
    source = templatize(fileobj.read().decode())
    yield from extract_python(BytesIO(source.encode()), keywords, comment_tags, options)


def extracted() -> Catalog:
    """All messages of the code and the templates."""
    catalog = Catalog(charset="utf-8")
    for folder in ("nextgen", "milestones", "projects", "templates"):
        found = extract_from_dir(
            settings.BASE_DIR / folder,
            method_map=[
                ("**.py", "python"),
                ("**.html", "nextgen.messages:extract_template"),
                ("**.txt", "nextgen.messages:extract_template"),
            ],
            keywords=KEYWORDS,
        )
        for path, _line, message, _comments, context in sorted(found, key=str):
            catalog.add(message, locations=[(f"{folder}/{path}", 0)], context=context)
    return catalog


def languages() -> list[str]:
    """The languages that need a catalogue: all but that of the messages themselves."""
    return [code for code, _name in settings.LANGUAGES if code != SOURCE_LANGUAGE]


def path_of(language: str) -> Path:
    return Path(settings.LOCALE_PATHS[0], language, "LC_MESSAGES", "django.po")


def read(language: str) -> Catalog:
    path = path_of(language)
    if not path.exists():
        return Catalog(locale=language)
    return read_po(StringIO(path.read_text()), locale=language)


def update(language: str) -> Catalog:
    """Brings a language's catalogue up to date and writes it; never guesses a translation."""
    catalog = read(language)
    catalog.update(extracted(), no_fuzzy_matching=True)
    catalog.obsolete.clear()
    # A fixed header: the file changes when a message does, and only then.
    catalog.header_comment = f"# The interface in {language}. Kept by `make messages`."
    catalog.project, catalog.version = "NextGen", "1"
    catalog.msgid_bugs_address = catalog.last_translator = catalog.language_team = "NextGen"
    catalog.creation_date = catalog.revision_date = datetime(2026, 11, 24, tzinfo=UTC)
    path = path_of(language)
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("wb") as file:
        write_po(file, catalog, width=100, no_location=True, sort_output=True, omit_header=False)
    return catalog


def missing(catalog: Catalog) -> list[str]:
    """What this catalogue leaves untranslated, or translates only by guess."""
    return [
        str(message.id)
        for message in catalog
        if message.id and (message.fuzzy or not all(_texts(message.string)))
    ]


def _texts(string: Any) -> tuple[str, ...]:
    return string if isinstance(string, tuple) else (string,)
