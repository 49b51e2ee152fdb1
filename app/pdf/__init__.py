"""Documents for customers as PDF: pure functions from the JSON of a document to bytes.

`estimate.estimate(document)` renders an estimate. All documents share the other modules:

- `formats` writes money, quantities and times as text,
- `texts` cleans a text and breaks it into lines,
- `pen` measures and draws text with the fonts in `fonts/`,
- `blocks` has the pieces of a page, and `flow` puts them onto pages,
- `sheet` has a document's letterhead, boxes, paragraphs, totals and page foot,
- `table`, `lines`, `jobs` and `consent` make its tables: jobs with their lines, and authorizations.

All lengths are in points (1/72 inch), and y grows downwards. A document gives the same bytes each time,
because no module here reads the clock, a locale, a setting or the database.
"""
