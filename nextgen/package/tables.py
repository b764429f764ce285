"""The tables of the data package and their columns, in the words of the vocabulary."""

from typing import Any

from nextgen.package.column import LANGUAGES, LARGE, SMALL, Column, Kind, Table


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


source = column("source", "text", "Where the values were found: addresses, with remarks")
sourced = (
    column(
        "*provenance",
        "text",
        "Where the row comes from",
        choices=("sourced", "recalled", "reconstructed"),
    ),
    source,
    column("unsourced", "text", "Columns of the row that are reconstructed", many=True),
)
life = (
    column("*joined", "date", "When it joined the plan"),
    column("left", "date", "When it was withdrawn"),
    column("t_left_reason", "text", "Why it was withdrawn"),
)
former_codes = column(
    "former_codes",
    "code",
    "Codes it had before; they redirect for ever",
    many=True,
    max_length=200,
)

# fmt: off
TABLES: dict[str, Table] = {
    table.name: table
    for table in (
        Table("plan", "plan", "The plan: one row.", ("code",), (
            column("*code", "code", "Short code of the plan", max_length=20),
            column("*t_name", "text", "Name of the plan", max_length=80),
            column("*t_official_name", "text", "Official name", max_length=200),
            column("*t_tagline", "text", "What it promises, in a sentence", max_length=300),
            column("*t_country", "text", "Country", max_length=80),
            column("*start", "date", "First day of the plan"),
            column("*end", "date", "Last day on which a milestone may be reached"),
            column("*state", "text", "Whether the plan still runs", choices=("open", "closed")),
            column("*languages", "text", "Languages of the plan", many=True, choices=LANGUAGES),
            column(
                "*report_interval", "integer", "From one promised progress report to the next",
                unit="months", minimum=1, maximum=60,
            ),
            eur("eu_grants", "Grants of the European Union"),
            eur("eu_loans", "Loans of the European Union"),
            source,
            column("*demonstration", "boolean", "Whether part of the data is reconstructed"),
        )),
        Table("texts", "text", "Texts of the site about the plan.", ("page", "language"), (
            column("*page", "code", "Page or part of a page", max_length=40),
            column("*language", "text", "Language of this text", choices=LANGUAGES),
            column("*title", "text", "Title", max_length=200),
            column("*body", "text", "Text in Markdown"),
        )),
        Table("pillars", "pillar", "Thematic axes of the plan.", ("number",), (
            column("*number", "integer", "Number of the pillar", minimum=1),
            column("*slug", "slug", "Name of the pillar in addresses", max_length=50),
            column("*t_name", "text", "Name", max_length=120),
            column("*t_short_name", "text", "Short name", max_length=40),
            column("*t_challenge", "text", "The challenge it answers", max_length=400),
            column("t_story", "text", "Its story in Markdown"),
        )),
        Table("components", "component", "Numbered parts of pillars.", ("code",), (
            column("*code", "code", "Code of the component", max_length=20),
            column("pillar", "integer", "Number of its pillar, if any", to="pillars.number"),
            column("*t_name", "text", "Name", max_length=120),
        )),
        Table("authorities", "authority", "Governments that carry projects.", ("code",), (
            column("*code", "code", "Code of the authority", max_length=20),
            column("*position", "integer", "Its place in lists", unit="rank"),
            column("*t_name", "text", "Name", max_length=120),
            column("*t_short_name", "text", "Short name", max_length=60),
            column("t_story", "text", "Its story in Markdown"),
        )),
        Table("projects", "project", "Investments and reforms of the plan.", ("code",), (
            column("*code", "code", "Official code, or the site's own: x-…", max_length=40),
            former_codes,
            column("*kind", "text", "Investment or reform", choices=("investment", "reform")),
            column("*t_short_title", "text", "Short title", max_length=60),
            column("*t_title", "text", "Title", max_length=200),
            column("t_summary", "text", "Summary", max_length=400),
            column("t_description", "text", "Description in Markdown"),
            column("pillar", "integer", "Number of its pillar, if any", to="pillars.number"),
            column("component", "code", "Code of its component", to="components.code"),
            column("t_sub_theme", "text", "Sub-theme", max_length=80),
            column("*lead", "code", "Authority that leads it", to="authorities.code"),
            eur("budget", "Budget, empty when not published"),
            eur("rrf_share", "Share of the Recovery and Resilience Facility"),
            eur("public_cofinancing", "Public co-financing"),
            eur("private_cofinancing", "Private co-financing"),
            per_cent("climate_contribution", "Part of the budget that counts for the climate"),
            per_cent("digital_contribution", "Part of the budget that counts as digital"),
            column("goal_value", "number", "Value of its final goal"),
            column("t_goal_unit", "text", "Unit of its final goal", max_length=200),
            column("goal_year", "year", "Year of its final goal"),
            column(
                "sdgs", "integer", "Sustainable Development Goals it serves",
                many=True, minimum=1, maximum=17,
            ),
            column("t_gender_note", "text", "What it means for the equality of women and men"),
            *life,
            column("successor", "code", "Project that follows a withdrawn one", to="projects.code"),
            *sourced,
        )),
        Table("allocations", "allocation", "What each authority carries of a project's budget.",
              ("project", "authority"), (
            column("*project", "code", "Code of the project", to="projects.code"),
            column("*authority", "code", "Code of the authority", to="authorities.code"),
            column("*amount", "integer", "What it carries", unit="EUR", maximum=LARGE),
            *sourced,
        )),
        Table("milestones", "milestone", "Steps of the projects that prove progress.", ("code",), (
            column("*code", "code", "Official code, or the site's own: x-…", max_length=60),
            former_codes,
            column("*project", "code", "Code of its project", to="projects.code"),
            column("*kind", "text", "Qualitative or counted", choices=("milestone", "target")),
            column("*t_title", "text", "Title", max_length=300),
            column("t_description", "text", "Description in Markdown"),
            column("t_unit", "text", "Unit of a target", max_length=200),
            column("baseline_value", "number", "Value of a target at the start"),
            column("goal_value", "number", "Value of a target at the end"),
            column("*baseline_due", "quarter", "The first promise, which never changes"),
            column("*due", "quarter", "The quarter in force"),
            column("t_due_reason", "text", "Why the quarter in force is another"),
            *life,
            *sourced,
        )),
        Table("reports", "report", "Half-yearly statements of progress.", ("month",), (
            column("*month", "month", "Year and month; as of its last day"),
            column("*state", "text", "Draft or published", choices=("draft", "published")),
            column("published_on", "date", "When it was published"),
            column("t_note", "text", "Remark in Markdown"),
            source,
        )),
        Table("assessments", "assessment", "What a report says of a milestone.",
              ("report", "milestone", "version"), (
            column("*report", "month", "Month of the report", to="reports.month"),
            column("*milestone", "code", "Code of the milestone", to="milestones.code"),
            column("*version", "integer", "1 as published; corrections follow", minimum=1),
            column("corrects", "integer", "Version that this one corrects", minimum=1),
            column("*status", "text", "As declared", choices=("done", "on-track", "delayed")),
            column("done_quarter", "quarter", "When it was done"),
            column("expected", "quarter", "When it is now expected"),
            column("achieved_value", "number", "Value reached, in the unit of the target"),
            column("t_note", "text", "Remark"),
            column("evidence", "url", "Where it can be seen", max_length=500),
            *sourced,
        )),
        Table("published_figures", "published figure", "What an authority published for a report.",
              ("report", "figure"), (
            column("*report", "month", "Month of the report", to="reports.month"),
            column("*figure", "slug", "Name of the figure", max_length=40),
            column("*value", "number", "Value, shares in whole per cent"),
            column("*source", "text", "Where it was published"),
            column("t_explanation", "text", "Why it is not what the rows give"),
        )),
        Table("payment_requests", "payment request", "Claims to the European Commission.",
              ("number",), (
            column("*number", "integer", "Number of the request", minimum=1),
            column("*submitted_on", "date", "When it was submitted"),
            eur("amount", "Amount asked for"),
            column("t_note", "text", "Remark"),
            source,
            column("milestones", "code", "Milestones it lists", many=True, to="milestones.code"),
            column(
                "unsourced_milestones", "code", "Those of them whose place there was not found",
                many=True, to="milestones.code",
            ),
        )),
        Table("verdicts", "verdict", "What the Commission said of claimed milestones.",
              ("request", "milestone", "decided_on"), (
            column("*request", "integer", "Number of the request", to="payment_requests.number"),
            column("*milestone", "code", "Code of the milestone", to="milestones.code"),
            column("*decided_on", "date", "When it was decided"),
            column(
                "*verdict", "text", "What was decided",
                choices=("fulfilled", "not-fulfilled", "suspended", "reversed"),
            ),
            column("document", "url", "Where it was decided", max_length=500),
            *sourced,
        )),
        Table("changes", "change", "The public log of revisions and corrections.", ("number",), (
            column("*number", "integer", "Number of the line", minimum=1, maximum=2_147_483_647),
            column("*made_on", "date", "When it was changed"),
            column("*kind", "text", "Decided or mended", choices=("revision", "correction")),
            column("*record_type", "text", "What was changed", max_length=20),
            column("*record", "text", "Code or number of the record", max_length=60),
            column("*field", "text", "Column that was changed", max_length=40),
            column("old", "text", "Value before"),
            column("new", "text", "Value after"),
            column("t_reason", "text", "Why it was changed"),
            column("*role", "text", "Who changed it, by role", max_length=40),
            column("document", "url", "The decision", max_length=500),
        )),
        Table("recipients", "recipient", "The largest final recipients, legal persons only.",
              ("identifier", "as_of"), (
            column("*name", "text", "Legal name", max_length=200),
            column("*identifier", "text", "Number in the register of enterprises", max_length=40),
            column("*amount", "integer", "What it received", unit="EUR", maximum=LARGE),
            column("*as_of", "date", "Date of the amount"),
            column("projects", "code", "Projects it was paid for", many=True, to="projects.code"),
            source,
        )),
    )
}
