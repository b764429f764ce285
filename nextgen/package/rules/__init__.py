"""What holds a package together beyond its cells: keys, references, rules across tables."""

from nextgen.package.rules import keys, plan, progress, projects

__all__ = ["keys", "plan", "progress", "projects"]
