"""The price of a repair order: pure, in whole cents, with every rounding on record.

A job's price is what the customer is asked about: its lines after their own discounts and those of the job,
with core charges, without tax. Jobs that are pending or authorized count; then come the discounts of the
ticket, shop supplies, and each tax once on its sum, because that is the sum that customers check. An
amount is distributed over lines by the rounded running sum, so that the shares always add up.
"""
