"""`manage.py grants ROLE`: what the role of the site may do on PostgreSQL, as SQL or done."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import connection

# It reads and writes rows and owns nothing: so it can neither take the guards of published
# history away (milestones/frozen.py) nor empty a table. What the owner adds later is granted too.
GRANTS = """\
GRANT CONNECT ON DATABASE {database} TO {role};
GRANT USAGE ON SCHEMA {schema} TO {role};
GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA {schema} TO {role};
GRANT USAGE ON ALL SEQUENCES IN SCHEMA {schema} TO {role};
ALTER DEFAULT PRIVILEGES IN SCHEMA {schema}
  GRANT SELECT, INSERT, UPDATE, DELETE ON TABLES TO {role};
ALTER DEFAULT PRIVILEGES IN SCHEMA {schema} GRANT USAGE ON SEQUENCES TO {role};"""


class Command(BaseCommand):
    help = "Prints the SQL that gives a PostgreSQL role what the site needs, and nothing more."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("role", metavar="ROLE", help="the role in the site's DATABASE_URL")
        parser.add_argument("--apply", action="store_true", help="run it, as the owner")

    def handle(self, **options: Any) -> None:
        if connection.vendor != "postgresql":
            raise CommandError("Only PostgreSQL has roles: set DATABASE_URL to that of the owner.")
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT quote_ident(current_database()), quote_ident(current_schema()),"
                " quote_ident(%s)",
                [options["role"]],
            )
            database, schema, role = cursor.fetchone()
            sql = GRANTS.format(database=database, schema=schema, role=role)
            if options["apply"]:
                cursor.execute(sql)
            else:
                self.stdout.write(sql)
