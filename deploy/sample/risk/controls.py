"""What holds the sample council's risks in check, and what reviewers write."""

CONTROLS = {
    "strategy": (
        "The plan is reviewed by Cabinet twice a year",
        "A board of partners follows the milestones",
        "Scenarios are worked out with the medium-term plan",
        "Figures of the theme are on the strategic report",
    ),
    "governance": (
        "Rules of procedure say who may decide what",
        "Spending is checked against receipts each month",
        "Audit and governance committee receives a yearly statement",
        "Training is a condition of access",
    ),
    "operations": (
        "Cases are supervised by a manager each month",
        "A rota covers nights and weekends",
        "Work is sampled and scored each quarter",
        "A plan for emergencies is rehearsed every year",
    ),
    "legal": (
        "Deadlines are tracked in the case system",
        "Lawyers read each new scheme before it is decided",
        "A panel looks at every case that is out of time",
        "Counsel has advised",
    ),
    "property": (
        "Conditions are surveyed every five years",
        "Inspections are booked and followed in the asset system",
        "A reserve is held for urgent works",
        "An independent engineer checks the most exposed buildings",
    ),
    "financial": (
        "Budget managers forecast every quarter",
        "A panel agrees each new placement or grant",
        "Contingency is held in the budget",
        "Savings are followed by a board every month",
    ),
    "commercial": (
        "The supplier's accounts are read every quarter",
        "The contract lets the council step in",
        "A second supplier is kept on a framework",
        "Key indicators of the contract are reviewed monthly",
    ),
    "people": (
        "A market supplement is paid for the hardest posts",
        "Apprentices and graduates are taken on each year",
        "Caseloads are capped and watched",
        "Leavers are asked why",
    ),
    "technology": (
        "Systems are patched every month",
        "Support is bought until the system is replaced",
        "Copies are restored as a test twice a year",
        "Changes pass a board before they go live",
    ),
    "information": (
        "Staff are trained every year",
        "Large extracts need a second approval",
        "Breaches are looked into within three days",
        "Records are classified and kept no longer than needed",
    ),
    "security": (
        "All accounts need a second factor",
        "A partner watches the network day and night",
        "Copies are kept where an attacker cannot reach them",
        "Attacks are simulated every year",
    ),
    "programme": (
        "A board meets monthly and holds the contingency",
        "Each stage has a gate before money is released",
        "An independent review is made at half time",
        "Dependencies are kept in one plan",
    ),
    "reputation": (
        "A plan of improvement is followed by Cabinet",
        "Peers from another council visit every other year",
        "Customers' letters are read by the management team",
        "Press and social media are watched",
    ),
}
LINES = ("1st line", "1st line", "2nd line", "3rd line")
EFFECTIVENESS = (
    ("Effective", 46),
    ("Partly effective", 36),
    ("Ineffective", 6),
    ("Not assessed", 12),
)

PROXIMITY = {5: "Now", 4: "Within 3 months", 3: "Within a year", 2: "1 to 3 years"}
LATER = "Beyond 3 years"
VELOCITY = {
    "security": "Hours",
    "operations": "Days",
    "property": "Days",
    "technology": "Days",
    "information": "Days",
    "commercial": "Weeks",
    "legal": "Weeks",
    "reputation": "Weeks",
}
SLOW = "Months"

WORSE = (
    "What was expected has begun to show",
    "A control did not hold when it was tested",
    "Two neighbouring councils have been hit by the same",
    "It would cost more than was thought",
    "Demand is up on the same time last year",
    "A key post is vacant again",
    "The other party has asked for better terms",
)
BETTER = (
    "The controls that were added are working",
    "An audit found the controls effective",
    "A decision of Cabinet takes away part of the cause",
    "What it could cost is limited by the new contract",
    "The plan is funded, and on time",
    "Posts are filled",
)
SAME = (
    "No change: the controls hold",
    "Nothing new since the last review",
    "Actions are under way and not yet felt",
    "Looked at beside the quarter's figures: no change",
    "Discussed by the management team: the score stands",
)
RAISED = (
    "It needs more than the budgets of this tier can give",
    "It touches other services too",
    "The score has reached what this tier may hold",
)
LOWERED = (
    "It is held by controls that are run here",
    "The decision that it waited for has been taken",
)
FORUMS = {
    "corporate": "Corporate leadership team",
    "directorate": "Directorate management team",
    "service": "Directorate management team",
}
