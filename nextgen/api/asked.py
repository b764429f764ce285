"""What a request to the API asks for, and what of it nobody understands."""

import re
from collections.abc import Callable
from dataclasses import dataclass

from django.http import JsonResponse

from nextgen.pages.base import SiteRequest
from nextgen.pages.export import misunderstood
from projects.selection import MAX_VALUES, TRACKING, Unknown

PAGE_SIZE, MAX_PAGE_SIZE = 100, 500  # rows
# A whole number of JSON Schema may be written as 10.0.
PAGE, MAX_PAGE = r"[1-9][0-9]{0,6}(\.0+)?", 9_999_999
ALLOWED = {
    name: f"one whole number from 1 to {most}"
    for name, most in (("page", MAX_PAGE), ("page_size", MAX_PAGE_SIZE))
}


@dataclass(frozen=True)
class Speech:
    """In which of the plan's languages texts are told: in one, or with '' in all."""

    language: str
    languages: list[str]

    @property
    def writing(self) -> str:
        """The language of what has but one, such as addresses: English where none was chosen."""
        english = "en" if "en" in self.languages else next(iter(self.languages), "en")
        return self.language or english


def whole(written: str) -> int:
    return int(written.partition(".")[0])


class Asked:
    """The parameters of one request; those that are taken are gone from `parameters`."""

    def __init__(self, request: SiteRequest) -> None:
        given = {name: request.GET.getlist(name) for name in request.GET}
        self.parameters = {n: v for n, v in given.items() if not TRACKING.fullmatch(n)}
        # A page forgives blanks and values beyond reason; a program should hear of them.
        self.unknown = [
            Unknown(name, value)
            for name, values in self.parameters.items()
            for value in [*(v for v in values if v and v.isspace()), *values[MAX_VALUES:][:1]]
        ]
        languages = request.plan.language_codes if request.plan else []
        self.speech = Speech(self.take("lang", languages.__contains__), languages)

    def take(self, name: str, known: Callable[[str], object]) -> str:
        """The value of a parameter that takes one; '' where it was not given or not understood."""
        *ignored, value = [v for v in dict.fromkeys(self.parameters.pop(name, [])) if v] or [""]
        understood = not value or known(value)
        self.unknown += [Unknown(name, v) for v in ([] if understood else [value]) + ignored]
        return value if understood else ""

    def take_page(self) -> int:
        return whole(self.take("page", re.compile(PAGE).fullmatch) or "1")

    def take_page_size(self) -> int:
        """Rows on a page."""

        def known(value: str) -> bool:
            return bool(re.fullmatch(PAGE, value)) and whole(value) <= MAX_PAGE_SIZE

        return whole(self.take("page_size", known) or str(PAGE_SIZE))

    def problem(self, known: list[str]) -> JsonResponse | None:
        """400 that names what was not understood; None if all was."""
        left = [
            Unknown(name, value, known_parameter=False)
            for name, values in self.parameters.items()
            for value in values
        ]
        return misunderstood([*self.unknown, *left], known, ALLOWED)
