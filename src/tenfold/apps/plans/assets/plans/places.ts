// Places: one chip each, and a field that offers places while one types. Without scripts the lines of the text area stay.

const WAIT_MS = 120;
let numbered = 0;

const make = <Name extends keyof HTMLElementTagNameMap>(name: Name, given: Record<string, string>, text = "") => {
  const element = document.createElement(name);
  for (const [key, value] of Object.entries(given)) element.setAttribute(key, value);
  element.textContent = text;
  return element;
};

class PlacesPicker {
  private readonly lines: HTMLTextAreaElement;
  private readonly field: HTMLInputElement;
  private readonly chips = make("ul", { class: "chips" });
  private readonly list: HTMLUListElement;
  private readonly said = make("p", { class: "visually-hidden", role: "status" });
  private at = -1;
  private waiting = 0;

  constructor(lines: HTMLTextAreaElement) {
    this.lines = lines;
    numbered += 1;
    const listId = `places-offered-${numbered}`;
    const label = lines.closest(".field")?.querySelector("label")?.textContent?.trim() ?? "Places";
    this.list = make("ul", { id: listId, role: "listbox", class: "offered", "aria-label": `${label}: suggestions` });
    this.list.hidden = true;
    this.chips.setAttribute("aria-label", label);
    this.field = make("input", {
      id: lines.id,
      role: "combobox",
      autocomplete: "off",
      "aria-autocomplete": "list",
      "aria-controls": listId,
      "aria-expanded": "false",
      placeholder: "Add a town, state or country",
    });
    const described = lines.getAttribute("aria-describedby");
    if (described) this.field.setAttribute("aria-describedby", described);
    lines.id = `${lines.id}-lines`;
    lines.hidden = true;
    const place = make("div", { class: "places-picker" });
    place.append(this.chips, this.field, this.list, this.said);
    lines.after(place);
    this.draw();
    this.listen();
  }

  private get values(): string[] {
    return this.lines.value
      .split("\n")
      .map((line) => line.trim())
      .filter(Boolean);
  }

  private set values(places: string[]) {
    this.lines.value = places.join("\n");
    this.draw();
    this.lines.dispatchEvent(new Event("input", { bubbles: true }));
    this.lines.dispatchEvent(new Event("change", { bubbles: true }));
  }

  private draw(): void {
    const chips = this.values.map((value, index) => {
      const chip = make("li", {}, value);
      const remove = make("button", { type: "button", class: "link", "aria-label": `Remove ${value}` }, "×");
      remove.addEventListener("click", () => this.remove(index));
      chip.append(" ", remove);
      return chip;
    });
    this.chips.replaceChildren(...chips);
    this.chips.hidden = chips.length === 0;
  }

  private remove(index: number): void {
    const gone = this.values[index] ?? "";
    this.values = this.values.filter((_, at) => at !== index);
    this.said.textContent = `${gone} removed`;
    this.field.focus();
  }

  private add(value: string): void {
    const place = value.trim();
    if (place && !this.values.includes(place)) {
      this.values = [...this.values, place];
      this.said.textContent = `${place} added`;
    }
    this.field.value = "";
    this.close();
  }

  // What was chosen, else what was typed; a name that several places have is first put to the choice.
  private take(): void {
    const chosen = this.list.children[this.at]?.textContent;
    const typed = this.field.value.trim();
    const same = (words: string) => words.split(/[,(]/)[0]?.trim().toLowerCase() === typed.toLowerCase();
    const several = [...this.list.children].filter((option) => same(option.textContent ?? ""));
    if (chosen || several.length < 2 || this.list.hidden) {
      this.add(chosen ?? typed);
      return;
    }
    this.move(1);
    this.said.textContent = `“${typed}” may be several places: choose one`;
  }

  private close(): void {
    this.list.hidden = true;
    this.at = -1;
    this.field.setAttribute("aria-expanded", "false");
    this.field.removeAttribute("aria-activedescendant");
  }

  private async offer(): Promise<void> {
    const typed = this.field.value.trim();
    const from = this.lines.dataset.placesFrom;
    if (!typed || !from) {
      this.close();
      return;
    }
    const answer = await fetch(`${from}?q=${encodeURIComponent(typed)}`).catch(() => null);
    if (!answer?.ok || typed !== this.field.value.trim()) return;
    const offered: string[] = await answer.json();
    const options = offered.map((words, index) =>
      make("li", { role: "option", id: `${this.list.id}-${index}`, "aria-selected": "false" }, words),
    );
    this.list.replaceChildren(...options);
    this.at = -1;
    this.list.hidden = options.length === 0;
    this.field.setAttribute("aria-expanded", String(options.length > 0));
    this.list.scrollIntoView({ block: "nearest" });
    this.said.textContent = options.length ? `${options.length} suggestions` : "No place of that name";
  }

  private move(step: number): void {
    const options = [...this.list.children];
    if (!options.length) return;
    this.at = (this.at + step + options.length) % options.length;
    options.forEach((option, index) => {
      option.setAttribute("aria-selected", String(index === this.at));
    });
    const chosen = options[this.at];
    if (!chosen) return;
    this.field.setAttribute("aria-activedescendant", chosen.id);
    chosen.scrollIntoView({ block: "nearest" });
  }

  private onKey(event: KeyboardEvent): void {
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      event.preventDefault();
      this.move(event.key === "ArrowDown" ? 1 : -1);
    } else if (event.key === "Enter") {
      event.preventDefault(); // a place is taken, the plan is not saved
      this.take();
    } else if (event.key === "Escape" && !this.list.hidden) {
      event.stopPropagation();
      this.close();
    } else if (event.key === "Backspace" && !this.field.value && this.values.length) {
      this.remove(this.values.length - 1);
    }
  }

  private listen(): void {
    this.field.addEventListener("input", (event) => {
      event.stopPropagation(); // nothing is said of the plan until a place is taken
      clearTimeout(this.waiting);
      this.waiting = setTimeout(() => this.offer(), WAIT_MS);
    });
    this.field.addEventListener("keydown", (event) => this.onKey(event));
    this.list.addEventListener("mousedown", (event) => {
      const option = event.target instanceof Element ? event.target.closest('[role="option"]') : null;
      event.preventDefault();
      if (option) this.add(option.textContent ?? "");
    });
    this.field.addEventListener("blur", () => this.add(this.field.value));
  }
}

const enhance = (): void => {
  for (const lines of document.querySelectorAll<HTMLTextAreaElement>("textarea[data-places-from]:not([hidden])"))
    new PlacesPicker(lines);
};
if (document.readyState === "loading") addEventListener("DOMContentLoaded", enhance);
else enhance();
document.addEventListener("htmx:afterSettle", enhance);
