"""What can be found of cases, customers and assets: their words as PostgreSQL indexes them.

Triggers alone write these rows (0005_finding.sql and 0023), in the transaction of what they are
about, so that a search is never behind, and an erased word can be found no longer.
"""

from typing import ClassVar

from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVectorField
from django.db import models
from django.db.models import Q


class CaseSearch(models.Model):
    """The words of a case: reference, customer, asset, title, and what was said and written.

    `alike` is what misspelt words are held against; `waiting_since` is when the customer first
    reached us since we last reached them. Personal data: `words` and `alike`, which follow their
    sources and go with them.
    """

    case = models.OneToOneField(
        "Case", on_delete=models.CASCADE, primary_key=True, related_name="search"
    )
    words = SearchVectorField()
    alike = models.TextField(blank=True)
    waiting_since = models.DateTimeField(null=True)

    class Meta:
        verbose_name_plural = "case searches"
        indexes: ClassVar = [
            # Without a list of pending words, which every search would have to read as well.
            GinIndex(fields=["words"], fastupdate=False, name="case_search_by_words"),
            models.Index(
                fields=["waiting_since"],
                condition=Q(waiting_since__isnull=False),
                name="case_search_by_waiting",
            ),
        ]

    def __str__(self) -> str:
        return f"words of case {self.case_id}"


class CustomerSearch(models.Model):
    """The words by which a customer is found. Personal data: `words` and `alike`."""

    customer = models.OneToOneField(
        "Customer", on_delete=models.CASCADE, primary_key=True, related_name="search"
    )
    words = SearchVectorField()
    alike = models.TextField(blank=True)

    class Meta:
        verbose_name_plural = "customer searches"
        indexes: ClassVar = [
            GinIndex(fields=["words"], fastupdate=False, name="customer_search_by_words"),
        ]

    def __str__(self) -> str:
        return f"words of customer {self.customer_id}"


class AssetSearch(models.Model):
    """The words by which an asset is found. Personal data: `words` and `alike`."""

    asset = models.OneToOneField(
        "Asset", on_delete=models.CASCADE, primary_key=True, related_name="search"
    )
    words = SearchVectorField()
    alike = models.TextField(blank=True)

    class Meta:
        verbose_name_plural = "asset searches"
        indexes: ClassVar = [
            GinIndex(fields=["words"], fastupdate=False, name="asset_search_by_words"),
        ]

    def __str__(self) -> str:
        return f"words of asset {self.asset_id}"
