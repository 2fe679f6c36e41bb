"""The records as Django's only app with tables."""

from django.apps import AppConfig


class RecordsConfig(AppConfig):
    """All facts, in one app, so that they may refer to each other."""

    name = "makegood.records"
    label = "records"
