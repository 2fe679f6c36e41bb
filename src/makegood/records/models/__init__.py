"""Every record of Makegood, by its one name."""

from makegood.records.models.article import Article
from makegood.records.models.asking import Asking, Parting, Want
from makegood.records.models.authority import Authority, Conflict
from makegood.records.models.calendar import Holiday, WorkingCalendar
from makegood.records.models.case import Case, CaseLink, Handover
from makegood.records.models.change import Deed, SettingsChange, SettingsWords, Thing
from makegood.records.models.claim import Claim, ClaimStep
from makegood.records.models.clock import ClockPulse, SetAside
from makegood.records.models.contact import Contact, Direction
from makegood.records.models.correction import Correction
from makegood.records.models.crew import CalendarFeed, Crew, CrewAbsence
from makegood.records.models.customer import Asset, Criticality, Customer
from makegood.records.models.doubt import Doubt
from makegood.records.models.duty import Duty, DutyKind
from makegood.records.models.entitlement import Entitlement, SchemeUse
from makegood.records.models.erasure import ErasedBecause, Erasure, Kept, Retention
from makegood.records.models.escalation import Escalation
from makegood.records.models.export import DataAct, DataDeed, Export, ExportPiece, ExportState
from makegood.records.models.foresight import Foresight
from makegood.records.models.found_thing import FoundThing
from makegood.records.models.gate import (
    ApiCall,
    GatePass,
    Template,
    TemplateStop,
    TruthSource,
)
from makegood.records.models.gesture import Gesture, GestureBudget, GestureItem
from makegood.records.models.importing import Import, ImportedCase, ImportState, Origin
from makegood.records.models.incident import Incident, IncidentTruth
from makegood.records.models.incident_remedy import IncidentRemedy, LeftOut
from makegood.records.models.incident_telling import IncidentTelling, IncidentWatch
from makegood.records.models.ladder import Ladder
from makegood.records.models.learning import (
    Cause,
    ChangeTold,
    Digest,
    Improvement,
    Lesson,
    Repeat,
    RepeatCase,
)
from makegood.records.models.letter import Letter, LetterKind, Mute
from makegood.records.models.mail import (
    OF_MACHINES,
    AsideBecause,
    Attachment,
    Mail,
    MailKind,
    SettledAs,
)
from makegood.records.models.message import Message, MessageKind
from makegood.records.models.metric import CountedCase, CountingPlace, DailyCount
from makegood.records.models.page import (
    Choice,
    Knock,
    KnownFailure,
    LinkRequest,
    Reply,
    ReplyKind,
)
from makegood.records.models.part import Diagnosis, EtaChange, EtaSource, Part, PartOrder
from makegood.records.models.partner import Partner, PartnerRequest
from makegood.records.models.past_promise import PastPromise
from makegood.records.models.payment import (
    Account,
    Booking,
    LedgerEntry,
    LedgerTransaction,
    Payment,
    PaymentState,
)
from makegood.records.models.presence import Presence
from makegood.records.models.promise import (
    BESIDE_THE_FIX,
    DEEDS,
    PolicySnapshot,
    Promise,
    PromiseKind,
    PromiseRevision,
)
from makegood.records.models.remedy import ApprovalRequest, Fee, Remedy, Withholding
from makegood.records.models.report import Report
from makegood.records.models.review import Review
from makegood.records.models.round import Round, RoundRun, RoundStop, RoundWord
from makegood.records.models.saved_view import SavedView
from makegood.records.models.search import AssetSearch, CaseSearch, CustomerSearch
from makegood.records.models.sent_form import SentForm
from makegood.records.models.service import Service
from makegood.records.models.sign_in import SecondStepRole, SignInMail, SignInMailKind
from makegood.records.models.signal import OF_A_CASE, Signal, SignalEnd, SignalSource
from makegood.records.models.staff import Staff, StaffRole, Team
from makegood.records.models.timeline import TimelineEntry, TimelineText
from makegood.records.models.token import Token
from makegood.records.models.visit import Slot, Visit
from makegood.records.models.webhook import Delivery, Webhook

__all__ = [
    "BESIDE_THE_FIX",
    "DEEDS",
    "OF_A_CASE",
    "OF_MACHINES",
    "Account",
    "ApiCall",
    "ApprovalRequest",
    "Article",
    "AsideBecause",
    "Asking",
    "Asset",
    "AssetSearch",
    "Attachment",
    "Authority",
    "Booking",
    "CalendarFeed",
    "Case",
    "CaseLink",
    "CaseSearch",
    "Cause",
    "ChangeTold",
    "Choice",
    "Claim",
    "ClaimStep",
    "ClockPulse",
    "Conflict",
    "Contact",
    "Correction",
    "CountedCase",
    "CountingPlace",
    "Crew",
    "CrewAbsence",
    "Criticality",
    "Customer",
    "CustomerSearch",
    "DailyCount",
    "DataAct",
    "DataDeed",
    "Deed",
    "Delivery",
    "Diagnosis",
    "Digest",
    "Direction",
    "Doubt",
    "Duty",
    "DutyKind",
    "Entitlement",
    "ErasedBecause",
    "Erasure",
    "Escalation",
    "EtaChange",
    "EtaSource",
    "Export",
    "ExportPiece",
    "ExportState",
    "Fee",
    "Foresight",
    "FoundThing",
    "GatePass",
    "Gesture",
    "GestureBudget",
    "GestureItem",
    "Handover",
    "Holiday",
    "Import",
    "ImportState",
    "ImportedCase",
    "Improvement",
    "Incident",
    "IncidentRemedy",
    "IncidentTelling",
    "IncidentTruth",
    "IncidentWatch",
    "Kept",
    "Knock",
    "KnownFailure",
    "Ladder",
    "LedgerEntry",
    "LedgerTransaction",
    "LeftOut",
    "Lesson",
    "Letter",
    "LetterKind",
    "LinkRequest",
    "Mail",
    "MailKind",
    "Message",
    "MessageKind",
    "Mute",
    "Origin",
    "Part",
    "PartOrder",
    "Parting",
    "Partner",
    "PartnerRequest",
    "PastPromise",
    "Payment",
    "PaymentState",
    "PolicySnapshot",
    "Presence",
    "Promise",
    "PromiseKind",
    "PromiseRevision",
    "Remedy",
    "Repeat",
    "RepeatCase",
    "Reply",
    "ReplyKind",
    "Report",
    "Retention",
    "Review",
    "Round",
    "RoundRun",
    "RoundStop",
    "RoundWord",
    "SavedView",
    "SchemeUse",
    "SecondStepRole",
    "SentForm",
    "Service",
    "SetAside",
    "SettingsChange",
    "SettingsWords",
    "SettledAs",
    "SignInMail",
    "SignInMailKind",
    "Signal",
    "SignalEnd",
    "SignalSource",
    "Slot",
    "Staff",
    "StaffRole",
    "Team",
    "Template",
    "TemplateStop",
    "Thing",
    "TimelineEntry",
    "TimelineText",
    "Token",
    "TruthSource",
    "Visit",
    "Want",
    "Webhook",
    "Withholding",
    "WorkingCalendar",
]
