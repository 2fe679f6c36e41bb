"""What the company does for customers: kinds of things that they depend on, and who answers."""

from typing import ClassVar

from django.db import models
from django.db.models import Q

from makegood.records.models.customer import Criticality
from makegood.rules.severity import Function


class Service(models.Model):
    """One kind of thing that customers depend on, such as the food waste round.

    New assets take `function` and `criticality` from it; `team` answers when it fails. A retired
    one stays for the history. Holds no personal data.
    """

    name = models.CharField(max_length=100, unique=True)
    function = models.CharField(
        max_length=20, choices=[(function.value, function.value) for function in Function]
    )
    criticality = models.CharField(
        max_length=10, choices=Criticality.choices, default=Criticality.ORDINARY
    )
    team = models.ForeignKey("Team", on_delete=models.PROTECT, related_name="services")
    retired_at = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(function__in=[function.value for function in Function]),
                name="service_function_is_known",
            ),
            models.CheckConstraint(
                condition=Q(criticality__in=Criticality.values),
                name="service_criticality_is_known",
            ),
        ]

    def __str__(self) -> str:
        return self.name
