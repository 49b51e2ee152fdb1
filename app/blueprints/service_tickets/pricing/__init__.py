"""The price of a repair order: pure functions, whole cents, and a record of every rounding.

The price of a job is the amount that the customer is asked to authorize: the sum of its lines after
their own discounts and the discounts of the job, with core charges, without tax.

The total of a ticket begins with the sum of its jobs that are pending or authorized. The discounts of
the ticket are taken off, and then shop supplies and taxes are added. Each tax is computed once for each
of its rates, on the sum of all charges with that rate, because customers check that sum.

Discounts and taxes are divided among lines. The share of a line is the rounded amount for all lines up
to this one, minus the rounded amount for the lines before. So the shares always add up.
"""
