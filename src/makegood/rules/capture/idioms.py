"""How desks say it in short: "put down for Friday", "told her she will get it", "crew en route".

Signals beside those of `signals`, in the manner of phone notes, texts and British counters; and
what looks like a promise there and is none: "on hold", "he says that", "it won't be today".
"""

from typing import Final

_SAID: Final = r"(?:told|advised|promised|assured|informed|agreed|said|explained|let)"
_AHEAD: Final = (
    r"\b(?:will|would|'ll|'d|going to|call ?back|refund|visit|replacement|credit|waive)\b"
)
_WORKERS: Final = (
    r"(?:officer|engineer|crew|team|gang|operative|tech|technician|surveyor|inspector|plumber"
    r"|electrician|joiner|fitter|driver|contractor|warden|van|lorry|tanker|gritter)s?"
)
_CUSTOMERS: Final = (
    r"(?:customer|cust|caller|tenant|client|resident|claimant|complainant|patient|passenger|he|she"
    r"|they)"
)

IDIOMS: Final = {
    "put_down": (
        r"\b(?:put|pencilled|penciled|slotted|booked|got|squeezed|fitted) (?:you |him |her |them )?"
        r"(?:down|in)\b"
        r"|\byou(?:'re| are|'ve been| have been)(?: \w+){0,2} (?:booked|rebooked|down for|down on"
        r"|pencilled|penciled|confirmed)\b"
        r"|^(?:pencilled|penciled|booked|rebooked|arranged) \w+"
        r"|\b(?:i|we) went ahead and (?:booked|scheduled|ordered|arranged|placed)\b"
    ),
    "confirmed": (
        r"\b(?:appointment|visit|slot|booking|delivery|collection|meeting|repair|installation"
        r"|fitting|viewing)\b.{0,60}\bconfirmed\b"
    ),
    "moved_to": (
        r"\b(?:moved|rearranged|re-arranged|rebooked|brought forward|pushed back|put back|postponed"
        r"|programmed|planned)(?: to| for| on|:)"
    ),
    "told_them": rf"^(?:(?:i|we)(?: have|'ve)? )?{_SAID}\b(?=.{{0,70}}{_AHEAD})",
    "told_them_in_short": (
        r"^(?:promised|advised|agreed)(?: \w+){0,3} (?:call ?back|c/b|refund|visit|replacement"
        r"|credit|repair|reply)\b"
    ),
    "expect_ours": (
        r"(?:^|\b(?:please|can|should|may) )(?:expect|look out for|watch (?:out )?for"
        r"|keep an eye out for) (?:a|an|the|our|your|to (?:hear|receive|get|have))\b"
    ),
    "we_aim": (
        r"\b(?:i|we|crews?) (?:aim|intend|plan|hope|expect|undertake|pledge)(?: to)? (?:have|get|be"
        r"|do|reply|answer|finish|pay|send|restore|fix|call|ring|\w+)\b"
    ),
    "being_done": r"\b(?:is|are|'s|'re) (?:now )?(?:being|getting) \w+(?:ed|en|t|lt|nt)\b",
    "going_to_them": (
        r"(?:'s|'re| is| are) (?:going|coming|landing|heading)(?: back)?"
        r" (?:on|to|out|over|back|ahead)"
    ),
    "you_will_have": (
        r"\byou(?:'ll| will| should| ought to)(?: \w+)? (?:have|see|get|hear|receive)\b(?! to\b)"
    ),
    "ought_to": r"\bought to\b",
    "no_charge": (
        r"\b(?:no|not be|won't be|never be) (?:\w+ ){0,2}(?:charged?|costs?|fees?|payments?|billed"
        r"|interest|letters?|reminders?)\b"
    ),
    "we_will_not": (
        r"\b(?:i|we) (?:won't|will not|shall not|shan't|'ll not) (?:be )?(?:charg|tak|send|bill"
        r"|clos|cut|disconnect|chas|ask|cancel|stop|let|leav|collect)"
        r"|\bi'm (?:not (?:leaving|closing|letting|going)|staying)\b"
    ),
    "works_to": (
        rf"\b{_WORKERS} (?:(?:is |are )?(?:attending|en route|on (?:the|its|their|his) way|out"
        r"|tonight|tomorrow|due|with you|to (?:attend|visit|call|go|come|be))\b)"
        r"|\b(?:is|are) with you (?:at|by|on|in|before|within)\b|\ben route\b"
    ),
    "note_to_call": (
        r"^(?:t/?c|c/?b|call ?back|ring back|call back|ring|phone|text|email|visit)"
        r"(?: to| the| mr| mrs| ms)? (?:cust|customer|tenant|caller|client|\w+ (?:on|at|by))"
    ),
    "eta": r"\b(?:eta|etr|etd|estimated (?:time of )?(?:restoration|repair|arrival))\b",
    "back_by": (
        r"\b(?:back(?: on)?|running|sorted|fixed|done|working|restored|ready|normal|in)"
        r"(?: again)?(?: by| within| before| in)\b"
    ),
    "with_you_by": r"\bwith you (?:by|on|at|in|within|before|tomorrow|tonight|today|this)\b",
    "is_held": r"\b(?:is|are) (?:held|kept|reserved)(?: for you)?(?: until| till| for)\b",
    "typed_fast": (
        r"\b(?:ill|il|youll|theyll|itll|weve|youve|gonna|plz|pls|u|ur|txt|tmrw)\b"
        r"(?: \w+){0,3} (?:get|ring|call|send|chase|let|sort|ask|speak|be|have|text|txt|update)\b"
    ),
    "they_do": (
        r"\b(?:pop(?:s|ping)?|swing(?:s|ing)?|drop(?:s|ping)?|look(?:s|ing)?)"
        r" (?:round|by|in|over|out)\b|\b(?:replies|rings|phones|takes over"
        r"|reports back|decides|lands|leaves|comes|ships)\b"
    ),
    "our_word": r"\bconsider it\b|\bmy word\b|\bour word\b|\bcount on (?:us|me|it)\b",
    "in_call": (
        r"\b(?:pop(?:ping)?|put(?:ting)?|pass(?:ing)?) you (?:\w+ )?(?:on hold|on a|through|over)"
        r"|\bask you (?:a few|some|a couple|one|about)|\btransfer(?:ring)? you\b(?! (?:the|a|£|\$))"
        r"|\bread (?:you )?(?:out )?the terms\b|\b(?:get|pull) (?:up )?your (?:account|file)"
    ),
    "other_firm": (
        r"\b(?:royal mail|dhl|dpd|ups|fedex|evri|hermes|amazon|openreach|airport|police|gp|doctor"
        r"|neighbours?|landlord|insurer|hotel|tax office|(?:water|gas|electricity|electric|power"
        r"|phone|insurance|energy|card) company|council tax office)\b"
        r"(?: \w+)? (?:will|should|must|has to|is going to|are going to)\b"
    ),
    "their_plan": (
        rf"\b{_CUSTOMERS}(?:'s| is| are)? (?:will|'ll|going to|to|hoping|planning|wants?|wishes"
        r"|would like)\b"
    ),
    "their_word": (
        rf"\b(?:{_CUSTOMERS}|you) (?:says?|said|claims?|wrote|states?|told|thinks?|was told"
        r"|were told|promised)\b"
    ),
    "was_to": (
        r"\b(?:was|were) (?:meant|supposed|going|due|scheduled|expected|promised|told)\b"
        r"|\b(?:had|have never|never) (?:promised|said)\b|\bnobody (?:promised|said)\b"
    ),
    "not_known": (
        r"\b(?:do not|don't|does not|cannot|can't|couldn't) (?:yet )?(?:know|say|tell)\b"
        r"|\bnot (?:yet )?(?:sure|certain|known|clear)\b|\bno idea\b"
    ),
    "not_then": (
        r"\b(?:would not|wouldn't|don't|do not) (?:expect|think)\b|\bdoubt\b|\bunlikely\b"
        r"|\b(?:it|that|this|they|there) (?:won't|will not|isn't going to|is not going to|will be"
        r" (?:nobody|no one))\b|\bit's not going to\b"
    ),
    "perhaps": r"\b(?:may|might|could|perhaps|maybe|possibly)\b",
    "usually": (
        r"\b(?:usually|normally|mostly|generally|typically|most \w+ (?:are|come|take|call)|last)\b"
        r"|\bnext (?:free|available) (?:slot|appointment|date)\b"
    ),
    "terms": (
        r"\b(?:contract|price|prices|offer|tariff|rate|licence|membership|subscription|cover|plan"
        r"|allowance|sale|rent|fee|bill|payment)\b.{0,24}\b(?:ends?|expires?|go(?:es)? up|rises?"
        r"|increase|renews?|runs? out|is due|be due)\b"
    ),
    "asks_when": r"^(?:what|when|where|which|who|how|will|would|could|can|may|shall)\b.*\?$",
    "understands": (
        r"^(?:i|we) (?:understand|know|realise|realize|appreciate|see|note) (?:how|that)\b"
    ),
}
