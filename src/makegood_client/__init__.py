"""The desk from another program: one thin call for each thing that its API does.

It needs nothing but Python. Every act goes with a key of its own, and is tried again with the
same key where the connection fails, so that nothing is done twice.
"""

from makegood_client.calls import Client, Desk, Page, ProblemError

__all__ = ["Client", "Desk", "Page", "ProblemError"]
