"""The company's people: staff, who sign in and own cases, and the teams whose ladder they form."""

from typing import TYPE_CHECKING, ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.auth.models import PermissionsMixin
from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower

from makegood.rules.roles import Role

CANARY_EMAIL = "canary@makegood.invalid"
"""The address of the one who owns the clock's canary, and cannot sign in."""


if TYPE_CHECKING:
    _EmailField = models.EmailField[str, str]
else:
    _EmailField = models.EmailField


class AddressField(_EmailField):
    """An e-mail address that one signs in with: kept and looked for in lower case."""

    def get_prep_value(self, value: str | None) -> str | None:
        """What PostgreSQL is told."""
        return value.lower() if isinstance(value, str) else value


class StaffRole(models.TextChoices):
    """What somebody is at the desk; what each role may do stands in `rules.roles`."""

    AGENT = Role.AGENT.value
    OWNER = Role.OWNER.value
    DISPATCHER = Role.DISPATCHER.value
    SUPERVISOR = Role.SUPERVISOR.value
    EXECUTIVE = Role.EXECUTIVE.value
    KNOWLEDGE_KEEPER = Role.KNOWLEDGE_KEEPER.value
    ADMINISTRATOR = Role.ADMINISTRATOR.value


class Team(models.Model):
    """People who answer for one service, and the ladder above them. Holds no personal data.

    `day_end_at` is a clock: the next moment at which tonight's promises are looked through.
    """

    name = models.CharField(max_length=100, unique=True)
    calendar = models.ForeignKey("WorkingCalendar", on_delete=models.PROTECT, related_name="teams")
    lead = models.ForeignKey("Staff", on_delete=models.PROTECT, null=True, related_name="+")
    head = models.ForeignKey("Staff", on_delete=models.PROTECT, null=True, related_name="+")
    executive = models.ForeignKey("Staff", on_delete=models.PROTECT, null=True, related_name="+")
    day_end_at = models.DateTimeField(null=True)

    class Meta:
        indexes: ClassVar = [
            models.Index(
                fields=["day_end_at"],
                condition=Q(day_end_at__isnull=False),
                name="team_waiting_for_day_end",
            ),
        ]

    def __str__(self) -> str:
        return self.name


class StaffManager(BaseUserManager["Staff"]):
    """Makes people who can sign in."""

    def create_user(
        self,
        email: str,
        name: str,
        team: Team,
        password: str | None = None,
        *,
        role: str = StaffRole.OWNER,
        zone: str = "UTC",
    ) -> "Staff":
        """Create a person; without a password they cannot sign in, but can own and be told."""
        address = self.normalize_email(email)
        person = self.model(email=address, name=name, team=team, role=role, zone=zone)
        person.set_password(password)
        person.save(using=self._db)
        return person

    def people(self) -> "models.QuerySet[Staff]":
        """Everybody who is a person: the owner of the clock's canary is none."""
        return self.exclude(email=CANARY_EMAIL)

    def get_by_natural_key(self, username: str | None) -> "Staff":
        """Find by e-mail address, whatever its case."""
        return self.get(email__iexact=username)


class Staff(AbstractBaseUser, PermissionsMixin):
    """One named person of the company. Personal data: name, email, phone.

    An empty `language` is that of the browser. `wants_digest` counts for executives only.
    """

    email = AddressField(unique=True)
    name = models.CharField(max_length=200)
    phone = models.CharField(max_length=40, blank=True)
    team = models.ForeignKey(Team, on_delete=models.PROTECT, related_name="members")
    role = models.CharField(max_length=20, choices=StaffRole.choices, default=StaffRole.OWNER)
    zone = models.CharField(max_length=64, default="UTC")
    language = models.CharField(max_length=10, blank=True, default="", db_default="")
    cover = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="covers"
    )
    is_active = models.BooleanField(default=True)
    wants_digest = models.BooleanField(default=True, db_default=True)

    objects = StaffManager()

    USERNAME_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = ["name"]

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=~Q(cover=models.F("pk")), name="staff_cover_is_somebody_else"
            ),
            models.CheckConstraint(
                condition=Q(role__in=StaffRole.values), name="staff_role_is_known"
            ),
            models.CheckConstraint(
                condition=Q(email=Lower("email")), name="staff_email_is_in_lower_case"
            ),
            models.CheckConstraint(
                condition=Q(language="") | Q(language__regex=r"^[a-z]{2,3}(-[a-z]{2,4})?$"),
                name="staff_language_is_a_code",
            ),
        ]

    def __str__(self) -> str:
        return self.name
