"""A migration that applies runs of like operations at once, so that a first start is not slow.

Before each operation Django builds anew every model that is tied to the one that changes, and here
all are tied to all. Within a run of one kind (tables created; fields, indexes and constraints
added) no operation looks at what the one before it changed: the models are built once for the run.
"""

from itertools import groupby

from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.operations.base import Operation
from django.db.migrations.state import ProjectState

_ADDS = (migrations.AddField, migrations.AddIndex, migrations.AddConstraint)


class Migration(migrations.Migration):
    """As Django's own; the same statements in the same order."""

    def apply(
        self,
        project_state: ProjectState,
        schema_editor: BaseDatabaseSchemaEditor,
        collect_sql: bool = False,  # noqa: FBT001, FBT002 - as Django declares it
    ) -> ProjectState:
        """Apply it forwards; when only its SQL is asked for, operation by operation."""
        if collect_sql or not schema_editor.atomic_migration:
            return super().apply(project_state, schema_editor, collect_sql)
        for _kind, run in groupby(self.operations, _kind_of):
            self._apply_run(list(run), project_state, schema_editor)
        return project_state

    def _apply_run(
        self,
        run: list[Operation],
        project_state: ProjectState,
        schema_editor: BaseDatabaseSchemaEditor,
    ) -> None:
        before = project_state.clone()
        # Not rendered while it changes, but once, when the first statement asks for a model.
        project_state.__dict__.pop("apps", None)
        for operation in run:
            operation.state_forwards(self.app_label, project_state)
        for operation in run:
            operation.database_forwards(self.app_label, schema_editor, before, project_state)


def _kind_of(operation: Operation) -> type[Operation]:
    return Operation if isinstance(operation, _ADDS) else type(operation)
