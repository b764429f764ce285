"""What the API says of itself is true: random requests are answered as the document promises."""

from collections.abc import Iterator
from typing import Any

import pytest
import schemathesis
from django.core.signals import request_finished, request_started
from django.db import close_old_connections
from hypothesis import settings
from schemathesis.config import SchemathesisConfig

from nextgen.wsgi import application

pytestmark = pytest.mark.django_db


@pytest.fixture
def described(db: None, request: pytest.FixtureRequest) -> Iterator[Any]:
    request.node._nodeid = request.node.nodeid  # the name by which schemathesis asks for it
    # The test's own connection would be closed with each request, as in a server.
    for signal in (request_started, request_finished):
        signal.disconnect(close_old_connections)
    config = SchemathesisConfig.from_dict(
        {"generation": {"deterministic": True, "database": "none"}}
    )
    yield schemathesis.openapi.from_wsgi("/api/v1/openapi.json", application, config=config)
    for signal in (request_started, request_finished):
        signal.connect(close_old_connections)


schema = schemathesis.pytest.from_fixture("described")


@schema.parametrize()
@settings(max_examples=5)
def test_every_answer_is_as_described(case: Any) -> None:
    case.call_and_validate(headers={"Accept-Encoding": "identity"})
