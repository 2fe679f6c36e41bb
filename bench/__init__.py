"""Benchmarks on a real database. Importing makes Django ready; `ground` gives it a database."""

import os

import django

os.environ.setdefault("MAKEGOOD_LOCAL", "1")
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "makegood.config.settings")
django.setup()
