"""What personal data look like, as patterns over the plain form of a text.

The plain form is that of :func:`~diagnostic.ingestion.survey.wording.key`: small letters, no accents, straight
quotation marks.
"""

from __future__ import annotations

import re
from importlib.resources import files
from typing import Final

EMAIL = re.compile(r"[\w.+-]+(?: ?(?:@|\(at\)|\[at\]|\barobase\b) ?| at )[\w-]+(?:\.[\w-]+)+")
PHONE = re.compile(r"(?<![\d.,])(?:\+?\(?33\)?[ .-]?(?:\(0\))?[ .-]?|0033[ .-]?|0)[1-9](?:[ .-]?\d{2}){4}(?!\d)")
ADDRESS = re.compile(
    r"\b\d{1,4} ?(?:bis|ter|quater)?,? (?:rue|avenue|av|boulevard|bd|allee|allees|impasse|place|chemin|route|quai"
    r"|square|cours|residence|passage|sentier|cite|villa)\b\.? [a-z]"
)
NIR = re.compile(
    r"(?<![\d.,])[12] ?\d{2} ?(?:0[1-9]|1[0-2]|[2-9]\d) ?(?:\d{2}|2[ab]) ?\d{3} ?\d{3}(?: ?\d{2})?(?!\d)"
)
IP = re.compile(
    r"(?<![\d.])(?:(?:25[0-5]|2[0-4]\d|1?\d?\d)\.){3}(?:25[0-5]|2[0-4]\d|1?\d?\d)(?![\d.])"
    r"|(?<![0-9a-f:])(?:[0-9a-f]{1,4}:){3,7}(?::?[0-9a-f]{1,4})+(?![0-9a-f:])"
)  # fmt: skip
POINT = re.compile(r"-?\d{1,2}[.,]\d{3,}(?: |, ?|; ?)-?\d{1,3}[.,]\d{3,}(?: -?\d+(?:\.\d+)?){0,2}")
UUID = re.compile(r"(?:uuid:)?[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}")
DEVICE = re.compile(r"(?:[0-9a-f]{2}[:-]){5}[0-9a-f]{2}|(?<![\d.,])\d{15}(?!\d)|(?:collect|imei|android):\S+")
IBAN = re.compile(r"\b[a-z]{2}\d{2}(?: ?[a-z0-9]{4}){4,7}(?: ?[a-z0-9]{1,3})?\b")
PLATE = re.compile(r"\b[a-z]{2}[- ]?\d{3}[- ]?[a-z]{2}\b")
LINK = re.compile(r"https?://\S+|www\.\S+|(?<!\w)@[a-z0-9_.]{3,}")
BIRTH = re.compile(
    r"(?<!\d)(?:(?:0?[1-9]|[12]\d|3[01])[-/. ](?:0?[1-9]|1[0-2])[-/. ](?:19\d{2}|200\d|201\d)"
    r"|(?:19\d{2}|200\d|201[0-5])[-/.](?:0[1-9]|1[0-2])[-/.](?:0[1-9]|[12]\d|3[01]))(?!\d)"
    r"|(?:0?[1-9]|[12]\d|3[01])(?:er)? (?:janvier|fevrier|mars|avril|mai|juin|juillet|aout|septembre"
    r"|octobre|novembre|decembre) (?:19\d{2}|200\d|201\d)"
)
NUMBERED = re.compile(
    r"(?:dossier|allocataire|matricule|passeport|titre de sejour|carte|permis|client|badge|n°|numero) ?"
    r"(?:n° ?)?:? ?"
    r"(?=[a-z0-9-]*\d)[a-z0-9-]{5,}"
)  # fmt: skip
FIRST_NAMES: Final = frozenset(
    name
    for line in files("diagnostic.ingestion.survey").joinpath("first_names.txt").read_text("utf-8").splitlines()
    if not line.startswith("#")
    for name in line.split()
)
CIVILITY = re.compile(
    r"\b(?:m\.|mr\.?|mme\.?|mlle\.?|monsieur|madame|mademoiselle|dr\.?|docteur|maitre|me\.)"
    r" (?!le |la |les |l')[a-z'-]{2,}"
)
# A question on the reason of an unfair treatment, on the help sought, or on an opinion about others is not a
# question on the person.
PERCEIVED: Final = re.compile(
    r"discrimin|moins bien trait|inegal|injust|a cause de|en raison d|motif|raison|critere|lie[es]* a|temoin"
    r"|victime"
    r"|demarche|contacte|saisi|aupres|vers qui|recours|aide\b|connaissez|entendu parler"
    r"|a votre avis|favorables? a|d'accord|accepteriez|preoccupe|devrai|assurance maladie"
)
NOMENCLATURE: Final = frozenset({
    "africain", "africaine", "antillais", "arabe", "asian", "asiatique", "berbere", "black", "blanc",
    "blanche", "caucasien", "caucasienne", "europeen", "gitan", "hispanique", "juif", "kabyle", "latino",
    "maghrebin", "maghrebine", "metis", "metisse", "mixed", "noir", "noire", "rom", "white",
})  # fmt: skip
NOMENCLATURE_SIZE: Final = 3
BOXES: Final = (
    (41.0, 51.5, -5.5, 10.0), (14.0, 16.6, -62.0, -60.5), (2.0, 6.0, -55.0, -51.0), (-21.5, -20.5, 55.0, 56.0),
    (-13.1, -12.5, 44.9, 45.4),
)  # fmt: skip
