"""The tables of the data package and their columns, in the words of the vocabulary."""

from typing import Any

from nextgen.package.column import LANGUAGES, LARGE, SMALL, Column, Kind, Table

# Marks what the data dictionary translates; the package itself speaks English, without Django.
_ = str


def column(name: str, kind: Kind, description: str, **rules: Any) -> Column:
    """A column as the tables below write it: `*` required, `t_` translated."""
    required, name = name.startswith("*"), name.removeprefix("*")
    translated, name = name.startswith("t_"), name.removeprefix("t_")
    if kind == "integer" and not rules.get("many"):
        rules = {"minimum": 0, "maximum": SMALL, **rules}
    if kind == "year":
        rules = {"minimum": 1900, "maximum": 2200, **rules}
    return Column(name, kind, description, required, translated, **rules)


def eur(name: str, description: str) -> Column:
    return column(name, "integer", description, unit="EUR", maximum=LARGE)


def per_cent(name: str, description: str) -> Column:
    return column(name, "integer", description, unit="%", maximum=100)


source = column("source", "text", _("Where the values were found: addresses, with remarks"))
sourced = (
    column(
        "*provenance",
        "text",
        _("Where the row comes from"),
        choices=("sourced", "recalled", "reconstructed"),
    ),
    source,
    column("unsourced", "text", _("Columns of the row that are reconstructed"), many=True),
)
life = (
    column("*joined", "date", _("When it joined the plan")),
    column("left", "date", _("When it was withdrawn")),
    column("t_left_reason", "text", _("Why it was withdrawn")),
)
former_codes = column(
    "former_codes",
    "code",
    _("Codes it had before; they redirect for ever"),
    many=True,
    max_length=200,
)

# fmt: off
TABLES: dict[str, Table] = {
    table.name: table
    for table in (
        Table("plan", "plan", _("The plan: one row."), ("code",), (
            column("*code", "code", _("Short code of the plan"), max_length=20),
            column("*t_name", "text", _("Name of the plan"), max_length=80),
            column("*t_official_name", "text", _("Official name"), max_length=200),
            column("*t_tagline", "text", _("What it promises, in a sentence"), max_length=300),
            column("*t_country", "text", _("Country"), max_length=80),
            column("*start", "date", _("First day of the plan")),
            column("*end", "date", _("Last day on which a milestone may be reached")),
            column("*state", "text", _("Whether the plan still runs"), choices=("open", "closed")),
            column("*languages", "text", _("Languages of the plan"), many=True, choices=LANGUAGES),
            column(
                "*report_interval", "integer", _("From one promised progress report to the next"),
                unit=_("months"), minimum=1, maximum=60,
            ),
            eur("eu_grants", _("Grants of the European Union")),
            eur("eu_loans", _("Loans of the European Union")),
            source,
            column("*demonstration", "boolean", _("Whether part of the data is reconstructed")),
        )),
        Table("texts", "text", _("Texts of the site about the plan."), ("page", "language"), (
            column("*page", "code", _("Page or part of a page"), max_length=40),
            column("*language", "text", _("Language of this text"), choices=LANGUAGES),
            column("*title", "text", _("Title"), max_length=200),
            column("*body", "text", _("Text in Markdown")),
        )),
        Table("pillars", "pillar", _("Thematic axes of the plan."), ("number",), (
            column("*number", "integer", _("Number of the pillar"), minimum=1),
            column("*slug", "slug", _("Name of the pillar in addresses"), max_length=50),
            column("*t_name", "text", _("Name"), max_length=120),
            column("*t_short_name", "text", _("Short name"), max_length=40),
            column("*t_challenge", "text", _("The challenge it answers"), max_length=400),
            column("t_story", "text", _("Its story in Markdown")),
        )),
        Table("components", "component", _("Numbered parts of pillars."), ("code",), (
            column("*code", "code", _("Code of the component"), max_length=20),
            column("pillar", "integer", _("Number of its pillar, if any"), to="pillars.number"),
            column("*t_name", "text", _("Name"), max_length=120),
        )),
        Table("authorities", "authority", _("Governments that carry projects."), ("code",), (
            column("*code", "code", _("Code of the authority"), max_length=20),
            column("*position", "integer", _("Its place in lists"), unit=_("rank")),
            column("*t_name", "text", _("Name"), max_length=120),
            column("*t_short_name", "text", _("Short name"), max_length=60),
            column("t_story", "text", _("Its story in Markdown")),
        )),
        Table("projects", "project", _("Investments and reforms of the plan."), ("code",), (
            column("*code", "code", _("Official code, or the site's own: x-…"), max_length=40),
            former_codes,
            column("*kind", "text", _("Investment or reform"), choices=("investment", "reform")),
            column("*t_short_title", "text", _("Short title"), max_length=60),
            column("*t_title", "text", _("Title"), max_length=200),
            column("t_summary", "text", _("Summary"), max_length=400),
            column("t_description", "text", _("Description in Markdown")),
            column("pillar", "integer", _("Number of its pillar, if any"), to="pillars.number"),
            column("component", "code", _("Code of its component"), to="components.code"),
            column("t_sub_theme", "text", _("Sub-theme"), max_length=80),
            column("*lead", "code", _("Authority that leads it"), to="authorities.code"),
            eur("budget", _("Budget, empty when not published")),
            eur("rrf_share", _("Share of the Recovery and Resilience Facility")),
            eur("public_cofinancing", _("Public co-financing")),
            eur("private_cofinancing", _("Private co-financing")),
            per_cent("climate_contribution", _("Part of the budget that counts for the climate")),
            per_cent("digital_contribution", _("Part of the budget that counts as digital")),
            column("goal_value", "number", _("Value of its final goal")),
            column("t_goal_unit", "text", _("Unit of its final goal"), max_length=200),
            column("goal_year", "year", _("Year of its final goal")),
            column(
                "sdgs", "integer", _("Sustainable Development Goals it serves"),
                many=True, minimum=1, maximum=17,
            ),
            column("t_gender_note", "text", _("What it means for the equality of women and men")),
            *life,
            column(
                "successor", "code", _("Project that follows a withdrawn one"), to="projects.code",
            ),
            *sourced,
        )),
        Table("allocations", "allocation", _("What each authority carries of a project's budget."),
              ("project", "authority"), (
            column("*project", "code", _("Code of the project"), to="projects.code"),
            column("*authority", "code", _("Code of the authority"), to="authorities.code"),
            column("*amount", "integer", _("What it carries"), unit="EUR", maximum=LARGE),
            *sourced,
        )),
        Table("milestones", "milestone",
              _("Steps of the projects that prove progress."), ("code",), (
            column("*code", "code", _("Official code, or the site's own: x-…"), max_length=60),
            former_codes,
            column("*project", "code", _("Code of its project"), to="projects.code"),
            column("*kind", "text", _("Qualitative or counted"), choices=("milestone", "target")),
            column("*t_title", "text", _("Title"), max_length=300),
            column("t_description", "text", _("Description in Markdown")),
            column("t_unit", "text", _("Unit of a target"), max_length=200),
            column("baseline_value", "number", _("Value of a target at the start")),
            column("goal_value", "number", _("Value of a target at the end")),
            column("*baseline_due", "quarter", _("The first promise, which never changes")),
            column("*due", "quarter", _("The quarter in force")),
            column("t_due_reason", "text", _("Why the quarter in force is another")),
            *life,
            *sourced,
        )),
        Table("reports", "report", _("Half-yearly statements of progress."), ("month",), (
            column("*month", "month", _("Year and month; as of its last day")),
            column("*state", "text", _("Draft or published"), choices=("draft", "published")),
            column("published_on", "date", _("When it was published")),
            column("t_note", "text", _("Remark in Markdown")),
            source,
        )),
        Table("assessments", "assessment", _("What a report says of a milestone."),
              ("report", "milestone", "version"), (
            column("*report", "month", _("Month of the report"), to="reports.month"),
            column("*milestone", "code", _("Code of the milestone"), to="milestones.code"),
            column("*version", "integer", _("1 as published; corrections follow"), minimum=1),
            column("corrects", "integer", _("Version that this one corrects"), minimum=1),
            column("*status", "text", _("As declared"), choices=("done", "on-track", "delayed")),
            column("done_quarter", "quarter", _("When it was done")),
            column("expected", "quarter", _("When it is now expected")),
            column("achieved_value", "number", _("Value reached, in the unit of the target")),
            column("t_note", "text", _("Remark")),
            column("evidence", "url", _("Where it can be seen"), max_length=500),
            *sourced,
        )),
        Table("published_figures", "published figure",
              _("What an authority published for a report."),
              ("report", "figure"), (
            column("*report", "month", _("Month of the report"), to="reports.month"),
            column("*figure", "slug", _("Name of the figure"), max_length=40),
            column("*value", "number", _("Value, shares in whole per cent")),
            column("*source", "text", _("Where it was published")),
            column("t_explanation", "text", _("Why it is not what the rows give")),
        )),
        Table("payment_requests", "payment request", _("Claims to the European Commission."),
              ("number",), (
            column("*number", "integer", _("Number of the request"), minimum=1),
            column("*submitted_on", "date", _("When it was submitted")),
            eur("amount", _("Amount asked for")),
            column("t_note", "text", _("Remark")),
            source,
            column("milestones", "code", _("Milestones it lists"), many=True, to="milestones.code"),
            column(
                "unsourced_milestones", "code", _("Those of them whose place there was not found"),
                many=True, to="milestones.code",
            ),
        )),
        Table("verdicts", "verdict", _("What the Commission said of claimed milestones."),
              ("request", "milestone", "decided_on"), (
            column("*request", "integer", _("Number of the request"), to="payment_requests.number"),
            column("*milestone", "code", _("Code of the milestone"), to="milestones.code"),
            column("*decided_on", "date", _("When it was decided")),
            column(
                "*verdict", "text", _("What was decided"),
                choices=("fulfilled", "not-fulfilled", "suspended", "reversed"),
            ),
            column("document", "url", _("Where it was decided"), max_length=500),
            *sourced,
        )),
        Table("changes", "change", _("The public log of revisions and corrections."), ("number",), (
            column("*number", "integer", _("Number of the line"), minimum=1, maximum=2_147_483_647),
            column("*made_on", "date", _("When it was changed")),
            column("*kind", "text", _("Decided or mended"), choices=("revision", "correction")),
            column("*record_type", "text", _("What was changed"), max_length=20),
            column("*record", "text", _("Code or number of the record"), max_length=60),
            column("*field", "text", _("Column that was changed"), max_length=40),
            column("old", "text", _("Value before")),
            column("new", "text", _("Value after")),
            column("t_reason", "text", _("Why it was changed")),
            column("*role", "text", _("Who changed it, by role"), max_length=40),
            column("document", "url", _("The decision"), max_length=500),
        )),
        Table("recipients", "recipient", _("The largest final recipients, legal persons only."),
              ("identifier", "as_of"), (
            column("*name", "text", _("Legal name"), max_length=200),
            column(
                "*identifier", "text", _("Number in the register of enterprises"), max_length=40,
            ),
            column("*amount", "integer", _("What it received"), unit="EUR", maximum=LARGE),
            column("*as_of", "date", _("Date of the amount")),
            column(
                "projects", "code", _("Projects it was paid for"), many=True, to="projects.code",
            ),
            source,
        )),
    )
}
