"""The administration console: for administrators of every area, through the site's own sign-in, always audited."""

from collections.abc import Callable
from typing import Any

from django.contrib.admin import AdminSite
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.db.models import Model
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect
from django.urls import URLPattern, URLResolver, path, reverse
from django.utils.module_loading import import_string
from django.utils.translation import gettext_lazy as _

from audit.services import record
from prsystem.accounts.selectors import is_new_site
from prsystem.console_groups import group_of, grouped
from prsystem.core.console import pages as console_pages
from prsystem.core.console.pages import ConsolePage
from prsystem.core.web.middleware import actor_of
from prsystem.core.web.step_up import console_gate
from prsystem.runtime.setup import progress


def _entry(page: ConsolePage) -> dict[str, Any]:
    """A page as Django's templates show a model."""
    return {
        "name": page.title,
        "object_name": page.name,
        "admin_url": reverse(f"admin:{page.name}"),
        "add_url": None,
        "view_only": True,
        "is_page": True,
    }


class Console(AdminSite):
    """Model admins call `record`, so that the lower apps among them need not know of the audit trail."""

    site_header = "PR-System"
    site_title = "PR-System"
    index_title = _("Administration")

    def get_urls(self) -> list[URLResolver | URLPattern]:
        """The pages that apps registered, then those of the models."""
        return [
            path(page.path, self.admin_view(import_string(page.view)), name=page.name) for page in console_pages.pages()
        ] + super().get_urls()

    def admin_view(self, view: Callable[..., HttpResponse], cacheable: bool = False) -> Callable[..., HttpResponse]:
        """Every page of the console, those of models included, asks for proof before a grave act."""
        return super().admin_view(console_gate(view), cacheable)

    def index(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        """With a reminder of the first steps while some are open."""
        found = progress()
        is_under_way = found.next is not None and (found.taken > 0 or is_new_site())
        return super().index(request, {**(extra_context or {}), "setup": found if is_under_way else None})

    def get_app_list(self, request: HttpRequest, app_label: str | None = None) -> list[dict[str, Any]]:
        """Models and registered pages by purpose; those of one app for its own page."""
        apps = super().get_app_list(request, app_label)
        if app_label is not None:
            return apps
        models = [(self._group_of(model["model"]), model) for app in apps for model in app["models"]]
        listed = [(page.group, _entry(page)) for page in console_pages.pages() if page.title]
        return grouped([*listed, *models], reverse("admin:index"))

    def _group_of(self, model: type[Model]) -> str:
        return group_of(model, getattr(self._registry[model], "console_group", ""))

    def has_permission(self, request: HttpRequest) -> bool:
        user = request.user
        return user.is_authenticated and user.is_active and user.rights.is_admin

    def login(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        """There is one sign-in, with its lockout; who is signed in already lacks the right."""
        if self.has_permission(request):
            return redirect("admin:index")
        if request.user.is_authenticated:
            raise PermissionDenied
        return redirect_to_login(request.GET.get("next") or request.get_full_path())

    def password_change(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        return HttpResponseRedirect("/cuenta/")

    def record(self, request: HttpRequest, action: str, resource: str, details: dict[str, Any]) -> None:
        """An audit entry of what was done here, in the transaction of the change."""
        record(actor_of(request), action, resource, details)
