"""The catalogue: definitions as data, and the small language that they are written in.

A definition (`model`) is read from YAML (`yaml_files`) or JSON, checked whole (`check`), and put
to work: `periods` is the calendar, `contributions` says what a record adds to a measure,
`formulas` how indicators hang together, `rag` how a value is judged.

The language's card (`expressions`)
-----------------------------------

=================  ==============================================================================
filters            kind == "Noise" and closed >= received
                   and, or, not; == != < <= > >=; `in ("a", "b")`, `not in ("a", "b")`; true, false
amounts, formulas  + - * /; whole numbers and decimals, always exact
names              fields in a measure; in a formula the codes of measures and indicators with `-`
                   written `_` (and one more `_` before a code that starts with a digit)
dates              days(from, to)           calendar days between the two dates
                   working_days(from, to)   Mondays to Fridays after the first up to and including
                                            the second, bank holidays and closure days left out
                   hours(from, to)          hours that really passed, by the clocks of London
                   months(from, to), age(born, on)  whole months completed, whole years reached
                   add_days, add_working_days, add_months (date, number)  another date
                   period_end(text)         the last day of 2013/14, 2024/25 Q3 or Apr-13
                   month_of(period)         the first day of an accounting period's month
                   month, year, weekday, financial_year, academic_year (date), hour(moment)  numbers
                   dates are quoted as "2025-09-30"; beside a date, a date with time counts as a day
numbers            abs(x), round(x, places) halves away from zero, percent(part, whole),
                   rate(part, whole, per)
any values         min(a, b, ...), max(a, b, ...), when(condition, this, otherwise),
                   this if condition else otherwise, coalesce(a, b, ...) the first that is there,
                   blank(x)
texts              contains(text, part), starts_with(text, part), capitals count; lower(text),
                   band(number, 18, 65) the band that a number lies in
lookups            lookup("dataset", key, ..., "field") a field of a reference dataset's record; in
                   filters, amounts and derived fields
=================  ==============================================================================

Blanks: arithmetic and functions of a blank give a blank, a comparison with a blank is false (so
is `!=`, and `not in`). A division by zero gives no number: "not calculable".

Bounds: 500 characters, 200 parts, 30 levels; numbers of 18 digits with 9 after the point; results
below 10 to the power 18. Nothing else is part of the language: no attributes, indexes, powers,
loops, functions of one's own, or characters beyond plain ones. What is refused is refused with
its place and, where there is one, the right way to write it.
"""
