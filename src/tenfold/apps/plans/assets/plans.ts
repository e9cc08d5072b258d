// The plan's editor: from a finding to its field, rows that are added and removed, a warning before unsaved edits are lost.

import "./plans/places";

type Field = HTMLInputElement | HTMLSelectElement | HTMLTextAreaElement;
const FIELDS = "input, select, textarea";

const closest = (event: Event, selector: string): HTMLElement | null =>
  event.target instanceof Element ? event.target.closest<HTMLElement>(selector) : null;
const firstField = (place: Element): Field | null =>
  place.querySelector<Field>('input:not([type="hidden"]), select, textarea');
// A list without rows offers its “Add” before its “There is none”.
const firstStep = (place: Element): HTMLElement | null =>
  place.querySelector(".row-list .row") || !place.querySelector("[data-adds-row]")
    ? firstField(place)
    : place.querySelector<HTMLElement>("[data-adds-row]");
const prefersReducedMotion = () => matchMedia("(prefers-reduced-motion: reduce)").matches;

// One click from a finding to the field that fixes it: opens what hides it, scrolls to it, focuses it.
function goTo(id: string): boolean {
  const target = document.getElementById(id);
  if (!target) return false;
  for (let above = target.closest("details"); above; above = above.parentElement?.closest("details") ?? null)
    above.open = true;
  const field = target.matches(FIELDS) ? target : firstStep(target);
  const place = target.closest(".field") ?? target;
  place.scrollIntoView({ block: "center", behavior: prefersReducedMotion() ? "auto" : "smooth" });
  (field ?? target).focus({ preventScroll: true });
  place.classList.remove("found");
  requestAnimationFrame(() => place.classList.add("found"));
  return true;
}

document.addEventListener("click", (event) => {
  const id = closest(event, "a[data-goes-to]")?.dataset.goesTo;
  if (id && goTo(id)) event.preventDefault();
});
addEventListener("load", () => {
  const id = decodeURIComponent(location.hash.slice(1));
  if (id.startsWith("field-")) goTo(id);
});

// Long lists of suggestions are fetched when the first field asks for them, and kept by the browser.
document.addEventListener("focusin", async (event) => {
  const list = event.target instanceof HTMLInputElement ? event.target.list : null;
  const from = list?.getAttribute("data-options-from");
  if (!list || !from) return;
  list.removeAttribute("data-options-from");
  const answer = await fetch(from).catch(() => null);
  if (answer?.ok) list.innerHTML = await answer.text();
  else list.setAttribute("data-options-from", from);
});

// Lists: add, remove and move rows.
document.addEventListener("click", (event) => {
  const list = closest(event, "[data-adds-row]")?.closest<HTMLElement>(".rows");
  if (list) {
    event.preventDefault();
    addRow(list);
  }
  const removed = closest(event, "[data-removes-row]")?.closest<HTMLElement>(".row");
  if (removed) {
    event.preventDefault();
    removeRow(removed);
  }
  const mover = closest(event, "[data-moves-row]");
  const moved = mover?.closest<HTMLElement>(".row");
  if (mover && moved) {
    event.preventDefault();
    moveRow(moved, mover.dataset.movesRow ?? "");
  }
});

function addRow(list: HTMLElement): Element | null {
  const template = list.querySelector("template");
  if (!template) return null;
  const number = Number(list.dataset.next);
  list.dataset.next = String(number + 1);
  const holder = document.createElement("div");
  holder.innerHTML = template.innerHTML.replaceAll("__row__", String(number));
  const row = holder.firstElementChild;
  if (!row) return null;
  list.querySelector(".row-list")?.append(row);
  firstField(row)?.focus();
  return row;
}

function removeRow(row: HTMLElement): void {
  const form = row.closest("form");
  const next = row.nextElementSibling ?? row.previousElementSibling;
  const list = row.closest(".rows");
  row.remove();
  ((next && firstField(next)) ?? list?.querySelector<HTMLElement>("[data-adds-row]"))?.focus();
  form?.dispatchEvent(new Event("input", { bubbles: true }));
}

const lastPart = (name: string): string => name.split(".").pop() ?? "";

// From must-have to nice-to-have and back: the row keeps its answers, and the checks run again.
function moveRow(row: HTMLElement, to: string): void {
  const target = row.closest("form")?.querySelector<HTMLElement>(`.rows[data-list="${to}"]`);
  if (!target) return;
  const fields = [...row.querySelectorAll<Field>("[name]")];
  const values = new Map(fields.map((field) => [lastPart(field.name), field.value]));
  const moved = addRow(target);
  for (const field of moved?.querySelectorAll<Field>("[name]") ?? [])
    field.value = values.get(lastPart(field.name)) ?? "";
  removeRow(row);
  moved?.querySelector<HTMLElement>("input, select")?.focus();
}

// Unsaved edits are not lost by a stray click.
let isUnsaved = false;
document.addEventListener("input", (event) => {
  if (!closest(event, "form[data-keeps]")) return;
  isUnsaved = true;
  document.body.classList.add("unsaved");
});
document.addEventListener("submit", () => {
  isUnsaved = false;
});
addEventListener("beforeunload", (event) => {
  if (isUnsaved) event.preventDefault();
});

// Ctrl or Command with S saves.
document.addEventListener("keydown", (event) => {
  if (event.key !== "s" || !(event.ctrlKey || event.metaKey)) return;
  const form = document.querySelector<HTMLFormElement>("form[data-keeps]");
  if (!form) return;
  event.preventDefault();
  form.requestSubmit(form.querySelector<HTMLElement>("[data-saves]"));
});

// YAML is indented by Tab; Escape first, then Tab, leaves the field.
let tabLeaves = false;
document.addEventListener("keydown", (event) => {
  if (!closest(event, "textarea.yaml")) return;
  if (event.key === "Escape") tabLeaves = true;
  if (event.key === "Tab" && !tabLeaves && !event.shiftKey) {
    event.preventDefault();
    document.execCommand("insertText", false, "  ");
  }
  if (event.key !== "Escape") tabLeaves = false;
});

// A file that is dropped on a paste field is read into it.
document.addEventListener("dragover", (event) => {
  if (closest(event, "[data-takes-files]")) event.preventDefault();
});
document.addEventListener("drop", (event) => {
  const place = closest(event, "[data-takes-files]");
  const file = event.dataTransfer?.files[0];
  const input = place?.querySelector<HTMLInputElement>('input[type="file"]');
  if (!place || !file || !input || !event.dataTransfer) return;
  event.preventDefault();
  input.files = event.dataTransfer.files;
  const label = place.querySelector(".file-name");
  if (label) label.textContent = file.name;
});
