"""Two answers to machines: whether the process lives, and whether it can do its work."""

from django.db import DEFAULT_DB_ALIAS, DatabaseError, connections
from django.db.migrations.executor import MigrationExecutor
from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

TEXT = "text/plain; charset=utf-8"


@require_safe
def show_alive(_: HttpRequest) -> HttpResponse:
    """Answer as long as the process can."""
    return HttpResponse("ok\n", content_type=TEXT)


@require_safe
def show_ready(_: HttpRequest) -> HttpResponse:
    """Answer 200 when the database answers and every migration is applied, else 503."""
    problem = _find_problem()
    if problem is None:
        return HttpResponse("ready\n", content_type=TEXT)
    return HttpResponse(f"{problem}\n", content_type=TEXT, status=503)


def _find_problem() -> str | None:
    connection = connections[DEFAULT_DB_ALIAS]
    try:
        executor = MigrationExecutor(connection)
        if executor.migration_plan(executor.loader.graph.leaf_nodes()):
            return "Migrations are missing: run `makegood migrate`."
    except DatabaseError:
        # The reason may name hosts and users; it goes to the log of the server, not to strangers.
        return "The database does not answer."
    return None
