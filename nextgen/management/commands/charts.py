"""Writes every chart as a picture, with a page to look at them: no server and no browser needed."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.template.loader import render_to_string
from django.utils import translation

from milestones.models import ProgressReport
from nextgen.charts import make, offered
from nextgen.charts.picture import svg
from nextgen.charts.scope import Scope
from projects.models import Plan


class Command(BaseCommand):
    help = "Writes the charts as SVG, a folder a language, and index.html to look at them."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("folder", type=Path)

    def handle(self, **options: Any) -> None:
        report, plan = ProgressReport.objects.current(), Plan.objects.first()
        if report is None or plan is None:
            raise CommandError("There is no published report to chart yet.")
        shown = []
        for language in plan.language_codes:
            folder = options["folder"] / language
            folder.mkdir(parents=True, exist_ok=True)
            with translation.override(language):
                charts = [make(name, Scope.of(report)) for name in offered(closed=plan.closed)]
                for chart in charts:
                    (folder / f"{chart.name}.svg").write_text(svg(chart))
            shown.append((language, charts))
        page = render_to_string("charts/gallery.html", {"plan": plan, "shown": shown})
        (options["folder"] / "index.html").write_text(page)
        self.stdout.write(f"Wrote {options['folder']}/index.html")
