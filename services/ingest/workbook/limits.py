"""How large a workbook may be, and what the process that reads one may use.

Rule: every limit is far above what people keep in a spreadsheet and far below what harms a machine.
"""

MIB = 1 << 20

# A workbook of a hundred sheets has fewer parts; archives made to exhaust a reader have thousands.
MOST_ENTRIES = 200
# A central directory of that many entries, with the longest names that Office writes.
MOST_DIRECTORY_BYTES = MOST_ENTRIES * 1024
MOST_UNPACKED_BYTES = 200 * MIB
# Sheets of real data shrink to a tenth, the dullest to a fiftieth. Small parts are let be: a part
# of blanks that is a few kilobytes long harms nobody.
MOST_RATIO = 100
RATIO_COUNTS_FROM = MIB

MOST_ROWS = 1_048_576
MOST_COLUMNS = 1_000
# Between the first and the last cell: all are held in memory, 32 bytes each and their text.
MOST_CELLS = 12_000_000
# One row's markup: of a thousand columns, with texts of some kilobytes.
LONGEST_ROW_MARKUP = 8 * MIB

# Memory: the worst that the limits above let through (180 MB of text in one part) takes 711 MiB;
# 400,000 rows of five columns take 200.
MEMORY_BYTES = 1_024 * MIB
# Processor time: five microseconds a cell, so about 30 seconds for the largest sheet.
CPU_SECONDS = 60
# Time on the clock: several of these on a busy machine.
WALL_SECONDS = 120
# What the child may write: longer than any sheet that it may read.
CSV_BYTES = 512 * MIB
# Children at once in one process: beyond this, files wait their turn.
AT_ONCE = 2
