"""The words of DCAT-AP 3: its namespaces, and what of the lists of the EU this catalogue uses."""

from rdflib import DCAT, DCTERMS, FOAF, XSD, Namespace, URIRef
from rdflib.term import Node

from nextgen import xlsx

SPDX = Namespace("http://spdx.org/rdf/terms#")
VCARD = Namespace("http://www.w3.org/2006/vcard/ns#")
# What this release of rdflib does not name yet.
DCAT3 = Namespace(str(DCAT))
EU = Namespace("http://publications.europa.eu/resource/authority/")
CC0 = EU["licence/CC0"]
IANA = Namespace("https://www.iana.org/assignments/media-types/")
DATA_PACKAGE = URIRef("https://datapackage.org/profiles/2.0/datapackage.json")
PREFIXES = {
    "dcat": DCAT3, "dct": DCTERMS, "foaf": FOAF, "spdx": SPDX, "vcard": VCARD, "xsd": XSD,
}  # fmt: skip

LANGUAGES = {"nl": "NLD", "fr": "FRA", "de": "DEU", "en": "ENG"}
FILE_TYPES = {
    "application/zip": "ZIP",
    xlsx.MEDIA_TYPE: "XLSX",
    # The list has no SQLite.
    "application/vnd.sqlite3": "BIN",
}
FREQUENCIES = {
    1: "MONTHLY", 2: "BIMONTHLY", 3: "QUARTERLY", 4: "ANNUAL_3", 6: "ANNUAL_2", 12: "ANNUAL",
    24: "BIENNIAL", 36: "TRIENNIAL",
}  # fmt: skip
# The Member States: only they have such a plan.
COUNTRIES = {
    "AT": "AUT", "BE": "BEL", "BG": "BGR", "CY": "CYP", "CZ": "CZE", "DE": "DEU", "DK": "DNK",
    "EE": "EST", "EL": "GRC", "ES": "ESP", "FI": "FIN", "FR": "FRA", "HR": "HRV", "HU": "HUN",
    "IE": "IRL", "IT": "ITA", "LT": "LTU", "LU": "LUX", "LV": "LVA", "MT": "MLT", "NL": "NLD",
    "PL": "POL", "PT": "PRT", "RO": "ROU", "SE": "SWE", "SI": "SVN", "SK": "SVK",
}  # fmt: skip
# What the profile says that the object of a property is; no portal has to look it up.
RANGES: dict[Node, Node] = {
    DCAT3.dataset: DCAT3.Dataset,
    DCAT3.landingPage: FOAF.Document,
    DCAT3.mediaType: DCTERMS.MediaType,
    DCTERMS.accrualPeriodicity: DCTERMS.Frequency,
    DCTERMS.conformsTo: DCTERMS.Standard,
    DCTERMS["format"]: DCTERMS.MediaTypeOrExtent,
    DCTERMS.language: DCTERMS.LinguisticSystem,
    DCTERMS.license: DCTERMS.LicenseDocument,
    DCTERMS.spatial: DCTERMS.Location,
    FOAF.homepage: FOAF.Document,
    FOAF.page: FOAF.Document,
}
