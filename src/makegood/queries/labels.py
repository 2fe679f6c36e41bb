"""What the codes in the records are called on pages, in the reader's language."""

from django.utils.functional import Promise as Lazy
from django.utils.translation import gettext_lazy as _

from makegood.records.models import PromiseKind
from makegood.rules.articles import ArticleKind
from makegood.rules.claims import Source
from makegood.rules.doubts import Verdict
from makegood.rules.escalation import Reason, Role
from makegood.rules.promises import Channel
from makegood.rules.remedies import RemedyKind
from makegood.rules.reviews import ReviewVerdict
from makegood.rules.severity import Function, Harm

Labels = dict[str, str | Lazy]

CHANNELS: Labels = {
    Channel.PHONE: _("phone"),
    Channel.EMAIL: _("e-mail"),
    Channel.SMS: _("text message"),
    Channel.CHAT: _("chat"),
    Channel.WEB: _("our web page"),
    Channel.LETTER: _("letter"),
    Channel.IN_PERSON: _("word of mouth"),
    Channel.SIGNAL: _("signal"),
}
REVIEW_VERDICTS: Labels = {
    ReviewVerdict.UPHELD: _("upheld"),
    ReviewVerdict.PARTLY_UPHELD: _("upheld in part"),
    ReviewVerdict.NOT_UPHELD: _("not upheld"),
}
KINDS: Labels = {
    PromiseKind.NEWS: _("News"),
    PromiseKind.VISIT: _("Visit"),
    PromiseKind.CALLBACK: _("Call back"),
    PromiseKind.DELIVERY: _("Delivery"),
    PromiseKind.REPAIR: _("Repair or correction"),
    PromiseKind.REDRESS: _("Making good"),
    PromiseKind.OTHER: _("Something else"),
}
REMEDY_KINDS: Labels = {
    RemedyKind.CREDIT: _("Credit on their account"),
    RemedyKind.REFUND: _("Money back"),
    RemedyKind.REPLACEMENT: _("Replacement"),
    RemedyKind.GIFT: _("Gift"),
    RemedyKind.IN_KIND: _("A service"),
}
ROLES: Labels = {
    Role.OWNER: _("owner"),
    Role.LEAD: _("team lead"),
    Role.HEAD: _("head"),
    Role.EXECUTIVE: _("executive"),
}
REASONS: Labels = {
    Reason.WARNING: _("it may break"),
    Reason.BREAK: _("it was broken"),
    Reason.UNHEARD: _("nobody had answered"),
    Reason.STILL_OPEN: _("it is still open"),
    Reason.DAY_END: _("it falls due before the office opens again"),
    Reason.NO_SLOT: _("no crew can come in time"),
    Reason.UNSATISFIED: _("the customer is not satisfied"),
    Reason.VISIT_OPEN: _("nobody has said how the visit ended"),
    Reason.CLAIM: _("what they were promised is for you to decide"),
}
FUNCTIONS: Labels = {
    Function.SAFETY: _("Safety: fire, gas, alarm calls"),
    Function.SECURITY: _("Security: burglar alarm, locks"),
    Function.HEALTH: _("Health: medicine, medical devices"),
    Function.SHELTER: _("Shelter: heating, water, roof"),
    Function.CONNECTION: _("Connection: phone, internet, power"),
    Function.MONEY: _("Money: bills, payments, refunds"),
    Function.HYGIENE: _("Hygiene: waste, cleaning"),
    Function.TRAVEL: _("Travel: trains, flights, car"),
    Function.GOODS: _("Goods: parcels, orders, parts"),
    Function.COMFORT: _("Comfort: furniture, garden"),
    Function.INFORMATION: _("Information: answers, documents"),
}
SERVICES: Labels = {
    Function.SAFETY: _("Smoke, gas or emergency alarm"),
    Function.SECURITY: _("Burglar alarm or locks"),
    Function.HEALTH: _("Medicine or a medical device"),
    Function.SHELTER: _("Heating, water or roof"),
    Function.CONNECTION: _("Phone, internet or power"),
    Function.MONEY: _("A bill, a payment or a refund"),
    Function.HYGIENE: _("Bins, waste or cleaning"),
    Function.TRAVEL: _("A train, a flight or a car"),
    Function.GOODS: _("A parcel, an order or a part"),
    Function.COMFORT: _("Furniture or garden"),
    Function.INFORMATION: _("An answer or a document"),
}
HARMS: Labels = {
    Harm.LOST: _("It does not work at all, or did not happen"),
    Harm.DEGRADED: _("It works badly"),
    Harm.DELAYED: _("It is late"),
    Harm.COSMETIC: _("It works, but is not as it should be"),
}

ARTICLE_KINDS: Labels = {
    ArticleKind.OFFER: _("Offer"),
    ArticleKind.TARIFF: _("Tariff"),
    ArticleKind.FLYER: _("Flyer"),
    ArticleKind.ANSWER: _("Answer"),
}

VERDICTS: Labels = {
    Verdict.STATEMENT_WRONG: _("The article is right; what was said was wrong"),
    Verdict.ARTICLE_WRONG: _("What was said is right; the article was wrong"),
    Verdict.BOTH_TRUE: _("Both are right"),
}

CLAIM_SOURCES: Labels = {
    Source.CUSTOMER: _("The customer told us"),
    Source.NOTE: _("A note"),
    Source.PAPER: _("A signed paper"),
    Source.PHOTO: _("A photo"),
}
