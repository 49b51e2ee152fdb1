"""The walkthrough: a working day at the shop as a list of API calls, each with its expected answer.

The API's document shows its bodies and answers as examples, the Postman collection has the same
calls, and the tests run them.
"""
