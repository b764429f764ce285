"""TEMPORARY, until Revision comes from main."""

import os
import secrets


def token() -> str:
    return os.environ.get("BENCH_TOKEN") or secrets.token_hex(4)
