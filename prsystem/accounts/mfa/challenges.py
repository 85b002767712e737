"""What a page asks a security key, kept in the browser's session until its answer comes: once, for five minutes."""

import ipaddress
import json
from time import time

from django.conf import settings
from django.http import HttpRequest

from prsystem.accounts.models import User
from prsystem.runtime.selectors import get_setting

from .keys import Site, assertion_ask, creation_ask, site_of
from .selectors import keys_of

KEPT = "key_challenges"
ADD, PROVE = "add", "prove"
SECONDS = 300


def site_here(request: HttpRequest) -> Site:
    """The operator's PRS_WEBAUTHN_ORIGINS, else the address of this page, which ALLOWED_HOSTS has let through."""
    own = f"{request.scheme}://{request.get_host()}"
    return site_of(settings.WEBAUTHN_ORIGINS, own, get_setting("site.name"))


def is_possible(site: Site) -> bool:
    """Browsers use keys only where a site has a name: an address in figures has none."""
    try:
        ipaddress.ip_address(site.rp_id)
    except ValueError:
        return bool(site.rp_id)
    return False


def creation_options(request: HttpRequest, user: User) -> str:
    """What the page asks a new key, as JSON; "" where keys can't be used."""
    site = site_here(request)
    if not is_possible(site):
        return ""
    options, challenge = creation_ask(site, user.pk, user.username, _ids(user))
    _keep(request, ADD, challenge)
    return json.dumps(options)


def assertion_options(request: HttpRequest, user: User) -> str:
    """What the page asks the person's keys, as JSON; "" for whoever has none."""
    known = _ids(user)
    if not known:
        return ""
    options, challenge = assertion_ask(site_here(request), known)
    _keep(request, PROVE, challenge)
    return json.dumps(options)


def challenge_take(request: HttpRequest, purpose: str) -> str:
    """The one that the page was given last; "" when there is none or it is old."""
    kept = request.session.get(KEPT, {})
    challenge, moment = kept.pop(purpose, ("", 0))
    request.session[KEPT] = kept
    return challenge if time() - moment <= SECONDS else ""


def _keep(request: HttpRequest, purpose: str, challenge: str) -> None:
    request.session[KEPT] = {**request.session.get(KEPT, {}), purpose: (challenge, int(time()))}


def _ids(user: User) -> list[bytes]:
    return [bytes(found) for found in keys_of(user).values_list("credential_id", flat=True) if found]
