"""The actions and the projects of the sample council.

Rule: times are counted in months from the month that the sample ends in.
"""

from typing import NamedTuple

# Risk | action | first and last month | percent done, and months it is expected later; x: cancelled
# | owner, unless it is the risk's own | project
_ACTIONS = """
R01 | Every account gets a second factor | -14 -5 | 100 | - | PJ15
R01 | Rehearse working for a week without systems | -3 3 | 40 | Emergency planning manager | -
R01 | Separate the oldest servers from the network | -8 -1 | 80 | - | PJ15
R02 | Bring proposals for closing the gap to Cabinet | -2 2 | 50 | - | -
R02 | Review every contract above a million pounds | -6 4 | 55 +2 | Procurement manager | -
R03 | Agree with health partners who takes over if a provider fails | -9 -2 | 100 | - | -
R03 | Read the accounts of the ten largest providers | -1 5 | 20 | Head of adults' commissioning | PJ06
R04 | Open a second team for enquiries | -7 1 | 70 | Head of adult safeguarding | -
R04 | Train all managers in learning from reviews | -12 -6 | 100 | Head of adult safeguarding | -
R05 | Offer care workers a way into social work | -10 3 | 60 | - | PJ14
R05 | Pay travel time in the new contracts | -4 5 | 30 | Head of adults' commissioning | PJ06
R06 | A team of six for overdue reviews | -6 1 | 65 +1 | Head of adult social care operations | -
R06 | Reviews by telephone where nothing has changed | -9 -3 | 100 | Head of adult social care operations | -
R07 | Replace the boilers of the leisure centre | -11 4 | 60 +3 | Energy manager | PJ11
R07 | Find sites for panels on schools | -5 -1 | 45 | Energy manager | -
R09 | Agree terms for stepping in | -8 -3 | 100 | - | PJ03
R09 | Look at what a service of our own would cost | -4 1 | 75 | - | PJ03
R10 | Sell paper and cardboard by quarter instead of by month | -13 -7 | 100 | Recycling officer | -
R11 | Collect food waste from flats | -3 6 | 25 | - | PJ04
R11 | A reserve for the emissions charge | -2 4 | 0 | Chief accountant | -
R12 | Close two streets to through traffic at school times | -10 -4 | 100 | Transport planning manager | PJ12
R14 | Three apprentices in food safety | -5 7 | 30 | Food safety manager | PJ14
R16 | Check who can open sensitive records | -4 -1 | 60 | - | PJ01
R16 | Secure e-mail for schools and providers | -9 -4 | 100 | - | -
R17 | A second opinion on every closed referral | -6 2 | 60 | Head of assessment and safeguarding | -
R17 | A daily meeting with police and schools | -15 -9 | 100 | Head of assessment and safeguarding | -
R18 | Recruit 30 foster families | -9 5 | 40 +4 | Head of children in care | PJ07
R18 | Open the home in Hillcrest | -8 9 | 35 | - | -
R19 | A market supplement for child protection teams | -7 -2 | 100 | Head of people | PJ14
R19 | Cap caseloads at eighteen | -3 2 | 55 | - | PJ14
R20 | Peer review of the front door | -2 1 | 50 | - | -
R21 | Sixty more places in our own special schools | -12 8 | 55 +2 | Head of school buildings | PJ08
R21 | Review all placements above a hundred thousand pounds | -5 -1 | 70 | - | PJ08
R22 | Buy assessments from two agencies | -8 -3 | 100 | - | PJ08
R22 | Four trainees in educational psychology | -6 6 | 45 | - | PJ08
R23 | Personal travel budgets for parents who want them | -5 3 | 40 | Passenger transport manager | PJ08
R24 | Survey the roofs of twelve schools | -7 -2 | 100 | - | -
R28 | Naloxone in all hostels | -6 -1 | 90 | Substance misuse commissioner | -
R28 | A warning system with the hospital | -2 3 | 30 | Substance misuse commissioner | -
R30 | Invitations by text message | -8 -4 | x | - | -
R31 | Lease forty flats for five years | -9 1 | 80 | - | PJ13
R31 | Buy twenty homes | -11 6 | 50 | - | PJ13
R32 | A weekly panel on families in hotels | -13 -8 | 100 | - | -
R34 | Replace the doors of both towers | -10 3 | 65 +5 | - | -
R35 | Finish the survey of all homes | -7 4 | 60 | - | -
R36 | Inspect within ten days of a report | -6 -2 | 85 | - | -
R38 | Agree a new programme with the builder | -3 0 | 70 | - | PJ05
R39 | Two planners from the agency until posts are filled | -5 -1 | 100 | - | -
R42 | Replace the bearings at Bridge End | -8 7 | 45 +3 | - | -
R43 | Spend a quarter more on surface dressing | -6 5 | 50 | - | -
R44 | Safety scheme at Kingsmead junction | -4 8 | 20 | - | PJ12
R46 | Agree a partnership with both operators | -7 2 | 60 | - | PJ12
R52 | Letters that people understand | -5 -1 | 100 | - | PJ09
R53 | Check one claim in ten before it is paid | -8 -4 | 100 | Benefits quality manager | -
R54 | Move payroll first | -3 2 | 40 +2 | - | PJ02
R56 | A monthly board on savings | -9 -6 | 100 | - | PJ10
R57 | Evaluate all jobs anew | -10 12 | 35 | - | -
R58 | Occupational health on the day of the first call | -4 1 | 60 | - | PJ14
R59 | Book an appointment online | -6 3 | 55 | Digital services manager | PJ09
R60 | A lesson from each upheld complaint, told to all | -3 -1 | 30 | - | -
R61 | A register of all uses of artificial intelligence | -1 4 | 10 | - | PJ09
R62 | Apply for the next round of the grant | 1 4 | 0 | - | PJ11
"""  # noqa: E501

# Title | service | programme | sponsor | manager | status | RAG by its manager | first and last
# month, and months it is expected later | £ thousand | capital scheme | risks | indicators
# | cost centres | what it is for
_PROJECTS = """
Care records in one system | property-and-procurement | Digital | Director of resources | Head of IT | Delivery | Amber | -14 10 2 | 2400 | CP124 | R16 | AD20 | B7130 | one record of a person for all who help them
Finance and payroll moved | corporate | Digital | Section 151 officer | Chief accountant | Delivery | - | -9 8 6 | 1350 | CP124 | R54,R55,R56,R64 | CO13 | F7210 | the ledger and payroll leave the council's own servers
Waste collection from next year | waste-and-recycling | Climate and place | Director of place | Waste contracts manager | Procurement | - | -7 9 0 | 380 | - | R09 | EN04,WS01 | W6310 | a new contract, or a service of our own
Food waste for every home | waste-and-recycling | Climate and place | Director of place | Recycling officer | Delivery | - | -10 11 1 | 4700 | CP117 | R11 | WS01,EN03 | W6310 | vehicles, a depot, and caddies for every home
New homes at Eastfield | council-homes | Homes | Director of place | Housing development manager | Delivery | Red | -22 14 5 | 20400 | CP108 | R35,R38,R40 | HO38,PL16 | H5120 | 118 homes for rent, the first since 1984
Home care from next year | adult-social-care | Care | Director of adults | Head of adults' commissioning | Procurement | - | -8 6 0 | 240 | - | R03 | AD23,AD28 | A3020 | new contracts in four localities that pay for travel time
Families first | childrens-social-care | Families | Director of children's services | Head of early help | Delivery | - | -16 6 0 | 1900 | CP104 | R17,R18,R20,R26,R65 | CH12,CH19 | C1010,E1010 | help before it is care: hubs, kinship and a home of our own
Special needs: on time and near home | education-and-inclusion | Families | Director of children's services | Head of SEND | Delivery | Amber | -12 12 0 | 3100 | CP101 | R21,R22,R23 | ED01,ED03 | S1030,D2030 | plans in time, and places in our own schools
One front door | customer-services | Digital | Director of resources | Digital services manager | Delivery | - | -11 3 3 | 820 | CP124 | R52,R59,R60,R61 | CU01,CU04 | M7310 | one account and one place to ask
Council house and offices together | property-and-procurement | Estate | Director of resources | Head of property | Delivery | Green | -18 7 0 | 4200 | CP123 | R08,R50,R56,R63 | CE01 | B7110 | four offices become one, and the others are let
Heat without gas | property-and-procurement | Climate and place | Director of resources | Energy manager | Delivery | - | -15 6 2 | 4150 | CP120 | R07,R62 | CE01,CE02,EN24 | B7110 | heat pumps and panels for nine buildings
Town centre bus corridor | highways | Climate and place | Director of place | Transport projects manager | Design | - | -13 24 4 | 9650 | CP113 | R12,R44,R46 | HW23,HW24 | R6150 | buses that are not held up
Homes instead of hotels | housing-options | Homes | Director of place | Temporary accommodation manager | Delivery | - | -11 8 0 | 7200 | CP107 | R31,R32 | HO11,HO13 | O5010 | sixty flats bought or leased for families without a home
People who stay | corporate | Workforce | Director of resources | Head of people | Delivery | Green | -12 9 0 | 610 | - | R05,R14,R19,R58 | CO06,CH36,AD24 | F7230 | pay, training and careers in the posts that are hardest to fill
Safe from attack | property-and-procurement | Digital | Director of resources | Head of IT | Closed | Green | -20 -4 1 | 540 | CP124 | R01 | - | B7130 | second factors, copies out of reach, and a watch day and night
"""  # noqa: E501

STAGES = (
    ("Business case approved", 8),
    ("Team or supplier in place", 25),
    ("Design agreed", 45),
    ("First part in use", 75),
    ("Handed over", 100),
)


class ActionRow(NamedTuple):
    """One action; `percent` is None where it was cancelled."""

    risk: str
    title: str
    start: int
    due: int
    percent: int | None
    later: int
    owner: str | None
    project: str | None


class ProjectRow(NamedTuple):
    """One project."""

    reference: str
    title: str
    service: str
    programme: str
    sponsor: str
    manager: str
    status: str
    rag: str | None
    start: int
    end: int
    later: int
    thousands: int
    scheme: str | None
    risks: str
    indicators: str | None
    cost_centres: str
    summary: str


def _named(written: str) -> str | None:
    return None if written == "-" else written


def _action(row: str) -> ActionRow:
    risk, title, when, done, owner, project = (part.strip() for part in row.split("|"))
    start, due = map(int, when.split())
    percent, *later = done.split()
    return ActionRow(
        risk,
        title,
        start,
        due,
        None if percent == "x" else int(percent),
        int(later[0]) if later else 0,
        _named(owner),
        _named(project),
    )


def _project(number: int, row: str) -> ProjectRow:
    parts = [part.strip() for part in row.split("|")]
    title, service, programme, sponsor, manager, status, rag, when, thousands, scheme = parts[:10]
    risks, indicators, centres, summary = parts[10:]
    start, end, later = map(int, when.split())
    return ProjectRow(
        f"PJ{number:02}",
        title,
        service,
        programme,
        sponsor,
        manager,
        status,
        _named(rag),
        start,
        end,
        later,
        int(thousands),
        _named(scheme),
        risks,
        _named(indicators),
        centres,
        f"{summary[0].upper()}{summary[1:]}",
    )


ACTIONS = tuple(map(_action, _ACTIONS.strip().splitlines()))
PROJECTS = tuple(
    _project(number, row) for number, row in enumerate(_PROJECTS.strip().splitlines(), 1)
)
