// Side panels: services with their request form, messages and hints, and what colleagues note.
import { wordsOf } from "./editor";
import type { Requests } from "./requests";

const byId = (id: string) => document.getElementById(id) as HTMLElement;

interface Service {
  port: number;
  name: string;
  is_running: boolean;
}
interface Reply {
  status: number;
  reason: string;
  headers: [string, string][];
  body: string;
  is_truncated: boolean;
  seconds: number;
  problem: string;
}
export interface Entry {
  id: string;
  kind: string;
  by: string;
  text: string;
  at: string;
}

// Tabs of the side: arrow keys move between them, as in every tab list.
export function startTabs(onShow: (name: string) => void): void {
  const tabs = [...document.querySelectorAll<HTMLElement>("[role=tab]")];
  const show = (tab: HTMLElement) => {
    for (const one of tabs) {
      const isChosen = one === tab;
      one.setAttribute("aria-selected", String(isChosen));
      one.tabIndex = isChosen ? 0 : -1;
      byId(one.getAttribute("aria-controls") ?? "").hidden = !isChosen;
    }
    onShow(tab.id);
  };
  tabs.forEach((tab, place) => {
    tab.addEventListener("click", () => show(tab));
    tab.addEventListener("keydown", (event) => {
      const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
      const next = step ? tabs[(place + step + tabs.length) % tabs.length] : undefined;
      if (!next) return;
      event.preventDefault();
      show(next);
      next.focus();
    });
  });
}

export class Services {
  private readonly form = byId("request-form") as HTMLFormElement;

  constructor(private readonly requests: Requests) {
    this.form.addEventListener("submit", (event) => {
      event.preventDefault();
      void this.send();
    });
    byId("services-again").addEventListener("click", () => void this.load());
  }

  async load(): Promise<void> {
    try {
      const found = await this.requests.ask<Service[]>("services");
      const chosen = this.value("service");
      const select = this.form.elements.namedItem("service") as HTMLSelectElement;
      select.replaceChildren(
        ...found.map((one) => {
          const words = one.name === String(one.port) ? `Port ${one.port}` : `${one.name}, port ${one.port}`;
          return new Option(`${words}${one.is_running ? "" : ", not running"}`, String(one.port));
        }),
      );
      if (chosen) select.value = chosen;
      byId("services-none").hidden = found.length > 0;
    } catch (problem) {
      byId("reply").textContent = wordsOf(problem);
    }
  }

  private value(name: string): string {
    return (this.form.elements.namedItem(name) as HTMLInputElement | null)?.value ?? "";
  }

  private async send(): Promise<void> {
    byId("reply").textContent = "Asking …";
    const body = this.value("body");
    const words = {
      service: this.value("service"),
      method: this.value("method"),
      path: this.value("path") || "/",
      body,
    };
    try {
      const type = body ? "application/json" : "";
      const reply = await this.requests.ask<Reply>("request", { ...words, type }, { slow: true });
      byId("reply").textContent = reply.problem ? `No answer: ${reply.problem}` : inWords(reply);
    } catch (problem) {
      byId("reply").textContent = wordsOf(problem);
    }
  }
}

function inWords(reply: Reply): string {
  const type = reply.headers.find(([name]) => name.toLowerCase() === "content-type")?.[1] ?? "";
  const head = reply.headers.map(([name, value]) => `${name}: ${value}`).join("\n");
  const cut = reply.is_truncated ? "\n… cut here: the reply is longer than 256 KiB" : "";
  return `${reply.status} ${reply.reason}, ${(reply.seconds * 1000).toFixed(0)} ms\n${head}\n\n${pretty(reply.body, type)}${cut}`;
}

function pretty(body: string, type: string): string {
  if (!type.includes("json")) return body;
  try {
    return JSON.stringify(JSON.parse(body), null, 2);
  } catch {
    return body;
  }
}

export class Messages {
  last = "";

  constructor(
    private readonly requests: Requests,
    private readonly tell: (words: string) => void,
  ) {
    this.sends("say-form", "say");
    this.sends("note-form", "note");
    document.getElementById("next-hint")?.addEventListener("click", () => void this.hint());
  }

  private sends(id: string, op: string): void {
    const form = document.getElementById(id) as HTMLFormElement | null;
    form?.addEventListener("submit", async (event) => {
      event.preventDefault();
      const field = form.elements.namedItem("text") as HTMLTextAreaElement;
      const kind = (form.elements.namedItem("kind") as HTMLSelectElement | null)?.value;
      if (!field.value.trim()) return;
      try {
        await this.requests.ask(op, { text: field.value, kind });
        field.value = "";
        form.dispatchEvent(new Event("sent"));
      } catch (problem) {
        this.tell(wordsOf(problem));
      }
    });
  }

  private async hint(): Promise<void> {
    try {
      await this.requests.ask("hint");
    } catch (problem) {
      this.tell(wordsOf(problem));
    }
  }

  add(entries: Entry[]): void {
    for (const one of entries) {
      this.last = one.id;
      const item = document.createElement("li");
      item.className = `entry ${one.kind}`;
      const head = document.createElement("p");
      head.className = "small soft";
      head.textContent = `${KINDS[one.kind] ?? ""}${one.by}, ${new Date(one.at).toLocaleTimeString("en-GB", { timeStyle: "short" })}`;
      const text = document.createElement("p");
      text.textContent = one.text;
      item.append(head, text);
      byId("entries").append(item);
      item.scrollIntoView({ block: "nearest" });
      if (one.kind === "change") this.tell(`The task has changed: ${one.text}`);
    }
    byId("no-entries").hidden = byId("entries").childElementCount > 0;
  }
}

const KINDS: Record<string, string> = {
  hint: "Hint, ",
  change: "Change of the task, ",
  mark: "Marker, ",
  note: "Note, ",
};
