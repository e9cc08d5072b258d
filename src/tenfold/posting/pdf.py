"""PDF postings: the text that is in them. A scan holds none, and is said so."""

from __future__ import annotations

import io
import logging
import re
from typing import TYPE_CHECKING

from tenfold.kit.bounded import Bounds, read_bounded
from tenfold.kit.errors import UserError
from tenfold.posting.markdown import from_markdown
from tenfold.posting.model import SourceText

if TYPE_CHECKING:
    from pypdf import PdfReader

BOUNDS = Bounds(seconds=15, memory_mb=800)
MOST_PAGES = 30
"""A posting is a page or two; a document longer than this is something else."""
FEWEST_CHARACTERS = 40
_HYPHENATED = re.compile(r"(?<=[a-z])-\n(?=[a-z])")
_ODD = (RecursionError, AssertionError, NotImplementedError)
"""What broken PDFs have been seen to raise inside the library, besides its own errors."""
_REMEDY = "Save the posting as text, Markdown or HTML instead."


def from_pdf(document: bytes) -> SourceText:
    """The text of a PDF, line by line; read apart from us, since a small PDF can ask for hours.

    Raises:
        UserError: broken, encrypted with a password, too long, without text, or too much to read.
    """
    return from_markdown(read_bounded("tenfold.posting.pdf:pdf_text", document, bounds=BOUNDS, what="This PDF"))


def pdf_text(document: bytes) -> str:
    """The text, with words joined that were parted at the end of a line; raises UserError as `from_pdf` does."""
    from pypdf import PdfReader  # noqa: PLC0415 - slow to import and rarely needed
    from pypdf.errors import PyPdfError  # noqa: PLC0415

    logging.getLogger("pypdf").setLevel(logging.ERROR)
    try:
        text = _text_of(PdfReader(io.BytesIO(document)))
    except UserError:
        raise
    except (PyPdfError, ArithmeticError, AttributeError, LookupError, OSError, TypeError, ValueError, *_ODD) as error:
        raise UserError(f"This PDF cannot be read: {type(error).__name__}.", remedy=_REMEDY) from error
    if len(text.strip()) < FEWEST_CHARACTERS:
        raise UserError("This PDF holds no text; it is probably a scan.", remedy="Run text recognition on it first.")
    return _HYPHENATED.sub("", text)


def _text_of(reader: PdfReader) -> str:
    if reader.is_encrypted and not reader.decrypt(""):
        raise UserError("This PDF is locked with a password.", remedy=_REMEDY)
    if len(reader.pages) > MOST_PAGES:
        raise UserError(f"This PDF has more than {MOST_PAGES} pages.", remedy="Give the posting's own pages.")
    return "\n".join(page.extract_text() or "" for page in reader.pages)
