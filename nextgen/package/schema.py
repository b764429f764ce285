"""What a data package looks like: `columns` of a table, and the whole `descriptor`.

Pure Python: it can be imported without Django. The tables themselves stand in `tables.py`.
"""

import json
from typing import Any

from nextgen.package.column import LANGUAGES
from nextgen.package.tables import TABLES

DESCRIPTOR = "datapackage.json"


def columns(table: str, languages: list[str]) -> list[str]:
    """The headings of a table in order, translated ones in the plan's languages only."""
    return list(TABLES[table].by_name(ordered(languages)))


def ordered(languages: list[str]) -> list[str]:
    """These languages in the order that all files keep: nl, fr, de, en."""
    return [language for language in LANGUAGES if language in languages]


def descriptor(languages: list[str]) -> dict[str, Any]:
    """The content of `datapackage.json` for a plan in these languages (Data Package 2.0)."""
    return {
        "$schema": "https://datapackage.org/profiles/2.0/datapackage.json",
        "name": "recovery-and-resilience-plan",
        "title": "A recovery and resilience plan and its progress",
        "description": "Codes, amounts, milestones and reports of one plan. Empty: not given. "
        "Values of a list are joined by ';'. Quarters are written 2024-Q4.",
        "languages": ordered(languages),
        "licenses": [
            {
                "name": "CC0-1.0",
                "path": "https://creativecommons.org/publicdomain/zero/1.0/",
                "title": "CC0 1.0 Universal",
            }
        ],
        "resources": [table.resource(ordered(languages)) for table in TABLES.values()],
    }


def descriptor_text(languages: list[str]) -> str:
    """`datapackage.json` in its canonical form."""
    return json.dumps(descriptor(languages), indent=2, ensure_ascii=False) + "\n"
