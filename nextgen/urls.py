"""What the site answers. Path words are translated, identifiers and parameters are not."""

from django.conf.urls.i18n import i18n_patterns
from django.contrib import admin
from django.urls import path, register_converter
from django.urls.converters import StringConverter
from django.utils.translation import pgettext_lazy
from django.views.generic import RedirectView

from nextgen.api import docs
from nextgen.api.views import api
from nextgen.pages import about, changes, errors, figures, home, machines, milestones, parts
from nextgen.pages import progress as progress_pages
from nextgen.pages import projects as project_pages


class MonthConverter(StringConverter):
    """A report's month, e.g. 2023-12."""

    regex = r"[12]\d{3}-(?:0[1-9]|1[0-2])"


register_converter(MonthConverter, "month")

handler400 = errors.bad_request
handler403 = errors.forbidden
handler404 = errors.not_found
handler500 = errors.server_error

urlpatterns = [
    path("", home.entrance, name="entrance"),
    path("healthz", machines.healthz),
    path("readyz", machines.readyz),
    path("favicon.ico", machines.favicon),
    path("robots.txt", machines.robots),
    path("sitemap.xml", machines.sitemap),
    path(".well-known/security.txt", machines.security),
    path("admin/", admin.site.urls),
    path("api/v1/", RedirectView.as_view(pattern_name="api_docs")),
    path("api/v1/docs", docs.page, name="api_docs"),
    path("api/v1/openapi.json", docs.openapi, name="openapi"),
    path("api/v1/", api.urls),
    *i18n_patterns(
        path("", home.home, name="home"),
        path(pgettext_lazy("path", "plan/"), about.plan, name="plan"),
        path(pgettext_lazy("path", "projects/"), project_pages.projects, name="projects"),
        path(
            pgettext_lazy("path", "projects/export.csv"),
            project_pages.projects_csv,
            name="projects_csv",
        ),
        path(pgettext_lazy("path", "projects/<str:code>/"), project_pages.project, name="project"),
        path(pgettext_lazy("path", "pillars/<slug:slug>/"), parts.pillar, name="pillar"),
        path(pgettext_lazy("path", "authorities/<str:code>/"), parts.authority, name="authority"),
        path(pgettext_lazy("path", "milestones/"), milestones.milestones, name="milestones"),
        path(
            pgettext_lazy("path", "milestones/export.csv"),
            milestones.milestones_csv,
            name="milestones_csv",
        ),
        path(
            pgettext_lazy("path", "milestones/<str:code>/"),
            milestones.milestone,
            name="milestone",
        ),
        path(pgettext_lazy("path", "progress/"), progress_pages.progress, name="progress"),
        path(
            pgettext_lazy("path", "progress/<month:month>/"), progress_pages.report, name="report"
        ),
        path(
            pgettext_lazy("path", "progress/<month:earlier>/<month:later>/"),
            progress_pages.comparison,
            name="comparison",
        ),
        path(
            pgettext_lazy("path", "progress/<month:month>/package.zip"),
            progress_pages.package,
            name="edition_package",
        ),
        path(pgettext_lazy("path", "figures/"), figures.figures, name="figures"),
        path(pgettext_lazy("path", "figures/<slug:name>/"), figures.figure, name="figure"),
        path(pgettext_lazy("path", "changes/"), changes.changes, name="changes"),
        path(pgettext_lazy("path", "changes/export.csv"), changes.changes_csv, name="changes_csv"),
        path(pgettext_lazy("path", "changes/feed.atom"), changes.changes_feed, name="changes_feed"),
        path(
            pgettext_lazy("path", "accessibility/"),
            about.statement("accessibility"),
            name="accessibility",
        ),
        path(pgettext_lazy("path", "privacy/"), about.statement("privacy"), name="privacy"),
    ),
]
