"""What people do by forms: each act judges a form by what is kept, and makes its record.

Rule: acts are judged inside the transaction that lets them in, by the same rules by which the risk
service counts them, so two who act at once are judged one after the other.
"""
