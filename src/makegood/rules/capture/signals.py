"""What in a sentence speaks for or against a promise: who acts, when, and whether it is settled.

Each signal is a yes or no about one sentence; `model` weighs them. Patterns read folded text.
"""

import re
from collections.abc import Mapping
from typing import Final

from makegood.rules.capture.clauses import clause_signals
from makegood.rules.capture.idioms import IDIOMS
from makegood.rules.capture.needs import grouped, matching
from makegood.rules.capture.plans import PLANS, is_plan

_ADVERB = (
    r"(?:(?:also|then|now|be|definitely|certainly|personally|proactively|directly|still|continue to"
    r"|simultaneously|further|immediately|gladly|aim to|try to|endeavou?r to|proceed to|make sure"
    r"|be able to|be sure to|ensure that|get back(?: to you)? (?:and|to)|do our best to"
    r"|do our utmost to|do my best to|need to) ){0,3}"
)
_WILL = r"(?:will|'ll|shall|wil|are going to|am going to|is going to|gonna|going to)"
_OURS = (
    r"(?:we|i|crews?|officers?|inspectors?|supervisors?|managers?|team|staff"
    r"|department|division|unit"
    r"|driver|technician|engineer|contractor|representative|agent|investigators?|specialist|ciu|btd"
    r"|dpw|dpt|dph|city|public works|code enforcement|analyst|desk|office|associate"
    r"|someone|partner)"
)
_TRACKED_VERB = (
    r"(?:updat|notif|contact|call|email|e-mail|send|sent|monitor|follow|inform|refund|issu|process"
    r"|initiat|replac|ship|dispatch|deliver|pick|collect|repair|fix|inspect|return|investigat"
    r"|arrang|schedul|reschedul|escalat|report|provid|reach|respon|reply|keep|remov|clean|sweep"
    r"|install|resurfac|arrive|credit|revisit|address|forward|pass|speak|talk|ask|tell|stress"
    r"|place|assign|visit|come|be back|be by|be there|be on|be in touch|take care|oversee|prioriti"
    r"|expedit|compensat|reimburs|honou?r|file|record|advis|get back|resubmit|stay on|ensure|pull"
    r"|patch|plow|salt|trim|plant|paint|tow|ticket|reinspect|recheck|check back|look at|reach out"
    r"|includ|offer|give|share|track|waive|extend|hold|reserv|start|begin|finish|complet|resolv|clear|bring)"
)
_IMMEDIATE_VERB = (
    r"(?:check|look into|look up|look that|assist|help|search|review|verify|see what|pull up|cancel"
    r"|change|add|transfer|connect|access|locate|explore|put that|calculate|proceed|book|upgrade"
    r"|confirm|find|get that|do that|take a look|note|investigate this|start by)"
)
_DONE_LATER = (
    r"(?:processed|credited|refunded|issued|sent|shipped|dispatched|delivered|collected|picked up"
    r"|swept|repaired|replaced|fixed|removed|inspected|installed|resurfaced|cleaned|addressed"
    r"|resolved|reviewed|contacted|notified|taken care|monitored|scheduled|made|done|brought"
    r"|activated|assigned|forwarded|completed|reimbursed|planted|painted|charged|updated|provided"
    r"|initiated|released|added|arranged|placed|restored|serviced|treated|patched|plowed|referred)"
)

PATTERNS: Final = {
    "ours_will": rf"\b{_OURS} ?{_WILL} ",
    "ours_will_track": rf"\b{_OURS} ?{_WILL} {_ADVERB}{_TRACKED_VERB}",
    "any_will_track": rf"\b{_WILL} {_ADVERB}{_TRACKED_VERB}",
    "will_now": rf"\b(?:i|we|let me) ?(?:{_WILL})? ?{_ADVERB}{_IMMEDIATE_VERB}\b",
    "will_immediate_only": rf"\b(?:i|we) ?{_WILL} {_ADVERB}{_IMMEDIATE_VERB}\b",
    "i_will": rf"\bi ?{_WILL} ",
    "we_will": rf"\bwe ?{_WILL} ",
    "bare_will": rf"^(?:(?:yes|ok|okay|sure|and|but|so|note|ok so)[,:]? )*{_WILL} ",
    "inner_bare_will": rf"(?:^|[a-z.,] ){_WILL} {_ADVERB}(?:be |get |check|{_TRACKED_VERB})",
    "will_be_done": (
        rf"\b(?:will|'ll|shall|should|going to|is to|to) (?:\w+ ){{0,2}}(?:be|get"
        rf"|being) (?:\w+ ){{0,2}}{_DONE_LATER}"
    ),
    "you_will_get": (
        r"\byou (?:will|'ll|should|can expect to|shall)(?: also| then| soon)? (?:receive"
        r"|get|hear|see|have|be (?:contacted|notified|informed|updated|able|refunded))"
    ),
    "should_arrive": (
        r"\b(?:should|expected to|estimated to|may|might|typically|usually"
        r"|can) (?:\w+ ){0,2}(?:arrive|reflect|appear|take|receive|reach|begin|start"
        r"|be (?:open|done|complete|delivered|back))"
    ),
    "it_takes": (
        r"\b(?:it|process|this|refund|investigation|refunds|trace"
        r"|review) (?:\w+ ){0,3}takes?\b"
    ),
    "allow_time": (
        r"\b(?:allow|give) (?:\w+ ){0,5}"
        r"(?:\d|(?:a|an|one|two|three|four|five|six|seven|eight|ten|few) (?:\w+ ){0,3}"
        r"(?:hour|day|week|month)s?\b)"
    ),
    "is_scheduled": (
        r"\b(?:is|are|has been|have been|been|now|(?<!can )(?<!could )be|get)"
        r"(?: now| successfull?y| already)? (?:re)?schedule?d?\b"
        r"|(?<!can )(?<!could )(?<!can be )(?<!could be )(?<!was )(?<!were )"
        r"\b(?:re)?scheduled (?:for|to|the|your)\b"
        r"|\bset for\b|\bon (?:the|our) (?:list|schedule)\b"
    ),
    "have_scheduled": (
        r"\b(?:i|we)(?:'ve| have) (?:\w+ )?(?:scheduled|arranged|booked|requested"
        r"|placed)\b"
    ),
    "viewing_scheduled": (
        r"\b(?:appointment|viewing|pick-?up|visit|delivery"
        r"|collection)\b(?:(?!\b(?:can|could|may|was|were)\b).){0,40}\b(?:scheduled|booked|arranged)\b"
    ),
    "trying_to": (
        r"\b(?:we|i|they|crews?) (?:are|is|am|'re|'m) (?:\w+ )?(?:working|trying|planning"
        r"|hoping|aiming|going|initiating|processing|arranging|sending)\b"
    ),
    "keep_you": r"\bkeep (?:you|an eye|our eyes|monitoring|looking)\b",
    "ensure": r"\b(?:will|'ll) (?:\w+ )?(?:ensure|make sure|see to it|see that)\b",
    "expected": (
        r"\b(?:expected|estimated|eta|anticipated|due to (?:arrive|be))\b"
        r"|\bestimate (?:\w+ )?(?:delivery|arrival|it|that)\b"
    ),
    "to_be_done": rf"\bto be (?:\w+ )?{_DONE_LATER}",
    "monitor": r"\bmonitor",
    "question": r"\?$",
    "would_you": (
        r"\b(?:would you|do you|could you|can you|shall i|should i|may i|could i|which"
        r"|what|if you(?:'d| would)? like|would that|is that|is this|let me know if)\b"
    ),
    "if_customer": (
        r"\b(?:if you|once you|when you|as soon as you|after you|upon your|should you"
        r"|unless you|if the|if it|if they|if there|if your|if we|if)\b"
    ),
    "starts_if": r"^(?:if|should|in the event|in case|assuming|provided)\b",
    "once_ours": r"\b(?:once|when|as soon as|upon|after) (?!you\b)",
    "can_offer": r"\b(?:i|we) (?:can|could|may|might|am able|are able|would)\b",
    "passive_can": r"\b(?:can|could|may|might) be\b",
    "please": r"\b(?:please|kindly)\b",
    "you_need": r"\byou(?:'ll| will| may| might)? (?:need|have|must)\b",
    "i_need": r"\b(?:i|we)(?:'ll| will)? (?:just )?(?:need|require)\b",
    "negated": r"\b(?:will not|won't|not be|no longer|cannot|can't|unable|are not|no more|never)\b",
    "past_sent": (
        r"\b(?<!be )(?:sent|called|contacted|emailed|spoke|notified|informed|forwarded|completed"
        r"|inspected|closed)\b"
    ),
    "moment_hold": (
        r"\b(?:one moment|a moment|a few moments|few minutes|hold on|please hold"
        r"|bear with|right now|let me)\b"
    ),
    "now_progress": (
        r"\b(?:i|we) (?:am|are|'m|'re) (?:currently |now )?(?:checking|looking|reviewing"
        r"|searching|attempting|exploring|investigating)"
    ),
    "best": (
        r"\b(?:do (?:our|my) (?:best|utmost)|everything (?:i|we|possible|in)|try our best"
        r"|make every effort|committed|strive)\b"
    ),
    "consider": r"\b(?:consideration|considered|take note|taken under|into account)\b",
    "feel_free": (
        r"\b(?:feel free|happy to|glad to|don't hesitate|do not hesitate|anything else"
        r"|assist you further)\b"
    ),
    "third_party": (
        r"\b(?:your bank|the bank|the owner|owners|contractor is|utility"
        r"|another (?:agency|company)|postal|edison|at&t|nstar|national grid|dcr"
        r"|d\.c\.r|property owner|the seller|private)\b"
    ),
    "third_will": (
        r"\b(?:bank|owner|owners|utility|company|seller|bwsc|tenant|customer|caller"
        r"|constituent|he|she|lady|client|verizon|comcast) (?:will|must|shall)\b"
    ),
    "it_will_cost": (
        r"\b(?:it|that|total|price|cost|fee) (?:will|'ll) (?:be|cost)\b.{0,12}(?:\$"
        r"|credits?|dollars|free|sunny|cloudy|rain)"
    ),
    "this_will_help": r"\bthis (?:will|would|should) (?:allow|help|enable|ensure|prevent|give)\b",
    "callback_note": r"\bcallback\b",
    "policy": (
        r"\b(?:policy|policies|generally|usually|typically|every (?:year|summer|day)"
        r"|crews usually|all new)\b"
    ),
    "hope": r"\b(?:hope|hopeful|wish)\b",
    "promise_words": r"\b(?:promise|guarantee|assure you|rest assured|commit|you have my word)\b",
    "rebook": (
        r"\b(?:will be|be) back\b|\bgo(?:ing)? back\b|\bcome back\b|\breturn (?:to|in|on"
        r"|tomorrow|next)\b"
    ),
    "on_hold": r"\bon hold (?:for|until)\b|\bhold (?:it|this|the \w+) (?:for|until)\b",
    "weather": r"\b(?:degrees|weather|forecast|sunny|cloudy|rain(?:ing|y)?|snow(?:ing|y)?|windy)\b",
    "journey": r"\b(?:departure|arrival|depart|departing|airline|credits|flight)\b",
    "away": (
        r"\bi(?:'ll| will| shall| am) (?:\w+ )?be"
        r" (?:out|in|away|off|on (?:leave|holiday|vacation)|at)\b"
    ),
    "find_out": r"\b(?:will|'ll|shall) find out (?:what|why|who|where|how|when|whether)\b",
    "any_will": r"\b(?:will|'ll|shall|gonna|going to)\b",
    "will_be_doing": r"\b(?:will|'ll) be \w+ing\b",
    "named_will": (
        r"^(?:(?:the|a|an|our|your|this|these|all|any) )?(?:[\w'./&-]+ ){1,5}(?:will"
        r"|shall) "
    ),
    "undergo": r"\b(?:undergo|be operating|be operational|be open|be ready|be available|go on)\b",
    "working_to": (
        r"\b(?:working|trying|planning|scheduled?|expected|set) (?:with [\w ]{2,30} )?to\b"
        r"|\bdue to (?:be|arrive|start|begin|come|go|reach|finish|open|ship)\b"
    ),
    "estimated_delivery": (
        r"\b(?:estimated|expected|confirm(?:ed)?|new) (?:the )?(?:delivery|arrival|date"
        r"|time)\b"
    ),
    "requested_that": r"\b(?:requested|asked|instructed|made a request|put in a request)\b",
    "your_x_will_be": r"^(?:your|the) \w+ (?:will|'ll) (?:be|arrive)\b",
    "investigate_now": (
        r"\b(?:i|we)(?:'ll| will) (?:\w+ )?(?:investigate|look into)"
        r" (?:this|that|it|the cause|order)"
        r"|\b(?:remain|stay) on the line\b"
    ),
    "other_company_acts": (
        r"\b(?:postal service|usps|at&t|verizon|comcast|national grid)s?\b"
        r".{0,80}\b(?:will|must)\b"
        r"|\bwill be \w+ by (?:a |an |the |your |their )?(?:private|owner|landlord|tenant|bank)"
    ),
    "no_more": r"\bno (?:more|further|longer|one|need)\b|\bnot going to\b",
    "price_or_route": (
        r"\b(?:\d+ credits|for \$?\d+|airline is|economy|business class|degrees|reservation id)\b"
    ),
    "customers_part": r"\b(?:once|when|after|if) (?:you|we (?:receive|have|get) (?:your|the))\b",
    "closing_note": r"\b(?:duplicate|will be closed|case closed)\b",
    "best_only": r"\bdo (?:my|our) best to (?:resolve|help|assist|accommodate|be)\b",
    "will_arrive": r"\b(?:will|should) (?:be (?:arriving|back|there|here)|arrive|begin|start)\b",
    "list_item": r"^(?:-|\d+\.|\*)",
    "obliged": r"\b(?:need|needs|has|have|must)(?: to)? be \w+|\bmust\b",
    "do_and_then": (
        r"\b(?:please|just|kindly) (?:contact|call|reply|let|send|confirm|provide|upload|tell|give"
        r"|share)\b.{0,120}\b(?:and|then|so(?: that)?),? (?:i|we)(?: will|'ll| can)"
    ),
    "on_the_left": r"\bon (?:the|your) (?:left|right)\b",
    "improve": r"\bimprov|\bsatisf(?:ied|action)\b",
    "in_mind": r"\bconsideration\b|\bin mind\b|\binto account\b",
    "told_back": (
        r"\b(?:i|we) (?:understand|see|note|know|hope|am sorry|apologi[sz]e)\b(?: that)?"
        r"(?: \w+){0,4} (?:was|were|has|had|have|is)\b"
    ),
    "if_then_you": (
        r"^(?:if|should|once|when|after|as soon as|upon)\b.{3,120}, (?:please|you|kindly|contact"
        r"|call)"
    ),
    "if_then_we": (
        r"^(?:if|should|once|when|after|as soon as|upon)\b.{3,120},? (?:i|we|our \w+|it|they"
        r"|the \w+)(?: will|'ll)\b"
    ),
    "once_you": (
        r"\b(?:once|when|after|if|as soon as|upon) (?:you|we (?:have |get |receive )?(?:receive"
        r"|received|get|have|your|the)\b.{0,20}\b(?:photo|picture|image|document|detail"
        r"|information|form|statement))"
    ),
    "able": r"\bbe able to\b",
    "which_do": r"\b(?:that|which|who)(?: \w+)? (?:will|have|has|had|may)\b",
    "generic": (
        r"\b(?:in (?:some|most|many) cases|in general|as a rule|normally|any \w+ (?:that|who|over)"
        r"|every (?:year|summer|day|month|week))\b"
    ),
    "sets_going": (
        r"\b(?:i|we)(?: will|'ll) (?:now |also |then |immediately |gladly |personally ){0,2}"
        r"(?:process|issue|initiate|authori[sz]e|schedule|arrange|place|raise|file|create|generate)\b"
    ),
    "advice": (
        r"\bshould (?:\w+ )?(?:be (?:\w+ )?(?:re(?:ferred|ported|directed)|sent|made|routed"
        r"|directed|addressed to)|have \w+|ask|check|get out|know|contact|call|consider)\b"
    ),
    "reading_matter": (
        r"\b(?:site|website|page|link|number|list|app|menu|code|rules?|terms|policy|schedule"
        r"|information) (?:\w+ )?(?:will|should|says?|states?)\b|\.(?:com|org|gov)\b"
    ),
    "comes_present": (
        r"\b(?:arrives|ships|starts|begins|goes out|go out|collects|reopens|resumes|fits|reaches"
        r"|follows|to follow|on order|on (?:its|the|their|his|her) way|on the next)\b"
    ),
    "to_act": (
        r"^(?:(?:the|a|our) )?(?:\w+ ){0,3}(?:crews?|engineer|technician|inspector|team|officer"
        r"|contractor|staff|driver) to \w+|^to be \w+"
    ),
    "awaits": r"\b(?:expect|awaiting|look forward to)\b",
}

# What of a sentence speaks of the future: with one of these a date is a date to come.
_FUTURE: Final = frozenset(
    {"any_will", "will_be_done", "you_will_get", "should_arrive", "it_takes", "allow_time"}
    | {"is_scheduled", "have_scheduled", "viewing_scheduled", "trying_to", "expected", "to_be_done"}
    | {
        "working_to",
        "estimated_delivery",
        "on_hold",
        "awaits",
        "comes_present",
        "to_act",
        "keep_you",
    }
    | {"requested_that", "undergo", "promise_words", "bare_will"}
    | {"put_down", "confirmed", "moved_to", "told_them", "told_them_in_short", "expect_ours"}
    | {"we_aim", "being_done", "going_to_them", "you_will_have", "works_to", "note_to_call", "eta"}
    | {"present_plan", "plans_stand", "for_a_day", "definite_plan"}
    | {"back_by", "with_you_by", "is_held", "typed_fast", "they_do", "our_word", "no_charge"}
)
_FUTURE_CLAUSES: Final = (
    "cm_will",
    "cm_not_will",
    "cm_should",
    "cm_now",
    "cm_is_to",
    "c_is_",
    "c_have_",
)
# A sentence without any of these words says nothing of what is to come.
_AHEAD: Final = re.compile(
    r"\b(?:will|wil|shall|gonna|going to|won't|should|expect|anticipat|estimat|eta\b|schedul"
    r"|reschedul|book|arrang|appointment|set for|due|to be|takes?\b|allow|within|reserved|on hold"
    r"|hold(?:ing)?\b|list\b|promise|guarantee|assure|ensure|monitor|follow|keep|updat"
    r"|(?:are|am|is) \w*ing|being|planned|requested|asked|ready|back|until|by|may|might|can|could"
    r"|tomorrow|today|tonight|next|soon|shortly|starts?|begins?|arriv|would|on the way|in \d"
    r"|working|trying|(?:on|this) (?:mon|tue|wed|thu|fri|sat|sun)|hope|wish|word|moved|attend"
    r"|en route|confirmed|rearranged|programmed|pencilled|penciled|slotted|booked|put you|got you"
    r"|told|advised|promised|assured|informed|agreed|aim|intend|undertake|pledge|ought|getting"
    r"|coming|going|no (?:\w+ ){0,2}(?:charge|fee|interest|payment|letter)s?|etr|etd|c/b|t/c"
    r"|replies|rings|comes|lands|leaves|ships|decides|reports back|in the post|consider it|count on"
    r"|this (?:morning|afternoon|evening|week)|(?:for|on) the \d|(?:at|from) (?:the )?\w+ tomorrow"
    r"|(?:before|from|by) \w+[.,;]?$|from (?:the )?\d|overnight|first thing|week of \d"
    r"|gets|goes|with you|ill|youll|theyll|is paid|call ?back|look out|watch (?:out )?for|out on)"
    r"|'(?:ll|re|m)\b"
)

_GROUPS: Final = grouped({**PATTERNS, **PLANS, **IDIOMS})


def looks_ahead(folded: str) -> bool:
    """True if a folded sentence may speak of what is to come; most do not, and are skipped."""
    return _AHEAD.search(folded) is not None


def signals_of(sentence: str, *, time_kinds: frozenset[str]) -> dict[str, float]:
    """The signals that a folded sentence gives, with the kinds of time words in it."""
    found = dict.fromkeys(matching(sentence, _GROUPS), 1.0)
    for kind in time_kinds:
        found[f"time_{kind}"] = 1.0
    if time_kinds & {"moment", "amount", "round"}:
        found["dated"] = 1.0
        if "any_will_track" in found or "will_be_done" in found or "you_will_get" in found:
            found["dated_future"] = 1.0
    if "question" in found and "any_will_track" in found:
        found["question_future"] = 1.0
    if "if_customer" in found and ("ours_will" in found or "any_will_track" in found):
        found["conditional_future"] = 1.0
    if "any_will_track" in found and not found.keys() & {"starts_if", "question", "if_customer"}:
        found["plain_future"] = 1.0
    if "will_immediate_only" in found and "dated" not in found:
        found["immediate_undated"] = 1.0
    if "dated" in found:
        _add_dated(sentence, found)
    found.update(clause_signals(sentence, is_dated="dated" in found))
    if "dated" in found and not _speaks_of_the_future(found):
        _take_date_back(found)
    return found


def _speaks_of_the_future(found: Mapping[str, float]) -> bool:
    return bool(found.keys() & _FUTURE) or any(name.startswith(_FUTURE_CLAUSES) for name in found)


def _take_date_back(found: dict[str, float]) -> None:
    """A time alone is no promise: "the pool is open until 8", "there is a slot at 5"."""
    for name in [name for name in found if name == "dated" or name.startswith("time_")]:
        del found[name]
    found["dated_only"] = 1.0


def _add_dated(sentence: str, found: dict[str, float]) -> None:
    """What a date says together with another signal."""
    if is_plan(sentence):
        found["definite_plan"] = 1.0
    if "estimated_delivery" in found:
        found["estimate_dated"] = 1.0
    if found.keys() & {"have_scheduled", "is_scheduled"}:
        found["scheduled_dated"] = 1.0
