// What pages need beyond HTML: parts of pages by htmx, and a few manners of our own. Everything works without it.
import htmx from "htmx.org";

htmx.config.allowEval = false;
htmx.config.includeIndicatorStyles = false;
htmx.config.selfRequestsOnly = true;
htmx.config.allowScriptTags = false;
htmx.config.historyCacheSize = 0;
htmx.config.defaultSettleDelay = 0;
htmx.config.attributesToSettle = ["class", "width", "height"]; // a style attribute would be refused by the page's policy
htmx.config.responseHandling = [
  { code: "204", swap: false },
  { code: "[23]..", swap: true },
  { code: "422", swap: true },
  { code: "[45]..", swap: false, error: true },
];

type ResponseError = CustomEvent<{ xhr: XMLHttpRequest }>;
const KEPT = "What you typed is still here.";

document.addEventListener("htmx:responseError", (event) => {
  announce(failureMessage((event as ResponseError).detail.xhr.status));
});
document.addEventListener("htmx:sendError", () => announce(`The server cannot be reached. ${KEPT}`));

function failureMessage(status: number): string {
  if (status === 403) return `You don’t have permission, or you were signed out. ${KEPT}`;
  if (status === 429) return `Too many requests. Wait a moment. ${KEPT}`;
  return `Something went wrong on our side. ${KEPT}`;
}

// Screen readers hear it, and it is shown where the page has a place for it.
function announce(message: string): void {
  const region = document.getElementById("announcements");
  if (region) region.textContent = message;
}

const closest = (event: Event, selector: string): HTMLElement | null =>
  event.target instanceof Element ? event.target.closest<HTMLElement>(selector) : null;

// Menus close on Escape and on a click elsewhere; without scripts they are plain disclosures.
document.addEventListener("click", (event) => {
  for (const menu of document.querySelectorAll<HTMLDetailsElement>("details.menu[open]"))
    if (!menu.contains(event.target as Node)) menu.open = false;
});
document.addEventListener("keydown", (event) => {
  if (event.key !== "Escape") return;
  const menu = closest(event, "details.menu[open]");
  if (menu instanceof HTMLDetailsElement) {
    menu.open = false;
    menu.querySelector("summary")?.focus();
  }
});

// Links are copied by a button where the browser allows it.
document.addEventListener("click", async (event) => {
  const button = closest(event, "[data-copies]");
  const field = document.getElementById(button?.dataset.copies ?? "");
  if (!button || !(field instanceof HTMLInputElement || field instanceof HTMLTextAreaElement)) return;
  field.select();
  await navigator.clipboard?.writeText(field.value);
  button.textContent = "Copied";
});

// A choice that is a form by itself is sent when it is made.
document.addEventListener("change", (event) => {
  const input = closest(event, "[data-sends]");
  if (input instanceof HTMLInputElement || input instanceof HTMLSelectElement) input.form?.requestSubmit();
});

// Search and actions from anywhere: Ctrl or Command with K. Without scripts its link leads to a page of its own.
const palette = document.getElementById("palette") as HTMLDialogElement | null;
const paletteText = document.getElementById("palette-text") as HTMLInputElement | null;

function openPalette(): void {
  if (!palette || !paletteText || palette.open) return;
  palette.showModal();
  paletteText.select();
  htmx.trigger(paletteText, "palette-opened", {});
}

document.addEventListener("keydown", (event) => {
  if (event.key.toLowerCase() !== "k" || !(event.ctrlKey || event.metaKey) || !palette) return;
  event.preventDefault();
  openPalette();
});
document.addEventListener("click", (event) => {
  if (!palette || !closest(event, "[data-opens-palette]")) return;
  event.preventDefault();
  openPalette();
});
palette?.addEventListener("click", (event) => {
  if (event.target === palette) palette.close();
});

// Arrows walk the hits; Enter in the field opens the first.
palette?.addEventListener("keydown", (event) => {
  const hits = [...palette.querySelectorAll<HTMLAnchorElement>(".hits a")];
  const now = hits.indexOf(document.activeElement as HTMLAnchorElement);
  if (event.key === "Enter" && now < 0 && hits[0]) {
    event.preventDefault();
    hits[0].click();
  }
  if (event.key !== "ArrowDown" && event.key !== "ArrowUp") return;
  event.preventDefault();
  const next = now + (event.key === "ArrowDown" ? 1 : -1);
  (next < 0 ? paletteText : (hits[Math.min(next, hits.length - 1)] ?? paletteText))?.focus();
});

// A time in another zone than the reader's is shown in theirs as well.
function showOwnTimes(within: ParentNode): void {
  const own = Intl.DateTimeFormat().resolvedOptions().timeZone;
  for (const time of within.querySelectorAll<HTMLTimeElement>("time[data-zone]")) {
    if (time.dataset.zone === own || time.nextElementSibling?.matches(".own-time")) continue;
    const words = document.createElement("span");
    words.className = "own-time soft";
    const at = new Date(time.dateTime);
    words.textContent = ` (${at.toLocaleString("en-GB", { weekday: "long", hour: "2-digit", minute: "2-digit" })} your time)`;
    time.after(words);
  }
}
showOwnTimes(document);
