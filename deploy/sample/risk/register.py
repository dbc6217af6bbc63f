"""The risk register of the sample council.

Rule: times are counted in months back from the month that the sample ends in. Levels are written as
likelihood and impact: without controls, when the risk was put on the register, now, and aimed at.
"""

from typing import NamedTuple

from deploy.sample.places import objective_of

# Title | service | owner | category | tier and moves (D14: to the directorate 14 months ago)
# | response, O opportunity, X3 closed 3 months ago, late | opened | levels | £ thousand
# | indicators | cost centres | contracts | projects | because | leading to
_REGISTER = """
A cyber attack stops services | property-and-procurement | Head of IT | security | D C20 | T | 26 | 55 35 35 24 | 3200 | - | B7130 | CT-1027 | PJ15 | systems are old and attackers are better equipped every year | services stop for weeks and records are lost or published
The budget cannot be balanced next year | corporate | Section 151 officer | financial | C | T | 25 | 55 34 45 33 | 9000 | CO19,CO20 | F7260,A3010 | CT-1024 | - | demand for care grows faster than grants and council tax | reserves fall below their minimum and a section 114 notice has to be considered
A large care provider fails | adult-social-care | Head of commissioning | commercial | D C9 | T | 25 | 45 34 44 33 | 2600 | AD18,AD23 | A3010,A3020 | CT-1003,CT-1044 | PJ06 | margins are thin and wages have risen | people have to be moved at short notice and at a higher price
An adult comes to harm that could have been prevented | adult-safeguarding | Director of adults | operations | D | T | 26 | 45 35 25 15 | - | AD12,AD13 | A3110 | - | - | enquiries rise and experienced workers are few | somebody is seriously hurt or dies, and trust is lost
There are too few care workers | adult-social-care | Head of adult social care operations | people | S D12 | T | 24 | 54 44 43 32 | - | AD24,AD28 | A3020,A3060 | CT-1003 | PJ14 | pay elsewhere is better and fewer come from abroad | hours are not placed and people stay in hospital
Reviews fall behind and needs go unseen | adult-social-care | Principal social worker | operations | S D7 | T | 20 | 54 33 43 22 | - | ASC01,ASC02 | A3060 | - | - | posts are vacant and new cases come first | care is paid for that is not needed, and need goes unmet
Carbon targets are missed | parks-and-climate | Climate programme manager | strategy | D | T | 26 | 54 43 43 32 | 1800 | EN24,CE01 | B7110,K6430 | - | PJ11 | heating in large buildings is costly to replace | the council's pledge for 2030 is broken
Council buildings fail in extreme heat | property-and-procurement | Head of property | property | S | L | 18 | 43 33 33 23 | 650 | - | B7110 | CT-1031 | PJ10 | buildings were made for cooler summers | libraries and offices close on the hottest days
A contractor's default stops collections | waste-and-recycling | Waste contracts manager | commercial | S D10 | T | 25 | 44 24 34 23 | 2400 | EN04,EN06 | W6310 | CT-1001 | PJ03 | one supplier collects from every home and its contract ends soon | bins are not emptied for weeks
Recycling markets fall | waste-and-recycling | Waste contracts manager | financial | S | T | 22 | 43 33 33 32 | 480 | WS01 | W6320 | CT-1002,CT-1010 | - | prices of paper and plastic follow world markets | income from recycling falls short of the budget
Disposal costs rise with the emissions charge | waste-and-recycling | Director of place | financial | D | T | 16 | 54 44 54 43 | 1900 | EN01,UC03 | W6320 | CT-1002 | PJ04 | energy from waste will pay for its emissions from 2028 | the cost of each tonne rises by a third
Air quality limits are exceeded | environmental-health | Public protection manager | legal | S | T | 26 | 43 33 23 22 | - | EN17,EN18 | V6210 | - | PJ12 | traffic through the old town has come back | ministers direct the council to act and people's health suffers
A serious pollution incident is handled late | environmental-health | Environmental protection manager | operations | S | L | 21 | 34 24 24 23 | - | EP02 | V6210 | - | - | few officers are trained for emergencies | a river or a neighbourhood is harmed
There are too few qualified officers | environmental-health | Public protection manager | people | S | T late | 23 | 44 33 33 22 | - | EN19,EN20 | V6220 | - | PJ14 | one in three is near retirement | food businesses go uninspected
Procurement cards are misused | property-and-procurement | Procurement manager | governance | S | T X4 | 24 | 43 32 22 21 | 45 | - | B7140 | - | - | cards are held by many and checked by few | money is lost and an auditor reports on it
Personal data is lost | customer-services | Information governance manager | information | D C15 D3 | T | 26 | 54 34 24 23 | 700 | CU13,CU17 | M7310 | CT-1023 | PJ01 | records are sent by e-mail and on paper | people are harmed and the regulator fines the council
A child comes to harm that could have been prevented | childrens-social-care | Director of children's services | operations | D C18 | T | 26 | 45 35 35 15 | - | CH03,CH12 | C1010 | - | PJ07 | referrals rise and social workers change often | a child is seriously hurt or dies
Placements of looked-after children cost more than planned | childrens-social-care | Head of children's commissioning | financial | D C6 | T | 25 | 55 44 54 33 | 2100 | CH19,CH22,UC01 | C1040,C1060 | CT-1051,CT-1052 | PJ07 | few local carers are free and prices are set by providers | the directorate overspends and children live far away
Social workers for children cannot be kept | childrens-social-care | Principal social worker, children | people | S D11 | T | 24 | 54 44 34 32 | 640 | CH36,CH37 | C1010 | CT-1036 | PJ14 | neighbours pay more and caseloads are high | agency costs grow and children see many workers
Inspectors find services for children inadequate | childrens-social-care | Director of children's services | reputation | D | T | 15 | 45 34 24 23 | - | CH03,CH27 | C1010 | - | PJ07 | plans are not always reviewed in time | a commissioner is appointed and workers leave
The deficit on high needs grows | education-and-inclusion | Head of SEND | financial | C | T | 25 | 55 55 55 44 | 11500 | ED01,ED02 | D2030,D2040 | CT-1020 | PJ08 | more plans name independent schools | the deficit falls on the general fund when the override ends
Plans for children with special needs are issued late | education-and-inclusion | Head of SEND | legal | S D13 | T | 22 | 54 44 44 22 | - | ED01,ED03 | S1030,S1020 | - | PJ08 | there are too few educational psychologists | children wait and tribunals find against the council
School transport costs outrun the budget | education-and-inclusion | Head of inclusion | financial | S D8 | T | 20 | 54 43 44 33 | 950 | - | S1010 | CT-1021,CT-1022 | PJ08 | children travel further and routes have one bidder | savings agreed for the year are not made
A school building has to close | education-and-inclusion | Head of school buildings | property | S | T | 19 | 34 24 24 14 | 4200 | ED06 | S1040 | - | - | roofs and boilers are past their life | pupils are taught elsewhere for months
Youth offending rises again | early-help | Youth justice manager | operations | S | L | 17 | 33 33 23 22 | - | CH39 | E1020 | CT-1019 | - | youth work has been cut and shops report more theft | residents feel unsafe and courts are busier
Family hubs open late | early-help | Head of early help | programme | S | T X2 | 14 | 43 43 22 22 | - | CH40 | E1010 | CT-1017 | PJ07 | leases took longer than planned | a grant has to be paid back
Public health grant is cut | public-health | Director of public health | financial | D | L | 16 | 34 24 24 24 | 870 | PH22 | P4010 | CT-1007,CT-1008 | - | the spending review is not settled | services that prevent illness are stopped
Drug-related deaths rise | public-health | Consultant in public health | operations | S D5 | T | 21 | 44 34 44 23 | - | PH25,PH26 | P4030 | CT-1007 | - | synthetic opioids have reached the region | people die who could have been helped
A health emergency overwhelms the team | public-health | Director of public health | operations | D | L | 26 | 35 25 15 14 | 1500 | - | P4050 | - | - | a new virus or a water failure may come without warning | other work stops and people fall ill
Uptake of health checks stays low | public-health | Health improvement manager | strategy | S | T late | 15 | 43 43 43 32 | - | PH22 | P4050 | CT-1050 | - | practices are busy and invitations are ignored | illness is found late
Temporary accommodation costs outrun the budget | housing-options | Temporary accommodation manager | financial | S D9 C2 | T | 24 | 55 44 54 33 | 1300 | HO11,HO12 | O5010 | CT-1015 | PJ13 | rents rise faster than the housing benefit that pays for them | the service overspends and families move often
Families are kept in bed and breakfast for too long | housing-options | Temporary accommodation manager | legal | S | T | 20 | 44 34 24 13 | - | HO13,HO14 | O5010 | CT-1015 | PJ13 | larger homes seldom fall free | the law is broken and the Ombudsman finds against the council
A private renter is left in an unsafe home | housing-options | Private sector housing manager | operations | S | L | 18 | 34 34 24 23 | - | HO39,HO40 | O5020 | - | - | few homes can be inspected in a year | somebody is hurt
A fire in a tall building of council homes | council-homes | Building safety manager | property | D C22 D4 | T | 26 | 35 25 15 15 | 6500 | HO37,HO42 | H5110 | CT-1005 | - | cladding and doors of the 1970s remain in two blocks | people die
The regulator finds homes below standard | council-homes | Head of council homes | legal | D | T | 14 | 44 34 34 23 | - | HO42,HO43 | H5110 | CT-1005 | PJ05 | the stock survey is half done | a notice is served and lettings stop
Damp and mould are not dealt with in time | council-homes | Repairs manager | legal | S D6 | T | 13 | 54 44 34 23 | 320 | HO19,HO22 | H5110 | CT-1005 | - | reports double each winter | tenants fall ill and damages are paid
Rents are not collected | council-homes | Income manager | financial | S | T | 22 | 43 33 32 22 | 640 | HO34,HO35 | H5160 | - | - | more tenants move to universal credit | the account's reserve is used
New council homes are delivered late | council-homes | Housing development manager | programme | S | T | 16 | 43 33 43 32 | 1400 | HO38,PL16 | H5120 | - | PJ05 | ground conditions are worse than surveys said | families wait longer and grant is lost
Planning decisions are taken out of the council's hands | planning | Head of planning | reputation | S | T | 19 | 34 24 23 13 | 300 | PL01,PL02 | L6010 | CT-1056 | - | posts are vacant and extensions of time run out | developers go to the inspector and fees are lost
Affordable homes fall short of the plan | planning | Planning policy manager | strategy | D | T | 25 | 44 43 33 32 | - | PL16,PL17 | L6020 | - | PJ05 | sites are costly to build on | young people leave and homelessness grows
Fees from planning and building control fall | planning | Head of planning | financial | S | L late | 12 | 43 33 43 32 | 110 | PL14 | L6010,L6030 | - | - | builders wait for interest rates to fall | posts paid by fees have to go
A bridge has to close | highways | Highway asset manager | property | S D16 | T | 23 | 35 34 24 14 | 2700 | HW12,HW13 | R6120 | CT-1006 | - | bearings at Bridge End are worn | traffic is sent through the old town for a year
Roads get worse faster than they are mended | highways | Highways maintenance manager | financial | S | T | 25 | 54 44 44 33 | 800 | HW02,HW12 | R6110,R6120 | CT-1006,CT-1013 | - | wet winters and heavier lorries | claims rise and the backlog grows
Somebody is killed at a known place of danger | highways | Road safety manager | legal | S | T | 21 | 35 25 25 15 | - | HW15,HW16 | R6120 | - | PJ12 | schemes wait for grants | a family grieves and a coroner asks why
Salt runs out in a hard winter | highways | Highways maintenance manager | operations | S | F | 24 | 34 24 23 13 | 90 | HW05 | R6140 | CT-1012 | - | one depot supplies the region | roads close and ambulances are late
Bus operators give up routes | highways | Public transport manager | commercial | S | T | 17 | 44 33 43 32 | 420 | HW23,HW24 | R6150 | CT-1055 | PJ12 | fewer people travel and costs rise | villages have no bus
Income from parking falls | highways | Director of place | financial | S D4 S1 | T | 14 | 43 43 33 32 | 360 | - | R6160 | CT-1054 | - | people shop elsewhere and drive less | transport schemes lose their money
Trees fall on people | parks-and-climate | Tree and woodland officer | operations | S | T | 22 | 34 24 14 13 | - | EN27 | K6420 | CT-1057 | - | ash dieback has reached most woods | somebody is hurt and paths close
Nature's recovery falls behind the law | parks-and-climate | Ecologist | legal | S | L | 11 | 33 33 32 22 | - | EN30 | K6410 | CT-1014 | - | duties on biodiversity are new and unfunded | plans for homes are held up
The town centre loses its last large shop | economy-and-skills | Town centre manager | strategy | S | L | 18 | 43 43 43 33 | - | EC14,EC15 | N6530 | - | PJ10 | leases end in the same year | rents, rates and jobs go with it
A grant for skills ends | economy-and-skills | Skills manager | financial | S | T X6 | 20 | 44 43 22 22 | 480 | EC08 | N6520 | - | - | the fund closes in March | courses for people without work stop
Council tax collection falls | revenues-and-benefits | Revenues manager | financial | S | T | 24 | 43 23 33 22 | 1200 | RV01,RV02 | T7020 | - | PJ09 | bills are up and households have less | next year's budget starts with a deficit
Benefits are paid wrongly | revenues-and-benefits | Benefits manager | financial | S | T | 21 | 43 33 23 22 | 260 | RV13,RV05 | T7010 | CT-1061 | - | claims are more complex and staff are new | subsidy is lost
Financial systems fail at the year's end | corporate | Chief accountant | technology | S D5 | T | 12 | 44 24 34 23 | 610 | CO13 | F7210 | CT-1024 | PJ02 | the system is supported for two more years only | suppliers are not paid and accounts are late
Accounts are qualified by the auditor | corporate | Section 151 officer | governance | D | T | 19 | 34 24 24 13 | - | CO28 | F7210 | CT-1034 | PJ02 | there is a backlog of audits in the whole country | lenders charge more
Savings are not delivered | corporate | Director of resources | financial | C | T | 20 | 55 44 44 33 | 4100 | CO22,CO19 | F7260 | - | PJ02,PJ10 | plans depend on each other and on few people | the shortfall is met from reserves
Claims for equal pay are made | corporate | Head of people | legal | C D8 | F | 23 | 35 25 24 14 | 7000 | CO01 | F7230,F7240 | CT-1033 | - | job evaluation is ten years old | back pay has to be found
Absence and vacancies slow everything down | corporate | Head of people | people | D | T | 22 | 54 43 33 32 | - | CO06,CO27 | F7230 | CT-1037 | PJ14 | workloads are high after years of cuts | deadlines are missed and agency costs rise
Residents cannot reach the council | customer-services | Contact centre manager | reputation | S | T | 16 | 43 43 33 22 | - | CU01,CU02 | M7310 | CT-1040 | PJ09 | calls peak with bills and bin changes | complaints rise and trust falls
Complaints are not learned from | customer-services | Complaints manager | governance | S | T late | 15 | 43 33 32 21 | - | CU05,CU10 | M7310 | - | PJ09 | services answer but do not change | the Ombudsman finds the same faults again
Artificial intelligence is used without control | customer-services | Information governance manager | information | S D2 | T | 9 | 44 33 34 22 | - | CU16 | B7130 | - | PJ09 | tools are free and staff are curious | wrong advice is given and data leaks
Homes made efficient cut carbon and bills | council-homes | Head of council homes | strategy | D | O T | 12 | 22 33 43 44 | 2200 | HO47,EN24 | H5110 | - | PJ11 | a grant for insulation is open to councils | tenants pay less and homes last longer
The old record office draws new firms | economy-and-skills | Business support manager | strategy | S | O T | 10 | 22 32 33 43 | 900 | EC05,EC06 | N6510 | CT-1060 | PJ10 | rents in the city next door have doubled | a hundred jobs come to the old town
Shared services with neighbours save money | corporate | Director of resources | financial | S D3 | O T | 8 | 23 23 33 44 | 750 | CO22 | F7210 | - | PJ02 | two neighbours replace the same system | back offices cost a tenth less
More foster carers come forward locally | childrens-social-care | Head of children in care | people | S | O T late | 13 | 23 23 33 43 | 480 | CH21 | C1020,C1030 | CT-1051 | PJ07 | a regional campaign and better pay for carers | children stay near their schools, at half the price
"""  # noqa: E501

_TIERS = {"S": "service", "D": "directorate", "C": "corporate"}
_RESPONSES = {"T": "Treat", "L": "Tolerate", "F": "Transfer", "E": "Terminate"}


class Levels(NamedTuple):
    """A likelihood and an impact."""

    likelihood: int
    impact: int


class Move(NamedTuple):
    """A move to a tier, so many months ago."""

    tier: str
    months: int


class RiskRow(NamedTuple):
    """One risk, as it was written down."""

    reference: str
    title: str
    service: str
    owner: str
    category: str
    tier: str
    moves: tuple[Move, ...]
    response: str
    opportunity: bool
    closed: int | None
    late: bool
    opened: int
    inherent: Levels
    start: Levels
    now: Levels
    target: Levels
    thousands: int | None
    indicators: str | None
    cost_centres: str | None
    contracts: str | None
    projects: str | None
    cause: str
    consequence: str

    @property
    def objective(self) -> str:
        """The corporate priority that it puts at risk."""
        return objective_of(self.service)


def _levels(written: str) -> Levels:
    return Levels(int(written[0]), int(written[1]))


def _risk(number: int, row: str) -> RiskRow:
    parts = [part.strip() for part in row.split("|")]
    title, service, owner, category, tiers, flags, opened, levels, thousands = parts[:9]
    cause, consequence = parts[13:]
    first, *moved = tiers.split()
    said = flags.split()
    inherent, start, now, target = map(_levels, levels.split())
    indicators, centres, contracts, projects = (
        None if each == "-" else each for each in parts[9:13]
    )
    return RiskRow(
        f"R{number:02}",
        title,
        service,
        owner,
        category,
        _TIERS[first],
        tuple(Move(_TIERS[each[0]], int(each[1:])) for each in moved),
        next(_RESPONSES[each] for each in said if each in _RESPONSES),
        "O" in said,
        next((int(each[1:]) for each in said if each[0] == "X"), None),
        "late" in said,
        int(opened),
        inherent,
        start,
        now,
        target,
        None if thousands == "-" else int(thousands),
        indicators,
        centres,
        contracts,
        projects,
        f"{cause[0].upper()}{cause[1:]}",
        f"{consequence[0].upper()}{consequence[1:]}",
    )


RISKS = tuple(_risk(number, row) for number, row in enumerate(_REGISTER.strip().splitlines(), 1))
