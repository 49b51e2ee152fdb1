"""Reading PDFs in tests: their texts by pypdf, and their pages as PDFium draws them."""

import contextlib
import io

import pypdf
import pypdfium2

from tests.pdf.amounts import amounts_in


def pages_of(pdf):
    return [page.extract_text() for page in pypdf.PdfReader(io.BytesIO(pdf)).pages]


@contextlib.contextmanager
def drawn(pdf):
    """Open a PDF with PDFium, which draws it as a browser does."""
    document = pypdfium2.PdfDocument(pdf)
    yield document
    document.close()


def images_of(pdf, scale=1):
    with drawn(pdf) as pages:
        return [page.render(scale=scale).to_pil().convert("L") for page in pages]


def amounts_read_in(pdf):
    """Return the amounts that one of two readers finds.

    Beside right-to-left text each of them has its own guess which words and signs belong together.
    """
    with drawn(pdf) as pages:
        text = "\n".join(page.get_textpage().get_text_range() for page in pages)
    return amounts_in("\n".join(pages_of(pdf))) | amounts_in(text)
