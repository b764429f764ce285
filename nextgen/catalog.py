"""The catalogue of the open data: DCAT-AP 3, the profile of the European data portals.

Every node has an address of its own, so that the same data gives the same bytes.
"""

import json
from collections.abc import Callable, Mapping
from datetime import date
from functools import partial
from typing import Any

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import override
from rdflib import DCTERMS, FOAF, RDF, XSD, Graph, Literal, URIRef
from rdflib.term import Node

from milestones.models import Edition
from nextgen import formats
from nextgen.downloads import Download
from nextgen.vocabularies import (
    CC0,
    COUNTRIES,
    DATA_PACKAGE,
    DCAT3,
    EU,
    FILE_TYPES,
    FREQUENCIES,
    IANA,
    LANGUAGES,
    PREFIXES,
    RANGES,
    SPDX,
    VCARD,
)
from projects.models import Pillar, Plan

Described = Mapping[Node, Any]


class Catalog:
    """A plan's catalogue as a graph.

    `found` holds its downloads in each of its languages, `editions` those published in their
    order; `dated` is the day of the data, `site` what stands before every path.
    """

    def __init__(
        self,
        plan: Plan,
        dated: date,
        found: dict[str, list[Download]],
        editions: list[Edition],
        site: str,
    ) -> None:
        self.plan, self.dated, self.found, self.editions = plan, dated, found, editions
        self.site = site
        self.graph = Graph(bind_namespaces="none")
        for prefix, namespace in PREFIXES.items():
            self.graph.bind(prefix, namespace)
        self.shared: Described = {
            DCTERMS.publisher: self._add("publisher", FOAF.Agent, {
                FOAF.name: self._told(lambda: plan.name), FOAF.homepage: self._page("/"),
            }),
            DCTERMS.language: [EU[f"language/{LANGUAGES[code]}"] for code in found],
            DCTERMS.license: CC0,
            DCAT3.contactPoint: self._contact(),
        }  # fmt: skip
        pillars = list(Pillar.objects.all())
        country = COUNTRIES.get(plan.code)
        self.about: Described = {
            **self.shared,
            DCAT3.keyword: [
                word
                for each in pillars
                for word in self._told(partial(getattr, each, "short_name"))
            ],
            DCAT3.theme: [EU["data-theme/GOVE"], EU["data-theme/ECON"]],
            DCTERMS.spatial: [EU[f"country/{country}"]] if country else [],
            DCTERMS.temporal: self._add("period", DCTERMS.PeriodOfTime, {
                DCAT3.startDate: plan.start, DCAT3.endDate: plan.end,
            }),
        }  # fmt: skip
        self._catalog([self._of_plan(), *self._of_editions()])

    def turtle(self) -> bytes:
        return self.graph.serialize(format="turtle", encoding="utf-8")

    def json_ld(self) -> bytes:
        """With its context inside; in an order of its own, as rdflib's is another each time."""
        context = {prefix: str(namespace) for prefix, namespace in PREFIXES.items()}
        made = json.loads(self.graph.serialize(format="json-ld", context=context))
        return (json.dumps(_ordered(made), indent=1, ensure_ascii=False) + "\n").encode()

    def _node(self, name: str) -> URIRef:
        """The address of a thing that the catalogue describes."""
        return URIRef(self._page(reverse("catalog", args=["ttl"])) + f"#{name}")

    def _page(self, path: str) -> URIRef:
        return URIRef(f"{self.site}{path}")

    def _told(self, text: Callable[[], str]) -> list[Literal]:
        """The same words in every language of the plan."""
        told = []
        for language in self.found:
            with override(language):
                told.append(Literal(text(), lang=language))
        return told

    def _add(self, name: str, kind: Node, described: Described) -> URIRef:
        node = self._node(name)
        self.graph.add((node, RDF.type, kind))
        for predicate, values in described.items():
            for value in values if isinstance(values, list) else [values]:
                term = value if isinstance(value, Node) else Literal(value)
                self.graph.add((node, predicate, term))
                if predicate in RANGES:
                    self.graph.add((term, RDF.type, RANGES[predicate]))
        return node

    def _contact(self) -> URIRef:
        """Whom to turn to; an address that nobody set is not invented."""
        contact = settings.SECURITY_CONTACT
        ways = {"mailto": VCARD.hasEmail, "tel": VCARD.hasTelephone}
        way = ways.get(contact.partition(":")[0], VCARD.hasURL)
        reached = URIRef(contact) if contact else self._page("/")
        name = self._told(lambda: self.plan.name)
        return self._add("contact", VCARD.Kind, {VCARD.fn: name, way: reached})

    def _catalog(self, datasets: list[URIRef]) -> None:
        api = self._page("/api/v1/")
        service = self._add("api", DCAT3.DataService, {
            **self.shared,
            DCTERMS.title: self._told(lambda: f"{self.plan.name} – API"),
            DCTERMS.description: self._told(
                lambda: _("Projects, milestones, reports and figures, one request each.")
            ),
            DCAT3.endpointURL: api,
            DCAT3.endpointDescription: URIRef(f"{api}openapi.json"),
            DCAT3.servesDataset: datasets[0],
        })  # fmt: skip
        self._add("catalog", DCAT3.Catalog, {
            **self.shared,
            DCTERMS.title: self._told(
                lambda: _("Open data of {plan}").format(plan=self.plan.name)
            ),
            DCTERMS.description: self._told(
                lambda: _("All that this site says of the plan, as open data.")
            ),
            FOAF.homepage: self._page("/"),
            DCTERMS.issued: self._first_day(),
            DCTERMS.modified: self.dated,
            DCAT3.themeTaxonomy: EU["data-theme"],
            DCAT3.dataset: datasets,
            DCAT3.service: service,
        })  # fmt: skip

    def _first_day(self) -> date:
        days = (edition.report.published_on for edition in self.editions)
        return min(filter(None, days), default=self.plan.start)

    def _of_plan(self) -> URIRef:
        plan = self.plan
        frequency = FREQUENCIES.get(plan.report_interval, "OTHER")
        explained = {each.address for found in self.found.values() for each in found
                     if each.explains}  # fmt: skip
        return self._add("plan", DCAT3.Dataset, {
            **self.about,
            DCTERMS.title: self._told(lambda: plan.official_name),
            DCTERMS.description: self._told(self._description),
            DCTERMS.accrualPeriodicity: EU[f"frequency/{frequency}"],
            DCTERMS.issued: self._first_day(),
            DCTERMS.modified: self.dated,
            DCTERMS.conformsTo: DATA_PACKAGE,
            DCAT3.version: [edition.report.month for edition in self.editions[-1:]],
            DCAT3.hasVersion: [self._edition(each.report.month) for each in self.editions],
            DCAT3.landingPage: self._page("/"),
            DCAT3.distribution: self._distributions(""),
            FOAF.page: [self._page(address) for address in explained],
        })  # fmt: skip

    def _description(self) -> str:
        told = [
            self.plan.tagline,
            _("Projects and their money, milestones, progress reports, payment requests."),
        ]
        if self.plan.demonstration:
            told.append(_("Part of the data is reconstructed and marked so."))
        return " ".join(told)

    def _edition(self, month: str) -> URIRef:
        return self._node(f"edition-{month}")

    def _of_editions(self) -> list[URIRef]:
        """A dataset for each edition, and the series that they are; nothing before the first."""
        if not self.editions:
            return []
        series = self._add("editions", DCAT3.DatasetSeries, {
            **self.about,
            DCTERMS.title: self._told(
                lambda: _("Editions of {plan}").format(plan=self.plan.name)
            ),
            DCTERMS.description: self._told(
                lambda: _("What was frozen each time a progress report was published.")
            ),
            DCTERMS.issued: self._first_day(),
        })  # fmt: skip
        return [series, *(self._of_edition(each, series) for each in self.editions)]

    def _of_edition(self, edition: Edition, series: URIRef) -> URIRef:
        report = edition.report
        return self._add(f"edition-{report.month}", DCAT3.Dataset, {
            **self.about,
            DCTERMS.title: self._told(
                lambda: f"{self.plan.official_name} – {formats.month(report.as_of)}"
            ),
            DCTERMS.description: self._told(
                lambda: _("The plan and its progress as reported for {month}.").format(
                    month=formats.month(report.as_of)
                )
            ),
            DCTERMS.issued: report.published_on or report.as_of,
            DCAT3.version: report.month,
            DCAT3.isVersionOf: self._node("plan"),
            DCAT3.inSeries: series,
            DCAT3.landingPage: [
                URIRef(told) for told in self._told(
                    lambda: self._page(reverse("report", args=[report.month]))
                )
            ],
            DCAT3.distribution: self._distributions(report.month),
        })  # fmt: skip

    def _distributions(self, edition: str) -> list[URIRef]:
        """The files of an edition, or of the plan as it stands where that is ''."""
        [first, *_others] = self.found.values()
        return [
            self._distribution(place, each)
            for place, each in enumerate(first)
            if each.edition == edition and not each.explains
        ]

    def _distribution(self, place: int, download: Download) -> URIRef:
        told = {code: found[place] for code, found in self.found.items()}
        address = self._page(download.address)
        checksum = self._add(f"{download.name}-sha256", SPDX.Checksum, {
            SPDX.algorithm: SPDX.checksumAlgorithm_sha256,
            SPDX.checksumValue: Literal(download.sha256, datatype=XSD.hexBinary),
        })  # fmt: skip
        return self._add(download.name, DCAT3.Distribution, {
            DCTERMS.title: [Literal(each.title, lang=code) for code, each in told.items()],
            DCTERMS.description: [
                Literal(each.description, lang=code) for code, each in told.items()
            ],
            DCTERMS.language: self.shared[DCTERMS.language],
            DCTERMS.license: CC0,
            DCTERMS.modified: download.date,
            DCTERMS.conformsTo: [DATA_PACKAGE] if download.name.endswith(".zip") else [],
            DCTERMS["format"]: EU[f"file-type/{FILE_TYPES[download.media_type]}"],
            DCAT3.mediaType: IANA[download.media_type],
            DCAT3.accessURL: address,
            DCAT3.downloadURL: address,
            DCAT3.byteSize: Literal(download.size, datatype=XSD.nonNegativeInteger),
            SPDX.checksum: checksum,
        })  # fmt: skip


def _ordered(part: Any) -> Any:
    """The same JSON with its lists and keys sorted: in this graph no list has an order."""
    if isinstance(part, list):
        return sorted(map(_ordered, part), key=json.dumps)
    if isinstance(part, dict):
        return {key: _ordered(part[key]) for key in sorted(part)}
    return part


FORMS: dict[str, tuple[str, Callable[[Catalog], bytes]]] = {
    "ttl": ("text/turtle", Catalog.turtle),
    "jsonld": ("application/ld+json", Catalog.json_ld),
}
