"""One act on a case, as its form is shown."""

from dataclasses import dataclass

from makegood.doors.web.staff.fields import DeskForm

_WORDS = (
    "words", "evidence", "cause", "why", "note", "agreed", "want", "honest_no", "instead", "tried",
    "promised", "tell", "offer",
)  # fmt: skip


@dataclass(frozen=True, kw_only=True, slots=True)
class Act:
    """One act on a case, ready to be shown at its `target` (a promise, a message or the case)."""

    name: str
    target: int
    url: str
    title: str
    says: str
    submit: str
    form: DeskForm
    back: str = ""
    refusal: str = ""
    hints: tuple[str, ...] = ()
    """What one should know while filling it in."""
    doubted: str = ""
    """The date that its refusal speaks against; sent once more, it counts."""

    @property
    def typed(self) -> tuple[str, ...]:
        """The words that were typed into it, in case nothing can be done with them any more."""
        bare = {name: self.form[name] for name in _WORDS if name in self.form.fields}
        found = (field.value() for field in bare.values()) if self.form.is_bound else ()
        return tuple(str(words) for words in found if words)
