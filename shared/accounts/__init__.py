"""The arithmetic of the accounts that more than one service needs: periods, figures, money.

Rule: pure functions over whole pence; nothing here reads a store or a clock.
"""
