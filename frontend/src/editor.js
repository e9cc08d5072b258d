// The plan's editor: from a finding to its field, rows that are added and removed, words that wait to be saved.

// One click from a finding to the field that mends it: opens what hides it, brings it into view, puts the cursor there.
function goTo(id) {
  const target = document.getElementById(id);
  if (!target) return false;
  for (let above = target.closest("details"); above; above = above.parentElement?.closest("details")) above.open = true;
  const field = target.matches("input, select, textarea") ? target : target.querySelector("input, select, textarea");
  const place = target.closest(".field") ?? target;
  place.scrollIntoView({ block: "center", behavior: calm() ? "auto" : "smooth" });
  (field ?? target).focus({ preventScroll: true });
  place.classList.remove("found");
  requestAnimationFrame(() => place.classList.add("found"));
  return true;
}

const calm = () => matchMedia("(prefers-reduced-motion: reduce)").matches;

document.addEventListener("click", (event) => {
  const link = event.target.closest?.("a[data-goes-to]");
  if (link && goTo(link.dataset.goesTo)) event.preventDefault();
});
addEventListener("load", () => {
  const id = decodeURIComponent(location.hash.slice(1));
  if (id.startsWith("field-")) goTo(id);
});

// Lists: a row more, a row less.
document.addEventListener("click", (event) => {
  const adds = event.target.closest?.("[data-adds-row]");
  if (adds) {
    event.preventDefault();
    addRow(adds.closest(".rows"));
  }
  const removes = event.target.closest?.("[data-removes-row]");
  if (removes) {
    event.preventDefault();
    removeRow(removes.closest(".row"));
  }
  const moves = event.target.closest?.("[data-moves-row]");
  if (moves) {
    event.preventDefault();
    moveRow(moves.closest(".row"), moves.dataset.movesRow);
  }
});

function addRow(rows) {
  const template = rows.querySelector("template");
  const number = Number(rows.dataset.next);
  rows.dataset.next = String(number + 1);
  const holder = document.createElement("div");
  holder.innerHTML = template.innerHTML.replaceAll("__row__", String(number));
  const row = holder.firstElementChild;
  rows.querySelector(".row-list").append(row);
  row.querySelector("input, select, textarea")?.focus();
  return row;
}

function removeRow(row) {
  const form = row.closest("form");
  const next = row.nextElementSibling ?? row.previousElementSibling;
  const rows = row.closest(".rows");
  row.remove();
  (next?.querySelector("input, select, textarea") ?? rows.querySelector("[data-adds-row]"))?.focus();
  changed(form);
}

// From must-have to nice-to-have and back: the row's answers move with it, and the checks tell what that changes.
function moveRow(row, to) {
  const form = row.closest("form");
  const target = form.querySelector(`.rows[data-list="${to}"]`);
  const values = new Map([...row.querySelectorAll("[name]")].map((input) => [input.name.split(".").pop(), input.value]));
  const moved = addRow(target);
  for (const input of moved.querySelectorAll("[name]")) input.value = values.get(input.name.split(".").pop()) ?? "";
  removeRow(row);
  moved.querySelector("input, select")?.focus();
}

const changed = (form) => form?.dispatchEvent(new Event("input", { bubbles: true }));

// Work that is not saved yet is not lost by a stray click.
let unsaved = false;
document.addEventListener("input", (event) => {
  const form = event.target.closest?.("form[data-keeps]") ?? (event.target.matches?.("form[data-keeps]") ? event.target : null);
  if (!form) return;
  unsaved = true;
  document.body.classList.add("unsaved");
});
document.addEventListener("submit", () => {
  unsaved = false;
});
addEventListener("beforeunload", (event) => {
  if (unsaved) event.preventDefault();
});

// Ctrl or Command with S saves.
document.addEventListener("keydown", (event) => {
  if (event.key !== "s" || !(event.ctrlKey || event.metaKey)) return;
  const form = document.querySelector("form[data-keeps]");
  if (!form) return;
  event.preventDefault();
  form.requestSubmit(form.querySelector("[data-saves]"));
});

// YAML is indented by Tab; Escape first, then Tab, leaves the field.
let leaves = false;
document.addEventListener("keydown", (event) => {
  const area = event.target;
  if (!area.matches?.("textarea.yaml")) return;
  if (event.key === "Escape") leaves = true;
  if (event.key === "Tab" && !leaves && !event.shiftKey) {
    event.preventDefault();
    document.execCommand("insertText", false, "  ");
  }
  if (event.key !== "Escape") leaves = false;
});

// A file that is dropped on a paste field is read into it.
document.addEventListener("dragover", (event) => {
  if (event.target.closest?.("[data-takes-files]")) event.preventDefault();
});
document.addEventListener("drop", (event) => {
  const place = event.target.closest?.("[data-takes-files]");
  const file = event.dataTransfer?.files?.[0];
  if (!place || !file) return;
  event.preventDefault();
  const input = place.querySelector('input[type="file"]');
  input.files = event.dataTransfer.files;
  place.querySelector(".file-name").textContent = file.name;
});
