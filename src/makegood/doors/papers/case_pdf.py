"""The file of a case on paper: the same facts as its JSON, for people to read and to print."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from io import BytesIO
from typing import Any, Final
from xml.sax.saxutils import escape
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from reportlab.lib import colors
from reportlab.lib.pagesizes import A4
from reportlab.lib.styles import ParagraphStyle
from reportlab.lib.units import mm
from reportlab.pdfgen.canvas import Canvas
from reportlab.platypus import (
    CondPageBreak,
    Flowable,
    LongTable,
    Paragraph,
    SimpleDocTemplate,
    Spacer,
)

from makegood.doors.papers import tables
from makegood.doors.papers.fonts import Letters, letters
from makegood.language import moments, money
from makegood.queries.labels import CHANNELS, REVIEW_VERDICTS
from makegood.queries.letter_events import STATES
from makegood.rules.letters import LetterState
from makegood.rules.remedies import MONEY_KINDS

MARGIN: Final = 18 * mm
LONGEST_CELL: Final = 3_000
"""More than that in one row would not fit on a page; the JSON holds all of it."""

ROOM_BELOW_A_HEAD: Final = 32 * mm
GREY: Final = colors.HexColor("#444444")
NO_BREAK_SPACE: Final = "\u00a0"
PADDING: Final = 6
"""Of a frame, on each side, in points: text and tables begin where the margin ends."""

Document = Mapping[str, Any]


def render(document: Document) -> bytes:
    """The PDF of a case file."""
    buffer = BytesIO()
    paper = _Paper(document, letters())
    template = SimpleDocTemplate(
        buffer,
        pagesize=A4,
        leftMargin=MARGIN - PADDING,
        rightMargin=MARGIN - PADDING,
        topMargin=MARGIN,
        bottomMargin=MARGIN + 6 * mm,
        title=paper.fit(f"{document['case']['reference']} {document['case']['what_was_wrong']}"),
        author=paper.fit(document["case"]["team"]),
        subject=_("The file of a case, from its first news to its end"),
        invariant=True,
    )
    foot = paper.foot
    template.build(paper.story(), onFirstPage=foot, onLaterPages=foot)
    return buffer.getvalue()


class _Paper:
    """What is printed, in order."""

    def __init__(self, document: Document, font: Letters) -> None:
        self._document = document
        self._font = font
        self._zone = ZoneInfo(document["case"]["customer"]["zone"])
        self._plain = ParagraphStyle("plain", fontName=font.plain, fontSize=9, leading=12)
        self._small = ParagraphStyle(
            "small", parent=self._plain, fontSize=7.5, leading=10, textColor=GREY
        )
        self._head = ParagraphStyle(
            "head", fontName=font.bold, fontSize=12, leading=16, spaceBefore=8, spaceAfter=3
        )  # fmt: skip
        self._title = ParagraphStyle("title", fontName=font.bold, fontSize=18, leading=23)

    def fit(self, text: str) -> str:
        """A text in letters that the font has."""
        return self._font.fit(text)

    def story(self) -> list[Flowable]:
        """The pages."""
        return [
            *self._cover(),
            *self._summary(),
            *self._promises(),
            *self._questions(),
            *self._reviews(),
            *self._letters(),
            *self._timeline(),
            *self._check(),
        ]

    def foot(self, canvas: Canvas, _template: SimpleDocTemplate) -> None:
        """Which file this is, and its seal, on each page."""
        canvas.saveState()
        canvas.setFont(self._font.plain, 6.5)
        canvas.setFillColor(GREY)
        canvas.drawString(
            MARGIN, 10 * mm, f"{self._document['case']['reference']} · {self._document['seal']}"
        )
        canvas.drawRightString(A4[0] - MARGIN, 10 * mm, str(canvas.getPageNumber()))
        canvas.restoreState()

    def _cover(self) -> list[Flowable]:
        case = self._document["case"]
        customer = case["customer"]
        closed = self._when(case["closed_at"]) if case["closed_at"] else _("still open")
        rows = [
            (_("Case"), case["reference"]),
            (_("Customer"), _joined(customer[name] for name in ("name", "address", "postcode"))),
            (_("About"), _joined((case["thing"], case["place"]))),
            (_("Team"), case["team"]),
            (_("Owner"), case["owner"]),
            (_("Wrong since"), self._when(case["failed_at"])),
            (_("Known since"), self._when(case["known_at"])),
            (_("Closed"), closed),
            (_("What the customer wants"), case["wanted"] or "-"),
            (_("Exported"), self._when(self._document["exported_at"])),
            (_("All times"), moments.zone_in_words(self._zone)),
        ]
        return [
            Paragraph(
                self._safe(_("The file of a case, from its first news to its end")), self._small
            ),
            Paragraph(self._safe(case["what_was_wrong"]), self._title),
            Spacer(1, 4 * mm),
            self._table([[name, text] for name, text in rows], widths=(42, 132)),
        ]

    def _summary(self) -> list[Flowable]:
        ending = self._document["ending"]
        given = [
            [
                _given(row),
                row["because"],
                _("arrived %(when)s") % {"when": self._brief(row["arrived_at"])}
                if row["arrived_at"]
                else _("promised"),
            ]
            for row in self._document["made_good"]
        ]
        story = [*self._section(_("What it cost the customer")), self._text(self._cost())]
        if given:
            head = [_("What"), _("Why"), _("What became of it")]
            table = self._table(given, head=head, widths=(40, 86, 48))
            story += [*self._section(_("Made good")), table]
        if ending:
            story += [*self._section(_("How it ended")), self._text(self._end(ending))]
        return story

    def _cost(self) -> str:
        effort = self._document["effort"]
        contacts, minutes = effort["contacts"], effort["minutes"]
        how = {
            "measured": _("measured"),
            "estimated": _("estimated"),
            "partly estimated": _("partly estimated"),
        }
        return _("%(contacts)s, %(minutes)s (%(how)s), %(money)s") % {
            "contacts": ngettext("%(contacts)s contact", "%(contacts)s contacts", contacts)
            % {"contacts": contacts},
            "minutes": ngettext("%(minutes)s minute", "%(minutes)s minutes", minutes)
            % {"minutes": minutes},
            "how": how[effort["minutes_are"]],
            "money": ", ".join(self._lost()) or _("no money"),
        }

    def _lost(self) -> list[str]:
        lost: Counter[str] = Counter()
        for row in self._document["contacts"]:
            if not row["taken_back_at"]:
                lost[row["currency"]] += row["money_minor"]
        return [money.in_words(minor, of) for of, minor in sorted(lost.items()) if minor]

    def _end(self, ending: Document) -> str:
        if ending["by"] == "silence":
            return _("The customer was asked twice, had time to answer, and said nothing.")
        if ending["by"] == "parting":
            said = _("The customer could not be satisfied. %(tried)s They were told of: %(route)s.")
            return said % {"tried": ending["what_was_tried"], "route": ending["external_route"]}
        if ending["heard_by"]:
            return _("The customer said that it is right, as %(name)s heard: “%(words)s”") % {
                "name": ending["heard_by"],
                "words": ending["words"],
            }
        return _("The customer said that it is right: “%(words)s”") % {"words": ending["words"]}

    def _promises(self) -> list[Flowable]:
        rows = [
            [
                str(row["id"]),
                row["words"],
                self._brief(row["said_at"]),
                self._brief(row["due_at"]),
                self._outcome(row),
            ]
            for row in self._document["promises"]
        ]
        head = [_("No."), _("In which words"), _("Said"), _("Due"), _("What became of it")]
        return [
            *self._section(_("The company's word")),
            self._table(rows, head=head, widths=(11, 59, 35, 35, 34)),
        ]

    def _outcome(self, row: Document) -> str:
        named = {
            "kept": _("kept"),
            "broken": _("broken"),
            "released": _("released"),
            "replaced": _("replaced"),
        }
        if row["outcome"] is None:
            return _("open")
        return f"{named[row['outcome']]}\n{self._brief(row['settled_at'])}"

    def _questions(self) -> list[Flowable]:
        wants = [[row["words"], _answer(row)] for row in self._document["wants"]]
        if not wants:
            return []
        return [
            *self._section(_("What the customer asked for")),
            self._table(wants, head=[_("In their words"), _("The answer")], widths=(80, 94)),
        ]

    def _reviews(self) -> list[Flowable]:
        rows = [
            [
                row["reviewer"],
                moments.date_in_words(date.fromisoformat(row["decided_on"])),
                str(REVIEW_VERDICTS[row["verdict"]]),
                row["words"],
            ]
            for row in self._document["reviews"]
        ]
        if not rows:
            return []
        head = [_("Who decided"), _("On which day"), _("What they decided"), _("In which words")]
        return [
            *self._section(_("What somebody outside decided")),
            self._table(rows, head=head, widths=(44, 30, 30, 70)),
        ]

    def _letters(self) -> list[Flowable]:
        """Letters and mails in the order in which they were written, each in full."""
        sent = [(row["written_at"], self._letter(row)) for row in self._document["letters"]]
        came = [(row["received_at"], self._mail(row)) for row in self._document["mails"]]
        both = sorted([*sent, *came], key=lambda pair: datetime.fromisoformat(pair[0]))
        if not both:
            return []
        story = [flowable for _moment, parts in both for flowable in parts]
        return [*self._section(_("Letters and mails, in full")), *story]

    def _letter(self, row: Document) -> list[Flowable]:
        head = _("%(when)s, to %(to)s by %(channel)s: %(subject)s") % {
            "when": self._when(row["handed_at"] or row["written_at"]),
            "to": row["to"],
            "channel": CHANNELS.get(row["channel"], row["channel"]),
            "subject": row["subject"] or "-",
        }
        arrived = f"{self._when(row['delivered_at'])}." if row["delivered_at"] else ""
        by = _("Written by %(name)s.") % {"name": row["written_by"]} if row["written_by"] else ""
        stands = str(STATES[LetterState(row["delivery"])]).replace("%(why)s", row["error"])
        only = row.get("only_words_kept")
        words = _("Only its words were kept: not its greeting, nor its end.") if only else ""
        rest = " ".join(part for part in (by, stands, arrived, words) if part)
        return self._in_full(head, rest, row["as_it_went_out"] or row["words"])

    def _mail(self, row: Document) -> list[Flowable]:
        head = _("%(when)s, from %(sender)s: %(subject)s") % {
            "when": self._when(row["received_at"]),
            "sender": row["sender_name"] or row["from"] or "-",
            "subject": row["subject"] or "-",
        }
        names = ", ".join(one["name"] for one in row["attachments"])
        enclosed = _("Enclosed: %(names)s") % {"names": names} if names else ""
        return self._in_full(head, enclosed, row["words"])

    def _in_full(self, head: str, rest: str, text: str) -> list[Flowable]:
        """A letter whole: paragraphs run over pages, which cells of a table cannot."""
        lines = [Paragraph(f"<b>{self._safe(head)}</b>", self._plain)]
        if rest:
            lines.append(Paragraph(self._safe(rest), self._small))
        paragraphs = [part for part in text.replace("\r", "").split("\n\n") if part.strip()]
        lines += [self._whole(part) for part in paragraphs]
        return [*lines, Spacer(1, 3 * mm)]

    def _whole(self, text: str) -> Paragraph:
        return Paragraph(escape(self.fit(text)).replace("\n", "<br/>"), self._plain)

    def _timeline(self) -> list[Flowable]:
        rows = [
            [
                str(entry["seq"]),
                self._brief(entry["happened_at"]),
                self._late(entry),
                self._entry(entry),
                ", ".join(map(str, entry["promised_then"])) or "-",
            ]
            for entry in self._document["timeline"]
        ]
        head = [
            _("No."),
            _("When it happened"),
            _("When it was written down"),
            _("What happened"),
            _("Promised then"),
        ]
        return [
            *self._section(_("Everything that was said and done")),
            self._table(rows, head=head, widths=(11, 35, 35, 74, 19)),
        ]

    def _entry(self, entry: Document) -> str:
        words = entry.get("words")
        if words:
            return f"{entry['sentence']} “{words}”"
        return str(entry["sentence"])

    def _late(self, entry: Document) -> str:
        if entry["recorded_at"] == entry["happened_at"]:
            return _("at once")
        return self._brief(entry["recorded_at"])

    def _check(self) -> list[Flowable]:
        says = _(
            "This paper is a reading of the file %(name)s. Its seal is printed on each page:"
            " whoever has the file can compute it again, and check that no entry was changed,"
            " added or left out. The file says how."
        ) % {"name": f"{self._document['case']['reference']}.json"}
        last = _("Last entry")
        return [
            *self._section(_("How to check this")),
            self._text(says),
            Paragraph(self._safe(f"SHA-256 {self._document['seal']}"), self._small),
            Paragraph(self._safe(f"{last} {self._document['head']}"), self._small),
        ]

    def _section(self, title: str) -> list[Flowable]:
        # Not kept with what follows: a table that is longer than a page would leave one empty.
        return [CondPageBreak(ROOM_BELOW_A_HEAD), Paragraph(self._safe(title), self._head)]

    def _text(self, text: str) -> Paragraph:
        return Paragraph(self._safe(text), self._plain)

    def _table(
        self,
        rows: Sequence[Sequence[str]],
        *,
        widths: tuple[int, ...],
        head: Sequence[str] = (),
    ) -> LongTable:
        cells = [[self._text(cell) for cell in row] for row in rows]
        titles = [Paragraph(f"<b>{self._safe(cell)}</b>", self._plain) for cell in head]
        return tables.table(cells, head=titles, widths=[width * mm for width in widths])

    def _safe(self, text: str) -> str:
        short = text if len(text) <= LONGEST_CELL else f"{text[:LONGEST_CELL]}…"
        return escape(self.fit(short)).replace("\n", "<br/>")

    def _when(self, moment: str | None) -> str:
        if not moment:
            return "-"
        return moments.in_words(datetime.fromisoformat(moment), zone=self._zone)

    def _brief(self, moment: str) -> str:
        """The day in one piece, and the time where there is room, or below it."""
        brief = moments.in_brief(datetime.fromisoformat(moment), zone=self._zone)
        return brief.replace(" ", NO_BREAK_SPACE)


def _joined(parts: Iterable[str]) -> str:
    return ", ".join(part for part in parts if part) or "-"


def _given(row: Document) -> str:
    if row["kind"] in MONEY_KINDS:
        return money.in_words(row["amount_minor"], row["currency"])
    return str(row["what"])


def _answer(row: Document) -> str:
    if row["honest_no"]:
        return f"{row['honest_no']} {row['instead']}"
    return _("Promised: No. %(id)s") % {"id": row["promise"]} if row["promise"] else "-"
