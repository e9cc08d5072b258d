// A scorecard that could not be kept is tried again until it is, and is held by this browser meanwhile: a page that is closed
// without a connection has what was typed when it is opened again. Without scripts the button “Save draft” does the same.
const RETRY_MS = 4_000;
const form = document.querySelector<HTMLFormElement>("form[data-autosave]");
const key = `tenfold:scorecard:${location.pathname}`;
interface Kept {
  over?: string;
  typed: [string, string][];
}
let isUnsaved = false;
let isHandingIn = false;
let edits = 0;
let sent = 0; // edits that the last request held: what is typed while it is on its way is not saved by it
let retry: ReturnType<typeof setTimeout> | undefined;

function tell(words: string): void {
  const state = document.getElementById("draft-state");
  if (state) state.textContent = words;
}

function saveNow(): void {
  form?.dispatchEvent(new Event("save-now"));
}

function tryAgainLater(): void {
  tell("Not saved yet: the server cannot be reached. This browser keeps what you typed; it is tried again.");
  clearTimeout(retry);
  retry = setTimeout(saveNow, RETRY_MS);
}

// What is typed, without what only the page itself needs.
function typed(of: HTMLFormElement): [string, string][] {
  return [...new FormData(of)].filter(
    (one): one is [string, string] => typeof one[1] === "string" && /^(rating|evidence|link):/.test(one[0]),
  );
}

// A browser that keeps nothing still has the page.
function inBrowser<Found>(ask: (held: Storage) => Found): Found | null {
  try {
    return ask(localStorage);
  } catch {
    return null;
  }
}

function hold(of: HTMLFormElement): void {
  inBrowser((held) => held.setItem(key, JSON.stringify({ over: overOf(of)?.value, typed: typed(of) })));
}

function forget(): void {
  inBrowser((held) => held.removeItem(key));
}

function overOf(of: HTMLFormElement): HTMLInputElement | null {
  return of.querySelector<HTMLInputElement>("#draft-over");
}

// What an earlier page could not save: it goes on from the draft that it began with, so a newer one is not overwritten.
function bringBack(into: HTMLFormElement): void {
  const kept = inBrowser((held) => JSON.parse(held.getItem(key) ?? "null")) as Kept | null;
  if (!kept) return;
  const { over, typed: values } = kept;
  if (JSON.stringify(values) === JSON.stringify(typed(into))) {
    forget(); // it reached the server after all
    return;
  }
  for (const [name, value] of values) {
    const fields = into.querySelectorAll<HTMLInputElement | HTMLTextAreaElement>(`[name="${CSS.escape(name)}"]`);
    for (const field of fields) {
      if (field instanceof HTMLInputElement && field.type === "radio") field.checked = field.value === value;
      else field.value = value;
    }
  }
  const number = overOf(into);
  if (number && over !== undefined) number.value = over;
  isUnsaved = true;
  tell("What you typed without a connection is here again.");
  saveNow();
}

function isSaved(): boolean {
  return document.getElementById("draft-state")?.dataset.saved === "yes";
}

if (form) {
  form.querySelector("[data-noscript]")?.remove();
  form.addEventListener("input", () => {
    isUnsaved = true;
    edits += 1;
    hold(form);
  });
  form.addEventListener("htmx:beforeRequest", () => {
    clearTimeout(retry);
    sent = edits;
  });
  form.addEventListener("htmx:afterRequest", (event) => {
    const { successful } = (event as CustomEvent<{ successful: boolean }>).detail;
    if (!successful) tryAgainLater();
  });
  form.addEventListener("htmx:afterSettle", () => {
    if (!isSaved() || sent !== edits) return;
    isUnsaved = false;
    forget();
  });
  form.addEventListener("submit", () => {
    isHandingIn = true; // what this browser keeps stays until a page of the server shows that it has arrived
  });
  window.addEventListener("beforeunload", (event) => {
    if (isUnsaved && !isHandingIn) event.preventDefault();
  });
  window.addEventListener("load", () => bringBack(form));
} else forget();
