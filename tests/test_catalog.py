"""The catalogue that portals harvest tells of all that can be taken away, and tells the truth."""

import hashlib
import subprocess
import sys
from urllib.parse import urlsplit

import pytest
from django.core.cache import cache
from django.test import Client
from django.test.utils import override_settings
from rdflib import DCTERMS, FOAF, RDF, Graph, Namespace, URIRef
from rdflib.compare import isomorphic
from rdflib.term import BNode, Literal, Node

from milestones.actions import open_report, publish, sign_unchanged
from milestones.models import Milestone, User
from nextgen.downloads import downloads
from nextgen.publishing import pack
from projects.models import Plan

pytestmark = pytest.mark.django_db
DCAT = Namespace("http://www.w3.org/ns/dcat#")
SPDX = Namespace("http://spdx.org/rdf/terms#")
VCARD = Namespace("http://www.w3.org/2006/vcard/ns#")
EU = "http://publications.europa.eu/resource/authority/"
SITE = "http://testserver"
LANGUAGES = {"nl", "fr", "de", "en"}
FORMS = {"/catalog.ttl": "text/turtle", "/catalog.jsonld": "application/ld+json"}
# What DCAT-AP 3.0 obliges each class to have.
MANDATORY = {
    DCAT.Catalog: [DCTERMS.title, DCTERMS.description, DCTERMS.publisher, DCAT.dataset],
    DCAT.Dataset: [DCTERMS.title, DCTERMS.description],
    DCAT.DatasetSeries: [DCTERMS.title, DCTERMS.description],
    DCAT.Distribution: [DCTERMS.title, DCTERMS.description, DCAT.accessURL],
    DCAT.DataService: [DCTERMS.title, DCAT.endpointURL],
    FOAF.Agent: [FOAF.name],
    SPDX.Checksum: [SPDX.algorithm, SPDX.checksumValue],
}

WORDS = {DCTERMS.title, DCTERMS.description, FOAF.name}


@pytest.fixture
def edition() -> None:
    """A report published with its package."""
    editor = User.objects.create_user("ed", role="editor")
    report = open_report(month="2024-06", closes_on=None, by=editor)
    milestones = Milestone.objects.filter(assessments__report__month="2023-12")
    sign_unchanged(milestones=milestones, report=report, by=editor)
    publish(report=report, by=editor, pack=pack)


def read(client: Client, address: str = "/catalog.ttl") -> Graph:
    answer = client.get(address)
    assert answer.status_code == 200
    return Graph().parse(data=answer.content, format=FORMS[address])


def one(graph: Graph, kind: Node) -> Node:
    [found] = graph.subjects(RDF.type, kind)
    return found


# rdflib's own reader uses what rdflib gives up.
@pytest.mark.filterwarnings("ignore:ConjunctiveGraph:DeprecationWarning")
def test_both_forms_say_the_same_and_every_thing_has_an_address(
    client: Client, edition: None
) -> None:
    graphs = [read(client, address) for address in FORMS]
    assert isomorphic(*graphs)
    assert not [node for triple in graphs[0] for node in triple if isinstance(node, BNode)]
    for address, media in FORMS.items():
        answer = client.get(address)
        assert answer["Content-Type"].split(";")[0] == media
        assert answer["Access-Control-Allow-Origin"] == "*"
        again = client.get(address, headers={"If-None-Match": answer["ETag"]})
        assert again.status_code == 304


def test_the_same_plan_gives_the_same_bytes(client: Client, edition: None) -> None:
    first = [client.get(address).content for address in FORMS]
    cache.clear()
    assert [client.get(address).content for address in FORMS] == first


def test_the_order_does_not_hang_on_the_process() -> None:
    """Another process hashes otherwise; its catalogue and its tag would differ."""
    program = (
        "from nextgen.catalog import _ordered; from rdflib import Graph, URIRef; import json;"
        "g = Graph(); [g.add((URIRef(f'x:{n}'), URIRef('x:p'), URIRef(f'x:{m}')))"
        " for n in range(9) for m in range(9)];"
        "print(g.serialize(format='turtle'), _ordered(json.loads(g.serialize(format='json-ld'))))"
    )
    command = [sys.executable, "-c", f"import django; django.setup(); {program}"]
    assert subprocess.check_output(command) == subprocess.check_output(command)


def test_what_the_profile_obliges_is_there_in_all_languages(client: Client, edition: None) -> None:
    graph = read(client)
    for kind, predicates in MANDATORY.items():
        found = list(graph.subjects(RDF.type, kind))
        assert found, kind
        for node in found:
            for predicate in predicates:
                values = list(graph.objects(node, predicate))
                assert values, (node, predicate)
                texts = [value for value in values if isinstance(value, Literal) and value.language]
                assert {text.language for text in texts} in (LANGUAGES, set()), (node, predicate)
                assert bool(texts) == (predicate in WORDS), (node, predicate)


def test_every_file_is_as_the_catalogue_says(client: Client, edition: None) -> None:
    graph = read(client)
    addresses = set()
    for node in graph.subjects(RDF.type, DCAT.Distribution):
        address = str(graph.value(node, DCAT.downloadURL))
        answer = client.get(urlsplit(address).path)
        assert answer.status_code == 200, address
        media = str(graph.value(node, DCAT.mediaType))
        assert media.endswith(f"/{answer['Content-Type'].split(';')[0]}")
        assert len(answer.content) == int(str(graph.value(node, DCAT.byteSize)))
        checksum = graph.value(node, SPDX.checksum)
        digest = str(graph.value(checksum, SPDX.checksumValue))
        assert hashlib.sha256(answer.content).hexdigest() == digest
        assert str(graph.value(node, DCTERMS.license)) == f"{EU}licence/CC0"
        assert (None, DCAT.distribution, node) in graph
        addresses.add(address)
    offered = downloads("nl")
    assert addresses == {f"{SITE}{each.address}" for each in offered if not each.explains}
    assert len(addresses) == 4
    plan = one_plan(graph)
    pages = {str(page) for page in graph.objects(plan, FOAF.page)}
    for language in LANGUAGES:
        explained = {f"{SITE}{d.address}" for d in downloads(language) if d.explains}
        assert explained <= pages
    for page in pages:
        assert client.get(urlsplit(page).path).status_code == 200


def one_plan(graph: Graph) -> Node:
    return URIRef(f"{SITE}/catalog.ttl#plan")


def test_the_plan_is_told_by_its_data(client: Client) -> None:
    graph, plan = read(client), Plan.objects.get()
    told = {predicate: str(value) for predicate, value in graph.predicate_objects(one_plan(graph))}
    assert told[DCTERMS.spatial] == f"{EU}country/BEL"
    assert told[DCTERMS.accrualPeriodicity] == f"{EU}frequency/ANNUAL_2"
    assert told[DCAT.version] == "2023-12"
    assert str(graph.value(URIRef(told[DCTERMS.temporal]), DCAT.startDate)) == str(plan.start)
    languages = set(map(str, graph.objects(one_plan(graph), DCTERMS.language)))
    assert languages == {f"{EU}language/{code}" for code in ("NLD", "FRA", "DEU", "ENG")}
    assert {str(name) for name in graph.objects(one(graph, FOAF.Agent), FOAF.name)} == {plan.name}
    service = one(graph, DCAT.DataService)
    assert str(graph.value(service, DCAT.endpointURL)) == f"{SITE}/api/v1/"
    assert graph.value(service, DCAT.servesDataset) == one_plan(graph)


def test_the_editions_are_versions_in_a_series(client: Client, edition: None) -> None:
    graph = read(client)
    series = one(graph, DCAT.DatasetSeries)
    editions = set(graph.subjects(DCAT.inSeries, series))
    assert editions == set(graph.objects(one_plan(graph), DCAT.hasVersion))
    assert len(editions) == 5
    datasets = set(graph.objects(one(graph, DCAT.Catalog), DCAT.dataset))
    assert datasets == {one_plan(graph), series, *editions}
    for page in {str(each) for each in graph.objects(None, DCAT.landingPage)}:
        assert client.get(urlsplit(page).path).status_code in (200, 302), page


@pytest.mark.parametrize(
    ("contact", "way"),
    [
        ("", VCARD.hasURL),
        ("mailto:plan@example.org", VCARD.hasEmail),
        ("https://example.org/contact", VCARD.hasURL),
    ],
)
def test_a_contact_is_the_one_that_was_set_or_the_site(
    client: Client, contact: str, way: Node
) -> None:
    cache.clear()
    with override_settings(SECURITY_CONTACT=contact):
        graph = read(client)
    cache.clear()
    assert str(graph.value(one(graph, VCARD.Kind), way)) == (contact or f"{SITE}/")


@override_settings(SITE_URL="https://example.org")
def test_addresses_are_those_of_the_site_that_is_set(client: Client) -> None:
    for address in FORMS:
        text = client.get(address).content.decode()
        assert "https://example.org/data/nextgen-belgium.zip" in text
        assert SITE not in text


def test_another_plan_has_its_own_catalogue(client: Client) -> None:
    plan = Plan.objects.get()
    plan.code, plan.languages, plan.report_interval = "LOR", "fr;en", 5
    plan.save()
    graph = read(client)
    titles = list(graph.objects(one_plan(graph), DCTERMS.title))
    assert {title.language for title in titles if isinstance(title, Literal)} == {"fr", "en"}
    assert graph.value(one_plan(graph), DCTERMS.spatial) is None
    frequency = graph.value(one_plan(graph), DCTERMS.accrualPeriodicity)
    assert str(frequency) == f"{EU}frequency/OTHER"


def test_without_a_plan_there_is_nothing_to_take_away(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Plan.objects, "first", lambda: None)
    assert downloads("en") == []
    for address in (*FORMS, "/data/nextgen-belgium.zip"):
        assert client.get(address).status_code == 404
    assert client.get("/en/data/dictionary.csv").status_code == 503
