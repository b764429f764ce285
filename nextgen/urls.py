"""What the site answers. Path words are translated, identifiers and parameters are not."""

from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.conf.urls.i18n import i18n_patterns
from django.contrib import admin
from django.http import HttpResponse
from django.urls import URLPattern, URLResolver, include, path, re_path, register_converter
from django.urls.converters import StringConverter
from django.utils.translation import pgettext_lazy
from django.views.generic import RedirectView

from nextgen.api import docs
from nextgen.api.views import api
from nextgen.pages import (
    about,
    brochure,
    changes,
    charts,
    comparison,
    data,
    downloads,
    errors,
    feeds,
    figures,
    files,
    home,
    machines,
    milestones,
    parts,
)
from nextgen.pages import progress as progress_pages
from nextgen.pages import projects as project_pages
from nextgen.pages import recipients as recipient_pages
from nextgen.pages.cite import TYPES, citation_of


class MonthConverter(StringConverter):
    """A report's month, e.g. 2023-12."""

    regex = r"[12]\d{3}-(?:0[1-9]|1[0-2])"


class SchemeConverter(StringConverter):
    """The colours that a chart is drawn in."""

    regex = "light|dark"


class FormConverter(StringConverter):
    """A form in which a citation is a file."""

    regex = "|".join(TYPES)


register_converter(MonthConverter, "month")
register_converter(SchemeConverter, "scheme")
register_converter(FormConverter, "form")


def at(route: Any, *below: URLPattern) -> URLResolver:
    """What stands at an address and below it; those words are the same in every language."""
    return path(route, include(list(below)))


def citable(page: Callable[..., HttpResponse], name: str) -> list[URLPattern]:
    """A page and, below it, its citation as a file."""
    return [
        path("", page, name=name),
        path("cite.<form:form>", citation_of(page), name=f"{name}_citation"),
    ]


def taken_away(name: str) -> list[URLPattern]:
    """The selection of a list as files and as a feed, below the list."""
    listing = {"name": name}
    return [
        path("export.<slug:form>", files.listed, listing, name=f"{name}_export"),
        path("feed.atom", feeds.listed, listing, name=f"{name}_feed"),
    ]


handler400 = errors.bad_request
handler403 = errors.forbidden
handler404 = errors.not_found
handler500 = errors.server_error

urlpatterns = [
    path("", home.entrance, name="entrance"),
    path("healthz", machines.healthz),
    path("readyz", machines.readyz),
    path("metrics", machines.metrics),
    path("favicon.ico", machines.favicon),
    path("robots.txt", machines.robots),
    path("sitemap.xml", machines.sitemap),
    path(".well-known/security.txt", machines.security),
    path("data/emblem.svg", data.emblem, name="emblem"),
    path("data/<str:name>", downloads.download, name="download"),
    re_path(r"^catalog\.(?P<form>ttl|jsonld)$", downloads.catalog, name="catalog"),
    path(settings.ADMIN_PATH, admin.site.urls),
    path("api/v1/", RedirectView.as_view(pattern_name="api_docs")),
    path("api/v1/docs", docs.page, name="api_docs"),
    path("api/v1/openapi.json", docs.openapi, name="openapi"),
    path("api/v1/", api.urls),
    *i18n_patterns(
        path("", home.home, name="home"),
        path("brochure.pdf", brochure.plan, name="brochure"),
        path(pgettext_lazy("path", "plan/"), about.plan, name="plan"),
        at(
            pgettext_lazy("path", "projects/"),
            *citable(project_pages.projects, "projects"),
            *taken_away("projects"),
        ),
        at(
            pgettext_lazy("path", "projects/<str:code>/"),
            *citable(project_pages.project, "project"),
            path("feed.atom", feeds.project, name="project_feed"),
        ),
        at(
            pgettext_lazy("path", "pillars/<slug:slug>/"),
            path("", parts.pillar, name="pillar"),
            path("feed.atom", feeds.pillar, name="pillar_feed"),
            path("brochure.pdf", brochure.pillar, name="pillar_brochure"),
        ),
        at(
            pgettext_lazy("path", "authorities/<str:code>/"),
            path("", parts.authority, name="authority"),
            path("feed.atom", feeds.authority, name="authority_feed"),
            path("brochure.pdf", brochure.authority, name="authority_brochure"),
        ),
        at(
            pgettext_lazy("path", "milestones/"),
            *citable(milestones.milestones, "milestones"),
            *taken_away("milestones"),
        ),
        at(
            pgettext_lazy("path", "milestones/<str:code>/"),
            *citable(milestones.milestone, "milestone"),
        ),
        path(pgettext_lazy("path", "progress/"), progress_pages.progress, name="progress"),
        at(
            pgettext_lazy("path", "progress/<month:month>/"),
            *citable(progress_pages.report, "report"),
            path("brochure.pdf", brochure.edition, name="edition_brochure"),
        ),
        at(
            pgettext_lazy("path", "progress/<month:earlier>/<month:later>/"),
            *citable(comparison.comparison, "comparison"),
            path("export.<slug:form>", comparison.comparison_export, name="comparison_export"),
            path("feed.atom", comparison.comparison_feed, name="comparison_feed"),
        ),
        path(
            pgettext_lazy("path", "progress/<month:month>/package.zip"),
            progress_pages.package,
            name="edition_package",
        ),
        path(pgettext_lazy("path", "figures/"), figures.figures, name="figures"),
        path(pgettext_lazy("path", "figures/<slug:name>/"), figures.figure, name="figure"),
        at(
            pgettext_lazy("path", "figures/<slug:name>/<month:month>/"),
            *citable(figures.edition_figure, "edition_figure"),
        ),
        at(
            pgettext_lazy("path", "charts/"),
            path("", charts.charts, name="charts"),
            path("<slug:name>/", charts.chart, name="chart"),
            path("<slug:name>/<scheme:scheme>.json", charts.drawing, name="chart_drawing"),
            path("<slug:name>/data.<slug:form>", charts.data, name="chart_data"),
            path("<slug:name>/picture.svg", charts.picture, name="chart_picture"),
        ),
        path(pgettext_lazy("path", "embed/<slug:name>/"), charts.embedded, name="embed"),
        at(
            pgettext_lazy("path", "changes/"),
            path("", changes.changes, name="changes"),
            path("export.<slug:form>", changes.changes_export, name="changes_export"),
            path("feed.atom", changes.changes_feed, name="changes_feed"),
        ),
        at(
            pgettext_lazy("path", "data/"),
            path("", data.data, name="data"),
            path("dictionary.csv", downloads.dictionary, name="dictionary"),
        ),
        at(
            pgettext_lazy("path", "recipients/"),
            path("", recipient_pages.recipients, name="recipients"),
            path(
                "export.<slug:form>", files.listed, {"name": "recipients"}, name="recipients_export"
            ),
        ),
        path(
            pgettext_lazy("path", "accessibility/"),
            about.statement("accessibility"),
            name="accessibility",
        ),
        path(pgettext_lazy("path", "privacy/"), about.statement("privacy"), name="privacy"),
    ),
]
