"""Public holidays of countries, from the `holidays` library, which is loaded when a calendar names a country."""

from collections.abc import Mapping
from datetime import date
from functools import lru_cache


class PublicDays:
    """The public holidays of a country and, when given, one of its subdivisions: `day in days`."""

    def __init__(self, country: str, subdivision: str = "") -> None:
        self.country, self.subdivision = country, subdivision

    def __contains__(self, day: object) -> bool:
        return isinstance(day, date) and day in _of_year(self.country, self.subdivision, day.year)

    def name_of(self, day: date) -> str:
        """What is celebrated; empty on other days."""
        return _of_year(self.country, self.subdivision, day.year).get(day, "")


@lru_cache(maxsize=512)
def _of_year(country: str, subdivision: str, year: int) -> Mapping[date, str]:
    from holidays import country_holidays

    return dict(country_holidays(country, subdiv=subdivision or None, years=year, language="es"))


@lru_cache(maxsize=1)
def supported() -> Mapping[str, list[str]]:
    """Country code -> codes of its subdivisions."""
    from holidays import list_supported_countries

    return list_supported_countries(include_aliases=False)
