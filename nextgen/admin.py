"""Where Django looks for admins of this app: those of the tables that packages bring along."""

from nextgen.desk import logins

__all__ = ["logins"]
