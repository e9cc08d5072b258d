// The board by keyboard: arrows go from card to card, Shift with an arrow moves a card to the next stage, x chooses it.
// After a move the address names the card, so that the browser itself puts the focus there.
// Everything that this does can be done with the form as well.
const columns = (): HTMLElement[] => [...document.querySelectorAll<HTMLElement>("[data-board] .column")];
const cards = (column: Element | null | undefined): HTMLElement[] =>
  column ? [...column.querySelectorAll<HTMLElement>("[data-card]")] : [];

// One box for all others of its form; without scripts it stays hidden.
for (const label of document.querySelectorAll<HTMLLabelElement>("[data-choose-all]")) {
  const all = label.querySelector<HTMLInputElement>("input");
  label.hidden = false;
  all?.addEventListener("change", () => {
    for (const box of all.form?.querySelectorAll<HTMLInputElement>("input[name=ids]") ?? []) box.checked = all.checked;
  });
}

document.addEventListener("keydown", (event) => {
  const card = event.target instanceof Element ? event.target.closest<HTMLElement>("[data-card]") : null;
  if (!card || event.ctrlKey || event.metaKey || event.altKey) return;
  const column = card.closest<HTMLElement>(".column");
  if (!column) return;
  if (event.key === "x") return choose(card);
  const sideways = { ArrowLeft: -1, ArrowRight: 1 }[event.key] ?? 0;
  const along = { ArrowUp: -1, ArrowDown: 1 }[event.key] ?? 0;
  if (!sideways && !along) return;
  event.preventDefault();
  if (along) return cards(column)[cards(column).indexOf(card) + along]?.focus();
  if (event.shiftKey) return moveCard(card, columns()[columns().indexOf(column) + sideways]);
  beside(column, cards(column).indexOf(card), sideways)?.focus();
});

function choose(card: HTMLElement): void {
  const box = card.closest("li")?.querySelector<HTMLInputElement>("input[type=checkbox]");
  if (box) box.checked = !box.checked;
}

// The card at the same height in the next column that has any.
function beside(column: HTMLElement, height: number, step: number): HTMLElement | undefined {
  const all = columns();
  for (let at = all.indexOf(column) + step; at >= 0 && at < all.length; at += step) {
    const there = cards(all[at]);
    if (there.length) return there[Math.min(height, there.length - 1)];
  }
  return undefined;
}

function moveCard(card: HTMLElement, to: HTMLElement | undefined): void {
  const form = card.closest("form");
  const stage = form?.querySelector<HTMLSelectElement>("select[name=stage]");
  if (!form || !stage || !to?.dataset.stage) return;
  for (const box of form.querySelectorAll<HTMLInputElement>("input[name=ids]"))
    box.checked = card.closest("li")?.contains(box) ?? false;
  stage.value = to.dataset.stage;
  form.requestSubmit(form.querySelector<HTMLButtonElement>("button[value=move]"));
}
