"""The form by which a posting comes in."""

from __future__ import annotations

from typing import Any

from django import forms

from tenfold.apps.postings.forms.incoming import FILES, IncomingPosting, from_address, from_paste, from_upload
from tenfold.audit.intake import MAX_BYTES

MAX_PASTED_WITHOUT_SIGN_IN = 60_000


class PostingSource(forms.Form):
    """A posting or plan: pasted, as a file, or by the address of its page. `pick`: which of a board's postings."""

    text = forms.CharField(
        required=False,
        max_length=MAX_BYTES,
        strip=False,
        label="Job posting, or a plan as YAML",
        widget=forms.Textarea({"rows": 14, "spellcheck": "false"}),
    )
    url = forms.CharField(
        required=False,
        max_length=2_000,
        label="Or its address",
        widget=forms.URLInput({"placeholder": "https://", "autocomplete": "off", "spellcheck": "false"}),
    )
    file = forms.FileField(
        required=False,
        max_length=200,
        label="Or a file",
        allow_empty_file=True,
        widget=forms.ClearableFileInput({"accept": ",".join(FILES)}),
    )
    pick = forms.CharField(required=False, max_length=200, widget=forms.HiddenInput)

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        if not given.get("url") and _is_address(pasted := (given.get("text") or "").strip()):
            given |= {"url": pasted, "text": ""}
        if not self.errors and not given.get("file") and not given.get("url") and not (given.get("text") or "").strip():
            self.add_error("text", "Paste a posting, give its address, or choose a file.")
        return given

    @property
    def given_by(self) -> str:
        """The field that it came by; what is wrong with it is told there."""
        return "file" if self.cleaned_data.get("file") else "url" if self.cleaned_data.get("url") else "text"

    def given(self) -> IncomingPosting:
        """What came in.

        Raises:
            UserError: a file that is not taken, or an address that cannot be fetched.
        """
        if file := self.cleaned_data.get("file"):
            return from_upload(str(file.name), file.read(MAX_BYTES + 1))
        if url := self.cleaned_data.get("url"):
            return from_address(url)
        return from_paste(self.cleaned_data["text"])


def _is_address(text: str) -> bool:
    return text.startswith(("https://", "http://")) and len(text.split()) == 1


class PostingToRead(PostingSource):
    """A posting to read, which is not kept."""

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]  # whatever a form takes
        self.fields["text"].label = "Job posting"


class PastedPosting(PostingToRead):
    """A posting that somebody pastes who is not signed in: text of ordinary length, no address and no file."""

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        for name in ("url", "file", "pick"):
            del self.fields[name]
        self.fields["text"] = forms.CharField(
            max_length=MAX_PASTED_WITHOUT_SIGN_IN,
            strip=False,
            label="Job posting",
            error_messages={"required": "Paste the posting’s text."},
            widget=forms.Textarea({"rows": 14, "spellcheck": "false"}),
        )

    def clean(self) -> dict[str, Any]:
        given = forms.Form.clean(self) or {}
        if _is_address((given.get("text") or "").strip()):
            self.add_error("text", "Sign in to check a posting by its address, or paste its text here.")
        return given | {"pick": ""}
