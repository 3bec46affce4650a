"""The words and signs of money in several languages: scales, currencies, and what says about, up to, at least or undisclosed."""

from __future__ import annotations

import re
from decimal import Decimal

UNITS = {
    "one": Decimal(1),
    "thousand": Decimal(10**3),
    "lakh": Decimal(10**5),
    "million": Decimal(10**6),
    "crore": Decimal(10**7),
    "billion": Decimal(10**9),
    "trillion": Decimal(10**12),
}
_SCALE_WORDS = {
    10**3: "k thousand thousands tsd tausend mille mila тыс тысяч",
    10**5: "lakh lakhs lac lacs",
    10
    ** 6: "m mm mn mio mill million millions millionen millones millón milioni milione miljoen miljoner millioner milhões milhão mln mi млн миллион миллиона миллионов",
    10**7: "crore crores cr",
    10
    ** 9: "b bn bln billion billions mrd md mds mld milliard milliards milliarde milliarden miliardi miliardo miljard miljarder milliarder mia bi bilhão bilhões млрд миллиард миллиарда миллиардов",
    10**12: "t tn trn trillion trillions billionen",
}
SCALES = {word: Decimal(value) for value, words in _SCALE_WORDS.items() for word in words.split()} | {
    # What India calls a lakh crore is a trillion.
    "lakh crore": Decimal(10**12),
    "lakh crores": Decimal(10**12),
    "lakh cr": Decimal(10**12),
    "thousand crore": Decimal(10**10),
    **dict.fromkeys("万萬만", Decimal(10**4)),
    **dict.fromkeys("億亿억", Decimal(10**8)),
    **dict.fromkeys("兆조", Decimal(10**12)),
}
# A bare ``mil`` is a thousand in Spanish and a million in English slang, so it is nothing here.
MIL = re.compile(r"\d\s*mil\b")
CODES = [
    "USD",
    "EUR",
    "GBP",
    "JPY",
    "CNY",
    "CHF",
    "CAD",
    "AUD",
    "NZD",
    "HKD",
    "SGD",
    "INR",
    "KRW",
    "TWD",
    "SEK",
    "NOK",
    "DKK",
    "ISK",
    "PLN",
    "CZK",
    "HUF",
    "RON",
    "BGN",
    "RSD",
    "UAH",
    "RUB",
    "ILS",
    "AED",
    "SAR",
    "QAR",
    "KWD",
    "BHD",
    "OMR",
    "JOD",
    "EGP",
    "MAD",
    "NGN",
    "KES",
    "ZAR",
    "TRY",
    "BRL",
    "MXN",
    "ARS",
    "CLP",
    "COP",
    "PEN",
    "IDR",
    "THB",
    "VND",
    "MYR",
    "PHP",
    "PKR",
    "BDT",
    "LKR",
    "KZT",
]
# Currencies that are written with $ at home.
DOLLARS = frozenset(["USD", "CAD", "AUD", "NZD", "HKD", "SGD", "TWD", "MXN", "ARS", "CLP", "COP"])
SIGNS = {
    **{sign: code for code, signs in {
        "USD": "us$ $ usd$ dollars dollar us-dollar us-dollars dólares dólar dollari dollaro 美元 美金 米ドル ドル 달러",
        "AUD": "a$ au$", "CAD": "c$ ca$", "HKD": "hk$ 港元", "SGD": "s$", "RUB": "₽ руб руб. рублей рубля", "TRY": "₺", "UAH": "₴", "PLN": "zł", "NZD": "nz$", "BRL": "r$ reais", "TWD": "nt$",
        "EUR": "€ euro euros 欧元 ユーロ 유로 евро", "GBP": "£ pounds pound sterling livres livre", "INR": "₹ rs rs. rupees rupee", "KRW": "₩ won 원", "ILS": "₪",
        "JPY": "jp¥ yen 円", "CNY": "cn¥ rmb yuan 元 人民币", "CHF": "fr fr. sfr franken", "MYR": "rm",
    }.items() for sign in signs.split()},
    "us dollars": "USD",
    "canadian dollars": "CAD",
    "australian dollars": "AUD",
    "new zealand dollars": "NZD",
    "singapore dollars": "SGD",
    "hong kong dollars": "HKD",
    "u.s. dollars": "USD",
    "pounds sterling": "GBP",
    "livres sterling": "GBP",
    "pfund sterling": "GBP",
    "schweizer franken": "CHF",
    "francs suisses": "CHF",
    "¥": "?JPY or CNY",
    "kr": "?SEK, NOK, DKK or ISK",
    **{code.lower(): code for code in CODES},
}  # fmt: skip
# ``in USD m``, ``Mio. €``, ``(thousands)``: what says in which unit and currency a column counts.
_OF_MONEY = rf"(?:{'|'.join(sorted((re.escape(word) for word in [*SIGNS, *UNITS, *SCALES, 'millions', 'thousands', 'billions']), key=len, reverse=True))})"
UNIT_OF_MONEY = re.compile(rf"\(?(?:in )?{_OF_MONEY}\.?(?: ?{_OF_MONEY}\.?)?\)?")
_SUM = r"(?:montant |amount |sum |summe |betrag |price |terms )?"
UNDISCLOSED = re.compile(
    rf"{_SUM}(?:undisclosed|(?:was |were )?not (?:publicly |yet )?(?:disclosed|available|applicable|public|specified|given|stated|announced|known|revealed)"
    r"|unspecified|confidential|confidentiel(?:le)?|confidencial|vertraulich|riservato|unknown|private|undis\.?|n\.?/?a\.?|n/d|n\.?d\.?|n\.?c\.?|tbd|tba|tbc|none|null|nil|(?:under )?nda"
    r"|nicht (?:bekannt|genannt|veröffentlicht|offengelegt|angegeben|mitgeteilt)|unbekannt|keine angaben?|k\.? ?a\.?|stillschweigen vereinbart"
    r"|non (?:divulgué|communiqué|précisé|dévoilé|publié|connu|divulgat|comunicat|resa? not)[eoa]?s?|inconnu"
    r"|no (?:revelado|divulgado|disponible|especificado|publicado)|sin especificar|desconocido|não (?:divulgado|informado|revelado)"
    r"|niet bekend(?:gemaakt)?|onbekend|ikke (?:oplyst|offentliggjort)|ej offentliggjort|未披露|未公开|未公開|非公開|非公开|未公表|[$€£]? ?[-–—?.]+)(?: amount| sum| terms)?"
)
ABOUT = r"(?:about|approximately|approx\.?|around|roughly|circa|ca\.?|c\.|some|nearly|almost|close to|an? estimated|estimated|est\.?|etwa|rund|ungefähr|fast|knapp|gut|rd\.?|environ|env\.?|près de|unos|cerca de|circa|ongeveer|[~≈∼約约])"
UP_TO = (
    r"(?:up to|as much as|as high as|(?:a )?max(?:imum)?\.?(?: of)?|at most|(?:no|not) more than|not exceeding|less than|(?:just )?under|below|bis zu|bis|maximal"
    r"|höchstens|unter|weniger als|jusqu['’]à|moins de|au plus|hasta|menos de|como máximo|fino a|meno di|tot|<=|=<|[<≤])"
)
AT_LEAST = (
    r"(?:at least|(?:no|not) less than|more than|(?:just |well )?over|above|upwards of|north of|(?:a )?min(?:imum)?\.?(?: of)?|in excess of|exceeding|mindestens|mind\.?"
    r"|wenigstens|über|mehr als|plus de|mais de|au moins|más de|al menos|por lo menos|oltre|almeno|meer dan|minstens|>=|=>|[>≥])"
)
# The same behind the number.
ABOUT_AFTER = re.compile(r"\(?(?:approx(?:imately)?\.?|est(?:imated|\.)?|circa|or so|roughly|geschätzt|environ)\)?(?!\w)")
UP_TO_AFTER = re.compile(r"\(?(?:max(?:imum|imal)?\.?|or less|at most|höchstens|au maximum|au plus)\)?(?!\w)")
AT_LEAST_AFTER = re.compile(r"\+|\(?(?:or more|and (?:up|above|more)|plus|min(?:imum)?\.?|at least|mindestens|au moins)\)?(?!\w)")
# What may stand before an amount and changes nothing of it.
FILLERS = (
    r"(?:(?:a |an |the )?(?:total|sum|amount|value|valued?|worth|price|size|round|investment|consideration|raise|raised|invested|paid|deal|funding|financing)(?: size| value| amount)?(?: of| at)?"
    r"|(?:pre-?)?seed|series [a-h]\d?|grant|debt|equity|cash|loan|at|between|from|von|zwischen|entre|de|of|for|in|a|an|the|gesamt|insgesamt|total|[:;,=-])"
)
# What it is paid in, or for: it leaves the amount as it is.
MEANS = r"(?:in (?:\w+ )?(?:stock|shares|notes?|credits?|cash)|cash|equity|debt|loans?|funding|financing|round|investment|convertible|tranche|extension|und|and|et|plus|[(),.;:/*-])"
# What may not stand behind one: it is then another amount than the one that is written.
UNSAID = re.compile(
    r"[<>=≤≥%]|\b(?:each|apiece|times|jeweils|chacune?|minus|less|" + "|".join(word for word in SCALES if len(word) > 1) + r")\b"
)
RECURRING = re.compile(
    r"\b(?:per|a|an|each|every)\s+(?:year|month|quarter|annum|user|seat|share)|annual|monthly|/\s*(?:yr|year|mo|month)|p\.? ?a\.?$|\b(?:semi-?)?yearly|\bquarterly|\b(?:halb|viertel)?jährlich|\bmonatlich|\b(?:pro|im|je) (?:jahr|monat|quartal)|\bpar (?:an|mois|trimestre)\b|\bal (?:año|mes|mese)\b|\ball[’\']anno"
)
OTHER_KIND = re.compile(r"valuation|valued at|bewertung|market cap|revenue|umsatz|%|percent|per cent")
