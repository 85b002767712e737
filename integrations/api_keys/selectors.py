"""Reading API keys."""

from prsystem.core.errors import Missing

from .models import ApiKey


def api_key_by_prefix(prefix: str) -> ApiKey:
    """The key with this prefix, given alone or as the beginning of a key; Missing otherwise."""
    found = ApiKey.objects.select_related("owner").filter(prefix=prefix.removeprefix("prs_")[:8]).first()
    if found is None:
        raise Missing()
    return found
