"""One machinery for every list: a selection of rows by facets, words and money, in an order.

Nothing here knows HTTP: a selection is parsed from a mapping of parameter names to lists of
values, keeps what it could not understand, and writes itself as a query string again.
"""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property, reduce
from itertools import islice
from operator import or_
from typing import Any
from urllib.parse import urlencode

from django.core.paginator import Page, Paginator
from django.utils.translation import get_language

from projects.listing import Facet, Listing, Option, Text
from projects.search import words
from projects.summary import Summary, among, bits, keys_of, sets

PAGE_SIZE = 25
MAX_QUERY = 200
MAX_BUDGET = 10**15
MAX_VALUES = 40
MAX_WAYS_OUT = 12
TRACKING = re.compile(r"utm_\w+|fbclid|gclid|msclkid|mc_[ce]id|_ga|ref|pk_\w+|mtm_\w+")


@dataclass(frozen=True)
class Unknown:
    """A parameter or value that was not understood and has been left out."""

    parameter: str
    value: str
    known_parameter: bool = True


@dataclass(frozen=True)
class Chip:
    """Something chosen, and the query string of the selection without it."""

    label: Text
    facet: Text
    name: str
    value: str
    without: str


@dataclass(frozen=True)
class Selection:
    """A choice of rows of one listing."""

    listing: Listing
    chosen: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    q: str = ""
    budget_min: int | None = None
    budget_max: int | None = None
    sort: str = ""
    page_number: int = 1
    page_size: int = PAGE_SIZE
    unknown: tuple[Unknown, ...] = ()

    @property
    def parameters(self) -> Sequence[str]:
        """Every parameter that its list understands."""
        return self.listing.parameters

    @classmethod
    def parse(cls, listing: Listing, parameters: Mapping[str, list[str]]) -> "Selection":
        """What these parameters choose; whatever is not understood is kept in `unknown`."""
        unknown: list[Unknown] = []
        values: dict[str, Any] = {"chosen": {}}
        facets = {facet.name: facet for facet in listing.facets}
        for name, values_given in parameters.items():
            given = [value for value in dict.fromkeys(values_given) if value.strip()]
            if name in facets:
                offered = given[:MAX_VALUES]  # nobody chooses more; an address may hold a thousand
                # PostgreSQL would not even look for a value with a NUL.
                known = [
                    v for v in offered if "\0" not in v and facets[name].label_of(v) is not None
                ]
                if known:
                    values["chosen"][name] = tuple(known)
                unknown += [Unknown(name, v) for v in given if v not in known]
            elif name in listing.parameters:
                # Of a parameter that takes one value, the last counts, as in Django.
                *ignored, last = given or [""]
                unknown += [Unknown(name, v) for v in ignored]
                if last and not _read(listing, name, last, values):
                    unknown.append(Unknown(name, last))
            elif not TRACKING.fullmatch(name):
                unknown += [Unknown(name, v, known_parameter=False) for v in given or [""]]
        return cls(listing, unknown=tuple(unknown), **values)

    def _asked(self, *, but: str = "") -> Any:
        """The rows that words, money, and the facets that are asked for alone leave."""
        rows = self.listing.rows()
        if self.q:
            rows = rows.matching(self.q)
        if self.budget_min is not None:
            rows = rows.filter(budget__gte=self.budget_min)
        if self.budget_max is not None:
            rows = rows.filter(budget__lte=self.budget_max)
        for facet in self.listing.facets:
            if facet.asked and facet.name in self.chosen and facet.name != but:
                rows = facet.narrow(rows, self.chosen[facet.name])
        return rows

    @cached_property
    def summary(self) -> Summary:
        if self.listing.summary is None:
            raise TypeError(f"The list of {self.listing.name} is not summed up.")
        return self.listing.summary()

    @property
    def _by_relevance(self) -> bool:
        return bool(self.q) and not self.sort

    @cached_property
    def _ranked(self) -> list[int]:
        """The keys of the rows that words and money leave, the most relevant first."""
        return list(keys_of(self._in_order(self._asked())))

    @cached_property
    def _plain(self) -> int:
        """The set of the rows that are not narrowed by what is summed up."""
        asked = any(facet.asked and facet.name in self.chosen for facet in self.listing.facets)
        if self._by_relevance:
            return bits(self._ranked)
        if asked or self.q or self.budget_min is not None or self.budget_max is not None:
            return bits(keys_of(self._asked().order_by()))
        return self.summary.all

    def _having(self, facet: Facet) -> Mapping[str, int]:
        """The set of rows with each value of a facet, or with each chosen where it is asked."""
        if not facet.asked:
            return self.summary.values(facet.name, facet.pairs)
        if facet.name not in self.chosen:
            return {}
        rows = facet.narrow(self._asked(but=facet.name), self.chosen[facet.name])
        return sets(facet.pairs(rows.order_by()))

    def _found(self, *, but: str = "") -> int:
        """The set of the rows chosen, whatever is chosen in one of the facets."""
        return self._plain & self._chosen_sets(but=but)

    def _chosen_sets(self, *, but: str = "") -> int:
        """What is chosen in the facets that are summed up: all bits are set where nothing is."""
        found = -1
        for facet in self.listing.facets:
            if facet.name in self.chosen and facet.name != but and not facet.asked:
                having = self._having(facet)
                found &= reduce(or_, (having.get(value, 0) for value in self.chosen[facet.name]))
        return found

    @cached_property
    def count(self) -> int:
        """How many rows are chosen."""
        return self._found().bit_count() if self.listing.summary else self.matches.count()

    @cached_property
    def matches(self) -> Any:
        """The rows chosen, in no order."""
        rows = self._asked()
        if any(facet.name in self.chosen and not facet.asked for facet in self.listing.facets):
            rows = rows.filter(pk__among=self._chosen_sets())
        return rows

    def _in_order(self, rows: Any) -> Any:
        if self._by_relevance:
            return rows.by_relevance(self.q)
        name = self.sort or self.listing.default_sort
        sort = next(s for s in self.listing.sorts if s.name == name.removeprefix("-"))
        return rows.order_by(*sort.order(name.startswith("-")))

    @cached_property
    def rows(self) -> Any:
        """The rows chosen, in the order chosen: the same on a page, in an export and the API."""
        return self._in_order(self.matches)

    def window(self, first: int, last: int) -> Any:
        """The rows from one place to before another."""
        if not self.listing.summary:
            return self.rows[first:last]
        return self.records(self.keys(first, last))

    def records(self, keys: Sequence[int]) -> Any:
        """The rows with these keys, in the order chosen."""
        return self._in_order(self.listing.rows().filter(pk__in=keys))

    def keys(self, first: int, last: int) -> list[int]:
        """The keys of the rows from one place to before another, of a list that is summed up."""
        if self._by_relevance:
            ordered = among(self._ranked, self._found())
        else:
            order = self.sort or self.listing.default_sort, get_language()
            ordered = among(self.summary.order(order, self._in_order), self._found())
        return list(islice(ordered, first, last))

    @cached_property
    def page(self) -> Page[Any]:
        """The page asked for; beyond the end, the last."""
        windows: Any = _Windows(self)
        return Paginator(windows, self.page_size).get_page(self.page_number)

    @property
    def shown(self) -> list[int]:
        """The keys of the rows of the page asked for."""
        return self.page.object_list.keys  # type: ignore[no-any-return, attr-defined]

    @cached_property
    def facets(self) -> list[tuple[Facet, list[Option]]]:
        """Each facet with its options, counted as if each alone were chosen in its facet."""
        return [
            (
                facet,
                facet.options(
                    self._labels(facet), self._counter(facet), self.chosen.get(facet.name, ())
                ),
            )
            for facet in self.listing.facets
        ]

    def _labels(self, facet: Facet) -> Mapping[str, Text]:
        if not self.listing.summary:
            return dict(facet.choices())
        return self.summary.labels((facet.name, get_language()), facet.choices)

    def _counter(self, facet: Facet) -> Callable[[str], int]:
        having = self._having(facet)
        # Rows with a value that is asked for are among those found, or the value counts none.
        found = self._found(but=facet.name)
        return lambda value: (found & having.get(value, 0)).bit_count()

    def sorted_by(self) -> str:
        """The sort in force: the one chosen, else relevance for words, else the default."""
        return self.sort or ("relevance" if self.q else self.listing.default_sort)

    def _pairs(self, *, permanent: bool = False) -> Iterator[tuple[str, str]]:
        if self.q:
            yield "q", self.q
        for facet in self.listing.facets:
            for value in self.chosen.get(facet.name, ()):
                yield facet.name, value
        for name in ("budget_min", "budget_max"):
            if (amount := getattr(self, name)) is not None:
                yield name, str(amount)
        if permanent or self.listing.report.month != self.listing.current.month:
            yield self.listing.state, self.listing.report.month
        if self.sort:
            yield "sort", self.sort
        if self.page_number > 1:
            yield "page", str(self.page_number)

    def query_string(self) -> str:
        """The selection as a query string in one normal form, with '?' unless it is empty."""
        query = urlencode(list(self._pairs()))
        return f"?{query}" if query else "?"

    def permanent(self) -> str:
        """The same from its first page, with the report: when the next appears it still holds."""
        return f"?{urlencode(list(replace(self, page_number=1)._pairs(permanent=True)))}"

    def at_page(self, number: int) -> str:
        return replace(self, page_number=number).query_string()

    def filters(self) -> str:
        """The query string without page: what an export of the whole selection asks for."""
        return self.at_page(1).removesuffix("?")

    def all(self) -> "Selection":
        """Nothing chosen, of the same report."""
        return Selection(self.listing)

    def without(self, name: str, value: str = "") -> "Selection":
        """The selection from its first page without one value, or without one parameter."""
        if name in self.chosen:
            left = tuple(v for v in self.chosen[name] if value and v != value)
            chosen = {**self.chosen, name: left}
            return replace(self, page_number=1, chosen={k: v for k, v in chosen.items() if v})
        nothing: dict[str, Any] = {name: "" if name == "q" else None}
        return replace(self, page_number=1, **nothing)

    @cached_property
    def chips(self) -> list[Chip]:
        """All that is chosen, in the order of the form."""
        return [
            *(
                Chip(label, "", name, str(value), self.without(name).query_string())
                for name, value, label in self._plain_choices()
            ),
            *(
                Chip(
                    facet.label_of(value) or value,
                    facet.label,
                    facet.name,
                    value,
                    self.without(facet.name, value).query_string(),
                )
                for facet in self.listing.facets
                for value in self.chosen.get(facet.name, ())
            ),
        ]

    def _plain_choices(self) -> Iterator[tuple[str, Any, str]]:
        if self.q:
            yield "q", self.q, f"“{self.q}”"
        if self.budget_min is not None:
            yield "budget_min", self.budget_min, str(self.budget_min)
        if self.budget_max is not None:
            yield "budget_max", self.budget_max, str(self.budget_max)

    def ways_out(self) -> list[tuple[Chip, int]]:
        """For an empty selection: what to drop, with the rows that it would give."""
        chips = self.chips[:MAX_WAYS_OUT]
        ways = [(chip, self.without(chip.name, chip.value).count) for chip in chips]
        return [(chip, count) for chip, count in ways if count]


def _read(listing: Listing, name: str, value: str, values: dict[str, Any]) -> bool:
    """Puts a single value where it belongs; False if it is not understood."""
    match name:
        case "q" if len(value) <= MAX_QUERY and "\0" not in value and words(value):
            values["q"] = value.strip()
        case "budget_min" | "budget_max" if (
            re.fullmatch(r"[0-9]{1,15}", value) and int(value) <= MAX_BUDGET
        ):
            values[name] = int(value)
        case "sort" if value.removeprefix("-") in [sort.name for sort in listing.sorts]:
            values["sort"] = value
        case "page" if re.fullmatch(r"[1-9][0-9]{0,6}", value):
            values["page_number"] = int(value)
        case listing.state if value in listing.reports:
            pass  # The listing was already built for it.
        case _:
            return False
    return True


class _Windows:
    """The rows of a selection as a paginator asks for them."""

    def __init__(self, selection: Selection) -> None:
        self.selection = selection

    def __len__(self) -> int:
        return self.selection.count

    def __getitem__(self, wanted: slice) -> "_Window":
        return _Window(self.selection, wanted.start, wanted.stop)


class _Window(Sequence[Any]):
    """The rows of one page; the records themselves are read only where somebody looks at them."""

    def __init__(self, selection: Selection, first: int, last: int) -> None:
        self.selection, self.first, self.last = selection, first, last

    @cached_property
    def keys(self) -> list[int]:
        return self.selection.keys(self.first, self.last)

    @cached_property
    def _records(self) -> list[Any]:
        return list(self.selection.window(self.first, self.last))

    def __len__(self) -> int:
        return max(0, min(self.last, self.selection.count) - self.first)

    def __getitem__(self, place: Any) -> Any:
        return self._records[place]

    def __iter__(self) -> Iterator[Any]:
        return iter(self._records)
