"""Numbers that only grow, kept in the database because workers on several machines add to them."""

from collections.abc import Mapping

from django.db import connection

from prsystem.core.models import Tally


def tally_add(name: str, amounts: Mapping[str, float]) -> None:
    """Add to the tallies of a name, by label, in the caller's transaction. One statement."""
    table = connection.ops.quote_name(Tally._meta.db_table)
    rows = ", ".join(["(%s, %s, %s)"] * len(amounts))
    values = [value for label, amount in sorted(amounts.items()) for value in (name, label, amount)]
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO {table} (name, label, total) VALUES {rows}"  # noqa: S608 -- values are parameters
            f" ON CONFLICT (name, label) DO UPDATE SET total = {table}.total + EXCLUDED.total",
            values,
        )


def tallies(name: str) -> dict[str, float]:
    return dict(Tally.objects.filter(name=name).values_list("label", "total"))
