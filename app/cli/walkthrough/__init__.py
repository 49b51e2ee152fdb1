"""A working day at the shop, call by call.

The document shows its bodies and answers, the Postman collection sends it, and the tests play it.
"""
