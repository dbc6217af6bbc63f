"""What the sample council means to commission, and the indicators that its contracts are judged by.

Rule: times are counted in months from the month that the sample ends in: when a decision is due,
when what follows starts, and for how long.
"""

from typing import NamedTuple

# Contract, and the indicators that are its key performance indicators. Two of the six that are
# worth more than five million pounds name fewer than three.
_KPIS = """
CT-1001 | EN04 Bins missed, EN06 Put right in time, WS01 Waste recycled, UC03 Cost of a tonne
CT-1002 | EN01 Waste landfilled, EN02 Energy recovered
CT-1003 | AD23 Hours not placed, AD28 Satisfaction, UC06 Cost of an hour
CT-1004 | PH28 New birth visits, PH29 Reviews at two, PH30 Breastfeeding
CT-1005 | HO18 Emergencies, HO19 Repairs in time, HO22 First visit, HO25 Satisfaction
CT-1006 | HW05 Working days to repair
CT-1007 | PH26 Completions, PH34 Waiting times
CT-1008 | PH33 Appointments in 48 hours
CT-1011 | HW09 Lights repaired in time
CT-1013 | HW02 Potholes in time, UC04 Cost of a defect
CT-1015 | HO14 Bed and breakfast
CT-1044 | AD18 Homes rated good, UC02 Cost of a week
CT-1050 | PH31 Quitters, PH32 Weight management
CT-1051 | CH21 Foster carers, UC01 Cost of a week
"""

_INTENTIONS = """
Waste and recycling collection anew | CT-1001 | waste-and-recycling | Recommission | Proposed | -1 | - | Cabinet | Waste contracts manager | EN04,WS01 | R09,R10 | 10 | 96 | 52000 | 90511000 Refuse collection services | Services | Competitive flexible procedure
Home care in four localities | CT-1003 | adult-social-care | Recommission | In procurement | -7 | -6 | Cabinet | Head of adults' commissioning | AD23,AD28,UC06 | R03,R05 | 6 | 72 | 70000 | 85312000 Social work services without accommodation | Services | Competitive flexible procedure
Repairs brought in house | CT-1005 | council-homes | Insource | Agreed | -2 | -2 | Cabinet | Head of housing | HO19,HO25 | - | 21 | 0 | - | 50700000 Repair of building installations | Services | -
Health visiting and school nursing | CT-1004 | public-health | Extend | Proposed | 2 | - | Cabinet member | Consultant in public health | PH28,PH29 | - | 15 | 12 | 5000 | 85323000 Community health services | Services | -
Drug and alcohol treatment | CT-1007 | public-health | Recommission | Proposed | 1 | - | Cabinet | Consultant in public health | PH26,PH34 | - | 12 | 60 | 12500 | 85100000 Health services | Services | Open procedure
Sexual health clinics | CT-1008 | public-health | Vary | Proposed | 7 | - | Officer | Consultant in public health | PH33 | - | 20 | 24 | - | 85100000 Health services | Services | -
Short breaks for children with disabilities | CT-1009 | childrens-social-care | Recommission | Agreed | -3 | -3 | Cabinet member | Head of children's commissioning | - | - | 8 | 36 | 3600 | 85310000 Social work services | Services | Open procedure
Recycling centres | CT-1010 | waste-and-recycling | Insource | Proposed | 5 | - | Cabinet | Waste contracts manager | WS01,EN07 | R10 | 17 | 0 | - | 90514000 Refuse recycling services | Services | -
Emergency accommodation | CT-1015 | housing-options | Decommission | Proposed | -2 | - | Cabinet member | Housing options manager | HO13,HO14 | - | 4 | 0 | - | 98341000 Accommodation services | Services | -
Housing advice and floating support | CT-1016 | housing-options | Extend | Agreed | -4 | -4 | Officer | Housing options manager | HO03 | - | 9 | 12 | 400 | 85310000 Social work services | Services | -
Youth clubs | CT-1018 | early-help | Decommission | Withdrawn | -5 | - | Cabinet member | Early help manager | - | - | 11 | 0 | - | 85312000 Youth services | Services | -
School transport: northern routes | CT-1021 | education-and-inclusion | Recommission | In procurement | -6 | -5 | Cabinet | Passenger transport manager | - | R02 | 10 | 48 | 5600 | 60130000 Special-purpose road transport | Services | Dynamic market
Finance and payroll system | CT-1024 | property-and-procurement | Extend | Awarded | -8 | -8 | Officer | Procurement manager | - | R01 | 3 | 12 | 610 | 48400000 Business software | Services | Framework
Care record system | CT-1023 | property-and-procurement | Recommission | Proposed | 6 | - | Cabinet | Head of IT | AD20 | R01,R16 | 18 | 84 | 4200 | 48814000 Medical information systems | Services | Framework
Supported living | CT-1042 | adult-social-care | Recommission | Agreed | -5 | -4 | Cabinet | Head of adults' commissioning | AD27 | R03 | 9 | 60 | 11500 | 85311000 Social work with accommodation | Services | Light touch
Community equipment | CT-1045 | adult-social-care | Recommission | In procurement | -9 | -8 | Cabinet member | Head of adults' commissioning | AD05 | - | 4 | 48 | 4300 | 33196000 Medical aids | Goods | Framework
Independent fostering | CT-1051 | childrens-social-care | Vary | Proposed | 3 | - | Cabinet member | Head of children's commissioning | CH21,UC01 | - | 13 | 36 | 3600 | 85311000 Social work with accommodation | Services | Light touch
Homes for young people | CT-1052 | childrens-social-care | Recommission | Proposed | -4 | - | Cabinet | Head of children's commissioning | CH22,UC01 | - | 3 | 60 | 8000 | 85311000 Social work with accommodation | Services | Light touch
Parking enforcement | CT-1054 | highways | Insource | Proposed | 1 | - | Cabinet | Parking manager | - | - | 8 | 0 | - | 98351000 Car park services | Services | -
Highways term maintenance | CT-1006 | highways | Vary | Proposed | 9 | - | Cabinet | Highways maintenance manager | HW02,HW04,UC04 | - | 27 | 24 | 6900 | 45233000 Road construction works | Works | -
Extra care at Canalside: care provider | - | adult-social-care | Recommission | Proposed | 8 | - | Cabinet | Head of adults' commissioning | AD06,UC02 | R05 | 19 | 60 | 6400 | 85311000 Social work with accommodation | Services | Light touch
Reablement with the health service | - | adult-social-care | Recommission | Proposed | 4 | - | Health and wellbeing board | Reablement manager | AD08,AD09 | R06 | 14 | 36 | 4800 | 85310000 Social work services | Services | Light touch
"""  # noqa: E501


class Intention(NamedTuple):
    """One intention, as it was written down."""

    title: str
    contract: str | None
    service: str
    option: str
    status: str
    decision: int
    decided: int | None
    forum: str
    lead: str
    indicators: str | None
    risks: str | None
    start: int
    months: int
    value: int | None  # thousands of pounds over the whole term
    category_code: str
    category: str
    procedure: str | None


def _intention(row: str) -> Intention:
    part = [None if each.strip() == "-" else each.strip() for each in row.split("|")]
    text = [each or "" for each in part]
    return Intention(
        title=text[0],
        contract=part[1],
        service=text[2],
        option=text[3],
        status=text[4],
        decision=int(text[5]),
        decided=int(text[6]) if part[6] else None,
        forum=text[7],
        lead=text[8],
        indicators=part[9],
        risks=part[10],
        start=int(text[11]),
        months=int(text[12]),
        value=int(text[13]) if part[13] else None,
        category_code=text[14],
        category=text[15],
        procedure=part[16],
    )


INTENTIONS = tuple(map(_intention, _INTENTIONS.strip().splitlines()))


def _kpis(row: str) -> tuple[str, tuple[tuple[str, str], ...]]:
    reference, _, measured = row.partition(" | ")
    pairs = (each.split(" ", 1) for each in measured.split(", "))
    return reference, tuple((code, title) for code, title in pairs)


KPIS = dict(map(_kpis, _KPIS.strip().splitlines()))
