"""The doors as a Django app, for their templates, static files and translations."""

from django.apps import AppConfig


class DoorsConfig(AppConfig):
    """Pages, commands and everything else that people and programs come in by."""

    name = "makegood.doors"
    label = "doors"
