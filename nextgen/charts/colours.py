"""The colours of the charts, the same as those of the site's stylesheet, for light and dark.

They differ in lightness as well as in hue, and each comes with a pattern, so that none of them is
told apart by its hue alone.
"""

from typing import Literal

Scheme = Literal["light", "dark"]

COLOURS: dict[str, tuple[str, str]] = {
    "paper": ("#fcfbf8", "#101726"),
    "ink": ("#14213d", "#e9edf6"),
    "muted": ("#535c70", "#a9b3c8"),
    "line": ("#dcd8ce", "#2f3a54"),
    "accent": ("#0b3d91", "#9cc0ff"),
    "done": ("#14213d", "#e9edf6"),
    "on-track": ("#4d80c4", "#6c99da"),
    "delayed": ("#d0430c", "#ff8a5b"),
    "pillar-1": ("#2b7530", "#7fd086"),
    "pillar-2": ("#6a3fb5", "#bfa4f5"),
    "pillar-3": ("#006e9c", "#6cc7ee"),
    "pillar-4": ("#b02c78", "#f29ccb"),
    "pillar-5": ("#8f5f00", "#e8bd5a"),
}
# Of stacked parts that have no colour of their own: neighbours differ in lightness and pattern.
PARTS = ["ink", "on-track", "delayed", "pillar-2", "pillar-1", "pillar-5", "pillar-4", "pillar-3"]
PATTERNS = {"delayed": "/", "muted": ".", "pillar-2": "\\", "pillar-5": "x", "pillar-3": "|"}


def hexadecimal(colour: str, scheme: Scheme = "light") -> str:
    """A colour by its name, e.g. 'pillar-1'; ink for a pillar that has none of its own."""
    return COLOURS.get(colour, COLOURS["ink"])[scheme == "dark"]


def of_pillar(number: int | None) -> str:
    """The name of a pillar's colour; muted for what belongs to no pillar."""
    return "muted" if number is None else f"pillar-{number}"
