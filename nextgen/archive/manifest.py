"""The manifest of an archive: the hash of every file, signed by Ed25519 where there is a key.

`sha256sum -c MANIFEST.sha256` checks the files; openssl makes the signature and checks it.
"""

import hashlib
import re
import shutil
import subprocess
from pathlib import Path

NAME, SIGNATURE, PUBLIC = "MANIFEST.sha256", "MANIFEST.sha256.sig", "MANIFEST.pub.pem"
OWN = {NAME, SIGNATURE, PUBLIC}


class KeyProblemError(Exception):
    """What is wrong with the key, or with the program that signs."""


def files(folder: Path) -> list[str]:
    """All files below a folder, by their relative names, sorted as bytes."""
    found = [path.relative_to(folder).as_posix() for path in folder.rglob("*") if not path.is_dir()]
    return sorted(found, key=str.encode)


def write(folder: Path, key: Path | None = None) -> None:
    """Write the manifest of all files in this folder; with a key, also signature and public key."""
    lines = [f"{_digest(folder / name)}  {name}\n" for name in files(folder) if name not in OWN]
    (folder / NAME).write_bytes("".join(lines).encode())
    if key:
        (folder / PUBLIC).write_bytes(public(key))
        _openssl(
            "pkeyutl", "-sign", "-inkey", str(key), "-rawin",
            "-in", str(folder / NAME), "-out", str(folder / SIGNATURE),
        )  # fmt: skip


def _digest(file: Path) -> str:
    with file.open("rb") as content:
        return hashlib.file_digest(content, "sha256").hexdigest()


def public(key: Path) -> bytes:
    """The public key of a private one, as PEM. Raises KeyProblemError if it is not Ed25519."""
    told = _openssl("pkey", "-in", str(key), "-noout", "-text")
    if not told.startswith(b"ED25519"):
        raise KeyProblemError(
            f"{key} is not an Ed25519 key: make one by `openssl genpkey -algorithm ed25519`."
        )
    return _openssl("pkey", "-in", str(key), "-pubout")


def _openssl(*arguments: str) -> bytes:
    program = shutil.which("openssl")
    if program is None:
        raise KeyProblemError("openssl is missing: an archive is signed by it.")
    done = subprocess.run(  # noqa: S603 - the arguments are ours and the key's path
        [program, *arguments], capture_output=True, check=False, stdin=subprocess.DEVNULL
    )
    if done.returncode:
        raise KeyProblemError(f"openssl: {done.stderr.decode(errors='replace').strip()}")
    return done.stdout


def is_archive(folder: Path) -> bool:
    """Whether a folder holds an archive and nothing else, so that a new one may take its place."""
    try:
        lines = (folder / NAME).read_text().splitlines()
    except (OSError, UnicodeDecodeError):
        return False
    told = {found[1] for line in lines if (found := re.fullmatch(r"[0-9a-f]{64}  (.+)", line))}
    return len(told) == len(lines) and set(files(folder)) - OWN <= told
