"""The second factor of a person: an app that makes codes, and recovery codes for its loss."""

from base64 import b32encode
from datetime import timedelta
from typing import Any

from auditlog.models import LogEntry
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.timezone import localtime, now
from django.utils.translation import gettext as _
from django_otp import device_classes
from django_otp.plugins.otp_static.models import StaticDevice, StaticToken
from django_otp.plugins.otp_totp.models import TOTPDevice

from milestones.models import User

RECOVERY_CODES = 10
SKEW = timedelta(minutes=15)
"""How far the clocks of two machines may be apart."""


def app_of(person: User) -> TOTPDevice:
    """The app that makes this person's codes; a new one, not confirmed yet, where there is none."""
    apps = TOTPDevice.objects.filter(user=person).order_by("-confirmed", "pk")
    return apps.first() or TOTPDevice.objects.create(user=person, name="app", confirmed=False)


def secret(app: TOTPDevice) -> str:
    """What is typed into an app that cannot read the picture: base 32, in fours."""
    text = b32encode(app.bin_key).decode()
    return " ".join(text[at : at + 4] for at in range(0, len(text), 4))


def check(person: User, code: str, app: TOTPDevice) -> Any:
    """Take a code of the app, or a recovery code; each works once.

    Returns the device that knows it, or raises ValidationError with the code 'wrong' or 'wait'.
    """
    code = "".join(code.split()).lower()
    is_recovery = not (len(code) == app.digits and code.isdecimal())
    kind = StaticDevice if is_recovery else TOTPDevice
    with transaction.atomic():
        devices = kind.objects.select_for_update().filter(user=person)
        device = devices.first() if is_recovery else devices.get(pk=app.pk)
        if device:
            _forget_what_is_to_come(device)
        allowed, why = device.verify_is_allowed() if device else (True, {})
        if allowed and device and device.verify_token(code):
            return device
    if not allowed:
        until = localtime(why["locked_until"])
        raise ValidationError(
            _("After a wrong code you have to wait. Try again after %(time)s.")
            % {"time": f"{until:%H:%M:%S}"},
            code="wait",
        )
    raise ValidationError(
        _("This code is not right, or was used before. Wait for the next one."), code="wrong"
    )


def _forget_what_is_to_come(device: Any) -> None:
    """What the device noted while the machine's clock ran ahead would lock out until then."""
    latest = now() + SKEW
    failed = device.throttling_failure_timestamp
    if failed and failed > latest:
        device.throttle_reset(commit=False)
    if isinstance(device, TOTPDevice) and device.last_t * device.step > latest.timestamp():
        device.last_t = -1


@transaction.atomic
def confirm(app: TOTPDevice) -> list[str]:
    """Take an app that gave a right code as this person's; returns the recovery codes."""
    app.confirmed = True
    app.save(update_fields=["confirmed"])
    TOTPDevice.objects.filter(user=app.user, confirmed=False).delete()
    return renew_codes(app.user, told="set up")


def codes_left(person: User) -> int:
    left: int = StaticToken.objects.filter(device__user=person).count()
    return left


@transaction.atomic
def renew_codes(person: User, told: str = "new recovery codes") -> list[str]:
    """Make new recovery codes; those made before are worth nothing any more."""
    device = StaticDevice.objects.filter(user=person).first() or StaticDevice.objects.create(
        user=person, name="recovery"
    )
    device.token_set.all().delete()
    codes = [StaticToken.random_token() for _code in range(RECOVERY_CODES)]
    StaticToken.objects.bulk_create(StaticToken(device=device, token=code) for code in codes)
    _tell(person, told)
    return codes


@transaction.atomic
def reset(person: User) -> None:
    """Forget the app and the recovery codes: after the next password both are set up anew."""
    for devices in device_classes():
        devices.objects.filter(user=person).delete()
    _tell(person, "reset")


def _tell(person: User, what: str) -> None:
    """The history tells that something happened, and never a secret."""
    LogEntry.objects.log_create(
        person, action=LogEntry.Action.UPDATE, changes={"second factor": ["", what]}
    )
