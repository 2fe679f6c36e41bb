"""The rules about fault: whose it was, whether it is owned, and how it is apologised for."""

from typing import Final

from makegood.rules.wording.findings import Level
from makegood.rules.wording.rule import RESPONSIBILITY, rule

E, W, I = Level.BLOCK, Level.WARN, Level.HINT  # noqa: E741 - the letters of the rule table
_TEAM = (
    r"(?:crews?|drivers?|warehouse|couriers?|suppliers?|other team|other department|depot"
    r"|contractors?|engineers?|technicians?|colleagues?|trainees?|sales team|branch|store)"
)

FAULT: Final = (
    rule(
        "BLAME",
        E,
        "you",
        r"you (?:really )?(?:should have|should've|ought to have)(?= (?:been"
        r"|told|read|called|checked"
        r"|rung|asked|known|waited|answered|kept|followed|left|put|given|gone|done|made|sent|said"
        r"|chosen|let|had your|\w+ed)\b)(?! (?:already |now |also )?(?:received|gotten))"
        r"|you (?:failed|neglected|forgot) to"
        r"|(?:did|didn't) you (?:make it clear|tell us|follow|read|not read)"
        r"|you (?:didn't|did not|never) (?:make it clear|tell us|follow|read|answer|give us)"
        r"|(?:is|was|it's|due to|because of|down to|through"
        r"|by) your (?:own )?(?:mistake|error|fault)"
        r"|(?:had you|if you had|if you'd) (?:only )?(?:answered|told|read"
        r"|checked|chosen|followed|been)"
        r"|on your (?:end|part)|customer error|your own fault|your mistake|your error|your fault",
        reason="It puts the fault on the customer.",
        better="Say what happened on our side, or the plain fact without a culprit.",
        excused=r"(?:anything|nothing|nowhere)(?: \w+){0,3} you (?:should|could|ought)"
        r"|(?:no|any) (?:action|step|effort|work|payment|cost"
        r"|charge)s?(?: \w+){0,3} on your (?:end|part)"
        r"|(?:check|verify|confirm|available|see|try|restart|works?|update|set(?:tings)?)\b"
        r"[^.]{0,60} on your (?:end|part)",
    ),
    rule(
        "DOUBT",
        E,
        "have mis|have been mis|confusion|misunderstanding|are you sure|claim"
        "|alleg|according to you"
        "|show otherwise|no record|prove|proof",
        r"(?:must|may|might|could|probably"
        r"|perhaps) have (?:been )?(?:misunderstood|misheard|misread"
        r"|mistaken|misinformed)|some (?:confusion|misunderstanding)"
        r"|are you (?:quite |really )?sure"
        r"(?! you (?:want|would like|wish|'d like|need))(?! you (?:can't|cannot))"
        r"|you(?: are)? claim(?:ing|ed)?(?: that)? (?:the|that|our|it|we|to|you|he|she|they|not)"
        r"|allegedly|according to you(?! (?:own|and))"
        r"|(?:our |the )?records? (?:shows?|says?|indicates?) otherwise"
        r"|(?:there is|there's|we have|i have|i see|i find) no record of (?:you"
        r"|your|that|this|any|such)"
        r"|can you prove|you(?:'d| would| will|'ll)? (?:need|have) to prove|proof that",
        reason="It doubts what the customer told us.",
        better="Look at our own record, say what it shows, and let what the customer"
        " was told stand.",
        excused=r"our own (?:confusion|misunderstanding)|(?:caused|for|about|apologi[sz]e|sorry)"
        r"(?: \w+){0,4} (?:confusion|misunderstanding)",
    ),
    rule(
        "URGENCY_Q",
        E,
        "did you",
        r"did you (?:\w+ )?(?:make it clear|say|mention|tell (?:us|them|anyone"
        r"|him|her))[^.?!]{0,80}"
        r"(?:urgent|expected|expect|needed|need|emergency)",
        reason="It makes the customer answer for how urgent it is.",
        better="Judge the urgency from what failed, and say what happens now.",
    ),
    rule(
        "COLLEAGUE",
        E,
        "to do with us|down to the|not have|fault|trainee|newbie|new starter|previous agent"
        "|other agent|last agent",
        rf"(?:nothing|not|isn't anything) to do with us|(?:that's|it's|that is"
        rf"|it is) down to the {_TEAM}"
        rf"|(?:the |our |that |my )?(?:{_TEAM}|agent|clerk|assistant|he|she)"
        r" (?:shouldn't|should not|ought not to) have"
        rf"|(?:the |our |a )?(?:trainee|newbie|new starter)|(?:{_TEAM})(?:'s|s') fault"
        rf"|(?:fault|mistake) of the (?:{_TEAM})|the (?:previous|last|other) agent",
        reason="It puts the fault on a colleague, a crew or a supplier.",
        better="Say what we told the customer, that it was our word, and that you keep it.",
        excused=r"\bour (?:own )?(?:fault|mistake)|which is on us|that is on us",
    ),
    rule(
        "NOT_US",
        E,
        "automated|system|no control",
        r"just (?:an? )?automated (?:messages?|system|emails?|texts?|replies|reply)"
        r"|(?:the|our|my|this) (?:\w+ )?system (?:won't|will not|doesn't|does not|didn't|isn't"
        r"|can't|cannot|says no|is not|does n't)(?: \w+){0,2} (?:let|allow|permit|accept|letting"
        r"|allowing)?|(?:the|our) system says no|due to our (?:\w+ ){0,2}system"
        r"|(?:have|has|had) no control over|(?:out of|beyond|outside) (?:of )?(?:our|my) control",
        reason="It disowns our own system.",
        better="Say that what the system did was ours, and what you have done about it.",
    ),
    rule(
        "NONAPOLOGY",
        E,
        "sorry if|sorry that you|sorry you|sorry for any|sorry about any"
        "|inconvenience|mistakes were"
        "|regrettable|regret any|apolog",
        r"(?:i'm|i am|we're|we are|are|am|so|truly|very|really"
        r"|^)? ?sorry (?:if (?:you|we|i|this|that|it|the"
        r"|there|my|our)|that you feel|you feel|for any|about any|to hear you feel)"
        r"|(?:any|the) (?:\w+ )?inconveniences? (?:that )?(?:this |it |we |these )?(?:may|might)"
        r" (?:have|cause)"
        r"|mistakes were made|(?:it is|it's|this is) regrettable|regret any"
        r"|apolog(?:ies|i[sz]e) (?:for your (?:experience|frustration)|if)"
        r"|sorry (?:that )?you(?:'re| are) (?:so )?(?:upset|unhappy"
        r"|disappointed|frustrated|annoyed)",
        reason="It apologises on a condition, or for the customer's feelings.",
        better="Say sorry for what we did, name it, and say what it cost the customer.",
        excused=r"sorry for (?:any|your) (?:loss|bereavement)",
    ),
    rule(
        "EXCUSE",
        W,
        "due to|because of|owing to|busy|short-staffed|short staffed|crazy|unforeseen",
        r"(?:due to|because of|owing to) (?:an? |the |our |some "
        r"|current )*(?:very )?(?:high|unusual(?:ly)?"
        r"|unprecedented|increased|heavy|staff(?:ing)?|covid|demand|system|circumstances|unforeseen"
        r"|unexpected|internal|logistical|operational|technical|manpower"
        r"|backlog|volume|weather|traffic"
        r"|limitations)|(?:we|i)(?:'ve| have) been (?:very |really |extremely )?busy"
        r"|(?:we're|we are) (?:currently )?short[- ]staffed|it's been crazy"
        r"|unforeseen circumstances",
        reason="It gives a cause as a defence, and takes no responsibility.",
        better="First say that it is ours to put right, then the true cause in one line.",
        excused_by_text=RESPONSIBILITY,
    ),
    rule(
        "BUSY",
        W,
        "busy|other large|bigger|larger|other jobs|other repairs",
        r"(?:i|we)(?:'m| am|'re| are) (?:very |really |extremely |quite |rather |so )?busy"
        r"|(?:other|bigger|larger)(?: large| big| urgent)? (?:jobs|repairs)",
        reason="It ranks the customer below others.",
        better="Say when the customer has your time.",
    ),
    rule(
        "MINIMISE",
        W,
        "small|minor|slight|short|merely|at least|simple misunder|no big deal",
        r"(?:just|only) an? (?:very )?(?:small|minor|slight|short|little)|merely (?:an?|the)"
        r"|at least (?:it (?:was|is|isn't)|you (?:have|had|still|got|did))|simple misunderstanding"
        r"|no big deal|an? (?:slight|minor|small|little) (?:delay|issue"
        r"|inconvenience|mix-up|error|problem"
        r"|glitch|hiccup)",
        reason="It makes the harm small.",
        better="Name what it cost the customer.",
    ),
    rule(
        "COMPARE",
        W,
        "other customers|everyone|everybody|at every|others",
        r"other customers (?:\w+ )?(?:wait|waiting|are|have|had)|everyone(?:'s"
        r"| is| has) (?:\w+ )?(?:waiting"
        r"|affected)|(?:the )?same for every(?:body|one)|others (?:have|are) (?:been )?waiting",
        reason="It says that others have it worse.",
        better="Leave the others out.",
    ),
    rule(
        "DEMAND_PROOF",
        W,
        "receipt|proof|screenshot|paper|in writing|evidence",
        r"(?:send|show|prove|forward|bring|provide|upload|attach|share"
        r"|submit)(?:ing)? (?:us |me |in )?(?:with )?"
        r"(?:your |the |a |an |any |some |us )?(?:\w+ ){0,2}(?:receipts?|proof"
        r"|screenshots?|paperwork|papers?|evidence)(?! of (?:income|address|identity|age))"
        r"|do you have (?:it in writing|(?:any )?proof)"
        r"|need (?:\w+ )?proof",
        reason="It asks the customer for evidence.",
        better="Search our own record first, and say what it shows.",
    ),
    rule(
        "THANKS_ONLY",
        W,
        "patience|understanding",
        r"thank(?:s| you) (?:\w+ )?for (?:your|the) (?:\w+ )?(?:patience|understanding)",
        reason="It thanks where responsibility is due.",
        better="Say first that it was ours, then thank.",
        excused_by_text=RESPONSIBILITY,
    ),
)
