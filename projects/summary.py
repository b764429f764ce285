"""What is counted over all rows of a list, in memory.

A set of rows is one whole number with a bit a row, at the place of the row's key. Any selection is
then counted in all its facets by a few operations on such numbers, on every database alike, and a
page of it is found by following the order of all rows. Nothing here outlives a revision, and no
process keeps more than a bounded number of things.
"""

from array import array
from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping, Sequence
from functools import cached_property
from threading import RLock
from typing import Any

from django.db.models import BigAutoField, Lookup

MOST_ORDERS = 8  # of one list: each takes eight bytes a row
_building = RLock()


def bits(keys: Iterable[int]) -> int:
    """The set of these keys."""
    return sets((key, "") for key in keys).get("", 0)


def keys(found: int) -> list[int]:
    """The keys in a set, in their order."""
    return [key for key, bit in enumerate(bin(found)[:1:-1]) if bit == "1"]


def sets(pairs: Iterable[tuple[int, Any]]) -> dict[str, int]:
    """The set of the keys that have each value; an empty value is called 'none'."""
    found: dict[Any, bytearray] = {}
    for key, value in pairs:
        of = found.setdefault(value, bytearray())
        if (place := key >> 3) >= len(of):
            of.extend(bytes(place + 1 - len(of)))
        of[place] |= 1 << (key & 7)
    return {
        "none" if value is None else str(value): int.from_bytes(of, "little")
        for value, of in found.items()
    }


def keys_of(rows: Any) -> Iterator[int]:
    """The keys of rows in their order, without any other part of them."""
    found: Iterator[int] = rows.prefetch_related(None).values_list("pk", flat=True).iterator()
    return found


def pairs_of(rows: Any, path: str) -> Iterator[tuple[int, Any]]:
    """The key of each row with its value at a path, in no order."""
    found: Iterator[tuple[int, Any]] = (
        rows.order_by().prefetch_related(None).values_list("pk", path).iterator()
    )
    return found


class Summary:
    """All rows of a list as sets by the values of its facets, and as sequences by its orders.

    `rows` gives the rows; each part is read from the database when it is first asked for.
    """

    def __init__(self, rows: Callable[[], Any]) -> None:
        self.rows = rows
        self._values: dict[str, dict[str, int]] = {}
        self._orders: dict[Hashable, array[int]] = {}
        self._labels: dict[Hashable, dict[str, Any]] = {}

    @cached_property
    def all(self) -> int:
        return bits(keys_of(self.rows().order_by()))

    def values(
        self, name: str, pairs: Callable[[Any], Iterable[tuple[int, Any]]]
    ) -> dict[str, int]:
        """The rows that have each value of a facet; `pairs` gives keys of rows with their values.

        An empty value is called 'none'.
        """
        if name not in self._values:
            with _building:
                if name not in self._values:
                    self._values[name] = sets(pairs(self.rows()))
        return self._values[name]

    def labels(
        self, name: Hashable, choices: Callable[[], Iterable[tuple[str, Any]]]
    ) -> Mapping[str, Any]:
        """The values that a facet offers, with their labels in one language."""
        if name not in self._labels:
            self._labels[name] = dict(choices())
        return self._labels[name]

    def order(self, name: Hashable, ordered: Callable[[Any], Any]) -> Sequence[int]:
        """The keys of all rows in an order, which `ordered` gives to rows."""
        found = self._orders.get(name)
        if found is None:
            with _building:
                found = self._orders.get(name)
                if found is None:
                    found = array("q", keys_of(ordered(self.rows())))
                    if len(self._orders) >= MOST_ORDERS:
                        del self._orders[next(iter(self._orders))]
                    self._orders[name] = found
        return found


def among(ordered: Iterable[int], found: int) -> Iterator[int]:
    """Those of the keys that are in a set, in their order."""
    held = found.to_bytes(found.bit_length() // 8 + 1, "little")
    end = len(held)
    return (key for key in ordered if key >> 3 < end and held[key >> 3] >> (key & 7) & 1)


@BigAutoField.register_lookup
class Among(Lookup):
    """`pk__among=a set of keys`: one parameter, however many keys it holds."""

    lookup_name = "among"
    prepare_rhs = False

    def as_sql(self, compiler: Any, connection: Any) -> tuple[str, Any]:
        column, params = self.process_lhs(compiler, connection)
        written = ",".join(map(str, keys(self.rhs)))
        if connection.vendor == "postgresql":
            return f"{column} = ANY(%s::bigint[])", [*params, f"{{{written}}}"]
        chosen = "IN (SELECT value FROM json_each(%s))"
        return f"{column} {chosen}", [*params, f"[{written}]"]
