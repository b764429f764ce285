"""The search: words normalised by us, so that every database finds the same rows.

A searchable model keeps one `SearchField`. It holds each word of the record once, at its best
place: `^word` for the title, `~word` for the summary, `.word` for the rest.
"""

import re
import unicodedata
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from django.db import models
from django.db.models import Case, IntegerField, Lookup, Q, Value, When

from projects.indexing import AS_VECTOR, TABLES
from projects.translated import columns

if TYPE_CHECKING:
    TextField = models.TextField[str, str]
else:
    TextField = models.TextField

PLACES = "^~."
MAX_TERMS = 8
LONGEST = 100  # letters of a word that are looked at: PostgreSQL indexes no word of thousands
LETTERS = str.maketrans({"œ": "oe", "æ": "ae", "ø": "o"})


def words(text: str) -> list[str]:
    """The words of a text without case and accents: 'Énergie, n° 5' gives ['energie', 'n', '5']."""
    flat = unicodedata.normalize("NFKD", text.casefold().translate(LETTERS))
    return re.findall(r"[a-z0-9]+", "".join(c for c in flat if not unicodedata.combining(c)))


class SearchField(TextField):
    """Fills itself, on every save and bulk insert, from the fields of three places.

    `places` names, for title, summary and rest, plain fields or translated texts of the model.
    """

    def __init__(self, *places: Iterable[str], **options: Any) -> None:
        self.places = [list(place) for place in places]
        super().__init__(**{"editable": False, "default": "", **options})

    def deconstruct(self) -> Any:
        name, path, _args, options = super().deconstruct()
        return name, path, self.places, options

    def pre_save(self, model_instance: models.Model, add: bool) -> str:
        found: dict[str, str] = {}
        for mark, names in zip(PLACES, self.places, strict=False):
            for name in names:
                for column in (
                    columns(name) if hasattr(model_instance, columns(name)[0]) else [name]
                ):
                    for word in words(str(getattr(model_instance, column) or "")):
                        found.setdefault(word[:LONGEST], mark)
        value = "".join(f" {mark}{word}" for word, mark in found.items())
        setattr(model_instance, self.attname, value)
        return value


@SearchField.register_lookup
class Holds(Lookup):
    """`search__holds="^energ .energ"`: a word begins like one of these, each with its place."""

    lookup_name = "holds"
    prepare_rhs = False

    def as_sql(self, compiler: Any, connection: Any) -> Any:
        column, params = self.process_lhs(compiler, connection)
        beginnings: list[str] = self.rhs.split()
        if connection.vendor == "postgresql":
            asked = " | ".join(f"'{each}':*" for each in beginnings)
            return f"{AS_VECTOR.format(column=column)} @@ %s::tsquery", [*params, asked]
        table, alias = self.lhs.target.model._meta.db_table, self.lhs.alias
        if table in TABLES:
            asked = " OR ".join(f'"{each}"*' for each in beginnings)
            chosen = f"SELECT rowid FROM {table}_words WHERE {table}_words MATCH %s"  # noqa: S608
            return f"{compiler.quote_name(alias)}.id IN ({chosen})", [asked]
        either = " OR ".join([f"{column} LIKE %s"] * len(beginnings))
        return f"({either})", [*params * len(beginnings), *(f"% {each}%" for each in beginnings)]


def has_word(term: str, path: str, places: str = PLACES) -> Q:
    """Records in which a word at one of the places begins with `term`."""
    return Q(**{f"{path}__holds": " ".join(f"{mark}{term[:LONGEST]}" for mark in places)})


def has_words(query: str, path: str, places: str = PLACES) -> Q:
    """Records that hold every word of `query` (its first eight) in a search column."""
    condition = Q()
    for term in words(query)[:MAX_TERMS]:
        condition &= has_word(term, path, places)
    return condition


def rank(query: str, path: str = "search") -> Case:
    """0 where the title alone has every word, 1 where title and summary do, else 2."""
    return Case(
        When(has_words(query, path, places="^"), then=Value(0)),
        When(has_words(query, path, places="^~"), then=Value(1)),
        default=Value(2),
        output_field=IntegerField(),
    )
