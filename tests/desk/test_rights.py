"""Everybody reaches what his or her role may, and nothing else: every address, role and method.

The two tables say what is right; the addresses themselves are read from the admin, so that a new
one without its line here fails.
"""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from auditlog.models import LogEntry
from axes.models import AccessAttempt, AccessFailureLog, AccessLog
from django.contrib import admin
from django.test import Client
from django.urls import URLResolver, reverse
from django.utils import timezone

from milestones.actions import assess, open_report
from milestones.models import Assessment, Change, Milestone, PublishedFigure, User
from nextgen.urls import urlpatterns
from projects.models import Authority, NaturalRecipient, Recipient
from tests.test_admin import WHY, form_of, page

pytestmark = pytest.mark.django_db
ROLES = ("anonymous", "coordinator", "editor", "auditor", "administrator")
OTHERS = ("HEAD", "OPTIONS", "PUT", "PATCH", "DELETE")
REFUSED = ("login", "403", "404", "405")

# Page: what a GET and what a POST (of nothing) is answered, by role in the order of ROLES.
# 200|409 means either; 200/404 means that a coordinator gets the first for what his or her
# authority leads, the second for what another does; login is the way to the login page, or that
# page itself.
PAGES: dict[str, tuple[str, str]] = {
    "index": ("login 200 200 200 200", "login 200 200 200 200"),
    "login": ("200 200|302 200|302 200|302 200|302", "200 200 200 200 200"),
    "logout": ("405 405 405 405 405", "302|200 302|200 302|200 302|200 302|200"),
    "second_factor": ("login 302 302 302 302", "login 302 302 302 302"),
    "password_change": ("login 200 200 200 200", "login 200 200 200 200"),
    "password_change_done": ("login 200 200 200 200", "login 405 405 405 405"),
    "person": ("login 200 200 200 200", "login 302|200 302|200 302|200 302|200"),
    "kept": ("login 302 302 302 302", "login 302 302 302 302"),
    "autocomplete": ("login 403 403 403 403", "login 405 405 405 405"),
    "jsi18n": ("login 200 200 200 200", "login 405 405 405 405"),
    "view_on_site": ("login 404 404 404 404", "login 404 404 404 404"),
    "app_list": ("login 404 200 200 404", "login 404 200 200 404"),
    "nowhere": ("login 404 404 404 404", "login 404 404 404 404"),
    "assess": ("login 200 200 403 403", "login 200|302 200|302 403 403"),
    "assess_one": ("login 200/404 200 403 403", "login 200|302/404 200|302 403 403"),
    "sheet": ("login 200 200 403 403", "login 200 200 403 403"),
    "sheet_download": ("login 200 200 403 403", "login 405 405 405 405"),
    "move": ("login 200/403 200 403 403", "login 200/403 200 403 403"),
    "correct": ("login 403 200 403 403", "login 403 200 403 403"),
    "open_report": ("login 403 200 403 403", "login 403 200 403 403"),
    "close_plan": ("login 403 200 403 403", "login 403 200 403 403"),
    "report": ("login 403 200 200 403", "login 403 200|302 403 403"),
    "auth_user_password_change": ("login 403 403 403 200", "login 403 403 403 200"),
}

# Records: what each role may do with them: v(iew), a(dd), c(hange), d(elete): a person's name.
#                               coordinator editor auditor administrator
RECORDS: dict[str, str] = {
    "projects.plan": "            -          vc      v       -",
    "projects.text": "            -          vac     v       -",
    "projects.pillar": "          -          vac     v       -",
    "projects.component": "       -          vac     v       -",
    "projects.authority": "       -          vac     v       -",
    "projects.project": "         -          vac     v       -",
    "projects.recipient": "       -          vac     v       -",
    "projects.naturalrecipient": "-          vacd    v       -",
    "milestones.milestone": "     vc         vac     v       -",
    "milestones.assessment": "    v          v       v       -",
    "milestones.progressreport": "-          vc      v       -",
    "milestones.publishedfigure": "-         vac     v       -",
    "milestones.edition": "       -          v       v       -",
    "milestones.paymentrequest": "-          vac     v       -",
    "milestones.verdict": "       -          vac     v       -",
    "milestones.change": "        -          v       v       -",
    "milestones.user": "          -          -       v       vac",
    "auditlog.logentry": "        -          v       v       -",
    "axes.accessattempt": "       -          -       v       v",
    "axes.accessfailurelog": "    -          -       v       v",
    "axes.accesslog": "           -          -       v       v",
}
OF_AN_AUTHORITY = ("milestones.milestone", "milestones.assessment")
VIEWS = ("changelist", "add", "history", "delete", "change", "")
MODELS = {model._meta.label_lower: model for model in admin.site._registry}


def names_of(patterns: Any) -> Iterator[str]:
    """The names of all addresses; what has none goes by its pattern."""
    for each in patterns:
        if isinstance(each, URLResolver):
            for name in names_of(each.url_patterns):
                yield name or str(each.pattern)
        else:
            yield each.name or ("" if str(each.pattern) == "<path:object_id>/" else "nowhere")


def test_every_address_of_the_admin_has_its_line() -> None:
    of_records = {
        f"{model._meta.app_label}_{model._meta.model_name}_{view}"
        for model in MODELS.values()
        for view in VIEWS
        if view
    } | {f"{model._meta.app_label}/{model._meta.model_name}/" for model in MODELS.values()}
    [of_the_admin] = [each for each in urlpatterns if getattr(each, "namespace", "") == "admin"]
    assert set(names_of(of_the_admin.url_patterns)) == of_records | set(PAGES)


def test_every_kind_of_record_has_its_line() -> None:
    assert set(MODELS) == set(RECORDS)


@pytest.fixture
def people() -> dict[str, User]:
    """Somebody of each role, and a row of every kind of record."""
    people = {role: User(username=f"a {role}", role=role) for role in ROLES[1:]}
    people["coordinator"].authority = Authority.objects.get(code="FLA")
    for each in people.values():
        each.set_unusable_password()
        each.save()
    draft = open_report(month="2024-06", closes_on=None, by=people["editor"])
    for code in ("FLA", "WAL"):
        milestone = led_by(code)
        words = {"status": "on-track", "note_en": code}
        assess(milestone=milestone, report=draft, words=words, by=people["editor"])
    PublishedFigure.objects.create(report=draft, figure="projects", value=1, source="A letter")
    Recipient.objects.create(name="A firm", identifier="1", amount=1, as_of="2024-01-01")
    today = timezone.localdate()
    NaturalRecipient.objects.create(name="A person", amount=1, as_of=today, paid_in=today.year)
    who = {"username": "somebody", "ip_address": "127.0.0.1", "user_agent": "a browser"}
    AccessAttempt.objects.create(**who, failures_since_start=1)
    for model in (AccessLog, AccessFailureLog):
        model.objects.create(**who)
    return people


def led_by(authority: str) -> Milestone:
    found = Milestone.objects.filter(project__lead__code=authority, kind="milestone").first()
    assert found
    return found


@pytest.fixture
def browse(people: dict[str, User], as_person: Callable[[User], Client]) -> Callable[..., Client]:
    """A fresh browser of somebody in this role."""

    def browse(role: str) -> Client:
        return Client() if role == "anonymous" else as_person(people[role])

    return browse


def told(answer: Any) -> str:
    """The answer in the words of the tables."""
    if answer.status_code in (302, 403) and (
        "/login/" in answer.headers.get("Location", "") or b'name="kept"' in answer.content
    ):
        return "login"
    return str(answer.status_code)


def written() -> tuple[int, ...]:
    return LogEntry.objects.count(), Change.objects.count(), User.objects.count()


def ask(
    client: Client, address: str, method: str, expected: str, sent: Any = None, bare: str = ""
) -> None:
    """Ask, and see that the answer is one of the expected, and that a refusal wrote nothing.

    `bare` is what may be answered too, if nothing but the bare answer is sent.
    """
    before = written()
    answer = getattr(client, method.lower())(address, sent) if sent is not None else (
        client.generic(method, address)
    )  # fmt: skip
    where = f"{method} {address}"
    assert told(answer) in expected.split("|") or (told(answer) == bare and not answer.content), (
        f"{where}: {told(answer)}, not {expected}"
    )
    if told(answer) in REFUSED or method not in ("GET", "POST"):
        assert written() == before, where


def ask_by_every_method(
    browse: Callable[[], Client], address: str, get: str, post: str, sent: Any = None
) -> None:
    ask(browse(), address, "GET", get)
    ask(browse(), address, "POST", post, sent or {})
    for method in OTHERS:
        # Whatever else may be sent is answered as a look is, or not at all.
        ask(browse(), address, method, f"{get}|405", bare="200" if method == "OPTIONS" else "")


def places(name: str) -> list[list[Any]]:
    """What fills the address of a page: for what Flanders leads, and for what another leads."""
    if name in ("assess_one", "move"):
        return [[led_by(code).code] for code in ("FLA", "WAL")]
    said = Assessment.objects.filter(report__month="2023-12").first()
    assert said
    one: dict[str, list[Any]] = {
        "sheet_download": ["csv"],
        "correct": [said.pk],
        "report": ["2024-06"],
        "auth_user_password_change": [User.objects.get(role="administrator").pk],
        "view_on_site": [1, 1],
        "app_list": ["projects"],
    }
    return [one.get(name, [])]


@pytest.mark.parametrize("role", ROLES)
@pytest.mark.parametrize("name", PAGES)
def test_a_page_answers_each_role_as_the_table_says(
    browse: Callable[..., Client], name: str, role: str
) -> None:
    get, post = (row.split()[ROLES.index(role)] for row in PAGES[name])
    for n, words in enumerate(places(name)):
        address = "/admin/no/where/" if name == "nowhere" else reverse(f"admin:{name}", args=words)
        get_of, post_of = (each.split("/")[min(n, each.count("/"))] for each in (get, post))
        ask_by_every_method(lambda: browse(role), address, get_of, post_of)


def rows_of(label: str) -> list[Any]:
    """One record; of what authorities lead, one of Flanders and one of another."""
    model = MODELS[label]
    if label == "milestones.milestone":
        return [led_by("FLA"), led_by("WAL")]
    if label == "milestones.assessment":
        return [Assessment.objects.get(report__state="draft", note_en=c) for c in ("FLA", "WAL")]
    rows = model._default_manager.all()
    if label == "milestones.progressreport":
        rows = rows.filter(state="draft")
    if label == "milestones.publishedfigure":
        rows = rows.filter(report__state="draft")
    return [rows.first()]


@pytest.mark.parametrize("role", ROLES)
@pytest.mark.parametrize("label", RECORDS)
def test_a_record_answers_each_role_as_the_table_says(
    browse: Callable[..., Client], label: str, role: str
) -> None:
    client = browse(role)

    def one() -> Client:
        return client

    anonymous = role == "anonymous"
    may = "" if anonymous else RECORDS[label].split()[ROLES.index(role) - 1]
    model = MODELS[label]
    no = "login" if anonymous else "403"
    views = "200" if "v" in may else no
    ask_by_every_method(one, page(model, "changelist"), views, views)
    adds = "200" if "a" in may else no
    ask_by_every_method(one, page(model, "add"), adds, adds)
    for n, row in enumerate(rows_of(label)):
        foreign = n > 0 and role == "coordinator"
        hidden = "404" if foreign else no
        sent = changed(browse("administrator" if label == "milestones.user" else "editor"), row)
        sees = "404" if foreign else views
        ask_by_every_method(one, page(model, "history", row.pk), sees, sees)
        deletes = "200|302|404" if "d" in may else hidden
        changes = hidden if foreign or "c" not in may else "200|302"
        ask_by_every_method(one, page(model, "change", row.pk), sees, changes, sent)
        short = page(model, "change", row.pk).removesuffix("change/")
        ask_by_every_method(one, short, "login" if anonymous else "302", "login|302")
        gone = page(model, "delete", row.pk)
        ask_by_every_method(one, gone, deletes, deletes, {"post": "yes"})
        assert model._default_manager.filter(pk=row.pk).exists() != ("d" in may)


def changed(client: Client, row: Any) -> dict[str, Any]:
    """What would change a record if it were sent by somebody who may."""
    answer = client.get(page(type(row), "change", row.pk))
    sent = form_of(answer) if answer.status_code == 200 else {}
    texts = [name for name in sent if name.startswith(("title_", "name_", "note_"))]
    return sent | WHY | {name: f"{sent[name]} Anew." for name in texts}


def test_what_would_change_a_record_does_where_it_may(browse: Callable[..., Client]) -> None:
    """Or the refusals above would prove little."""
    row = led_by("FLA")
    before = written()
    client = browse("coordinator")
    assert client.post(page(Milestone, "change", row.pk), changed(client, row)).status_code == 302
    assert written() > before
    assert Change.objects.latest("number").role == "coordinator"


def test_a_coordinator_changes_the_texts_of_a_milestone_and_nothing_else(
    browse: Callable[..., Client],
) -> None:
    row, wal = led_by("FLA"), led_by("WAL")
    address = page(Milestone, "change", row.pk)
    client = browse("coordinator")
    texts = {f"{name}_{code}" for name in ("title", "description", "unit")
             for code in ("nl", "fr", "de", "en")}  # fmt: skip
    form = client.get(address).context["adminform"].form
    assert {name for name in form.fields if not name.startswith("change_")} == texts
    sent = changed(browse("editor"), row) | {
        "project": wal.project_id, "code": "x-mine", "left": "2024-01-01", "kind": "target",
        "provenance": "recalled", "due": "2030-Q1", "baseline_due": "2030-Q1",
    }  # fmt: skip
    assert client.post(address, sent).status_code == 302
    after = Milestone.objects.get(pk=row.pk)
    assert after.title_en == f"{row.title_en} Anew."
    for name in ("project_id", "code", "left", "kind", "provenance", "due", "baseline_due"):
        assert getattr(after, name) == getattr(row, name)


def test_a_coordinator_finds_own_rows_alone_in_lists_and_searches(
    browse: Callable[..., Client], people: dict[str, User]
) -> None:
    client = browse("coordinator")
    for model, way in ((Milestone, "project__lead"), (Assessment, "milestone__project__lead")):
        answer = client.get(page(model, "changelist"))
        own = model.objects.filter(**{way: people["coordinator"].authority_id}).count()
        assert answer.context["cl"].result_count == own
        assert way not in [each.field_path for each in answer.context["cl"].filter_specs]
    found = client.get(page(Milestone, "changelist"), {"q": led_by("WAL").code})
    assert found.context["cl"].result_count == 0
    fields = {"app_label": "milestones", "model_name": "claim", "field_name": "milestone"}
    answer = client.get(reverse("admin:autocomplete"), fields | {"term": led_by("WAL").code})
    assert answer.json()["results"] == []


@pytest.mark.parametrize("field", ["lead", "pillar", "successor"])
def test_an_autocomplete_tells_nothing_that_the_role_may_not_see(
    browse: Callable[..., Client], field: str
) -> None:
    sought = {"app_label": "projects", "model_name": "project", "field_name": field, "term": "a"}
    for role, status in (("coordinator", 403), ("administrator", 403), ("editor", 200)):
        assert browse(role).get(reverse("admin:autocomplete"), sought).status_code == status


@pytest.mark.parametrize(
    ("model", "query"),
    [
        (Milestone, "project__lead__coordinators__password__startswith=a"),
        (Milestone, "project__lead__code=WAL"),
        (User, "password__startswith=a"),
        (Milestone, "_popup=1"),
        (Milestone, "_to_field=code"),
        (User, "_to_field=password"),
    ],
)
def test_no_address_asks_what_no_page_shows(
    browse: Callable[..., Client], model: Any, query: str
) -> None:
    role = "administrator" if model is User else "coordinator"
    list_of, row = page(model, "changelist"), rows_of(model._meta.label_lower)[0]
    assert browse(role).get(f"{list_of}?{query}").status_code in (302, 400)
    if query.startswith("_"):
        form = page(model, "change", row.pk)
        assert browse(role).get(f"{form}?{query}").status_code == 400
    kept = browse(role).get(f"{page(model, 'change', row.pk)}?_changelist_filters={query}")
    assert kept.status_code == 200


def test_nobody_deletes_many_at_once(browse: Callable[..., Client]) -> None:
    for role in ROLES[1:]:
        for model in MODELS.values():
            sent = {"action": "delete_selected", "_selected_action": ["1"], "post": "yes"}
            before = model._default_manager.count()
            browse(role).post(page(model, "changelist"), sent)
            assert model._default_manager.count() >= before
