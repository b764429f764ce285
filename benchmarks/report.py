"""Writes what was measured into docs/performance.md, between its marks, and draws the growth.

`python -m benchmarks.report` reads build/bench.json and build/growth.json, whichever are there.
"""

import json
from collections import defaultdict
from typing import Any

from benchmarks.growing import drawn
from benchmarks.measured import spread
from benchmarks.serving import ROOT

PAGE = ROOT / "docs" / "performance.md"
PICTURE = ROOT / "docs" / "performance.svg"
BENCH, GROWTH = ROOT / "build" / "bench.json", ROOT / "build" / "growth.json"
Rows = list[list[str]]


def table(head: list[str], rows: Rows) -> str:
    lines = [head, ["---", *["---:"] * (len(head) - 1)], *rows]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def of_machine(told: dict[str, Any]) -> str:
    return f"Measured: {', '.join(f'{name} {value}' for name, value in told.items())}."


def of_bench(told: dict[str, Any]) -> str:
    rows = [
        [
            line["what"], line["unit"], spread(line["values"]),
            f"{line['other']}: {spread(line['against'])}" if line["against"] else "",
            "" if line["ratio"] is None else f"{line['ratio']:.2f}"
            + (f" (wanted {line['target']:g})" if line["target"] else ""),
            line["notes"],
        ]
        for line in told["lines"]
    ]  # fmt: skip
    head = ["what", "unit", "here: median (least–most)", "beside it", "ratio", "how"]
    return f"{table(head, rows)}\n\n{of_machine(told['machine'])}"


def of_growth(told: dict[str, Any]) -> str:
    by_page: dict[tuple[str, str], dict[int, dict[str, Any]]] = defaultdict(dict)
    for each in told["pages"]:
        by_page[each["database"], each["page"]][each["times"]] = each
    parts = []
    for database in dict.fromkeys(database for database, _page in by_page):
        sizes = sorted({each["times"] for each in told["pages"]})
        rows = [
            [page, *(cell(found[times]) if times in found else "" for times in sizes)]
            for (of, page), found in by_page.items()
            if of == database
        ]
        head = [database, *(f"× {times:,}" for times in sizes)]
        parts.append(table(head, rows))
    return "\n\n".join([*parts, of_machine(told["machine"])])


def cell(found: dict[str, Any]) -> str:
    """Seconds of the first page after a change and of those that follow, and its queries."""
    first, again = found["first"], found["again"]
    if again["seconds"] is None:
        return "broken off"
    return f"{first['seconds']:.2f} / {again['seconds']:.2f} s"


def main() -> None:
    text = PAGE.read_text()
    for name, file, told_by in (("bench", BENCH, of_bench), ("growth", GROWTH, of_growth)):
        if file.exists():
            told = json.loads(file.read_text())
            head, mark, rest = text.partition(f"<!-- {name} -->\n")
            _old, end, tail = rest.partition(f"<!-- end of {name} -->")
            text = f"{head}{mark}\n{told_by(told)}\n\n{end}{tail}"
            if name == "growth":
                PICTURE.write_text(drawn(told["pages"]))
    PAGE.write_text(text)


if __name__ == "__main__":
    main()
