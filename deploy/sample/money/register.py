"""The contracts of the sample council.

Rule: a contract's last day is counted from the month of the day that the sample ends on, so that
at any time some have just begun, some run out soon and some are overdue for a decision. Those with
a cost centre and an account are what that budget is mostly spent under.
"""

from datetime import date
from typing import NamedTuple

from deploy.sample.made import last_day

_REGISTER = """
Household waste and recycling collection | Greenway Collections Ltd | waste-and-recycling | 5950 | 84 | 9 | 36+12 | 0 | - | ITT | 390000 Environmental services | W6310:50110
Residual waste treatment | Northmoor Energy Recovery plc | waste-and-recycling | 5200 | 120 | 41 | 60 | 0 | - | ITT | 390000 Environmental services | W6320:50110
Home care in four localities | Aldwick Home Care Ltd | adult-social-care | 11400 | 48 | 5 | 24 | 0 | - | ITT | 271000 Social care adults | A3020:50110
Health visiting and school nursing | Fenway Community Health CIC | public-health | 5000 | 60 | 14 | 12+12 | 0 | V | ITT | 341000 Public health | P4020:50110
Repairs and empty homes | Holme Property Services Ltd | council-homes | 6800 | 60 | -4 | 24+24 | 1 | - | ITT | 231000 Housing management | H5110:50110
Highways term maintenance | Garrick Highways plc | highways | 3300 | 96 | 26 | 24 | 0 | - | ITT | 321000 Highways | R6120:50110
Drug and alcohol treatment | Carden Recovery Trust | public-health | 2400 | 24 | 11 | - | 0 | V | ITT | 341000 Public health | P4030:50110
Sexual health clinics | Fenway Community Health CIC | public-health | 1700 | 24 | 19 | - | 0 | V | Mini-competition | 341000 Public health | P4040:50110
Short breaks for children with disabilities | Elsworth Family Services | childrens-social-care | 1150 | 36 | 7 | 12 | 0 | V | ITT | 272000 Social care children | C1080:50110
Recycling centres | Dunmore Recycling Ltd | waste-and-recycling | 1250 | 36 | 16 | - | 0 | S | ITT | 390000 Environmental services | W6330:50110
Street lighting maintenance | Barrow Lighting Ltd | highways | 690 | 60 | 22 | 12 | 0 | S | ITT | 321000 Highways | R6130:50110
Salting and winter service vehicles | Garrick Highways plc | highways | 370 | 48 | 19 | 12+12 | 0 | - | Mini-competition | 321000 Highways | R6140:50110
Pothole and patching works | Barrow Civil Works Ltd | highways | 130 | 48 | 25 | 12 | 0 | S | RFQ | 321000 Highways | R6110:50110
Grounds maintenance machinery and works | Holme Landscapes Ltd | parks-and-climate | 600 | 48 | 28 | 24 | 0 | S | ITT | 391000 Grounds maintenance | K6410:50110
Emergency accommodation | Elsworth Lodgings Ltd | housing-options | 1600 | 24 | 3 | 6+6 | 0 | S | Exception | 231000 Housing management | O5010:50110
Housing advice and floating support | Canalside Housing Advice | housing-options | 400 | 36 | 8 | 12+12 | 0 | V | ITT | 231000 Housing management | O5020:50210
Supporting families programme | Hillcrest Family Trust | early-help | 360 | 48 | 27 | 12 | 0 | V | RFQ | 272000 Social care children | E1030:50210
Youth clubs in three localities | Millbrook Youth Partnership | early-help | 430 | 36 | -2 | 12+12 | 1 | V | RFQ | 272000 Social care children | E1040:50210
Appropriate adults and youth panels | Hillcrest Family Trust | early-help | 130 | 36 | 30 | 12 | 0 | V | RFQ | 272000 Social care children | E1020:50210
Schools' independent placements framework | Garrick Education Ltd | education-and-inclusion | 1150 | 36 | 21 | 12 | 0 | - | ITT | 261000 Education | D2040:50110
School transport: northern routes | Kingsmead Coaches Ltd | education-and-inclusion | 1300 | 36 | 9 | - | 0 | S | ITT | 381000 Passenger transport | S1010:30110
School transport: southern routes | Westbury Travel Ltd | education-and-inclusion | 1200 | 36 | 21 | 12 | 0 | S | ITT | 381000 Passenger transport | -
Care record system | Dunmore Software Ltd | property-and-procurement | 540 | 60 | 17 | 24 | 0 | - | Direct call-off | 270000 Information technology | B7130:40310
Finance and payroll system | Carden Systems plc | property-and-procurement | 610 | 60 | 2 | 12+12 | 0 | - | Direct call-off | 270000 Information technology | -
Network and telephony | Aldwick Networks Ltd | property-and-procurement | 720 | 36 | 28 | 12+12 | 0 | - | Mini-competition | 270000 Information technology | -
End user devices | Barrow Technology Ltd | property-and-procurement | 380 | 36 | 11 | 12 | 0 | - | Direct call-off | 270000 Information technology | -
Security monitoring and testing | Elsworth Cyber Ltd | property-and-procurement | 160 | 36 | 23 | 12 | 0 | S | Direct call-off | 270000 Information technology | -
Electricity supply | Northmoor Power Ltd | property-and-procurement | 1150 | 48 | 19 | - | 0 | - | Direct call-off | 401000 Utilities | B7110:20210
Gas supply | Northmoor Gas Ltd | property-and-procurement | 690 | 48 | 19 | - | 0 | - | Direct call-off | 401000 Utilities | -
Street lighting electricity | Northmoor Power Ltd | highways | 1350 | 36 | 19 | - | 0 | - | Direct call-off | 401000 Utilities | R6130:20210
Building maintenance and compliance | Holme Property Services Ltd | property-and-procurement | 980 | 48 | 18 | 12 | 0 | - | ITT | 311000 Facilities management | B7110:20110
Cleaning of council buildings | Dunmore Cleaning Ltd | property-and-procurement | 430 | 48 | 22 | 12+12 | 0 | S | ITT | 311000 Facilities management | -
Insurance cover and claims handling | Garrick Insurance Services | corporate | 950 | 48 | 31 | 12 | 0 | - | ITT | 121000 Financial services | F7240:40310
External audit of grants | Carden Audit LLP | corporate | 85 | 36 | 24 | - | 0 | - | RFQ | 121000 Financial services | -
Treasury advice | Aldwick Capital Advisers | corporate | 32 | 48 | 25 | 12 | 0 | S | RFQ | 121000 Financial services | -
Agency staff: managed service | Fenway Workforce Ltd | corporate | 1550 | 36 | 13 | - | 0 | - | Direct call-off | 282000 Human resources | C1010:10310
Occupational health | Fenway Workplace Health Ltd | corporate | 145 | 36 | -1 | 12+12 | 1 | S | RFQ | 282000 Human resources | -
Counsel and legal panel | Old Town Chambers | corporate | 780 | 48 | 35 | 12 | 0 | - | Mini-competition | 281000 Legal services | C1070:40310
Translation and interpreting | Bridge End Languages CIC | customer-services | 95 | 48 | 21 | 12 | 0 | V | RFQ | 283000 Customer services | -
Contact centre software | Carden Systems plc | customer-services | 190 | 48 | 24 | 12+12 | 0 | - | Direct call-off | 270000 Information technology | -
Library stock | Elsworth Books Ltd | customer-services | 160 | 48 | 25 | - | 0 | - | Mini-competition | 291000 Libraries | M7320:40110
Supported living: central | Dunmore Living Ltd | adult-social-care | 1180 | 36 | 8 | - | 0 | - | ITT | 271000 Social care adults | A3030:50110
Supported living: rural | Holme Support CIC | adult-social-care | 1020 | 36 | 23 | 12 | 0 | V | ITT | 271000 Social care adults | -
Care home beds: block contract | Abbeygate Care Homes Ltd | adult-social-care | 1600 | 36 | 28 | - | 0 | - | ITT | 271000 Social care adults | A3010:50110
Community equipment | Barrow Independence Ltd | adult-social-care | 1050 | 36 | 3 | 12 | 0 | - | ITT | 271000 Social care adults | A3080:50110
Mental health supported housing | Hillcrest Recovery Trust | adult-social-care | 960 | 36 | 15 | 12+12 | 0 | V | ITT | 271000 Social care adults | A3040:50110
Carers' support and respite | Carers Together (Eastfield) | adult-social-care | 310 | 48 | 27 | 12+12 | 0 | V | ITT | 271000 Social care adults | -
Independent advocacy | Voices of Canalside | adult-safeguarding | 270 | 48 | 26 | 12 | 0 | V | RFQ | 271000 Social care adults | A3120:40310
Healthwatch | Northgate Citizens' Voice | public-health | 175 | 48 | 25 | 12 | 0 | V | RFQ | 341000 Public health | -
Stop smoking and weight management | Garrick Wellbeing Ltd | public-health | 420 | 48 | 20 | 12 | 0 | S | ITT | 341000 Public health | -
Independent fostering framework | Elsworth Fostering Ltd | childrens-social-care | 1200 | 36 | 12 | 12 | 0 | - | ITT | 272000 Social care children | C1040:50110
Residential homes for young people | Aldwick Children's Homes Ltd | childrens-social-care | 1550 | 36 | 2 | - | 0 | - | ITT | 272000 Social care children | C1060:50110
Supported accommodation for care leavers | Kingsmead Lodge Trust | childrens-social-care | 640 | 48 | 32 | 12+12 | 0 | V | ITT | 272000 Social care children | -
Parking enforcement and back office | Westbury Parking Ltd | highways | 380 | 60 | 7 | 24 | 0 | - | ITT | 322000 Parking | R6160:40310
Subsidised bus routes | Kingsmead Coaches Ltd | highways | 900 | 48 | 20 | 12 | 0 | S | ITT | 381000 Passenger transport | R6150:50110
Local plan evidence and modelling | Carden Planning LLP | planning | 150 | 24 | 14 | - | 0 | S | RFQ | 331000 Planning | L6020:40310
Tree works | Holme Landscapes Ltd | parks-and-climate | 140 | 36 | -3 | 12 | 1 | S | RFQ | 391000 Grounds maintenance | -
Play area inspection and repair | Fenway Play Ltd | parks-and-climate | 110 | 48 | 21 | 12 | 0 | S | RFQ | 391000 Grounds maintenance | K6420:20110
Stray dogs and animal welfare | Eastfield Kennels | environmental-health | 48 | 36 | -6 | - | 0 | S | Exception | 335000 Environmental health | V6210:40110
Business growth hub | Northgate Enterprise CIC | economy-and-skills | 190 | 48 | 24 | 12 | 0 | V | RFQ | 361000 Economic development | N6510:40310
Benefits processing resilience | Barrow Revenue Services Ltd | revenues-and-benefits | 120 | 24 | 1 | 12 | 0 | - | Direct call-off | 121000 Financial services | T7020:40110
"""  # noqa: E501

PROCESSES = {"ITT": "Invitation to tender", "RFQ": "Request for quotation"}
# Who manages the contracts of a service, and what its department is called in the register.
_OFFICERS = {
    "waste-and-recycling": ("Waste contracts manager", "Place"),
    "adult-social-care": ("Head of adults' commissioning", "Adults and health"),
    "adult-safeguarding": ("Head of safeguarding adults", "Adults and health"),
    "public-health": ("Consultant in public health", "Adults and health"),
    "council-homes": ("Head of housing", "Place"),
    "housing-options": ("Housing options manager", "Place"),
    "highways": ("Highways contracts manager", "Place"),
    "parks-and-climate": ("Parks manager", "Place"),
    "planning": ("Head of planning", "Place"),
    "environmental-health": ("Public protection manager", "Place"),
    "economy-and-skills": ("Head of economy", "Place"),
    "childrens-social-care": ("Head of children's commissioning", "Children and families"),
    "early-help": ("Early help manager", "Children and families"),
    "education-and-inclusion": ("Head of inclusion", "Children and families"),
    "property-and-procurement": ("Procurement manager", "Resources"),
    "corporate": ("Chief accountant", "Resources"),
    "customer-services": ("Customer services manager", "Resources"),
    "revenues-and-benefits": ("Head of revenues", "Resources"),
}
# Ends that are days of the register itself, so that they can be told from what is worked out.
_NO_EXTENSION = "-"


class Contract(NamedTuple):
    """One contract; `ends` counts months from now to its last month, extensions aside."""

    reference: str
    title: str
    supplier: str
    service: str
    annual: int
    term: int
    ends: int
    extensions: tuple[int, ...]
    taken: int
    kind: str  # S for a small or medium enterprise, V for a voluntary organisation
    process: str
    category: str
    budget: str

    @property
    def owner(self) -> str:
        """The post that manages it."""
        return _OFFICERS[self.service][0]

    @property
    def directorate(self) -> str:
        """The department, as the register has it."""
        return _OFFICERS[self.service][1]

    @property
    def total(self) -> int:
        """Pounds over the whole term, extensions included."""
        return self.annual * 1000 * (self.term + sum(self.extensions)) // 12

    def last_day(self, now: date, months: int = 0) -> date:
        """Its last day, or so many months later, as it stands in the month of `now`."""
        return last_day(months_on(now, self.ends + months))

    def first_day(self, now: date) -> date:
        """Its first day."""
        return months_on(now, self.ends - self.term + 1)


def months_on(day: date, months: int) -> date:
    """The first of the month so many months after a day's own."""
    number = day.year * 12 + day.month - 1 + months
    return date(number // 12, number % 12 + 1, 1)


def _contract(number: int, row: str) -> Contract:
    title, supplier, service, annual, term, ends, extensions, taken, kind, process, category, at = (
        part.strip() for part in row.split("|")
    )
    months = () if extensions == _NO_EXTENSION else tuple(map(int, extensions.split("+")))
    return Contract(
        f"CT-{1000 + number}",
        title,
        supplier,
        service,
        int(annual),
        int(term),
        int(ends),
        months,
        int(taken),
        kind,
        PROCESSES.get(process, process),
        category,
        at,
    )


CONTRACTS = tuple(
    _contract(number, row) for number, row in enumerate(_REGISTER.strip().splitlines(), 1)
)
# Cost centre and account, and the contract that most of its budget is spent under.
PAID_UNDER = {each.budget: each for each in CONTRACTS if each.budget != "-"}
