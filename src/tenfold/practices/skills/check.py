"""P3: does this person exist, and is everything demanded really needed?"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date

from tenfold.checking.case import Case
from tenfold.checking.demanded_skills import demanded_skills, wanted_name
from tenfold.checking.job_places import job_places
from tenfold.checking.quoting import plan_says, posting_says
from tenfold.checking.real_postings import compare_with_postings
from tenfold.checking.rules import FindingDraft, QuestionDraft, Ruleset
from tenfold.checking.scopes import ML_HEAVY, profile_of
from tenfold.kit.facts import Evidence, Fact
from tenfold.kit.findings import Observation, Quote, Severity, Verdict
from tenfold.kit.words import inside, join, plural, sentence, shorten
from tenfold.law.places import country_of
from tenfold.plan.answers import is_stated
from tenfold.posting.base_rates import base_rates
from tenfold.posting.deep_names import DEEP_NAMES
from tenfold.posting.details import is_still_studied
from tenfold.posting.gender_marker import GERMAN_SPEAKING, gender_marker, masculine_form
from tenfold.posting.model import Demand
from tenfold.posting.wording import exclusionary
from tenfold.posting.young_fields import field_years
from tenfold.practices.skills.demands import (
    BETWEEN_TRADES,
    MOST_PAIRS,
    areas_as_competencies,
    cover_of_team,
    deep_quotes,
    expert_areas,
    find_unicorn,
    first_of_field,
    first_release,
    first_to_go,
    least_common,
    must_haves,
    names_must_haves,
    pairs_fact,
    people_skills,
    tool_name,
)
from tenfold.practices.skills.engine import (
    CORE,
    LEARNABLE,
    core_spoken_of,
    missing_core,
)
from tenfold.practices.skills.unusual import asked_together

skills = Ruleset("skills")
MOST_COUNTRIES = 4
"""Roles that join trades by their nature: for them a tool of each, rare among all postings, is nothing unusual."""


def check(case: Case) -> Verdict:
    return skills.check(case)


@skills.rule(
    "one-list",
    requirement="P3.1",
    severity=Severity.REVIEW,
    why="When everything is required, careful people do not apply and bold ones do.",
    facts=("skills.core", "skills.split_from"),
)
def one_list(case: Case) -> Iterator[FindingDraft | QuestionDraft]:
    reading, plan = case.reading, case.plan.requirements
    if plan.must and plan.nice is None and reading is None:
        yield QuestionDraft("requirements.nice", "Which skills are preferred but can be learned on the job?")
    if reading is None or reading.explicit_split or names_must_haves(reading):
        return
    musts = [item for item in must_haves(case) if item.skill]
    if len(musts) < case.facts.number("skills.split_from"):
        return
    yield FindingDraft(
        what="Required and preferred skills are not separated.",
        why=f"{len(musts)} tools are listed together, so a reader cannot tell which ones are required.",
        fix="Keep four to eight must-haves and move the rest under a heading “Nice to have”, beginning with "
        f"{first_to_go(case)}.",
        field="requirements.nice",
        evidence=tuple(item.quote for item in musts[:6]),
    )


@skills.rule(
    "long-list",
    requirement="P3.1",
    severity=Severity.REVIEW,
    why="Each must-have removes candidates; the tenth removes nearly everyone who is left.",
    facts=("skills.must_most",),
)
def long_list(case: Case) -> Iterator[FindingDraft]:
    musts, most = must_haves(case), case.facts.number("skills.must_most")
    if len(musts) <= most or any(True for _ in one_list(case)):
        return
    spare = len(musts) - int(most)
    candidates = [wanted_name(case, item) for item in least_common(case, musts)]
    tools = compare_with_postings(case, "must_tools", sum(item.skill is not None for item in musts))
    yield FindingDraft(
        what=f"{sentence(plural(len(musts), 'must-have'))} are too many.",
        why=f"The house rule is at most {most:g}; a new hire uses about half in the first year. "
        + tools.in_words(f"{tools.standing.value:g} named tools are"),
        fix=f"Move {join(list(dict.fromkeys(candidates))[:spare])} to nice-to-have, or whatever else is not "
        "needed in the first months.",
        field="requirements.must",
        flips=f"{spare} fewer.",
        evidence=tuple(item.quote for item in least_common(case, musts)[:spare][:6]),
        sources=(tools.fact,),
    )


@skills.rule(
    "rare-pair",
    requirement="P3.2",
    severity=Severity.NOTE,
    why="Skills that few postings ask for together are found in few people together.",
)
def rare_pair(case: Case) -> Iterator[FindingDraft]:
    tools = {item.skill.id: item for item in must_haves(case) if item.skill}
    rates = base_rates()
    if case.plan.role.family in BETWEEN_TRADES:
        return
    pairs = rates.rare_pairs(list(tools))[:MOST_PAIRS]
    if not pairs:
        return
    names = [f"{tool_name(case, pair.first)} with {tool_name(case, pair.second)}" for pair in pairs]
    rarest = pairs[0]
    seen = f"{rarest.together}" if rarest.together is not None else f"fewer than {rates.fewest_together}"
    yield FindingDraft(
        what=f"Rarely asked of one person: {join(names)}.",
        why=f"{sentence(seen)} of {rarest.n:,} real postings ask for the first pair; if the two were unrelated, "
        f"it would be {rarest.expected:g}.",
        fix=f"Require {tool_name(case, rarest.first)} or {tool_name(case, rarest.second)}, whichever the first "
        "months need, and make the other nice to have.",
        field=tools[rarest.second].field,
        evidence=tuple(
            tools[name].quote for name in dict.fromkeys(name for p in pairs for name in (p.first, p.second))
        ),
        sources=(pairs_fact(),),
    )


@skills.rule(
    "core-missing",
    requirement="P3.1",
    severity=Severity.REVIEW,
    why="An MLOps engineer who lacks one of these cannot do the job from the first day.",
    facts=("skills.core",),
)
def core_missing(case: Case) -> Iterator[FindingDraft]:
    musts = must_haves(case)
    if case.plan.role.family != "mlops" or not musts:
        return
    asked = [item.competency for item in musts] + areas_as_competencies(case)
    spoken_of = core_spoken_of(case.reading.text) if case.reading else frozenset()
    core = case.facts["skills.core"].value
    absent = [
        inside(case.spine.competencies[name].name) if name in case.spine.competencies and name not in CORE else name
        for name in missing_core([*asked, *(name for person in people_skills(case) for name in person)], core)
        if name not in spoken_of
    ]
    if not absent:
        return
    team = people_skills(case)
    yield FindingDraft(
        what=f"Neither the must-haves nor the team cover {join(absent)}."
        if team
        else f"The must-haves leave out {join(absent)}.",
        why="The default for an MLOps engineer is " + join(core) + ".",
        fix=f"Add {join(absent)} to the must-haves, or say who in the team does it.",
        field="requirements.must",
        evidence=(
            *(item.quote for item in musts[:5]),
            *plan_says(case, *(f"team[{index}].skills" for index in range(len(team)))),
        ),
    )


@skills.rule(
    "learnable-as-must",
    requirement="P3.1",
    severity=Severity.REVIEW,
    why="Training models and heavy data engineering are other people's jobs; requiring them rules out the best "
    "platform engineers.",
    facts=("skills.core",),
)
def learnable_as_must(case: Case) -> Iterator[FindingDraft]:
    scope = case.plan.role.scope
    if case.plan.role.family != "mlops":
        return
    ml_heavy = scope is not None and profile_of(scope, case.facts) == ML_HEAVY
    allowed = {"model-development"} if ml_heavy else set()
    items = [item for item in must_haves(case) if item.competency in LEARNABLE and item.competency not in allowed]
    if len(items) < 2:
        return
    trades = list(dict.fromkeys(LEARNABLE[item.competency] for item in items))
    yield FindingDraft(
        what=f"{sentence(join(trades))} {'is' if len(trades) == 1 else 'are'} required of an MLOps engineer.",
        why=f"{join([wanted_name(case, item) for item in items[:6]])} are must-haves here; the guide "
        "treats them as "
        "nice-to-have.",
        fix=f"Move {join([wanted_name(case, item) for item in items[:4]])} to nice-to-have, "
        "unless the person will do that work every week.",
        field=items[0].field,
        evidence=tuple(item.quote for item in items[:6]),
    )


@skills.rule(
    "several-people",
    requirement="P3.3",
    severity=Severity.FIX,
    why="Expert skill in several fields at once is several people; at mid-level pay it is nobody.",
    facts=("skills.deep_areas",),
)
def several_people(case: Case) -> Iterator[FindingDraft]:
    demand, most = find_unicorn(case), case.facts.number("skills.deep_areas")
    if demand.count < most:
        return
    deep = compare_with_postings(case, "deep_areas", len(demand.areas))
    names = [DEEP_NAMES.get(area, area) for area in demand.areas] + (["leading people"] if demand.leads else [])
    experts = len(expert_areas(case)) + demand.leads
    yield FindingDraft(
        what=f"One person is asked to be {'an expert' if experts >= most else 'strong'} in {join(names)}.",
        why="These are different careers."
        + (f" At {case.plan.role.level} level nobody has had time to master them all." if demand.modest else "")
        + (f" {deep.in_words(f'Depth in {len(demand.areas)} areas at once is')}" if deep.is_unusual else ""),
        fix=f"Keep {names[0]} deep and ask for working knowledge of {join(names[1:])}.",
        field="requirements.must",
        severity=Severity.FIX if demand.modest or (demand.count > most and experts >= most) else Severity.REVIEW,
        flips=f"{plural(demand.count - int(most) + 1, 'deep demand')} fewer.",
        evidence=deep_quotes(case),
        sources=(deep.fact,) if deep.is_unusual else (),
    )


@skills.rule(
    "older-than-the-tool",
    requirement="P3.3",
    severity=Severity.FIX,
    why="Nobody has used a tool for longer than it has existed; candidates conclude that nobody checked.",
)
def older_than_the_tool(case: Case) -> Iterator[FindingDraft]:
    for item in demanded_skills(case):
        first = item.skill.first_release if item.skill else None
        if not first or not item.skill or item.years is None or item.years <= case.as_of.year - first:
            continue
        yield FindingDraft(
            what=f"{item.years:g} years of {item.skill.name} are impossible: it came out in {first}.",
            why=f"That was {case.as_of.year - first} years ago.",
            fix=f"Drop the {item.years:g} years and say what the person should be able to do with {item.skill.name}.",
            field=item.field,
            flips=f"{case.as_of.year - first} years or fewer.",
            evidence=(item.quote,),
            sources=(first_release(item.skill, first),),
        )

    yield from _older_than_the_field(case)


def _older_than_the_field(case: Case) -> Iterator[FindingDraft]:
    """Years with a group of tools or a field ("LLMs in production") that is younger than they are."""
    for found in field_years(case.reading) if case.reading else ():
        field, years, year = found.field, found.years.value, case.as_of.year
        impossible = found.is_impossible(year)
        if not impossible and not found.is_rare(year):
            continue
        most = year - (field.first if impossible else field.common)
        yield FindingDraft(
            what=f"{years} years of {field.name} are impossible: nobody had any before {field.first}."
            if impossible
            else f"Hardly anybody has {years} years of {field.name}: it was not common before {field.common}.",
            why=f"{sentence(field.because)}.",
            fix=f"Drop the {years} years and say what the person should have built or run with {field.name}.",
            field="posting",
            severity=Severity.FIX if impossible else Severity.REVIEW,
            flips=f"{most} years or fewer.",
            evidence=(posting_says(case.reading, found.years.start, found.years.end),) if case.reading else (),
            sources=(first_of_field(found),) if field.source else (),
        )


@skills.rule(
    "gendered-title",
    requirement="P3.2",
    severity=Severity.REVIEW,
    why="A title in the masculine form alone addresses some of those who could do the work. Not legal advice.",
)
def gendered_title(case: Case) -> Iterator[FindingDraft]:
    """In Germany and Austria: a masculine title, or one without the marker that is usual. A marker is no fault."""
    title = case.reading.title if case.reading else None
    countries = {country_of(where) for where in job_places(case)}
    if len(countries) > MOST_COUNTRIES:
        return  # a posting for half the world follows nobody's custom
    if case.reading is None or title is None or not countries & set(GERMAN_SPEAKING) or gender_marker(title.value):
        return
    masculine = masculine_form(title.value)
    if not masculine and (_INCLUSIVE.search(title.value) or "DE" not in countries):
        return
    yield FindingDraft(
        what=f"“{masculine}” names one gender only." if masculine else "The title has no gender marker.",
        why="The AGG asks for postings that address all genders (sections 7 and 11); a marker behind the title does so."
        if "DE" in countries
        else "Postings there address all genders.",
        fix=f"Write “{title.value} (m/w/d)”" + (", or name the job in a form for all." if masculine else "."),
        field="posting",
        severity=Severity.REVIEW if masculine else Severity.NOTE,
        evidence=(posting_says(case.reading, title.start, title.end),) if title.end else (),
        sources=(_AGG,) if "DE" in countries else (),
    )


_INCLUSIVE = re.compile(r"[*:_/-]-?in(?:nen)?\b|\(in\)|[a-zäöü]In\b|(?:ur|er|st|kt)in(?:nen)?\b")
"""A form for all; "Ingenieurin" is what is left of "Ingenieur*in" where a text takes its asterisk for emphasis."""
_AGG = Fact(
    key="law.de.agg",
    value="sections 7 and 11",
    unit="",
    statement="Germany: a posting addresses all genders, by a neutral form or the marker (m/w/d). Not legal advice.",
    as_of=date(2026, 7, 5),
    source="AGG sections 7 and 11, as a commentary reads them",
    evidence=Evidence.SECONDARY,
    url="https://haufe.de/recht/deutsches-anwalt-office-premium/4-arbeitsrecht-c-agg_idesk_PI17574_HI14756917.html",
)


@skills.rule(
    "years-against-level",
    requirement="P3.3",
    severity=Severity.REVIEW,
    why="A junior with years of experience is a mid-level engineer who is paid less.",
    facts=("skills.junior_years",),
)
def years_against_level(case: Case) -> Iterator[FindingDraft]:
    years, most = case.plan.requirements.years_min, case.facts.number("skills.junior_years")
    if case.plan.role.level == "junior" and years is not None and years >= most:
        cited = case.reading.years_min if case.reading else None
        yield FindingDraft(
            what=f"A junior with {years} years of experience is not a junior.",
            why="The level sets pay and expectations; the years say who may apply. Here they describe different "
            "people.",
            fix=f"Hire at mid level, or drop the {years} years and say what a junior should have done at least once.",
            field="requirements.years_min",
            flips=f"Fewer than {most:g} years.",
            evidence=(posting_says(case.reading, cited.start, cited.end),)
            if case.reading and cited
            else plan_says(case, "role.level", "requirements.years_min"),
        )


@skills.rule(
    "degree-only",
    requirement="P3.1",
    severity=Severity.REVIEW,
    why="A degree without “or equivalent” turns away people who learned on the job.",
)
def degree_only(case: Case) -> Iterator[FindingDraft]:
    reading, planned = case.reading, case.plan.requirements.degree
    demanded = reading.degree if reading else None
    if reading and is_still_studied(reading):
        return
    if reading and demanded and demanded.demand is Demand.MUST and not demanded.or_equivalent:
        evidence: tuple[Quote, ...] = (posting_says(reading, demanded.start, demanded.end),)
        fix = f"After “{shorten(evidence[0].text)}” add “or equivalent practical experience”, or drop it."
    elif planned == "required" and not (demanded and demanded.or_equivalent):
        evidence = plan_says(case, "requirements.degree")
        fix = "Ask for a degree or equivalent experience, or drop it."
    else:
        return
    yield FindingDraft(
        what="A degree is required, with no equivalent accepted.",
        why="Many people who run models in production came from operations or software without that degree.",
        fix=fix,
        field="requirements.degree",
        evidence=evidence,
    )


@skills.rule(
    "shuts-out",
    requirement="P3.2",
    severity=Severity.REVIEW,
    why="People who do not see themselves in a posting do not apply, whatever they can do.",
)
def shuts_out(case: Case) -> Iterator[FindingDraft]:
    for phrase in exclusionary(case.reading) if case.reading else ():
        yield FindingDraft(
            what=f"“{phrase.text}” {phrase.what}.",
            why="It puts off people who could do the work and says nothing about the work.",
            fix=f"Delete “{phrase.text}”. {phrase.instead}",
            field="posting",
            evidence=(posting_says(case.reading, phrase.start, phrase.end),) if case.reading else (),
        )


@skills.rule(
    "team-unknown",
    requirement="P3.4",
    severity=Severity.NOTE,
    why="The hire should bring what the team lacks.",
    facts=("skills.team_cover",),
)
def team_unknown(case: Case) -> Iterator[QuestionDraft]:
    if case.plan.team is None:
        yield QuestionDraft(
            "team", "Who is already on the team, and what does each person cover? (“none” if this is the first hire)"
        )


@skills.rule(
    "team-covers-it",
    requirement="P3.4",
    severity=Severity.REVIEW,
    why="Requiring what several teammates already have adds nothing and costs you candidates.",
    facts=("skills.team_cover",),
)
def team_covers_it(case: Case) -> Iterator[FindingDraft]:
    cover = cover_of_team(case)
    if cover is None or len(cover.well) * 2 <= len(cover.well) + len(cover.thin) + len(cover.nobody):
        return
    names = [inside(case.spine.competencies[name].name) for name in cover.well]
    lacking = [inside(case.spine.competencies[name].name) for name in (*cover.nobody, *cover.thin)][:4]
    yield FindingDraft(
        what=f"The team already has most of what is required: {join(names)}.",
        why="More than half of the must-haves are things that two or more teammates can do.",
        fix=f"Hire for {join(lacking) or 'what comes next'}, and let {join(names[:4])} be nice to have.",
        field="requirements.must",
        evidence=plan_says(case, *(f"team[{index}].skills" for index in range(len(is_stated(case.plan.team) or [])))),
    )


@skills.summary
def what_was_weighed(case: Case) -> Iterator[Observation]:
    musts = must_haves(case)
    if musts:
        nice = sum(item.demand is Demand.NICE for item in demanded_skills(case))
        yield Observation(f"{len(musts)} must-have and {nice} nice-to-have skills.")
        tools = [item.skill.id for item in musts if item.skill]
        usual = compare_with_postings(case, "must_tools", len(tools)).fact
        yield Observation(f"{usual.statement}.", (usual,))
        if together := asked_together(tools, base_rates()):
            pair = join([case.spine.skills[name].name for name in together.rarest])
            yield Observation(
                f"Of {together.n:,} real postings {together.in_words} ask for all of these tools: {pair} is the "
                "rarest pair among them.",
                (pairs_fact(),),
            )
    cover = cover_of_team(case)
    if cover and cover.nobody:
        brings = join([inside(case.spine.competencies[name].name) for name in cover.nobody])
        yield Observation(f"The hire brings {brings}, which nobody has yet.")
