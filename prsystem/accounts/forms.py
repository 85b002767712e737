"""Sign-in and password forms with the classes of the pages."""

from typing import Any

from django import forms
from django.contrib.auth.forms import AuthenticationForm, PasswordChangeForm
from django.contrib.auth.password_validation import password_validators_help_texts
from django.utils.translation import gettext_lazy as _

from prsystem.accounts.sign_in.checking import WrongCredentials, credentials_check
from prsystem.accounts.sign_in.throttle import TooManyAttempts
from prsystem.accounts.sign_in.trail import sign_in_malformed
from prsystem.core.web.forms import PageForm

from .names import canonical_username
from .services import present_password_check

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

    def clean(self) -> dict[str, Any]:
        """The same check as the API's; what it refuses otherwise than as wrong is answered by its own page."""
        username, password = self.cleaned_data.get("username"), self.cleaned_data.get("password")
        if self.request is not None and username and password:
            try:
                self.user_cache = credentials_check(self.request, username, password)
            except WrongCredentials as error:
                raise self.get_invalid_login_error() from error
        elif self.request is not None:
            sign_in_malformed(self.request)
        return self.cleaned_data


def rules() -> str:
    """What a new password must be like, in one paragraph."""
    return " ".join(text for text in password_validators_help_texts() if text)


class FirstAdministratorForm(PageForm):
    """Name and password of whom administers first."""

    username = forms.CharField(label=_("User name"), max_length=LONGEST_NAME)
    full_name = forms.CharField(label=_("Full name"), max_length=120, required=False)
    new_password1 = forms.CharField(label=_("Password"), widget=forms.PasswordInput, max_length=4096, strip=False)
    new_password2 = forms.CharField(label=_("Password again"), widget=forms.PasswordInput, strip=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["new_password1"].help_text = rules()
        for name in ("new_password1", "new_password2"):
            self.fields[name].widget.attrs["autocomplete"] = "new-password"

    def clean(self) -> dict[str, Any]:
        values = super().clean() or {}
        if values.get("new_password1") != values.get("new_password2"):
            self.add_error("new_password2", _("The two passwords are not the same."))
        return values


class OwnPasswordForm(PasswordChangeForm):
    """The present password, and the new one twice."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["old_password"].label = _("Present password")
        self.fields["new_password1"].label = _("New password")
        self.fields["new_password1"].help_text = rules()
        self.fields["new_password2"].label = _("New password again")
        self.fields["new_password2"].help_text = ""
        for name, field in self.fields.items():
            field.widget.attrs["class"] = "form-control"
            if name == "old_password":
                field.widget.attrs.pop("autofocus", None)

    def clean_old_password(self) -> str:
        given: str = self.cleaned_data["old_password"]
        try:
            is_right = present_password_check(user=self.user, given=given)
        except TooManyAttempts as error:
            raise forms.ValidationError(str(error)) from error
        if not is_right:
            raise forms.ValidationError(self.error_messages["password_incorrect"], code="password_incorrect")
        return given
