"""Sign-in and password forms with the classes of the pages."""

from typing import Any

from django.contrib.auth.forms import AuthenticationForm, PasswordChangeForm
from django.utils.translation import gettext_lazy as _

from .names import canonical_username

LONGEST_NAME = 150


class SignInForm(AuthenticationForm):
    """User names are stored in lower case, so that `Ana` and ` ana` are one account and one lockout counter."""

    error_messages = {
        "invalid_login": _("The user name or the password is not right."),
        "inactive": _("This account is not active."),
    }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in ("username", "password"):
            self.fields[name].widget.attrs.update({"class": "form-control form-control-lg"})
        self.fields["username"].widget.attrs.update({"autocapitalize": "none", "spellcheck": "false"})

    def clean_username(self) -> str:
        username = canonical_username(self.cleaned_data["username"])
        if len(username) > LONGEST_NAME:
            raise self.get_invalid_login_error()
        return username


class OwnPasswordForm(PasswordChangeForm):
    """The present password, and the new one twice."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["old_password"].label = _("Present password")
        self.fields["new_password1"].label = _("New password")
        self.fields["new_password1"].help_text = _("At least 12 characters; not a common one, nor like your name.")
        self.fields["new_password2"].label = _("New password again")
        self.fields["new_password2"].help_text = ""
        for name, field in self.fields.items():
            field.widget.attrs["class"] = "form-control"
            if name == "old_password":
                field.widget.attrs.pop("autofocus", None)
