"""Smaller things a posting states: title, employer, degree, certifications, equity, on-call, travel, visa."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

from tenfold.catalogue.model import Kind
from tenfold.posting.demand import demand_of, wording
from tenfold.posting.matching import Match
from tenfold.posting.model import Cited, DegreeDemand, LineKind, SectionKind, SourceText
from tenfold.posting.sections import Layout

_TITLE_LABEL = re.compile(r"^(?:job title|title|position|role|job)\s*:\s*(?P<title>[^\n]{3,120})$", re.I)
_ROLE_WORD = re.compile(
    r"\b(?:engineer\w*|developer|scientist|architect|administrator|analyst|manager|sre|devops|mlops|lead|specialist|consultant|researcher|head of|director|intern|operator)\b",
    re.I,
)
_HIRING = re.compile(
    r"\b(?:seeking|hiring|looking for|join \w+ as|search(?:ing)? for|adding|need)\s+(?:an?|our|the|for an?)\s+(?:\w+[\s,-]+){0,6}?(?P<title>(?:[A-Z][\w/&+.-]*\s){0,6}(?:Engineer|Developer|Scientist|Architect|Administrator)\b)"
)
_ABOUT_EMPLOYER = re.compile(
    r"^(?:about|join|why|life at|working at)\s+(?P<name>(?!us\b|you\b|the\b|our\b|this\b|your\b|team\b|me\b)[A-Z0-9][\w&.'’ -]{1,40}?)\s*[:!?]?$",
    re.I,
)
_AT_EMPLOYER = re.compile(
    r"(?:^|[.!?]\s)At (?P<name>[A-Z][\w&.'’-]*(?:\s[A-Z][\w&.'’-]*){0,3}),?\s+(?:we|our|you|innovation|people)\b"
)
_EQUITY = re.compile(
    r"\bequity\b(?!(?:,| and| &|/)\s*(?:inclusion|diversity|belonging)| (?:firm|fund|partner|in (?:hiring|pay|access)|for everyone|analytics|research|trading|investor|markets?|derivativ|backed))|\bstock (?:options?|grants?|awards?|units?|plan|purchase|equity|compensation|bonus)|\bRSUs?\b|restricted stock|\bESPP\b|share (?:options?|scheme|plan|purchase)|"
    r"own shares|\bemployee (?:stock|share|ownership)|company ownership|profit[- ]sharing|phantom shares|\bVSOP\b|\bESOP\b|"
    r"(?<!referral )(?<!bonus )\bbonus(?:es)?\b(?! points?\b| if| skills| qualif| for (?:experience|knowledge)| experience|:|\.?$)|\bincentive (?:awards?|plan|compensation|pay|bonus|programs?)|performance incentives?|\bcommissions?\b(?! eligible)|variable pay|variable compensation|\b13th (?:salary|month)|\bLTI[PS]?\b|options package|\bstock\b(?= \+|,| and)",
    re.I,
)
_NOT_EQUITY = re.compile(
    r"(?:diversity|inclusion|belonging|social|racial|gender|pay|health|dei|private|referral|employee referral|brand|racial)[,\s&/and]*$",
    re.I,
)
_REFERRAL = re.compile(r"referr\w*\s*(?:program|bonus|award)?", re.I)
_DEGREE = re.compile(
    r"\b(?:ph\.?\s?d\b|doctorate|master(?:['’]s|s)?\b(?=[^.\n]{0,25}\b(?:degree|in|or|and|of|/|,))|m\.?sc?\.?\b(?=[\s/,]+(?:in\b|or\b|degree|ph|/))|bachelor(?:['’]s|s)?|b\.?sc?\.?\b(?=[\s/,]+(?:in\b|or\b|degree|ms|m\.s|/))|(?:university|college|advanced|graduate|undergraduate|technical|engineering|stem|computer science|cs) degree|degree\b)",
    re.I,
)
_EQUIVALENT = re.compile(
    r"(?:or|and/or)\s+(?:an?\s+|the\s+|have\s+|any\s+)?(?:equivalent|comparable|commensurate|relevant|related|similar|practical|work|professional|industry)\b(?! field| discipline| technical| subject| area| degree| major)|equivalent (?:practical |work |combination|professional |experience|military|years)|experience in lieu|in lieu of|or experience|combination of education|or self-taught|not (?:a )?requir",
    re.I,
)
_ON_CALL = re.compile(
    r"\bon[- ]call\b|\bpager(?: duty)?\b(?!duty)|\bstandby rota|24\s?[/x]\s?7 (?:support|rotation)|after[- ]hours support|out[- ]of[- ]hours",
    re.I,
)
_NO_ON_CALL = re.compile(r"\bno (?:\w+ )?on[- ]call", re.I)
_TRAVEL = re.compile(r"[^.;\n]{0,60}\btravel(?:l?ing)?\b[^.;\n]{0,60}", re.I)
_TRAVEL_ASKED = re.compile(
    r"\d{1,3}\s?%|up to|willing|occasional|required|ability|able|domestic|international|periodic|minimal|less than|no travel",
    re.I,
)
_NOT_TRAVEL = re.compile(
    r"travel (?:industry|company|platform|insurance|credit|stipend|brand|tech|experience|agenc|benefit|discount|space|and expense)|pre-?tax|commut|paid travel|business travel accident",
    re.I,
)
_VISA = re.compile(
    r"[^.;\n]{0,80}\b(?:visas?\b|(?:immigration|employment|work permit) sponsor\w*|sponsor(?:ship)? (?:for|of|work|is)|unable to sponsor|not sponsor|provide sponsorship|authori[sz]ed to work|work authori[sz]ation|eligible to work|right to work|(?:u\.?s\.?|us) citizen\w*|security clearance|work permit|relocation (?:support|assistance|package))\b[^.;\n]{0,80}",
    re.I,
)
_LEADERSHIP = re.compile(
    r"\b(?:direct reports|people management|manage (?:a team|a small team|engineers|people)|(?:lead|leading|managing|build|grow) (?:and \w+ )?(?:a|an|the|our|your)? ?(?:\w+ )?team of|team lead(?:er)?ship|line manag|performance reviews|one-on-ones|hire and (?:develop|grow|mentor)|leading (?:projects or small )?teams?|technical leadership|lead(?:ing)? (?:a|the|other) (?:\w+ )?(?:engineers|team))\b",
    re.I,
)
_EMPLOYMENT = re.compile(
    r"\b(?:full[- ]time|part[- ]time|fixed[- ]term|temporary|(?:\d+[- ])?(?:month|year)s? contract|contractor\b|freelance|internship|b2b contract|contract[- ]to[- ]hire|^contract\b|permanent (?:role|position|contract|employ))",
    re.I | re.M,
)
_EMPLOYMENT_KINDS = (
    ("full", "FULL_TIME"),
    ("perm", "FULL_TIME"),
    ("part", "PART_TIME"),
    ("intern", "INTERN"),
    ("temp", "TEMPORARY"),
    ("fixed", "TEMPORARY"),
)


def title_of(source: SourceText) -> Cited[str] | None:
    """The stated title, else the first heading or line that names a job, else the job that the text says it is hiring."""
    if "title" in source.labels:
        return Cited(source.labels["title"], *_where(source.text, source.labels["title"]))
    lead = source.lines[:12]
    for line in lead:
        labelled = _TITLE_LABEL.match(source.text[line.start : line.end])
        if labelled:
            return Cited(
                labelled["title"], line.start + labelled.start("title"), line.start + labelled.end("title")
            )
    for line in lead:
        text = source.text[line.start : line.end]
        if (
            line.kind is not LineKind.BULLET
            and len(text) <= 140
            and text[-1] not in ".!?:"
            and (_ROLE_WORD.search(text) or line.level == 1)
        ):
            return Cited(text, line.start, line.end)
    hiring = _HIRING.search(source.text)
    return Cited(hiring["title"], hiring.start("title"), hiring.end("title")) if hiring else None


def employer_of(source: SourceText, title: Cited[str] | None) -> Cited[str] | None:
    """The stated employer, the heading under the title on a board, or the name in "About …" and "At …, we"."""
    if "employer" in source.labels:
        return Cited(source.labels["employer"], *_where(source.text, source.labels["employer"]))
    if title is not None:
        after = [line for line in source.lines if line.start > title.start][:2]
        if (
            len(after) == 2
            and after[0].kind is LineKind.HEADING
            and after[0].level == 3
            and "🌎" in source.text[after[1].start : after[1].end] + " "
        ):
            return Cited(source.text[after[0].start : after[0].end], after[0].start, after[0].end)
    for line in source.lines:
        if line.kind is LineKind.HEADING and (
            found := _ABOUT_EMPLOYER.match(source.text[line.start : line.end])
        ):
            return Cited(found["name"], line.start + found.start("name"), line.start + found.end("name"))
    found = _AT_EMPLOYER.search(source.text)
    return Cited(found["name"], found.start("name"), found.end("name")) if found else None


def degree_of(source: SourceText, layout: Layout) -> DegreeDemand | None:
    """The degree asked of everyone; one that is only preferred, where there is no other."""
    found: list[DegreeDemand] = []
    for index, line in enumerate(source.lines):
        kind = layout.kinds[index]
        if kind in (SectionKind.EEO, SectionKind.BENEFITS, SectionKind.ABOUT, SectionKind.PAY):
            continue
        text = source.text[line.start : line.end]
        match = _DEGREE.search(text)
        if match is None:
            continue
        asked = demand_of(
            text,
            wording(text),
            SectionKind.MUST if kind is not SectionKind.NICE else kind,
            match.start(),
            match.end(),
        )
        found.append(
            DegreeDemand(
                _degree_name(match.group()),
                asked,
                bool(_EQUIVALENT.search(text)),
                line.start + match.start(),
                line.start + match.end(),
            )
        )
    return min(found, key=lambda degree: degree.demand == "nice", default=None)


def _degree_name(words: str) -> str:
    lower = words.lower()
    if lower.startswith(("ph", "doc")):
        return "doctorate"
    if lower.startswith("m"):
        return "master"
    return "bachelor" if lower.startswith("b") else "degree"


def certifications_of(source: SourceText, matches: Sequence[Match]) -> tuple[Cited[str], ...]:
    found = {match.skill.id: match for match in reversed(matches) if match.skill.kind is Kind.CERTIFICATION}
    return tuple(Cited(match.skill.id, match.start, match.end) for match in reversed(found.values()))


def equity_or_bonus_of(source: SourceText, layout: Layout) -> Cited[bool] | None:
    """Equity, shares, options or a bonus as part of pay."""
    for index, line in enumerate(source.lines):
        if layout.kinds[index] in (SectionKind.EEO, SectionKind.HEADER) or (
            layout.kinds[index] is SectionKind.NICE and index not in layout.heads
        ):
            continue
        for match in _EQUITY.finditer(source.text, line.start, line.end):
            before = source.text[max(line.start, match.start() - 26) : match.start()]
            after = source.text[match.end() : match.end() + 10]
            if not _NOT_EQUITY.search(before) and not (
                match.group().lower().startswith("bonus") and _REFERRAL.search(before[-18:] + after)
            ):
                return Cited(True, match.start(), match.end())  # noqa: FBT003 - the value of a citation
    return None


def on_call_of(source: SourceText, layout: Layout) -> Cited[bool] | None:
    no = _NO_ON_CALL.search(source.text)
    if no:
        return Cited(False, no.start(), no.end())  # noqa: FBT003 - the value of a citation
    found = _first(source, layout, _ON_CALL)
    return Cited(True, *found) if found else None  # noqa: FBT003 - the value of a citation


def leadership_of(source: SourceText, layout: Layout) -> Cited[bool] | None:
    found = _first(source, layout, _LEADERSHIP)
    return Cited(True, *found) if found else None  # noqa: FBT003 - the value of a citation


def travel_of(source: SourceText, layout: Layout) -> Cited[str] | None:
    found = _first(
        source,
        layout,
        _TRAVEL,
        lambda text: bool(_TRAVEL_ASKED.search(text)) and not _NOT_TRAVEL.search(text),
    )
    return Cited(source.text[found[0] : found[1]].strip(), *found) if found else None


def visa_of(source: SourceText) -> Cited[str] | None:
    found = _VISA.search(source.text)
    return Cited(found.group().strip(), found.start(), found.end()) if found else None


def employment_type_of(source: SourceText, layout: Layout) -> Cited[str] | None:
    """As schema.org names it."""
    found = _first(source, layout, _EMPLOYMENT)
    if found is None:
        stated = source.labels.get("employment_type")
        return Cited(stated, 0, 0) if stated else None
    words = source.text[found[0] : found[1]].lower()
    kind = next((kind for start, kind in _EMPLOYMENT_KINDS if words.startswith(start)), "CONTRACTOR")
    return Cited(kind, *found)


def benefits_of(source: SourceText, layout: Layout) -> tuple[Cited[str], ...]:
    """Lines of the benefits sections."""
    return tuple(
        Cited(source.text[line.start : line.end], line.start, line.end)
        for index, line in enumerate(source.lines)
        if layout.kinds[index] is SectionKind.BENEFITS and line.kind is LineKind.BULLET
    )


def _first(
    source: SourceText, layout: Layout, pattern: re.Pattern[str], wanted: Callable[[str], bool] | None = None
) -> tuple[int, int] | None:
    for index, line in enumerate(source.lines):
        if layout.kinds[index] in (SectionKind.EEO, SectionKind.BENEFITS):
            continue
        found = pattern.search(source.text, line.start, line.end)
        if found is not None and (wanted is None or wanted(found.group())):
            return found.span()
    return None


def _where(text: str, words: str) -> tuple[int, int]:
    at = text.find(words)
    return (at, at + len(words)) if at >= 0 else (0, 0)
