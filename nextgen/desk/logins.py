"""Who came in and went, and who was refused: for auditors and administrators to read."""

from typing import Any

from axes.handlers.database import AxesDatabaseHandler
from axes.helpers import get_cool_off
from axes.models import AccessAttempt, AccessFailureLog, AccessLog
from django.contrib import admin

from projects.desk import ReadOnlyAdmin


class Attempts(AxesDatabaseHandler):  # type: ignore[misc]
    """Axes, but what failed at a time to come locks nobody out: the clock has gone back since."""

    def get_user_attempts(self, request: Any, credentials: Any = None) -> Any:
        latest = request.axes_attempt_time + get_cool_off(request)
        counted = super().get_user_attempts(request, credentials)
        return [attempts.filter(attempt_time__lte=latest) for attempts in counted]


class LoginAdmin(ReadOnlyAdmin):
    ordering = ["-pk"]
    date_hierarchy = "attempt_time"
    search_fields = ["username", "ip_address"]


@admin.register(AccessLog)
class AccessLogAdmin(LoginAdmin):
    list_display = ["attempt_time", "username", "ip_address", "logout_time"]
    fields = ["attempt_time", "username", "ip_address", "user_agent", "logout_time"]


@admin.register(AccessFailureLog)
class AccessFailureAdmin(LoginAdmin):
    list_display = ["attempt_time", "username", "ip_address", "locked_out"]
    list_filter = ["locked_out"]
    fields = ["attempt_time", "username", "ip_address", "user_agent", "path_info", "locked_out"]


@admin.register(AccessAttempt)
class AccessAttemptAdmin(LoginAdmin):
    """What counts towards a lock-out now."""

    list_display = ["attempt_time", "username", "ip_address", "failures_since_start"]
    fields = ["attempt_time", "username", "ip_address", "user_agent", "failures_since_start"]
