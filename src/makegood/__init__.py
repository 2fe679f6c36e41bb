"""Makegood: a service-recovery desk that keeps a company's word."""
