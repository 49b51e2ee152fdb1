"""The walkthrough: a working day at the shop as a list of API calls, each with its expected answer.

The API's document shows the bodies and answers of these calls as examples. The Postman collection has
the same calls, and the tests run them.
"""
