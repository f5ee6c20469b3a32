"""Tables of what is written short and said long."""

from __future__ import annotations

from typing import Final


def _words(text: str) -> tuple[str, ...]:
    return tuple(text.split())


ABBREVIATIONS: Final = {
    "mr": "mister",
    "mrs": "missus",
    "ms": "miz",
    "dr": "doctor",
    "prof": "professor",
    "rev": "reverend",
    "hon": "honorable",
    "gov": "governor",
    "sen": "senator",
    "rep": "representative",
    "gen": "general",
    "col": "colonel",
    "maj": "major",
    "capt": "captain",
    "lt": "lieutenant",
    "sgt": "sergeant",
    "jr": "junior",
    "sr": "senior",
    "mt": "mount",
    "ft": "fort",
    "ave": "avenue",
    "blvd": "boulevard",
    "rd": "road",
    "e.g": "for example",
    "i.e": "that is",
    "etc": "et cetera",
    "vs": "versus",
    "viz": "namely",
    "approx": "approximately",
    "dept": "department",
    "est": "established",
    "inc": "incorporated",
    "ltd": "limited",
    "corp": "corporation",
    "bros": "brothers",
    "ext": "extension",
    "tel": "telephone",
    "vol": "volume",
    "misc": "miscellaneous",
    "govt": "government",
    "assoc": "association",
    "univ": "university",
    "temp": "temperature",
    "incl": "including",
    "mon": "monday",
    "tue": "tuesday",
    "tues": "tuesday",
    "wed": "wednesday",
    "thu": "thursday",
    "thur": "thursday",
    "thurs": "thursday",
    "fri": "friday",
}
"""Said long when written with its full stop, in any case."""

UNDOTTED: Final = {
    "Mr": "mister",
    "Mrs": "missus",
    "Ms": "miz",
    "Dr": "doctor",
    "vs": "versus",
    "etc": "et cetera",
    "w/": "with",
    "w/o": "without",
    "b/c": "because",
    "eg": "for example",
    "ie": "that is",
    "approx": "approximately",
    "Ltd": "limited",
    "aka": "also known as",
    "Ph.D": "PhD",
    "AT&T": "ATNT",
    "C#": "C sharp",
    "F#": "F sharp",
    "24/7": "twenty four seven",
    "9/11": "nine eleven",
    "50/50": "fifty fifty",
}
"""Said long even without a full stop, in this case only."""

LOWER_UNSAFE: Final = frozenset(
    {"gen", "col", "sen", "rep", "mon", "wed", "fri", "mt", "ft", "hon"}
)
"""Words or units of their own unless they start with a capital."""

DOTTED: Final = frozenset({"u.s", "u.k", "u.s.a", "ph.d", "a.k.a", "d.c"})
"""Their full stop ends no sentence by itself."""

SENTENCE_STARTERS: Final = frozenset(
    _words(
        "the a an it we he she they i this that these those then and but so you if in what when "
        "why how where who my our your his her their there here now not no yes for on at as"
    )
)
"""After a single letter with a full stop, these start a sentence: ``Plan B. Then`` is no name."""

ENDS_TOO: Final = frozenset({"etc", "inc", "ltd", "jr", "sr", "a.m", "p.m", "no", "corp"})
"""Abbreviations that end a sentence when a capital follows."""

BEFORE_NUMBER: Final = {"no": "number", "nos": "numbers", "fig": "figure", "p": "page"} | {
    "pp": "pages",
    "ch": "chapter",
    "sec": "section",
    "art": "article",
    "ver": "version",
}
"""Said long when written with a full stop before a number."""

MONTHS: Final = _words(
    "January February March April May June July August September October November December"
)
_SHORT: Final = _words("jan feb mar apr may jun jul aug sep oct nov dec")
MONTH_NAMES: Final = (
    {month.lower(): month for month in MONTHS}
    | dict(zip(_SHORT, MONTHS, strict=True))
    | {"sept": "September"}
)

CURRENCIES: Final = {
    "$": ("dollar", "dollars", "cent", "cents"),
    "US$": ("US dollar", "US dollars", "cent", "cents"),
    "C$": ("Canadian dollar", "Canadian dollars", "cent", "cents"),
    "A$": ("Australian dollar", "Australian dollars", "cent", "cents"),
    "€": ("euro", "euros", "cent", "cents"),
    "£": ("pound", "pounds", "penny", "pence"),
    "¥": ("yen", "yen", "sen", "sen"),
    "₹": ("rupee", "rupees", "paisa", "paise"),
    "USD": ("US dollar", "US dollars", "cent", "cents"),
    "EUR": ("euro", "euros", "cent", "cents"),
    "GBP": ("pound", "pounds", "penny", "pence"),
}
"""One, many, one hundredth, many hundredths."""

SCALES: Final = {
    "k": "thousand",
    "m": "million",
    "mn": "million",
    "b": "billion",
    "bn": "billion",
    "t": "trillion",
    "tn": "trillion",
}
SCALE_WORDS: Final = frozenset({"hundred", "thousand", "million", "billion", "trillion"})

UNITS: Final = {
    "%": ("percent", "percent"),
    "km": ("kilometer", "kilometers"),
    "m": ("meter", "meters"),
    "cm": ("centimeter", "centimeters"),
    "mm": ("millimeter", "millimeters"),
    "nm": ("nanometer", "nanometers"),
    "mi": ("mile", "miles"),
    "ft": ("foot", "feet"),
    "yd": ("yard", "yards"),
    "sq": ("square", "square"),
    "kg": ("kilogram", "kilograms"),
    "g": ("gram", "grams"),
    "mg": ("milligram", "milligrams"),
    "lb": ("pound", "pounds"),
    "lbs": ("pound", "pounds"),
    "oz": ("ounce", "ounces"),
    "l": ("liter", "liters"),
    "L": ("liter", "liters"),
    "ml": ("milliliter", "milliliters"),
    "mL": ("milliliter", "milliliters"),
    "s": ("second", "seconds"),
    "sec": ("second", "seconds"),
    "secs": ("second", "seconds"),
    "ms": ("millisecond", "milliseconds"),
    "min": ("minute", "minutes"),
    "mins": ("minute", "minutes"),
    "h": ("hour", "hours"),
    "hr": ("hour", "hours"),
    "hrs": ("hour", "hours"),
    "yr": ("year", "years"),
    "yrs": ("year", "years"),
    "mph": ("mile per hour", "miles per hour"),
    "kmh": ("kilometer per hour", "kilometers per hour"),
    "km/h": ("kilometer per hour", "kilometers per hour"),
    "kph": ("kilometer per hour", "kilometers per hour"),
    "m/s": ("meter per second", "meters per second"),
    "fps": ("frame per second", "frames per second"),
    "rpm": ("revolution per minute", "revolutions per minute"),
    "bpm": ("beat per minute", "beats per minute"),
    "°": ("degree", "degrees"),
    "°C": ("degree celsius", "degrees celsius"),
    "°F": ("degree fahrenheit", "degrees fahrenheit"),
    "Hz": ("hertz", "hertz"),
    "kHz": ("kilohertz", "kilohertz"),
    "MHz": ("megahertz", "megahertz"),
    "GHz": ("gigahertz", "gigahertz"),
    "W": ("watt", "watts"),
    "kW": ("kilowatt", "kilowatts"),
    "MW": ("megawatt", "megawatts"),
    "kWh": ("kilowatt hour", "kilowatt hours"),
    "V": ("volt", "volts"),
    "mAh": ("milliamp hour", "milliamp hours"),
    "dB": ("decibel", "decibels"),
    "KB": ("kilobyte", "kilobytes"),
    "kB": ("kilobyte", "kilobytes"),
    "MB": ("megabyte", "megabytes"),
    "GB": ("gigabyte", "gigabytes"),
    "TB": ("terabyte", "terabytes"),
    "Mbps": ("megabit per second", "megabits per second"),
    "Gbps": ("gigabit per second", "gigabits per second"),
    "kcal": ("kilocalorie", "kilocalories"),
    "px": ("pixel", "pixels"),
    "x": ("x", "x"),
    "K": ("K", "K"),
    "k": ("K", "K"),
    "M": ("million", "million"),
    "B": ("billion", "billion"),
    "bn": ("billion", "billion"),
    "p": ("p", "p"),
}
"""One, many: right after a number, or the next word after it."""

NEVER_APART: Final = frozenset({"x", "K", "k", "M", "B", "p", "V", "W", "L"})
"""Units only right after the number; as words of their own they are something else."""

SPELLED_DOMAINS: Final = frozenset(_words("io ai uk us eu tv fm de fr ca au nz gg ly"))
DOMAINS: Final = SPELLED_DOMAINS | frozenset(
    _words(
        "com org net edu gov dev app co me info biz xyz tech shop store blog online site page "
        "link so to cloud news world live studio video"
    )
)

URL_SIGNS: Final = {
    ".": "dot",
    "/": "slash",
    "-": "dash",
    "_": "underscore",
    "@": "at",
    ":": "colon",
    "?": "question mark",
    "=": "equals",
    "&": "and",
    "#": "hash",
    "+": "plus",
    "%": "percent",
    "~": "tilde",
}

ROMANS: Final = {"II": 2, "III": 3, "IV": 4, "V": 5, "VI": 6, "VII": 7, "VIII": 8, "IX": 9} | {
    "X": 10,
    "XI": 11,
    "XII": 12,
    "XIV": 14,
    "XV": 15,
    "XVI": 16,
}
NUMBERED: Final = frozenset(
    _words("chapter part volume act section war phase level type stage book appendix bowl mark")
)
"""Words before a Roman numeral that is read as a plain number."""
RULERS: Final = frozenset(
    _words(
        "henry edward george william charles james richard louis philip elizabeth mary catherine "
        "john paul pius benedict gregory alexander nicholas frederick napoleon ramses"
    )
)
"""Names before a Roman numeral that is read as "the eighth"."""
