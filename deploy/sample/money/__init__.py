"""The sample council's money: what its ledgers, registers and plans hold. All of it is made up.

Rule: what belongs together agrees. Postings follow the budgets, virements included; forecasts know
what the postings will come to; control totals are those of the postings that were made; contracts
are paid from the cost centres that use them. The areas only put it in order.
"""
