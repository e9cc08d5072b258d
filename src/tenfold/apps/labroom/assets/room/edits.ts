// What was saved in the editor, beside the shell: a track for each person below the time line, and the last edit up to the
// moment that is shown.
interface Edit {
  by: string;
  path: string;
  diff: string;
  is_text: boolean;
}

const LINES: [string, string][] = [
  ["+++", "place"],
  ["---", "place"],
  ["@@", "place"],
  ["+", "added"],
  ["-", "removed"],
];
const byId = <Kind extends HTMLElement>(id: string) => document.getElementById(id) as Kind;

export class EditorTracks {
  private edits: Edit[] = [];
  private moments: number[] = [];
  private shown = -2;
  private at = 0;
  private readonly person = byId<HTMLSelectElement>("editor-person");

  constructor(private readonly seek: (moment: number) => void) {
    this.person?.addEventListener("change", () => this.choosePerson());
    byId("editor-before")?.addEventListener("click", () => this.step(-1));
    byId("editor-after")?.addEventListener("click", () => this.step(1));
  }

  // Recordings play without edits as well, where these cannot be had.
  async load(): Promise<void> {
    const panel = byId("player-editor");
    if (!panel) return;
    try {
      const answer = await fetch(panel.dataset.from ?? "");
      this.edits = answer.ok ? ((await answer.json()) as { edits: Edit[] }).edits : [];
    } catch {
      this.edits = [];
    }
    panel.hidden = this.edits.length === 0;
    this.person.append(...this.people().map((name) => new Option(name, name)));
  }

  // Where the edits stand on a recording's time line.
  lay(moments: number[], duration: number): void {
    this.moments = moments;
    byId("player-tracks").replaceChildren(...this.people().map((name) => this.track(name, duration)));
    this.shown = -2;
  }

  show(at: number): void {
    this.at = at;
    const index =
      this.ofPerson()
        .filter((one) => (this.moments[one] ?? 0) <= at)
        .at(-1) ?? -1;
    // Several edits may stand at one moment, where a long pause of the shell is cut: the one chosen by hand stays.
    if (this.moments[index] !== this.moments[this.shown]) this.draw(index);
  }

  private people(): string[] {
    return [...new Set(this.edits.map((one) => one.by))];
  }

  private ofPerson(): number[] {
    const wanted = this.person?.value;
    return [...this.edits.keys()].filter((index) => !wanted || this.edits[index]?.by === wanted);
  }

  private track(name: string, duration: number): HTMLElement {
    const row = document.createElement("div");
    row.title = name;
    row.dataset.name = name;
    for (const [index, one] of this.edits.entries()) {
      if (one.by !== name) continue;
      const mark = document.createElement("i");
      mark.style.left = `${Math.min(100, (100 * (this.moments[index] ?? 0)) / Math.max(duration, 0.001))}%`;
      row.append(mark);
    }
    return row;
  }

  private choosePerson(): void {
    for (const row of byId("player-tracks").children) {
      row.classList.toggle("off", !!this.person.value && (row as HTMLElement).dataset.name !== this.person.value);
    }
    this.shown = -2;
    this.show(this.at);
  }

  private step(by: number): void {
    const mine = this.ofPerson();
    const place = mine.indexOf(this.shown);
    const index = mine[Math.max(0, Math.min(mine.length - 1, place + by))];
    if (index === undefined) return;
    this.draw(index);
    this.seek(this.moments[index] ?? 0);
  }

  private draw(index: number): void {
    this.shown = index;
    const edit = this.edits[index];
    byId("editor-title").textContent = edit
      ? `Edit ${index + 1} of ${this.edits.length}: ${edit.path}, saved by ${edit.by}`
      : "Editor: nothing is saved yet";
    const lines = edit ? (edit.is_text ? edit.diff.split("\n") : ["Not shown: not text, or too long."]) : [];
    byId("editor-diff").replaceChildren(...lines.map(drawn));
  }
}

function drawn(line: string): HTMLElement {
  const span = document.createElement("span");
  span.textContent = `${line}\n`;
  const found = LINES.find(([start]) => line.startsWith(start));
  if (found) span.className = found[1];
  return span;
}
