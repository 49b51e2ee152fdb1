"""Invoices and credit notes as they were issued: the bytes of their documents, and of some PDFs."""

import hashlib
import json
from collections.abc import Callable


class Papers:
    """What was handed over; `see` is a function that returns the answer to a GET.

    The PDF of one in `one_pdf_in` is kept, because to draw one takes as long as ten acts.
    """

    def __init__(self, see: Callable, one_pdf_in: int):
        self.see, self.one_pdf_in = see, one_pdf_in
        self.documents: dict[str, bytes] = {}
        self.pdfs: dict[str, bytes] = {}
        self.unread: list[str] = []  # the paths of PDFs whose text nobody has compared yet

    def __str__(self):
        return f"{len(self.documents)} documents, {len(self.pdfs)} PDFs"

    def keep(self, path: str, shown: dict) -> None:
        """Keep the document of a new invoice or credit note, which is shown with its hash."""
        document = self.see(f"{path}/document").data
        assert hashlib.sha256(document).hexdigest() == shown["document_sha256"], path
        assert path not in self.documents, f"{path} was issued twice"
        self.documents[path] = document
        if (len(self.documents) - 1) % self.one_pdf_in == 0:
            self.pdfs[path] = self.see(f"{path}/pdf").data
            self.unread.append(path)

    def of(self, kind: str) -> dict[int, dict]:
        """Return the documents of `invoices` or `credit-notes` by their ids, as they were issued."""
        return {
            int(path.split("/")[2]): json.loads(document)
            for path, document in self.documents.items()
            if path.startswith(f"/{kind}/")
        }

    def must_be_as_issued(self) -> None:
        """Fail if a document has other bytes now, or a PDF that was kept."""
        for path, document in self.documents.items():
            answer = self.see(f"{path}/document")
            assert answer.data == document, f"{path} has changed"
            assert answer.headers["ETag"] == f'"{hashlib.sha256(document).hexdigest()}"', path
        for path, pdf in self.pdfs.items():
            assert self.see(f"{path}/pdf").data == pdf, f"The PDF of {path} has changed"
