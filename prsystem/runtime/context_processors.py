"""What every page shows of the site's settings."""

from django.http import HttpRequest

from .selectors import get_setting


def site(request: HttpRequest) -> dict[str, object]:
    return {"site_name": get_setting("site.name")}
