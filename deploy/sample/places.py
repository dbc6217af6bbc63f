"""The names that the sample council's records draw on. All of them are made up."""

WARDS = (
    ("Abbeygate", 14),
    ("Bridge End", 11),
    ("Canalside", 12),
    ("Eastfield", 9),
    ("Hillcrest", 6),
    ("Kingsmead", 10),
    ("Millbrook", 13),
    ("Northgate", 8),
    ("Old Town", 12),
    ("Westbury Down", 5),
)

# Each ward's locality, and its decile of deprivation (1 the most deprived), in the same order.
WARD_PLACES = (
    ("North", 3),
    ("South", 5),
    ("South", 6),
    ("East", 4),
    ("Rural west", 9),
    ("East", 7),
    ("North", 2),
    ("North", 6),
    ("South", 4),
    ("Rural west", 10),
)

# Kind of request, its share, its types, and how the months from January bend its number.
REQUEST_KINDS = (
    (
        "General Request",
        52,
        ("Accumulations of refuse", "Drainage complaint", "Odour", "Smoke and bonfires", "Dust"),
        (0.9, 0.9, 1.0, 1.0, 1.1, 1.1, 1.1, 1.1, 1.0, 1.0, 0.9, 0.9),
    ),
    (
        "Noise Request",
        33,
        ("Domestic noise", "Barking dogs", "Construction noise", "Licensed premises", "Alarms"),
        (0.6, 0.6, 0.8, 1.0, 1.3, 1.5, 1.7, 1.6, 1.1, 0.8, 0.6, 0.6),
    ),
    (
        "Pest Control Request",
        15,
        ("Rats", "Wasps", "Mice", "Bed bugs"),
        (0.7, 0.7, 0.8, 0.9, 1.0, 1.2, 1.5, 1.7, 1.3, 0.9, 0.8, 0.7),
    ),
)

CONTACT_ROUTES = (("Telephone", 46), ("Web form", 38), ("E-mail", 13), ("Officer", 3))

LOCALITIES = (("North", 30), ("South", 27), ("East", 24), ("Rural west", 19))
SUPPORT_REASONS = (
    ("Physical support", 48),
    ("Learning disability support", 20),
    ("Mental health support", 14),
    ("Support with memory and cognition", 13),
    ("Sensory support", 5),
)
REVIEW_OUTCOMES = (
    ("No change", 68),
    ("Package increased", 17),
    ("Package reduced", 9),
    ("Service ended", 6),
)

ROUNDS = (("North round", 1.1), ("South round", 1.0), ("East round", 0.9), ("Rural round", 0.7))

# Tonnes in an ordinary month on an ordinary round, and how the months from January bend them.
WASTE_STREAMS = (
    ("Residual", 690, (1.1, 0.95, 1.0, 1.0, 1.0, 1.0, 1.0, 0.95, 1.0, 1.0, 1.0, 1.05)),
    ("Dry recycling", 405, (1.2, 0.95, 1.0, 0.95, 1.0, 1.0, 1.0, 0.95, 1.0, 1.0, 1.0, 1.1)),
    ("Food", 150, (1.0, 0.95, 1.0, 1.0, 1.0, 1.0, 1.05, 1.0, 1.0, 1.0, 1.0, 1.1)),
    ("Garden", 260, (0.2, 0.3, 0.9, 1.3, 1.7, 1.6, 1.4, 1.3, 1.3, 1.1, 0.7, 0.2)),
    ("Reuse", 22, (1.0, 0.9, 1.0, 1.1, 1.1, 1.1, 1.1, 1.1, 1.0, 1.0, 0.9, 0.8)),
)

# Building, kWh in an ordinary month, and the most that its own panels make in a month.
BUILDINGS = (
    ("Council house", 98000, 6500),
    ("Central library", 41000, 5200),
    ("Riverside leisure centre", 165000, 14500),
    ("Market hall", 27000, 0),
    ("Highways depot", 33000, 9800),
    ("Record office", 18500, 1400),
)
HEATING = (1.6, 1.5, 1.25, 1.0, 0.8, 0.65, 0.6, 0.6, 0.7, 0.95, 1.25, 1.5)
SUNSHINE = (0.2, 0.35, 0.6, 0.8, 0.95, 1.0, 0.98, 0.85, 0.65, 0.4, 0.22, 0.15)

SPENDING_UNITS = (
    ("Adult Social Care Provider Services", 13),
    ("Children in Care", 15),
    ("Democratic Services", 4),
    ("Environmental Health", 5),
    ("Facilities Management", 12),
    ("Highways", 6),
    ("Housing Options", 11),
    ("Human Resources", 4),
    ("Libraries", 6),
    ("Parks & Open Spaces", 9),
    ("Public Protection", 4),
    ("Waste Services", 11),
)

# Category, what it buys, and the middle of its price in pounds.
PURCHASES = (
    ("Caterers", "Catering provisions", 38),
    ("Books and Periodicals", "Books", 24),
    ("Hardware", "Materials for repairs", 47),
    ("Hotels", "Temporary accommodation", 186),
    ("Office Supplies", "Stationery", 29),
    ("Rail Travel", "Travel to a meeting", 54),
    ("Clothing", "Protective clothing", 63),
    ("Electrical Goods", "Small appliances", 92),
    ("Training", "Course fees", 240),
)
TRADERS = ("Aldwick", "Barrow", "Carden", "Dunmore", "Elsworth", "Fenway", "Garrick", "Holme")
TRADES = ("Supplies Ltd", "Direct", "& Sons", "Wholesale", "Services Ltd", "Trading")

# The corporate priority that a service works for.
_OBJECTIVES = {
    "Climate and ecological emergency": ("waste-and-recycling", "parks-and-climate"),
    "Living well": (
        *("adult-social-care", "adult-safeguarding", "public-health", "environmental-health"),
        "highways",
    ),
    "Safe and strong families": (
        *("childrens-social-care", "early-help", "education-and-inclusion"),
    ),
    "Good homes": ("housing-options", "council-homes", "planning"),
    "A fair economy": ("economy-and-skills", "revenues-and-benefits"),
    "A council that listens": ("customer-services", "corporate", "property-and-procurement"),
}


def objective_of(service: str) -> str:
    """The corporate priority of a service, by its name."""
    return next(name for name, services in _OBJECTIVES.items() if service in services)
