"""Forms of the administration console that do more than a model's own."""

from django import forms

from .models import TriageRule

PREVIEW = "_preview"


class TriageRuleForm(forms.ModelForm):
    """A rule; asked for a preview it is checked but not saved."""

    class Meta:
        model = TriageRule
        fields = (
            *("name", "position", "is_enabled", "if_area", "if_source", "if_words", "if_reporter", "if_priority"),
            *("set_priority", "set_level", "set_area", "set_assignee"),
        )

    def is_valid(self) -> bool:
        return super().is_valid() and PREVIEW not in self.data
