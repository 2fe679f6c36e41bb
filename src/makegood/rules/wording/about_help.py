"""The rules about help: what is refused, given grudgingly, left to the customer or undated."""

from typing import Final

from makegood.rules.wording.findings import Level
from makegood.rules.wording.rule import DATED, rule

E, W, I = Level.BLOCK, Level.WARN, Level.HINT  # noqa: E741 - the letters of the rule table
_CANT = r"(?:can't|cant|can not|cannot)"


HELP: Final = (
    rule(
        "CANT",
        W,
        "can't|cant|can not|cannot|unable|not able|not possible|no way"
        "|won't be able|will not be able"
        "|won't let|not author|not allowed|policy|non-refundable|impossible",
        rf"(?:i|we|they|he|she|it|you|that|this|there is|there's|system|refund"
        rf"|which) (?:\w+ )?{_CANT}"
        rf"|{_CANT} (?:be |offer|give|provide|do|process|move|change|help"
        rf"|guarantee|refund|accept|issue)"
        r"|(?:am|are|is|'m|'re|was|were|be|being)? ?unable to|not able to"
        r"|not (?:be )?possible|no way (?:to|for)"
        r"|(?:won't|will not) be able|won't let (?:me|us)|not authori[sz]ed|not allowed to"
        r"|policy (?:does not|doesn't|do not|won't|will not) (?:allow|permit)"
        r"|against (?:\w+ )?policy"
        r"|(?:is|are) non-refundable|impossible (?:to|for)",
        reason="It refuses.",
        better="Say what is possible instead: what you can do today, and what by which day.",
        excused=rf"{_CANT} (?:\w+ )?(?:apologi[sz]e enough|thank|be charged|be later"
        rf"|be earlier|wait to"
        r"|be more sorry|express|imagine|stress|emphasi[sz]e|help but|overstate)"
        r"|so (?:that )?(?:you|it|this|they|nobody|no one) (?:can't|cannot)"
        r"|if you(?:'re| are)? ?(?:unable|cannot|can't|not able)|in case you"
        r"|not possible without you",
    ),
    rule(
        "QUALIFIER",
        W,
        "one-time|one time|exception|just this once|this occasion|that's it|that's all|gesture"
        "|prejudice|admitting|only get one|goodwill",
        r"(?:a |as a )?one[- ]time (?:courtesy|credit|gesture|exception|offer"
        r"|refund|waiver|thing|only"
        r"|goodwill|adjustment)|(?:make|making|made) (?:you )?an (?:\w+ )?exception|as an exception"
        r"|just this once|on this occasion(?: only)?|(?:but|and) that's (?:it|all)(?= ?[.!,;]|$)"
        r"|as a gesture (?:only|of good ?will)|good ?will gesture|without (?:prejudice|admitting)"
        r"|you (?:can )?only get one",
        reason="It takes something away from what is given.",
        better="Just give it: say the amount and that it is on the account now.",
        excused=r"one[- ]time (?:pass|code|pin|password)|exception (?:report|handling|log)",
    ),
    rule(
        "GRUDGE",
        E,
        "listen|just take|suppose|guess|insist|against my better|expect|you want",
        r"^(?:alright|all right|fine|ok|okay),? (?:listen|just take)"
        r"|i (?:suppose|guess) (?:that )?(?:i|we) (?:can|could|will have to|have to)"
        r"|(?:if|since|as) you insist|against my better judge?ment"
        r"|(?:don't|do not) know what (?:else |more )?you (?:expect|want)",
        reason="It gives reluctantly.",
        better="Say that you are glad to do it, or simply do it.",
    ),
    rule(
        "LIMIT_TALK",
        W,
        "of those|of these|limit|maximum|allowance|authority|cap |had your|used your",
        r"one of (?:those|these) (?:a|per|each|every) (?:year|month|customer|household)"
        r"|(?:the |your |our )?(?:limit|maximum|cap|allowance)(?: \w+){0,4} (?:per|a|each)"
        r" (?:year|customer|household|month)|my (?:limit|authority) is"
        r"|(?:you've|you have|they have) (?:already )?(?:used|had"
        r"|reached) (?:your|the|their|up your)"
        r" (?:\w+ )?(?:limit|allowance|quota|credit|goodwill|one)"
        r"|reached (?:your |the |their )?limit",
        reason="It speaks of internal limits.",
        better="Leave the limit out; ask inside the company for more.",
    ),
    rule(
        "CUSTOMER_WORK",
        W,
        "call|ring|phone|contact|email|need to|have to|let us know|resubmit|fill |reach out to",
        r"(?:please|kindly|should|may|must) (?:\w+ )?(?:call|ring|phone|contact|e-?mail)"
        r" (?:us|the|your|our|them|back|me)\b|(?:call|ring|phone) (?:us|me) back"
        r"|you(?: will|'ll| may| would| 'll)? (?:need|have) to(?! (?:worry|do anything|do nothing))"
        r"|let us know (?:when|once) (?:it|they|the) (?:\w+ )?(?:arrives?|comes?)"
        r"|(?:re-?submit|submit) (?:your|the|a|this|another) |(?<!will )resubmit|"
        r"fill (?:in|out) (?:this|another|the|a) (?:\w+ )?form"
        r"|recommend (?:that you )?contact(?:ing)?"
        r"|(?:you can|you could|try) (?:\w+ )?contact(?:ing)? (?:them|the|your)",
        reason="It gives the next step to the customer.",
        better="Take the step yourself: say what you will do, and when.",
        excused=r"\bif you have (?:any )?(?:\w+ )?questions|any questions|(?:999|112|911)\b"
        r"|emergency|leave the (?:house|building)|evacuate"
        r"|if you (?:smell|see"
        r"|feel unsafe)|gas\b|for your safety",
    ),
    rule(
        "VAGUE_TIME",
        W,
        "shortly|soon|asap|promptly|as quickly|as swiftly|as fast|due course|week or|day or"
        "|near future"
        "|nearest future|coming|when i|when we"
        "|earliest|eventually|some time|sometime|reasonable|as possible|momentarily|timely",
        r"promptly|(?:very )?shortly(?! (?:before|after))|(?:very )?soon(?! (?:after|as))|asap"
        r"|as (?:soon|quickly|swiftly|promptly|often|fast) as (?:possible"
        r"|we can|i can|practicable|it can"
        r"|we (?:get|have|hear|know)|the \w+|your \w+)"
        r"|in due course|(?:a|one) (?:week|day|month|hour) or (?:so|two)"
        r"|in the (?:very )?(?:near|nearest|coming) (?:future|days|weeks|months)"
        r"|when (?:i|we) (?:can(?! (?:expect|see))|get (?:a chance|round to))"
        r"|at (?:the|our|your|my) (?:very )?earliest(?: possible)?"
        r" (?:opportunity|convenience)|(?<!does )eventually"
        r"|some ?time (?:soon|later|next|this|in)|within a reasonable"
        r"|momentarily|in a timely manner",
        reason="It says when without a date.",
        better="Give a date, a range, or the time by which the customer will have a date.",
        excused=rf"{DATED}|(?:how|too|sooner|feel better|get well) soon|hear from you soon"
        r"|(?:see|speak to|talk to) you soon",
    ),
    rule(
        "GUESS",
        W,
        "guess is|couldn't say|no idea|who knows|hard to say|date|anything|what it is|not sure when"
        "|don't know|do not know|uncertain",
        r"(?:your|my) guess is as good|(?:i |we )couldn't say|(?:i have |i've "
        r"|we have )?no idea|who knows"
        rf"|hard to say|{_CANT} (?:\w+ )?(?:give|tell|provide) (?:you )?(?:a|any"
        rf"|an) (?:\w+ )?(?:date|time)"
        rf"|{_CANT} (?:really )?do anything|it is what it is|(?:not sure"
        rf"|don't know|do not know|no way of"
        r" knowing) when|(?:schedule|date|time|timing) is (?:uncertain|unknown)"
        r"|(?:i|we) (?:don't|do not) know if",
        reason="It keeps from the customer what can be known.",
        better="Say between which days, or by when you will know.",
        excused=rf"(?:tell|let|call|write|update|know)[^.]{{0,60}}(?:{DATED})",
    ),
    rule(
        "POLICY",
        W,
        "policy|policies|our terms|t&c",
        r"(?:our|the|company|store|per|under|current|to) (?:\w+ )?polic(?:y"
        r"|ies) (?:is|says?|states?|does|do"
        r"|doesn't|prevents?|prohibits?|requires?|only|in place)"
        r"|(?:as per|per|under|according to|in line with|due to"
        r"|because of) (?:our|the|company|current)"
        r" (?:\w+ ){0,2}(?:policy|policies|terms|t&c)|against (?:our "
        r"|company )?policy|not our policy",
        reason="It puts a policy between us and the customer.",
        better="Say what the customer gets; link the rule if somebody asks.",
        excused=r"polic(?:y|ies) (?:lets?|allows?|permits?|entitles?"
        r"|means (?:that )?(?:you|i|we) (?:can|get))"
        r"|insurance policy|policy (?:number|holder|document|no\b)|your policy",
    ),
    rule(
        "FALSE_URGENCY",
        E,
        "act now|final|only today|only until|expire|don't accept|don't reply"
        "|do not accept|today or",
        r"act now|(?:our |my )?final (?:offer|chance)|(?:offer|valid"
        r"|available) (?:is )?only (?:today|until)"
        r"|(?:accept|reply)[^.!?]{0,60} (?:today|expires|or lose)"
        r"|if you (?:don't|do not) (?:accept|reply)"
        r"|(?:this |the )?offer (?:\w+ )?expires",
        reason="It presses the customer.",
        better="Say that the offer stays open.",
    ),
    rule(
        "PROMISE_BETTER",
        W,
        "happen again|do better|rest assured|be assured|working hard|strive"
        "|committed|happening again"
        "|diligently|utmost|everything |our best|my best",
        r"(?:won't|will not|never|doesn't|not)(?: \w+){0,2} happen again|we will do better"
        r"|we'll do better|(?:rest|be) assured|working (?:very |so )?(?:hard"
        r"|diligently) to|strive to|"
        r"working (?:hard|diligently)|committed to (?:improving|excellence"
        r"|providing|resolving|ensuring)"
        r"|prevent (?:this|it|such|similar)[^.]{0,40}happening again"
        r"|(?:do|doing|try|trying) (?:our|my) (?:very )?best to|everything possible"
        r"|(?:do|doing) (?:our|my) utmost|(?:do|doing) everything (?:i|we) can"
        r"|everything (?:in|within) (?:my|our) power|utmost (?:priority|diligence"
        r"|seriousness|care|importance)",
        reason="It pledges to be better without saying what has changed.",
        better="Name the change and since when it holds.",
        excused=rf"(?:because|since|now that)[^.]{{0,80}}(?:{DATED}|since)|^since ",
    ),
    rule(
        "SCRIPT",
        I,
        "important to us|valued customer|reaching out|contacting|seriously|hope this|be advised"
        "|been noted|value your|consideration",
        r"your (?:call|business|time) is (?:very )?important|valued customer"
        r"|thank(?:s| you) for (?:reaching out|contacting)|we take [^.]{1,60} seriously"
        r"|hope (?:this|that) helps|please be advised|(?:has|have) been noted"
        r"|(?:we|i) (?:do |truly |really )?"
        r"value your"
        r"|tak(?:e|en) (?:that|your \w+|this|it) (?:in)?(?:to|under) (?:\w+ )?consideration",
        reason="It is a formula.",
        better="Say one thing that is true of this customer only.",
    ),
    rule(
        "UNDATED_PAST",
        I,
        "called|tried|attempted|left a message|rang",
        r"(?:tried|attempted) to (?:call|reach|ring|phone|contact|deliver)(?! (?:this|at))(?: you)?"
        r"|(?:we|i) (?:called|rang|phoned) (?:you )?(?:and left|but)"
        r"|left (?:you )?a (?:voice ?)?message",
        reason="It says that we tried, and not when.",
        better="Say at which times, and on which number.",
        excused=DATED + r"|yesterday|\d{1,2}-\d{1,2}",
    ),
    rule(
        "UNFORTUNATELY",
        I,
        "unfortunately",
        r"unfortunately",
        reason="It announces a refusal.",
        better="Begin with what is possible.",
    ),
)
