import pytest
@pytest.mark.django_db
def test_db():
    from milestones.models import Milestone
    print(Milestone.objects.count())
def test_page(page):
    page.goto("/healthz")
    assert "ok" in page.content()
@pytest.mark.faults("404")
def test_admin(page):
    page.goto("/admin/")
    page.goto("/xxx")
