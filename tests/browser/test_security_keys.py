"""A security key in a real browser, with Chromium's virtual authenticator: added, used to sign in and to prove."""

from typing import Any
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, Page

from prsystem.accounts.mfa.models import Authenticator
from prsystem.core.rights import Role
from tests.browser.test_main_job import chromium, pytestmark
from tests.people import PASSWORD, make_user

__all__ = ["chromium", "pytestmark"]
KEY = {"protocol": "ctap2", "transport": "usb", "hasResidentKey": False, "isUserVerified": True}


class Desk:
    """Eva at a browser with a key plugged in."""

    def __init__(self, chromium: Browser, address: str) -> None:
        self.address = address.replace("127.0.0.1", "localhost")
        self.page: Page = chromium.new_context(locale="es-MX").new_page()
        self.complaints = list[str]()
        self.page.on("console", lambda told: self.complaints.append(told.text) if told.type == "error" else None)
        self.devtools = self.page.context.new_cdp_session(self.page)
        self.devtools.send("WebAuthn.enable")
        self.plugged = self.devtools.send(
            "WebAuthn.addVirtualAuthenticator", {"options": {**KEY, "automaticPresenceSimulation": True}}
        )["authenticatorId"]

    def open(self, path: str) -> None:
        self.page.goto(self.address + path)

    def give_password(self) -> None:
        self.open("/entrar")
        self.page.fill("#id_username", "eva")
        self.page.fill("#id_password", PASSWORD)
        self.page.click("text=Entrar >> visible=true")

    def path(self) -> str:
        return urlsplit(self.page.url).path


@pytest.fixture
def desk(chromium: Browser, live_server: Any) -> Desk:
    make_user("eva", Role.ADMIN, password=PASSWORD)
    return Desk(chromium, live_server.url)


def test_a_key_is_added_signs_in_and_proves(desk: Desk) -> None:
    page = desk.page
    desk.give_password()
    desk.open("/cuenta/segundo-factor")
    page.fill("#nombre-llave", "Llave roja")
    page.click("form[data-key] button")
    page.wait_for_selector("text=Llave roja")
    assert page.locator("#codigos-nuevos").is_visible()
    assert Authenticator.objects.filter(kind="webauthn", confirmed_at__isnull=False).count() == 1
    page.context.clear_cookies()

    desk.give_password()
    page.wait_for_url("**/entrar/segundo-paso")
    page.click("form[data-key] button")
    page.wait_for_url("**/")
    assert desk.path() == "/"
    counted = Authenticator.objects.get(kind="webauthn").sign_count
    assert counted > 0

    desk.open("/cuenta/segundo-factor")
    assert page.locator("#llave-nueva").is_visible()
    assert not desk.complaints


def test_a_key_proves_who_it_is_before_a_grave_step(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    page = desk.page
    desk.give_password()
    desk.open("/cuenta/segundo-factor")
    page.click("form[data-key] button")
    page.wait_for_selector("#codigos-nuevos")
    with monkeypatch.context() as later:
        later.setattr("prsystem.core.web.step_up.RECENT_SECONDS", -1)
        desk.open("/cuenta/segundo-factor")
        assert page.locator("#confirmacion").is_visible()
    page.click("form[data-key] button")
    page.wait_for_selector("#llave-nueva")
    assert not desk.complaints


def test_without_the_key_the_page_says_so_and_takes_a_recovery_code(desk: Desk) -> None:
    page = desk.page
    desk.give_password()
    desk.open("/cuenta/segundo-factor")
    page.click("form[data-key] button")
    page.wait_for_selector("#codigos-nuevos")
    code = page.locator("#codigos-nuevos >> xpath=../.. >> li").first.inner_text()
    desk.devtools.send("WebAuthn.clearCredentials", {"authenticatorId": desk.plugged})
    page.context.clear_cookies()
    desk.give_password()
    page.click("form[data-key] button")
    page.wait_for_selector("[data-key-failed]:visible")
    page.fill("#codigo", code)
    page.press("#codigo", "Enter")
    page.wait_for_url("**/")
    assert desk.path() == "/"
