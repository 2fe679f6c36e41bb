"""How English says when: the patterns of clock times, days, amounts, rounds and events.

They are matched on folded text (`wording.prose`), so they are lower case with single spaces.
Every repetition is bounded, so that no text makes them slow.
"""

import re
from typing import Final

MONTHS: Final = (
    *("january", "february", "march", "april", "may", "june"),
    *("july", "august", "september", "october", "november", "december"),
)
WEEKDAYS: Final = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
SEASONS: Final = {"winter": 12, "spring": 3, "summer": 6, "autumn": 9, "fall": 9}
NUMBERS: Final = {
    "a": 1,
    "an": 1,
    "one": 1,
    "two": 2,
    "three": 3,
    "four": 4,
    "five": 5,
    "six": 6,
    "seven": 7,
    "eight": 8,
    "nine": 9,
    "ten": 10,
    "eleven": 11,
    "twelve": 12,
    "fourteen": 14,
    "fifteen": 15,
    "twenty": 20,
    "thirty": 30,
    "forty": 40,
    "sixty": 60,
    "ninety": 90,
    "couple of": 2,
    "a couple of": 2,
    "a couple": 2,
    "few": 3,
    "a few": 3,
    "several": 4,
}

_WORDS = "|".join(sorted((word.replace(" ", "\\ ") for word in NUMBERS), key=len, reverse=True))
_NUMBER = rf"(?:\d{{1,4}}|(?:{_WORDS})(?![a-z]))"
_UNIT = (
    r"(?:(?:business|working|work|calendar|consecutive|full) )?"
    r"(?:minutes?|mins?|hours?|hrs?|days?|weeks?|wks?|fortnights?|months?|years?)\b"
)
_MONTH = (
    r"(?:jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?"
    r"|sept?(?:ember)?|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)\b\.?"
)
_WEEKDAY = (
    r"(?:mon(?:day)?|tues?(?:day)?|wed(?:s|nesday)?|thu(?:rs?)?(?:day)?|fri(?:day)?"
    r"|saturday|sunday|(?<=on )(?:sat|sun)|(?:sat|sun)(?= \d{1,2}(?:st|nd|rd|th)\b))"
)
_ORDINAL = r"(?:st|nd|rd|th)"
_MERIDIEM = r" ?(?:[ap]m|[ap]\.m\.?)(?![a-z])"
_HOUR = r"(?:one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve)"
_CLOCK = (
    rf"(?:\d{{1,2}}(?:[:.]\d{{2}})?{_MERIDIEM}|\d{{1,2}}:\d{{2}}(?!\d)"
    rf"|(?:\d{{1,2}}|{_HOUR}) o'clock|(?:12 )?(?:noon|midday|midnight)"
    rf"|(?:half past|half|quarter past|quarter to) (?:{_HOUR}|1[0-2]|[1-9])\b"
    r"(?! (?:an?|hours?|minutes?|mins?|days?))"
    r"|(?:(?<=\bby )|(?<=\bat )|(?<=\bbefore )|(?<=\bafter ))(?:[01]?\d|2[0-3])\.[0-5]\d\b"
    r"(?![.%]?\d| ?(?:percent|%|p\b))"
    r"|(?:[01]\d|2[0-3])h[0-5]\d\b|(?:[01]\d|2[0-3])[0-5]\d ?hrs?\b"
    r"|(?:(?<=\bby )|(?<=\bat )|(?<=\bbefore )|(?<=\bafter ))(?:1[0-2]|[1-9])(?: sharp| prompt)?"
    r"(?= (?:on|today|tom|this|in the|mon|tue|wed|thu|fri|sat|sun)|[,;!?]|\.(?!\d)|$)"
    r"|(?:(?<=\bby )|(?<=\bat )|(?<=\bbefore )|(?<=\bafter )|(?<=\bfrom )|(?<=\buntil ))"
    rf"(?<!one by )(?<!two by )(?<!one after )(?<!two after ){_HOUR}"
    r"(?= (?:on|today|tom|this|in the|mon|tue|wed|thu|fri|sat|sun|with|and (?:we|you|i|it|they))"
    r"|[,;!?]|\.(?!\d)|$))"
)
_TOMORROW = r"tom+or+ow|tommrow|tomorow|tmrw"
_SEASON = r"(?:spring|summer|autumn|fall|winter)"
_BIN = (
    r"(?:trash|rubbish|garbage|refuse|recycling|collection|bin|waste|yard waste|bulk|pick ?-?up"
    r"|service|sweeping|street cleaning|cleaning|delivery|working|business)"
)

# Each kind by name; earlier ones win where two begin at the same place.
KINDS: Final = {
    "round": (
        r"(?:(?:your|the|our|its|their) )?(?:next|following) (?:(?:regularly |normally )?scheduled "
        rf"|regular |normal |usual )?(?:{_BIN} )?(?:{_BIN} )?"
        r"(?:day|round|pick ?-?up|collection|cycle|run|route|shift)\b"
        r"|(?:your |the )?(?:trash|rubbish|garbage|refuse|recycling|collection|bin) day\b"
    ),
    "vague": (
        r"(?:the )?bank holiday(?: (?:monday|weekend|friday))?|(?:the )?easter (?:holidays|break)"
        r"|as (?:soon|quickly|swiftly|promptly|fast|early|often) as (?:(?:is )?possible|practicable"
        r"|we (?:possibly )?can|i (?:possibly )?can|they can)|asap\b|a\.s\.a\.p"
        r"|at (?:the|our|your) (?:very )?earliest(?: possible)? (?:opportunity|convenience)"
        r"|in due course|in the (?:very )?near(?:est)? future|in the coming (?:days|weeks|months)"
        r"|(?:very )?(?:soon|shortly)\b(?! as)|immediately\b(?! (?:after|upon|once|when))"
        r"|promptly\b|right away|straight ?away|momentarily|without (?:any )?(?:further )?delay"
        r"|within (?:the|a) (?:stated|given|promised|reasonable) (?:time ?frame|time|period)"
        r"|in a timely manner|when (?:i|we) (?:get a chance|can\b)|eventually"
    ),
    "nearly": (
        rf"(?:{_NUMBER}) (?:day|week|month|hour) or (?:so|two)\b"
        rf"|(?:{_NUMBER}) (?:[a-z]{{4,14}} )?seasons\b"
    ),
    "amount": (
        r"(?P<share>half an hour|a half hour|(?:a )?quarter of an hour|three quarters of an hour"
        r"|(?:an|one) hour and a half|(?:one|1) and a half hours|1\.5 (?:hours|hrs))\b(?! ago)|"
        rf"(?P<low>{_NUMBER})(?: ?(?:-|to|or|and) ?(?P<high>{_NUMBER}))?(?:[ -]){{0,2}}"
        rf"(?P<unit>{_UNIT})(?! ago|s? old)"
        rf"(?! (?:on|from) {_WEEKDAY}\b)"
        r"|the (?:next )?(?P<whole>hour)\b"
        r"|(?<=within )the (?:next )?(?P<stretch>day|week|month|year)\b(?!')"
    ),
    "clockspan": (
        rf"(?:between |from |betw )?(?P<opens>\d{{1,2}}(?:[:.]\d{{2}})?(?:{_MERIDIEM})?)"
        rf" ?(?:-|to|and|until) ?(?P<closes>\d{{1,2}}(?:[:.]\d{{2}})?{_MERIDIEM}|\d{{1,2}}:\d{{2}}"
        r"|(?:12 )?(?:noon|midday))"
        r"|between (?P<opens2>\d{1,2}) and (?P<closes2>\d{1,2})(?!\d|[:/%.]\d)"
        r"(?! ?(?:%|percent|people|items?|minutes?|hours?|days?|weeks?|months?|years?"
        r"|business|working))"
    ),
    "clock": _CLOCK,
    "iso": r"(?P<year>\d{4})-(?P<month>\d{2})-(?P<day>\d{2})(?!\d)",
    "slash": (
        r"(?<![\d/])(?P<first>\d{1,2})/(?P<second>\d{1,2})(?:/(?P<slashyear>\d{4}"
        r"|\d{2}))?(?![\d/])"
    ),
    "weekof": (
        r"(?:w/c|wc|week (?:commencing|beginning|starting|of)) (?:(?:mon|monday) )?(?:the )?"
        rf"(?P<wcday>\d{{1,2}}){_ORDINAL}?(?: of)? (?P<wcmonth>{_MONTH})"
    ),
    "dotted": (
        r"(?P<dotday>[0-3]?\d)\.(?P<dotmonth>[01]?\d)\.(?P<dotyear>20\d{2}|\d{2})(?!\d|\.\d)"
    ),
    "daymonth": (
        rf"(?:the )?(?P<dmday>\d{{1,2}}){_ORDINAL}?(?: of)? (?P<dmmonth>{_MONTH})"
        r"(?:,? (?P<dmyear>(?:19|20)\d{2})\b)?"
    ),
    "monthday": (
        rf"(?P<mdmonth>{_MONTH}) (?:the )?(?P<mdday>\d{{1,2}}){_ORDINAL}?(?![\d:])"
        r"(?:,? (?P<mdyear>(?:19|20)\d{2})\b)?"
    ),
    "dayonly": (
        rf"(?:the )?(?P<dayonly_day>\d{{1,2}}){_ORDINAL}\b"
        r"(?! (?:floor|time|party|ave|avenue|st\b|street|road|rd\b|class|class))"
    ),
    "feast": (
        r"christmas(?: eve| day)?|xmas(?: eve| day)?|boxing day|new year(?:'?s eve|'?s day)?"
        r"|good friday|easter(?: sunday| monday)?|halloween"
    ),
    "weekday": (
        r"(?P<week_on>(?:a|one) week (?:on|from) )?"
        r"(?P<which>(?:this|next|coming|following|the following|this coming|every|each) )?"
        rf"(?P<weekday_name>{_WEEKDAY})(?P<plural>s)?\b(?! shift)"
        r"(?:(?P<later_week>,? (?:of )?next week)\b|(?P<week_after> week)\b)?"
    ),
    "dayword": (
        rf"the day after (?:{_TOMORROW})|later (?:today|tonight)|today\b|tonight\b"
        rf"|(?:{_TOMORROW})\b|this (?:morning|afternoon|aft|arvo|evening)\b"
        r"|throughout the day|overnight\b"
    ),
    "dayend": (
        r"(?:the )?end of (?:the |this )?(?:business |working )?day\b"
        r"|(?:the )?close of (?:business|play)"
        r"|cob\b|eod\b|eob\b|cop\b|(?:the )?end of business"
    ),
    "part": (
        r"(?:in the )?(?:early |late )?(?:morning|afternoon|evening|night)\b"
        r"|first thing(?: in the morning)?\b|(?:early |late )?(?:lunch|tea) ?time\b|after lunch\b"
        r"|(?<=day )[ap]\.?m\b|(?<=(?:mon|tue|wed|thu|fri|sat|sun) )[ap]\.?m\b"
        r"|(?<=(?:tues|weds|thur) )[ap]\.?m\b|(?<=thurs )[ap]\.?m\b"
        r"|(?<=(?:jan|feb|mar|apr|may|jun|une|uly|ust|sep|oct|nov|dec|ber|ary|rch|ril) )[ap]\.?m\b"
    ),
    "period": (
        r"(?P<edge>(?:the )?(?:end|middle|beginning|start) of (?:the )?|early |later "
        r"|late |mid-? ?)?"
        r"(?P<pwhich>this |next |the coming |the following |coming |following )?"
        r"(?P<pname>week(?:end)?|month|year|quarter)\b(?!')"
        rf"|(?P<sedge>(?:the )?(?:end|middle|beginning|start) of (?:the )?|early |late |mid-? ?)?"
        rf"(?P<swhich>this |next |the )?(?P<season>{_SEASON})\b"
    ),
    "yearonly": (
        r"(?P<yedge>(?:the )?(?:end|middle|beginning|start) of |early |late |mid-? ?)?"
        r"(?:the year )?(?P<yname>20\d{2})(?![\d:/.-]\d|\d)"
    ),
    "monthonly": (
        rf"(?P<moedge>(?:the )?(?:end|middle|beginning|start) of |early |late |mid-? ?)?"
        rf"(?P<moname>{_MONTH})(?: (?P<moyear>(?:19|20)\d{{2}}))?(?! \d)"
    ),
}

ATOM: Final = re.compile(
    r"(?<![a-z0-9$£€₹#])(?:"
    + "|".join(f"(?P<{kind}>{pattern})" for kind, pattern in KINDS.items())
    + ")"
)
# What may stand between two parts of one expression: "tomorrow, after 2 pm".
JOINT: Final = re.compile(
    r",? ?(?:(?:at|on|by|before|after|from|in|of|around|until|and) )?(?:the )?"
)
BEFORE: Final = re.compile(
    r"(?:^|[^a-z])((?:(?:no|not) later than|(?:at|by|on|before|within|until|till|in"
    r"|for|between|from"
    r"|after|around|about|starting|through|throughout|over|during|prior to|sooner than|sometime"
    r"|upto|up to|as early as)(?: (?:about|around|approximately|approx|at most|up to|the)\.?)*"
    r"(?: (?:next|coming|following|another))?|ap+roximately|about|around|another) )$"
)
ANCHOR: Final = re.compile(
    r" (?:from (?:now|today)|(?:from|after|of|upon|following|once|when) "
    r"(?P<event>[^.,;!?\n]{3,90}))"
)
EVENT: Final = re.compile(
    r"(?<![a-z])(?:(?:immediately |as soon as |just )?(?:once|when|as soon as|after"
    r"|upon|before|until"
    r"|prior to)) (?!when\b|you (?:can|are ready|wish|like)\b|that\b)(?:(?!\b(?:we"
    r"|i) (?:will|shall)\b)[^.,;!?\n]){3,90}"
)
