"""Documents for customers as PDF: pure functions from the JSON of a document to bytes.

`estimate.estimate(document)` renders an estimate. The modules below it are shared by all documents:

- `formats` writes money, quantities and times as text,
- `texts` cleans a text and breaks it into lines,
- `pen` measures and draws text with the fonts in `fonts/`,
- `blocks` is what stands on a page, and `flow` puts blocks onto pages,
- `sheet` has a document's letterhead, boxes, paragraphs, totals and foot,
- `table`, `lines`, `jobs` and `consent` have its tables: jobs with their lines, and authorizations.

All lengths are in points (1/72 inch), and y grows downwards. A document gives the same bytes each time:
no module here asks for the time, a locale, a setting or the database.
"""
