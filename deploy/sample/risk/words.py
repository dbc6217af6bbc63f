"""What the sample council's owners and directors write about their figures.

Rule: a text must read well beside any value of its quarter, since values follow from the records
of that quarter; so it tells what was going on, not how far up or down a figure went.
"""

from typing import NamedTuple


class Text(NamedTuple):
    """What an owner writes, once a quarter."""

    what_happened: str
    why: str
    what_next: str


class Spoken(NamedTuple):
    """An indicator that is written about: who answers for it, and texts that take turns. The second
    is for October to March where `by_season` says so. `only_in` is the one month with whose end
    a quarter has a figure of it."""

    code: str
    owner: str
    director: str
    texts: tuple[Text, Text]
    by_season: bool = False
    only_in: int | None = None


ADULTS, CHILDREN = "Director of adults", "Director of children's services"
PLACE, RESOURCES = "Director of place", "Director of resources"
_CARE = "Head of adult social care operations"

SPOKEN = (
    Spoken("ASC01", _CARE, ADULTS, (
        Text(
            "Reviews that were due went to the same teams that take new cases.",
            "Two of the four localities had vacancies, and new cases come first.",
            "A team of six works through the oldest reviews; two posts have been filled.",
        ),
        Text(
            "More reviews fell due than in any quarter of last year.",
            "Many packages began in the same weeks a year ago, after the hospital's winter.",
            "Where nothing has changed we review by telephone, and visit where it matters.",
        ),
    )),
    Spoken("AD32", _CARE, ADULTS, (
        Text(
            "People left hospital earlier and needed longer to get back on their feet.",
            "The hospital discharged more people at weekends, when no therapist is there.",
            "Therapists work Saturdays from next month, paid for by the Better Care Fund.",
        ),
        Text(
            "Most who had short-term support needed nothing more after it.",
            "Referrals were looked at by a therapist first, so that those came who could gain.",
            "We offer the same to people who are still at home and at risk of a fall.",
        ),
    )),
    Spoken("CH19", "Head of children in care", CHILDREN, (
        Text(
            "More brothers and sisters came into care together than in other quarters.",
            "Three families were a third of those who started; fewer left care by adoption.",
            "Kinship carers are assessed within six weeks; two hubs work at the edge of care.",
        ),
        Text(
            "Young people who came alone from abroad came and went within the quarter.",
            "Arrivals under the national scheme came in two groups.",
            "Going home is looked at again for every child in care for less than a year.",
        ),
    )),
    Spoken("CH03", "Head of assessment and safeguarding", CHILDREN, (
        Text(
            "We sampled 40 families who were referred again.",
            "Half had been closed without a plan; most of these concerned violence at home.",
            "No case that concerns violence at home is closed without a second opinion.",
        ),
        Text(
            "Schools referred more children again at the start of term.",
            "Some concerns had been known before the holidays and were not passed on.",
            "A named worker for each school meets the head every fortnight.",
        ),
    )),
    Spoken("ED01", "Head of SEND", CHILDREN, (
        Text(
            "Requests came in faster than advice could be given.",
            "Three psychologists' posts were vacant, and schools asked for more.",
            "Two agencies write advice until trainees qualify; a panel sees each late plan.",
        ),
        Text(
            "We finished plans that had been waiting, which counts as late when they are done.",
            "The oldest were done first, as we agreed with parents.",
            "The list of old cases will be gone by the summer; new ones are then in time.",
        ),
    )),
    Spoken("ED07", "Head of school improvement", CHILDREN, (
        Text(
            "Children who have free school meals are still further behind at five than elsewhere.",
            "Fewer of them take up the place at two that they are entitled to.",
            "Health visitors tell every family of it at the two-year check.",
        ),
        Text(
            "Language at two is where most of the gap opens.",
            "Settings in the two poorest wards lost trained staff.",
            "Eight settings take part in a language programme, paid for by the grant.",
        ),
    ), only_in=9),
    Spoken("HO11", "Temporary accommodation manager", PLACE, (
        Text(
            "Families stayed longer because few larger homes came free.",
            "Private rents rose again, and landlords sell.",
            "Sixty flats are being bought or leased; the first families moved in.",
        ),
        Text(
            "More people were placed after a notice from a private landlord.",
            "Notices were given early, ahead of the change in the law.",
            "An officer calls each landlord who gives notice, with money for arrears at hand.",
        ),
    )),
    Spoken("HO03", "Head of housing options", PLACE, (
        Text(
            "More people came while they still had their home.",
            "Advice is given in libraries and at the hospital since last year.",
            "We go on with it, and count who comes back within six months.",
        ),
        Text(
            "More people came who had already lost their home.",
            "Prisons and hospitals told us late.",
            "The duty to refer is agreed anew with both, with a name on each side.",
        ),
    )),
    Spoken("PH22", "Health improvement manager", ADULTS, (
        Text(
            "Practices invited fewer people than they had planned.",
            "Staff were moved to vaccinations, and two practices merged.",
            "A nurse goes to workplaces and markets; invitations by text start next quarter.",
        ),
        Text(
            "Checks outside of practices began, and count from this quarter.",
            "A grant pays for two nurses for two years.",
            "We begin where uptake is lowest: Northgate and Abbeygate.",
        ),
    )),
    Spoken("WS01", "Waste contracts manager", PLACE, (
        Text(
            "Garden waste was at its height, and more of it was put out than a year ago.",
            "Warm and wet months; a third of homes take the garden service.",
            "Food waste is collected from the first flats in the autumn.",
        ),
        Text(
            "Garden waste all but stops in winter, and residual waste peaks in January.",
            "It is so each winter: the year as a whole is what the target is made for.",
            "A leaflet on what goes into which box went to the two rounds that recycle least.",
        ),
    ), by_season=True),
    Spoken("CE02", "Energy manager", RESOURCES, (
        Text(
            "Panels made more than in the rest of the year, as they do in summer.",
            "Long days; one set of panels on the leisure centre was repaired.",
            "Panels on the new office are being designed.",
        ),
        Text(
            "Panels made little, as they do in winter, while heating ran.",
            "Short days; the target is for the whole year, and winter is always below it.",
            "We ask the climate board for a target by season.",
        ),
    ), by_season=True),
    Spoken("HW15", "Road safety manager", PLACE, (
        Text(
            "Two collisions at Kingsmead junction make up much of what is new.",
            "The junction has a poor view to the south.",
            "Signals are brought forward to this year; speed is watched until then.",
        ),
        Text(
            "Most who were hurt were on motorcycles or bicycles.",
            "Good weather brought more of them out.",
            "Training for riders is paid for by the safety partnership.",
        ),
    )),
)  # fmt: skip

DIRECTORS = (
    "I have talked this through with the head of service, and agree with the account above.",
    "The plan is the right one. I have asked for its first results within six weeks.",
    "I share the analysis. The money for it is in the budget as approved.",
    "I take this to the leadership team next month, since it depends on others too.",
)
CABINET = (
    "Residents ask me about this. I want to see it move within the year, and will ask again.",
    "I visited the team in the quarter, and saw how hard they work on it.",
)
# The cabinet members who write, and what about.
MEMBERS = {
    "ASC01": "Cabinet member for adult services",
    "HO11": "Cabinet member for housing and planning",
}

# Funds and services whose money is written about as well; others are signed by the accountant.
MONEY = {
    "general-fund/adult-social-care": (_CARE, ADULTS),
    "general-fund/childrens-social-care": ("Chief accountant", CHILDREN),
    "general-fund/housing-options": ("Temporary accommodation manager", PLACE),
    "general-fund/waste-and-recycling": ("Waste contracts manager", PLACE),
}
MONEY_TEXT = Text(
    "The forecast has moved with demand: more people are helped than the budget was made for.",
    "Prices of providers rose by more than the inflation in the budget.",
    "A panel agrees each new package above the usual price, and savings are brought forward.",
)

# About | of the quarter so many before the newest | days before the end that it was raised, or
# after its quarter where it is of an older one | raised by | what | owner | answer | how it went on
CHALLENGES = (
    ("indicator/ED01", 3, 24, CHILDREN,
     "The number of late plans is not in the commentary. How many children are waiting today?",
     "Head of SEND", "Forty-one, of whom nine have waited longer than a year. All have a date.",
     ("Close",)),
    ("indicator/WS01", 2, 22, PLACE,
     "Is it the season, or did the new rounds do it? I would like both years side by side.",
     "Waste contracts manager", "The rounds changed nothing: both years fall by the same.",
     ("Close",)),
    ("indicator/HO11", 1, 25, PLACE,
     "Twenty flats were promised by now. Where are they?",
     "Temporary accommodation manager", "Twelve are let; eight wait for gas certificates.",
     ("Close", "Reopen", "Answer again")),
    ("position/general-fund/adult-social-care", 1, 27, ADULTS,
     "Which part of the overspend comes back next year?",
     _CARE, "All of the growth in packages; the agency costs are for this year alone.",
     ("Close",)),
    ("indicator/CH19", 0, 16, CHILDREN,
     "The rate is said to follow three families. Does it hold without them?",
     "Head of children in care", "Without them it would be where it was a year ago.", ()),
    ("indicator/ASC01", 0, 9, ADULTS,
     "Are those who wait the ones with the largest packages?", _CARE, None, ()),
    ("indicator/CE02", 0, 4, RESOURCES,
     "A target that is missed every winter tells nobody anything. What should it be?",
     "Energy manager", None, ()),
    ("risk/R31", 0, 6, PLACE,
     "The score is at very high for months. What would bring it down by the summer?",
     "Temporary accommodation manager", None, ()),
)  # fmt: skip
AGAIN = "It is said again this quarter, so I ask again."
SETTLED = "Thank you, that answers it."
AND_AGAIN = "Five more are let since; the last three will be by the end of the month."

QUERIES = (
    ("indicator/EP02", 2, "Resolved", "Eleven requests had no closing date: they have one now."),
    ("indicator/ED01", 0, "Under query", "The school census and our list differ by seven plans."),
)

DESPITE = (
    "Indicators that are not strategic are signed off once a year, with the annual report",
    "Two owners were away; their deputies have seen the figures",
)
