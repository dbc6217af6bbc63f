"""Workbooks (XLSX and ODS): read by a process of its own that has limits, and made to be filled.

Rule: the bytes of a workbook are looked into by the child alone; what it gives is a CSV of one
sheet and a report, and from there a workbook is read as every file is.
"""
