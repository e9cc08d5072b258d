// The file tree: folders that open and close, files that open in the editor, and what can be made and removed.
import { type Editor, wordsOf } from "./editor";
import type { Requests } from "./requests";

interface Entry {
  path: string;
  kind: "file" | "folder" | "link" | "other" | "more";
  size: number;
}
const LATER_MS = 400;

export class Files {
  private readonly place = document.getElementById("file-tree") as HTMLElement;
  private readonly closed = new Set<string>(["__pycache__", ".git"]);
  private timer: ReturnType<typeof setTimeout> | undefined;

  constructor(
    private readonly requests: Requests,
    private readonly editor: Editor,
    private readonly tell: (words: string) => void,
  ) {
    const form = document.getElementById("new-file") as HTMLFormElement | null;
    form?.addEventListener("submit", (event) => {
      event.preventDefault();
      void this.make(form);
    });
  }

  loadSoon(): void {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => void this.load(), LATER_MS);
  }

  async load(): Promise<void> {
    try {
      const entries = await this.requests.ask<Entry[]>("list");
      this.place.replaceChildren(this.branch(entries, ""));
    } catch (problem) {
      if (!this.place.hasChildNodes()) this.tell(wordsOf(problem));
    }
  }

  private branch(entries: Entry[], above: string): HTMLUListElement {
    const list = document.createElement("ul");
    const here = entries.filter((one) => parentOf(one.path) === above);
    here.sort(
      (one, other) =>
        Number(other.kind === "folder") - Number(one.kind === "folder") || one.path.localeCompare(other.path),
    );
    for (const entry of here) {
      const item = document.createElement("li");
      item.append(entry.kind === "folder" ? this.folder(entry, entries) : this.file(entry));
      list.append(item);
    }
    return list;
  }

  private folder(entry: Entry, entries: Entry[]): HTMLDetailsElement {
    const details = document.createElement("details");
    const name = nameOf(entry.path);
    details.open = !this.closed.has(entry.path) && !this.closed.has(name);
    const summary = document.createElement("summary");
    summary.textContent = `${name}/`;
    details.append(summary, this.branch(entries, entry.path));
    details.addEventListener("toggle", () => {
      if (details.open) this.closed.delete(entry.path);
      else this.closed.add(entry.path);
    });
    return details;
  }

  private file(entry: Entry): HTMLElement {
    if (entry.kind !== "file") {
      const words = document.createElement("span");
      words.className = "soft small";
      words.textContent = entry.kind === "more" ? "… and more" : `${nameOf(entry.path)} (${entry.kind})`;
      return words;
    }
    const button = document.createElement("button");
    button.type = "button";
    button.className = "file";
    button.textContent = nameOf(entry.path);
    button.title = `${entry.path}, ${entry.size.toLocaleString("en")} bytes`;
    button.addEventListener("click", () => void this.editor.open(entry.path));
    return button;
  }

  private async make(form: HTMLFormElement): Promise<void> {
    const field = form.elements.namedItem("path") as HTMLInputElement;
    const path = field.value.trim().replace(/^\/+/, "");
    if (!path) return;
    try {
      await this.requests.ask("write", { path, text: "", version: "" });
      field.value = "";
      await this.load();
      await this.editor.open(path);
    } catch (problem) {
      this.tell(wordsOf(problem));
    }
  }
}

const parentOf = (path: string): string => path.split("/").slice(0, -1).join("/");
const nameOf = (path: string): string => path.split("/").pop() ?? path;
