"""The words that capture knows: who may act for the company, who acts for others, what is done.

Classes of words, not of messages: a word belongs here if it means the same in every trade.
"""

from typing import Final


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


# Who acts in the company's name.
OURS: Final = _words(
    "crew crews officer officers inspector inspectors supervisor supervisors manager managers team"
    " teams staff department division unit driver technician engineer contractor representative"
    " agent investigator investigators specialist specialists ciu btd dpw dpt dph city works"
    " enforcement analyst desk office associate someone somebody partner colleague colleagues"
    " advisor adviser operator foreman courier company support service operations rep reps"
    " executive coordinator program programme administration technicians engineers drivers workers"
    " mechanic plumber electrician nurse doctor receptionist truck trucks sweeper warehouse center"
    " centre analysts agents representatives sfmta pwd isd dnd parks shift expert experts"
)
# Who acts for somebody else.
OTHERS: Final = _words(
    "bank banks owner owners utility bwsc tenant tenants verizon comcast edison nstar grid usps"
    " postal seller landlord dcr airline manufacturer mta caltrans eversource issuer insurer police"
)
CUSTOMERS: Final = _words(
    "customer customers caller constituent client resident residents lady gentleman requestor"
    " requester person guest passenger passengers"
)
# What a promise is about, where the thing itself is the subject: "your refund will arrive".
THINGS: Final = _words(
    "refund refunds credit replacement order orders package parcel item items delivery shipment"
    " product payment amount tree trees sign signs cart light pole street location area case"
    " request claim ticket appointment viewing visit pickup report label email e-mail confirmation"
    " link update tracking notification details money trash recycling signal repair repairs work"
    " issue matter account bill statement card investigation review response answer ride car room"
    " table bag bags luggage part parts installation service meter fee fees charge"
)
POINTERS: Final = _words("it this that there these those both everything")
PERSON: Final = _words("he she")
PEOPLE: Final = _words("they")

# What is done later, and can be checked then.
LATER: Final = _words(
    "update notify contact call email e-mail send monitor follow inform refund issue process"
    " initiate replace ship dispatch deliver pick collect repair fix inspect return arrange"
    " schedule reschedule escalate report provide reach respond reply keep remove clean sweep"
    " install resurface arrive credit revisit address forward pass speak talk stress place assign"
    " visit come oversee prioritize prioritise expedite compensate reimburse honor honour file"
    " record advise resubmit stay ensure patch plow salt trim plant paint tow reinspect recheck"
    " include offer waive extend hold reserve finish complete resolve clear bring receive hear post"
    " mail text ring phone write pay share track restore test review communicate instruct"
    " convey request work handle message submit sort"
    " deal raise chase discuss meet order pursue dismiss reopen"
)
# What is mostly done at once, while the customer waits.
AT_ONCE: Final = _words(
    "check look assist help search verify see pull cancel change add transfer connect access locate"
    " explore put calculate proceed book upgrade confirm find get do take note start retrieve begin"
    " mark go need try be tell ask read have use give make"
)
# What is no act at all.
STATES: Final = _words(
    "cost need require depend allow enable help prevent include apply remain vary mean want like"
    " know understand appreciate save become seem exist stay charge expire let lead result"
)
LOOKED_INTO: Final = _words("investigate look")
CLOSED: Final = _words("close closed closing")
DONE: Final = _words(
    "sent done made taken paid kept given brought put swept sorted told held seen built found"
    " written shown met dealt cut set begun driven left"
)
# "Is scheduled", "have arranged": settled already, for a later time.
SETTLED: Final = _words(
    "scheduled rescheduled booked arranged planned slated due expected set anticipated estimated"
    " reserved placed added assigned requested queued"
)
# Words between a modal and its verb.
BETWEEN: Final = _words(
    "also then now still just definitely certainly personally only always either both even further"
    " next again soon shortly asap hopefully probably likely first however therefore please all"
    " never immediately already back gladly not happily of course today tomorrow"
)
TRYING: Final = _words("continue try aim endeavor endeavour proceed attempt strive make do")

MODALS: Final = {
    "will": "will",
    "shall": "will",
    "should": "should",
    "can": "can",
    "could": "can",
    "may": "may",
    "might": "may",
    "would": "would",
    "must": "must",
}
BE: Final = _words("is are am was were be been being")
PAST_BE: Final = _words("was were")
STOPS: Final = _words(
    ", ; : - ( ) . ! ? / & and but or so because as since while then however though although"
)
SUBORDINATE: Final = _words(
    "if once when after before until unless that which who where how whether what while because"
    " since as"
)
CONTRACTIONS: Final = {
    **{f"{who}'ll": (who, "will") for who in ("i", "we", "you", "they", "it", "he", "she")},
    **{f"{who}'ve": (who, "have") for who in ("i", "we", "you", "they")},
    **{f"{who}'re": (who, "are") for who in ("we", "you", "they")},
    **{f"{who}'s": (who, "is") for who in ("it", "he", "she", "that")},
    **{f"{who}'d": (who, "would") for who in ("i", "we")},
    "that'll": ("that", "will"),
    "there'll": ("there", "will"),
    "i'm": ("i", "am"),
    "won't": ("will", "not"),
    "can't": ("can", "not"),
    "cannot": ("can", "not"),
    "couldn't": ("could", "not"),
    "shouldn't": ("should", "not"),
    "wouldn't": ("would", "not"),
    "isn't": ("is", "not"),
    "aren't": ("are", "not"),
    "hasn't": ("has", "not"),
    "haven't": ("have", "not"),
    "don't": ("do", "not"),
    "wil": ("will",),
    "gonna": ("going", "to"),
}
