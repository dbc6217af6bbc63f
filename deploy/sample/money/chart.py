"""The cost centres of the sample council, and what each is budgeted to spend and to receive.

Rule: money here is in thousands of pounds of the newest year, spending positive and income
negative. `+4` after an amount says that it comes out 4% worse than its budget (more spent or less
received), `-4` better; a word is the profile that it falls due by; `=` is what balances its fund.
"""

from typing import NamedTuple

GENERAL, HOMES, SCHOOLS = "general-fund", "hra", "dsg"
_FUNDS = {"H": HOMES, "D": SCHOOLS}

_CHART = """
C1010 | Assessment and court teams | childrens-social-care | Head of social work | 10110 5400 +1, 10310 640 +34, 30110 130, 40110 95
C1020 | Children in care and fostering teams | childrens-social-care | Head of children in care | 10110 3700 -2, 10310 210 +12, 30110 110, 40110 60
C1030 | Foster carers' allowances | childrens-social-care | Head of children in care | 60110 3450 +3
C1040 | Placements of looked-after children | childrens-social-care | Head of children's commissioning | 50110 7250 +9, 90110 -480
C1050 | Care leavers | childrens-social-care | Head of children in care | 10110 900, 60110 1150 +4, 90110 -260
C1060 | Unaccompanied young people | childrens-social-care | Head of children in care | 50110 1650 +2, 90110 -1580
C1070 | Legal costs of care proceedings | childrens-social-care | Head of social work | 40310 1150 +11
C1080 | Children with disabilities | childrens-social-care | Head of inclusion | 10110 720, 50110 2350 +5, 60110 640
E1010 | Family hubs | early-help | Early help manager | 10110 1750 -4, 20110 210, 20210 120 winter, 40110 140, 90110 -520
E1020 | Youth justice | early-help | Youth justice manager | 10110 980 -2, 50210 140, 90110 -560
E1030 | Supporting families | early-help | Early help manager | 10110 1300 -6, 50210 380, 90110 -820
E1040 | Youth work | early-help | Early help manager | 10110 420, 50210 460, 90210 -40 summer
S1010 | Home to school transport | education-and-inclusion | Passenger transport manager | 30110 6900 +7 term, 10110 380, 90210 -240 -2 term
S1020 | Educational psychology | education-and-inclusion | Head of inclusion | 10110 1280 -5, 10310 120 +30, 90210 -210 term
S1030 | Assessment of special needs | education-and-inclusion | Head of inclusion | 10110 1500 +2, 40310 180 +15
S1040 | School improvement | education-and-inclusion | Head of education | 10110 640 -3, 90210 -330 +4 term
D2010 | Schools' delegated budgets | education-and-inclusion | Head of education | 60110 74200
D2020 | Early years entitlements | education-and-inclusion | Early years manager | 50110 14800 -1 term
D2030 | High needs: special schools and units | education-and-inclusion | Head of inclusion | 60110 13900 +4
D2040 | High needs: independent schools | education-and-inclusion | Head of inclusion | 50110 8600 +14 term
D2050 | Dedicated Schools Grant | education-and-inclusion | Chief accountant | 70110 950, 90110 =
A3010 | Care homes for older people | adult-social-care | Head of adults' commissioning | 50110 30400 +3, 90210 -7900 -1
A3020 | Home care | adult-social-care | Head of adults' commissioning | 50110 11700 +2, 90210 -1350
A3030 | Adults with a learning disability | adult-social-care | Head of adults' commissioning | 50110 24600 +2, 60110 2900, 90110 -2300
A3040 | Mental health placements | adult-social-care | Head of mental health | 50110 7300 +5, 90110 -850
A3050 | Direct payments | adult-social-care | Head of adult social care operations | 60110 7600 -2
A3060 | Assessment and review teams | adult-social-care | Head of adult social care operations | 10110 8100 -3, 10310 760 +18, 30110 180
A3070 | Reablement | adult-social-care | Reablement manager | 10110 3300 -4, 30110 140, 90110 -1500
A3080 | Better Care Fund and social care grants | adult-social-care | Finance manager, adults | 50110 2700, 90110 -17500
A3110 | Safeguarding adults | adult-safeguarding | Head of safeguarding adults | 10110 1250 -2, 40310 120
A3120 | Quality and deprivation of liberty | adult-safeguarding | Head of safeguarding adults | 10110 720, 40310 380 +9
P4010 | Public health grant | public-health | Director of public health | 90110 -10900
P4020 | Health visiting and school nursing | public-health | Consultant in public health | 50110 5100
P4030 | Drug and alcohol treatment | public-health | Consultant in public health | 50110 2450, 90110 -350
P4040 | Sexual health | public-health | Consultant in public health | 50110 1750 +2
P4050 | Public health team | public-health | Director of public health | 10110 1350 -5, 40110 240
O5010 | Temporary accommodation | housing-options | Housing options manager | 50110 3900 +12 winter, 90310 -2350 +2
O5020 | Homelessness prevention | housing-options | Housing options manager | 10110 1300 -2, 50210 420, 90110 -880
H5110 | Repairs to council homes | council-homes | Repairs manager | 50110 6900 +4 winter, 10110 1450, 40110 320
H5120 | Management of council homes | council-homes | Head of housing | 10110 4200 -2, 40310 540, 70110 2100
H5130 | Estate services | council-homes | Estates manager | 20110 1150, 20210 480 +6 winter, 90210 -620
H5140 | Depreciation of council homes | council-homes | Chief accountant | 80110 5600
H5150 | Debt of the housing revenue account | council-homes | Chief accountant | 88110 3300
H5160 | Rents of council homes | council-homes | Income manager | 40110 190, 90310 =
L6010 | Development management | planning | Head of planning | 10110 1180 -4, 10310 90 +20, 90210 -720 +9
L6020 | Planning policy | planning | Head of planning | 10110 620, 40310 260 -12
L6030 | Building control | planning | Building control manager | 10110 540, 90210 -470 +3 summer
R6110 | Reactive highway repairs | highways | Highways maintenance manager | 50110 138 +6 winter
R6120 | Planned highway maintenance | highways | Highways maintenance manager | 50110 3400 +1 summer, 10110 780
R6130 | Street lighting | highways | Street lighting manager | 20210 1450 +4 winter, 50110 720
R6140 | Winter service | highways | Highways maintenance manager | 40110 240 +10 winter, 50110 390 +8 winter
R6150 | Concessionary fares and buses | highways | Passenger transport manager | 50110 5300 -3, 90110 -640
R6160 | Parking | highways | Parking manager | 10110 890, 40310 410, 90210 -4600 +3
V6210 | Environmental protection | environmental-health | Environmental protection manager | 10110 860 -3, 40110 70, 90210 -90
V6220 | Food and trading standards | environmental-health | Public protection manager | 10110 980 -2, 90210 -110
V6230 | Licensing | environmental-health | Public protection manager | 10110 320, 90210 -410 -2
W6310 | Waste collection | waste-and-recycling | Waste contracts manager | 50110 6100 +2, 10110 460
W6320 | Waste disposal | waste-and-recycling | Waste contracts manager | 50110 5300 +5, 90210 -540 +8
W6330 | Recycling centres | waste-and-recycling | Waste contracts manager | 50110 1350 summer, 90210 -130 summer
W6340 | Street cleansing | waste-and-recycling | Street scene manager | 10110 1900 -1, 30110 420 +3, 40110 160
K6410 | Grounds maintenance | parks-and-climate | Parks manager | 10110 1450, 50110 640 summer, 90210 -210 summer
K6420 | Parks and play areas | parks-and-climate | Parks manager | 20110 480 +4 summer, 10110 360, 90210 -160 summer
K6430 | Climate team | parks-and-climate | Climate manager | 10110 410 -6, 40310 130, 90110 -90
N6510 | Economic development | economy-and-skills | Head of economy | 10110 690 -3, 40310 220, 90110 -310
N6520 | Adult learning | economy-and-skills | Adult learning manager | 10110 940, 40110 110, 90110 -930
N6530 | Markets and town centres | economy-and-skills | Town centre manager | 20110 310, 10110 240, 90310 -440 +6
T7010 | Housing benefit payments | revenues-and-benefits | Head of revenues | 60110 31500, 90110 -31100
T7020 | Revenues and benefits teams | revenues-and-benefits | Head of revenues | 10110 2700 -2, 40110 320, 90110 -760
B7110 | Offices and public buildings | property-and-procurement | Head of property | 20110 1650 +3, 20210 1250 +6 winter, 10110 520
B7120 | Commercial estate | property-and-procurement | Head of property | 20110 420, 90310 -3300 +4
B7130 | Information technology | property-and-procurement | Head of IT | 10110 2100 -2, 40310 2950 +2
B7140 | Procurement | property-and-procurement | Procurement manager | 10110 560
F7210 | Finance and audit | corporate | Chief accountant | 10110 2400 -2, 40310 260
F7220 | Legal and democratic services | corporate | Monitoring officer | 10110 2350 +1, 40310 320, 90210 -480
F7230 | People services | corporate | Head of people | 10110 1250 -3, 40310 190
F7240 | Insurance | corporate | Chief accountant | 40310 1400
F7250 | Capital financing | corporate | Section 151 officer | 88110 5200 -4, 88210 6100, 90110 -600
F7260 | Contingency | corporate | Section 151 officer | 40110 3600 -45
M7310 | Contact centre | customer-services | Customer services manager | 10110 1750 -2, 40310 210
M7320 | Libraries | customer-services | Libraries manager | 10110 1180, 20110 190, 40110 240, 90210 -60
"""  # noqa: E501


class Line(NamedTuple):
    """What a cost centre spends on an account, or receives."""

    account: str
    thousands: int | None  # None: what balances the fund
    worse: int
    profile: str


class CostCentre(NamedTuple):
    """One cost centre and its budget."""

    code: str
    name: str
    service: str
    fund: str
    manager: str
    lines: tuple[Line, ...]


# Which standard group an account of the ledger belongs to, as the catalogue has it.
GROUPS = {
    "1": "employees",
    "2": "premises",
    "3": "transport",
    "4": "supplies",
    "5": "third-party",
    "6": "transfers",
    "7": "support",
    "80": "depreciation",
    "88": "capital-financing",
    "9": "income",
}
SALARIES, AGENCY, CONTRACTORS = "10110", "10310", "50110"


def group_of(account: str) -> str:
    """The standard group of an account."""
    return GROUPS.get(account[:1]) or GROUPS[account[:2]]


def _line(written: str) -> Line:
    account, amount, *rest = written.split()
    worse = next((int(each) for each in rest if each[0] in "+-"), 0)
    profile = next((each for each in rest if each.isalpha()), "even")
    return Line(account, None if amount == "=" else int(amount), worse, profile)


def _cost_centre(row: str) -> CostCentre:
    code, name, service, manager, lines = (part.strip() for part in row.split("|"))
    fund = _FUNDS.get(code[0], GENERAL)
    return CostCentre(code, name, service, fund, manager, tuple(map(_line, lines.split(", "))))


COST_CENTRES = tuple(_cost_centre(row) for row in _CHART.strip().splitlines())

# The cost centre that moved in the middle of last year, and where it was until then.
MOVED, MOVED_FROM = "K6430", "property-and-procurement"
# What stands in postings for a cost centre or an account that nobody could read.
UNKNOWN, UNREADABLE = "99999", "SUSP1"
