"""Who may do what: the rights of the desk, and which role has which of them.

The matrix is meant to be read and argued about; doors ask it, and a test walks every address with
every role. A right that only counts on somebody else's case has `others` in its name: with one's
own case, or that of somebody whom one covers for, answering customers is enough.
"""

from collections.abc import Mapping
from enum import StrEnum


class Role(StrEnum):
    """What somebody is at the desk. Everybody has one role."""

    AGENT = "agent"
    OWNER = "owner"
    DISPATCHER = "dispatcher"
    SUPERVISOR = "supervisor"
    EXECUTIVE = "executive"
    KNOWLEDGE_KEEPER = "knowledge_keeper"
    ADMINISTRATOR = "administrator"


class Right(StrEnum):
    """One thing that one may do."""

    SEE_CASES = "see_cases"
    """Read cases, promises and what was told to whom, and acknowledge what one was told."""
    TAKE_REPORTS = "take_reports"
    """Take a report, which opens a case or joins one."""
    ANSWER_CUSTOMERS = "answer_customers"
    """Record contacts, apologise, make, keep, move, release and replace promises, on any case."""
    HAND_OVER_OTHERS = "hand_over_others"
    """Offer somebody else's case to a third person."""
    CLOSE_OTHERS = "close_others"
    """Close somebody else's case by the customer's answer."""
    END_WITHOUT_YES = "end_without_yes"
    """End a case whose customer could not be satisfied, from the top of its ladder."""
    MANAGE_LINKS = "manage_links"
    """Make links to a customer's page, and take them back."""
    PLAN_VISITS = "plan_visits"
    """Plan crews, slots, visits and parts."""
    SPEAK_TO_ALL = "speak_to_all"
    """Declare that a service failed for a whole area, and say what everybody there is told."""
    GRANT_REMEDIES = "grant_remedies"
    """Grant what makes it good, within one's authority; ask for approval beyond it."""
    APPROVE_REMEDIES = "approve_remedies"
    """Approve what somebody else asked to grant, within one's own authority."""
    KEEP_KNOWLEDGE = "keep_knowledge"
    """Keep offers, answers and templates, and stop what gives wrong words."""
    IMPROVE = "improve"
    """Change what causes failures: begin improvements, ship them, answer what came again."""
    SEE_WALL = "see_wall"
    """See how well the company's word is kept, with who or what gives words that break."""
    REVIEW_PATTERNS = "review_patterns"
    """See who was given more often than chance explains; a reason to look, and nothing else."""
    EXPORT = "export"
    """Take lists out of the desk as files."""
    MANAGE_DUTY = "manage_duty"
    """Plan shifts, watches, absences and cover of others."""
    SEE_SETTINGS = "see_settings"
    """Read how the desk is set up, and who changed what."""
    MANAGE_SETTINGS = "manage_settings"
    """Change services, ladders, calendars and policies."""
    MANAGE_STAFF = "manage_staff"
    """Let people in, give them roles and teams, and see them off."""
    MANAGE_TOKENS = "manage_tokens"
    """Let other systems in, and shut them out."""
    MANAGE_DATA = "manage_data"
    """Bring much data in, take all of it out, and copy or erase what there is of one person."""


_TALKS = frozenset(
    {Right.SEE_CASES, Right.TAKE_REPORTS, Right.ANSWER_CUSTOMERS, Right.MANAGE_LINKS}
)
_OWNS = _TALKS | {Right.GRANT_REMEDIES, Right.CLOSE_OTHERS, Right.EXPORT}
_LEADS = _OWNS | {
    Right.HAND_OVER_OTHERS,
    Right.SPEAK_TO_ALL,
    Right.APPROVE_REMEDIES,
    Right.END_WITHOUT_YES,
    Right.IMPROVE,
    Right.SEE_WALL,
    Right.MANAGE_DUTY,
    Right.SEE_SETTINGS,
}

RIGHTS: Mapping[Role, frozenset[Right]] = {
    # Has the customer on the line: whatever that needs, at once, and small remedies.
    Role.AGENT: _TALKS | {Right.GRANT_REMEDIES},
    # Sees cases through to the end, also those of colleagues who are out.
    Role.OWNER: _OWNS,
    # Moves people and cases, not money.
    Role.DISPATCHER: _TALKS
    | {
        Right.HAND_OVER_OTHERS,
        Right.SPEAK_TO_ALL,
        Right.PLAN_VISITS,
        Right.MANAGE_DUTY,
        Right.SEE_SETTINGS,
        Right.EXPORT,
    },
    # Stands on the ladder: may do all that the people below may, and approves.
    Role.SUPERVISOR: _LEADS | {Right.PLAN_VISITS, Right.KEEP_KNOWLEDGE, Right.REVIEW_PATTERNS},
    Role.EXECUTIVE: _LEADS,
    # Answers for what is said, not to whom.
    Role.KNOWLEDGE_KEEPER: frozenset(
        {Right.SEE_CASES, Right.KEEP_KNOWLEDGE, Right.IMPROVE, Right.SEE_WALL}
    ),
    # Sets the desk up, and in a small company takes calls too; never decides on money, so that
    # nobody can both raise a limit and use it.
    Role.ADMINISTRATOR: _TALKS
    | {
        Right.CLOSE_OTHERS,
        Right.HAND_OVER_OTHERS,
        Right.MANAGE_DUTY,
        Right.EXPORT,
        Right.SEE_SETTINGS,
        Right.MANAGE_SETTINGS,
        Right.MANAGE_STAFF,
        Right.MANAGE_TOKENS,
        Right.MANAGE_DATA,
    },
}


def has(role: str, right: Right) -> bool:
    """Whether a role has a right.

    :raises ValueError: if there is no such role.
    """
    return right in RIGHTS[Role(role)]


def roles_with(right: Right) -> tuple[Role, ...]:
    """The roles that have a right."""
    return tuple(role for role in Role if right in RIGHTS[role])


def may_on_case(role: str, *, others: Right, is_own: bool) -> bool:
    """Whether somebody may do on a case what on somebody else's needs the right `others`."""
    return has(role, others) or (is_own and has(role, Right.ANSWER_CUSTOMERS))
