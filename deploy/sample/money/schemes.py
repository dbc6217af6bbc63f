"""The capital schemes of the sample council, and how each is paid for.

Rule: a scheme's money runs over the years that its plan names; what was not spent in a finished
year was moved to the next, and says so. Its funding comes to its budget, year by year.
"""

from typing import NamedTuple

_SCHEMES = """
Expansion of Northgate special school | education-and-inclusion | Head of school buildings | 900 3400 4800 2100 - | Grant 100 | On site | 94
Classrooms at Millbrook primary | education-and-inclusion | Head of school buildings | 350 1900 600 - - | Grant 70, Section 106 30 | On site | 101
Schools' condition programme | education-and-inclusion | Head of school buildings | 2100 2200 2300 2300 2300 | Grant 100 | On site | 97
Children's home in Hillcrest | childrens-social-care | Head of children's commissioning | - 300 1450 400 - | Borrowing 60, Grant 40 | Design | 55
Extra care housing at Canalside | adult-social-care | Head of adults' commissioning | - 600 3900 5200 1900 | Grant 45, Borrowing 55 | Design | 62
Disabled facilities grants | housing-options | Housing options manager | 1900 1950 2050 2100 2100 | Grant 100 | On site | 99
Temporary accommodation bought | housing-options | Housing options manager | 1200 2400 2600 1000 - | Borrowing 80, Receipts 20 | On site | 106
New council homes at Eastfield | council-homes | Head of housing | 2200 5600 7400 4300 900 | Borrowing 60, Receipts 30, Grant 10 | On site | 91
Council homes: kitchens, bathrooms and roofs | council-homes | Head of housing | 5200 5400 5600 5700 5800 | Revenue 100 | On site | 98
Council homes: fire safety | council-homes | Head of housing | 1100 1500 1300 700 - | Revenue 70, Borrowing 30 | On site | 104
Highways resurfacing programme | highways | Highways maintenance manager | 5200 5600 6100 6200 6200 | Grant 85, Borrowing 15 | On site | 100
Bridge strengthening at Bridge End | highways | Highways structures manager | 200 900 2700 600 - | Grant 75, CIL 25 | On site | 118
Town centre bus corridor | highways | Transport projects manager | 250 1200 3300 4100 800 | Grant 90, CIL 10 | Design | 58
Walking and cycling routes | highways | Transport projects manager | 600 1100 1500 1200 - | Grant 80, Section 106 20 | On site | 83
Street lights made efficient | highways | Street lighting manager | 1500 1800 900 - - | Borrowing 100 | On site | 103
Electric vehicle charging | highways | Transport projects manager | - 350 700 500 - | Grant 85, Borrowing 15 | Procurement | 71
Food waste vehicles and depot | waste-and-recycling | Waste contracts manager | - 400 3100 1200 - | Grant 40, Borrowing 60 | Procurement | 76
Recycling centre at Westbury Down | waste-and-recycling | Waste contracts manager | 300 700 1900 1300 - | Borrowing 70, CIL 30 | Design | 47
Parks and play areas renewed | parks-and-climate | Parks manager | 300 350 420 300 300 | Section 106 65, CIL 35 | On site | 96
Heat pumps in public buildings | parks-and-climate | Climate manager | 450 1300 1800 600 - | Grant 70, Borrowing 30 | On site | 88
Market hall restored | economy-and-skills | Head of economy | 150 800 2200 900 - | Grant 60, Receipts 40 | On site | 113
Workspace at the old record office | economy-and-skills | Head of economy | - 250 1300 1100 - | Grant 50, Borrowing 50 | Approved | 34
Council house and offices brought together | property-and-procurement | Head of property | 400 1600 1700 500 - | Receipts 60, Borrowing 40 | On site | 102
Systems and devices | property-and-procurement | Head of IT | 1100 1200 1300 1200 1200 | Borrowing 70, Revenue 30 | On site | 95
"""  # noqa: E501

STAGES = ("Outline case approved", "Contract let", "Start on site", "Completion")


class Scheme(NamedTuple):
    """One scheme; `thousands` are its budgets from the year before last on."""

    code: str
    title: str
    service: str
    manager: str
    thousands: tuple[int, ...]
    funding: tuple[tuple[str, int], ...]
    status: str
    pace: int  # what this year comes to, as a percentage of its budget


def _scheme(number: int, row: str) -> Scheme:
    title, service, manager, thousands, funding, status, pace = (
        part.strip() for part in row.split("|")
    )
    years = tuple(0 if each == "-" else int(each) for each in thousands.split())
    sources = tuple(
        (" ".join(words[:-1]), int(words[-1]))
        for words in (part.split() for part in funding.split(", "))
    )
    return Scheme(f"CP{100 + number}", title, service, manager, years, sources, status, int(pace))


SCHEMES = tuple(_scheme(number, row) for number, row in enumerate(_SCHEMES.strip().splitlines(), 1))
