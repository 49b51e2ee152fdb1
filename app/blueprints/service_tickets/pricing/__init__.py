"""The price of a repair order: pure functions, whole cents, and a record of every rounding.

The price of a job is the amount that the customer is asked to authorize: its lines after their own
discounts and those of the job, with core charges, without tax. Jobs that are pending or authorized
count. From their sum the discounts of the ticket are taken off, and then shop supplies and taxes are
added. A tax is computed once for each of its rates, on the sum of all charges with that rate, because
customers check that sum. An amount is distributed over lines by the rounded running sum, so that the
shares always add up.
"""
