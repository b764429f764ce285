"""Whether the addresses that the plan points to still answer."""

import re
from collections import defaultdict
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from time import sleep
from urllib.parse import urlsplit

from django.apps import apps
from django.db.models import Field, TextField, URLField

from nextgen.doctor.finding import Problem, check, warning
from nextgen.doctor.reach import ask

AT_ONCE = 4
BREATH = 0.5
"""Seconds between two questions to the same host."""
OURS = ("projects", "milestones")
ADDRESS = re.compile(r"https?://[^\s<>\"'\])}]+")


@check("links", database=True, option="links")
def links() -> Iterator[Problem]:
    """Every address that the plan points to answers."""
    hosts: dict[str, list[str]] = defaultdict(list)
    named = addresses()
    for address in named:
        hosts[urlsplit(address).netloc].append(address)
    with ThreadPoolExecutor(AT_ONCE) as pool:
        for found in pool.map(_of_one_host, hosts.values()):
            for address, why in found:
                yield warning(
                    f"{address} {why}; {named[address]} points to it.", "Find its new address."
                )


def addresses() -> dict[str, str]:
    """The addresses in links, sources and texts, each with one record that names it."""
    found: dict[str, str] = {}
    for app in OURS:
        for model in apps.get_app_config(app).get_models():
            fields = [f.name for f in model._meta.get_fields() if _may_hold_one(f)]
            for row in model._base_manager.values("pk", *fields).iterator(chunk_size=500):
                for name in fields:
                    for address in ADDRESS.findall(row[name] or ""):
                        where = f"{model._meta.verbose_name} {row['pk']}, {name}"
                        found.setdefault(address.rstrip(".,;:"), where)
    return found


def _may_hold_one(field: object) -> bool:
    """Links, and texts that may have one in them; not the words of the search."""
    return isinstance(field, Field) and field.editable and isinstance(field, (URLField, TextField))


def _of_one_host(addresses: list[str]) -> list[tuple[str, str]]:
    """Those that do not answer, and how; asked one after the other."""
    dead = []
    for number, address in enumerate(addresses):
        if number:
            sleep(BREATH)
        if why := _trouble(address):
            dead.append((address, why))
    return dead


def _trouble(address: str) -> str:
    """Not every server knows HEAD, so what refuses it is asked again as a browser would."""
    for method in ("HEAD", "GET"):
        try:
            status, _text = ask(address, method)
        except (OSError, ValueError) as error:
            why = f"does not answer ({getattr(error, 'reason', error)})"
        else:
            if status < 400:
                return ""
            why = f"answers {status}"
    return why
