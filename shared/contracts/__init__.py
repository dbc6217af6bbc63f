"""The published language: topics, the event envelope and the state that each topic carries.

Rule: types here only ever grow. Downstream systems read them.
"""
