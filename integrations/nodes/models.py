"""Model nodes as rows: what the environment gave at first, and what administrators made of it."""

from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from ..ollama.names import node_name
from .checks import checked_node_url


class ModelNode(models.Model):
    """An Ollama server. Credentials stay in the environment: `url` has none."""

    class State(models.TextChoices):
        ACTIVE = "activo", _("Takes work")
        CORDONED = "acordonado", _("Cordoned: no new work for now")
        DRAINING = "vaciando", _("Draining: no new work, to be switched off")

    url = models.CharField(
        _("URL"),
        max_length=300,
        unique=True,
        validators=[checked_node_url],
        help_text=_("E.g. http://nodo1.planta:11434. A private address needs an allowed private target."),
    )
    is_enabled = models.BooleanField(_("enabled"), default=True)
    state = models.CharField(_("state"), max_length=10, choices=State.choices, default=State.ACTIVE)
    max_in_flight = models.PositiveSmallIntegerField(
        _("requests at a time"),
        default=2,
        validators=[MinValueValidator(1), MaxValueValidator(64)],
        help_text=_("Of all workers together. One that runs and one that waits is a good beginning."),
    )
    weight = models.PositiveSmallIntegerField(
        _("weight"),
        default=1,
        validators=[MinValueValidator(1), MaxValueValidator(10)],
        help_text=_("A node of weight 2 is given twice the work of one of weight 1."),
    )
    note = models.CharField(_("note"), max_length=200, blank=True)

    class Meta:
        ordering = ["url"]
        verbose_name = _("model node")
        verbose_name_plural = _("model nodes")
        constraints = [
            models.CheckConstraint(
                condition=Q(max_in_flight__range=(1, 64), weight__range=(1, 10)), name="model_node_limits"
            )
        ]

    def __str__(self) -> str:
        return self.name

    def clean(self) -> None:
        """One row a server, however its URL is written: work is counted by server."""
        try:
            name = self.name
        except ValueError:  # a port that is none: the validator of the field tells it
            return
        others = ModelNode.objects.exclude(pk=self.pk).values_list("url", flat=True)
        if self.url and name in map(node_name, others):
            raise ValidationError({"url": _("There is a node with this server and port already.")})

    @property
    def name(self) -> str:
        """`host:port`, as logs and metrics show it."""
        return node_name(self.url)

    @property
    def takes_work(self) -> bool:
        return self.state == self.State.ACTIVE
