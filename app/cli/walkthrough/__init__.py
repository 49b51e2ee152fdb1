"""The walkthrough: a working day at the shop as a list of API calls, each with its expected answer.

The calls are made on a temporary shop. The calls and their answers become the examples in the OpenAPI
document and the Postman collection. The tests run the calls, too.
"""
