// A scorecard that could not be kept is tried again until it is; leaving before that asks first. Without scripts the
// button “Save draft” does the same.
const RETRY_MS = 4_000;
const form = document.querySelector<HTMLFormElement>("form[data-autosave]");
let isUnsaved = false;
let isHandingIn = false;
let retry: ReturnType<typeof setTimeout> | undefined;

function tell(words: string): void {
  const state = document.getElementById("draft-state");
  if (state) state.textContent = words;
}

function tryAgainLater(): void {
  tell("Not saved yet: the server cannot be reached. Keep this page open; it is tried again.");
  clearTimeout(retry);
  retry = setTimeout(() => form?.dispatchEvent(new Event("save-now")), RETRY_MS);
}

if (form) {
  form.querySelector("[data-noscript]")?.remove();
  form.addEventListener("input", () => {
    isUnsaved = true;
  });
  form.addEventListener("htmx:beforeRequest", () => clearTimeout(retry));
  form.addEventListener("htmx:afterRequest", (event) => {
    const { successful } = (event as CustomEvent<{ successful: boolean }>).detail;
    if (successful) isUnsaved = false;
    else tryAgainLater();
  });
  form.addEventListener("submit", () => {
    isHandingIn = true;
  });
  window.addEventListener("beforeunload", (event) => {
    if (isUnsaved && !isHandingIn) event.preventDefault();
  });
}
