"""What this floor tells the ones above it, without knowing them."""

from django.dispatch import Signal

public_change = Signal()
"""A public value was changed by hand: record_type, record, field, old, new, kind, reason, role,
and the document of the decision."""
