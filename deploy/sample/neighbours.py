"""The areas that the sample council is compared with.

They are real, so that codes and names read as they would. Their values are made up.
"""

AREAS = (
    ("E06000007", "Warrington"),
    ("E06000011", "East Riding of Yorkshire"),
    ("E06000014", "York"),
    ("E06000022", "Bath and North East Somerset"),
    ("E06000024", "North Somerset"),
    ("E06000025", "South Gloucestershire"),
    ("E06000030", "Swindon"),
    ("E06000036", "Bracknell Forest"),
    ("E06000037", "West Berkshire"),
    ("E06000042", "Milton Keynes"),
    ("E06000049", "Cheshire East"),
    ("E06000050", "Cheshire West and Chester"),
    ("E06000054", "Wiltshire"),
    ("E06000055", "Bedford"),
    ("E06000056", "Central Bedfordshire"),
    ("E92000001", "England"),
)
