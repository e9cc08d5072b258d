// The room: terminals, editor, panels, the clock, and what is said where the connection is lost.
import { Editor, wordsOf } from "./room/editor";
import { Files } from "./room/files";
import { type Entry, Messages, Services, startTabs } from "./room/panels";
import { allowTerminalStyles } from "./room/policy";
import { Requests } from "./room/requests";
import { RoomTerminal } from "./room/terminal";

const STATE_MS = 2_000;
const byId = (id: string) => document.getElementById(id) as HTMLElement;
const { part = "candidate", leaveUrl = "/", submitUrl = "", practice } = document.body.dataset;
const isCandidate = part === "candidate";

interface State {
  clock: { left_s: number; refunded_s: number; is_running: boolean };
  status: string;
  savedAt: string | null;
  paused: string | null;
  terminals: { name: string; is_over: boolean }[];
  people: { name: string; role: string }[];
  driver: string;
  drives: boolean;
  part: string;
  entries: Entry[];
}

allowTerminalStyles();
const terminals = new Map<string, RoomTerminal>();
let shownTerminal = "";
let state: State | undefined;
let stateAt = 0;
let lostAt: number | undefined;
let isEnded = false;
let isLooking = false;

function tell(words: string): void {
  byId("announcements").textContent = words;
}

const requests = new Requests({
  onOpen: () => void begin(),
  onPush: (words) => {
    if (words.push === "changes") {
      files.loadSoon();
      void editor.takeChanges(words.paths as string[]);
    }
    if (words.push === "part") location.reload();
  },
  onLost: () => lose(),
  onEnd: (why) => end(why),
});
const editor = new Editor(requests, tell, () => isCandidate || (state?.drives ?? false));
const files = new Files(requests, editor, tell);
const services = new Services(requests);
const messages = new Messages(requests, tell);
startTabs((name) => {
  if (name === "tab-services") void services.load();
  if (name === "tab-files") void files.load();
});

// Opens the room, or finds it again: after the first coming, a reload, a cut, a restart of ours.
async function begin(): Promise<void> {
  try {
    await requests.ask("open", {}, { slow: true });
    await look();
    await files.load();
    void editor.takeChanges([]);
    if (!terminals.size) addTerminal(state?.terminals.find((one) => !one.is_over)?.name ?? "");
    byId("opening").hidden = true;
  } catch (problem) {
    byId("opening-words").textContent = wordsOf(problem);
  }
}

async function look(): Promise<void> {
  if (isLooking) return;
  isLooking = true;
  try {
    state = await requests.ask<State>("state", { after: messages.last });
  } finally {
    isLooking = false;
  }
  stateAt = Date.now();
  messages.add(state.entries);
  showState(state);
}

function showState(now: State): void {
  lostAt = undefined;
  byId("banner").hidden = true;
  const names = now.people.map((one) => `${one.name}${one.role === "driver" ? " (has the keyboard)" : ""}`);
  byId("people").textContent = names.length > 1 ? names.join(", ") : "";
  const takes = byId("take-drive");
  takes.hidden = now.drives || !(isCandidate || now.part === "driver");
  for (const one of now.terminals)
    if (!one.is_over && !terminals.has(one.name) && terminals.size) addTerminal(one.name);
  if (now.paused) end(`The session is paused: ${now.paused}. The clock stands still.`);
  showClock();
}

function showClock(): void {
  if (!state || isEnded || practice) return;
  const since = state.clock.is_running && !lostAt ? (Date.now() - stateAt) / 1000 : 0;
  const left = Math.max(0, state.clock.left_s - since);
  const minutes = Math.floor(left / 60);
  const seconds = String(Math.floor(left % 60)).padStart(2, "0");
  byId("clock").textContent = minutes >= 10 ? `${minutes} min left` : `${minutes}:${seconds} left`;
  byId("clock").classList.toggle("late", left < 300);
  const back = state.clock.refunded_s / 60;
  byId("refunded").textContent = back >= 0.1 ? `${back.toFixed(1)} min given back` : "";
  byId("saved").textContent = savedWords(state.savedAt);
}

function savedWords(at: string | null): string {
  if (!at) return "Saved every 30 s";
  const ago = Math.max(0, Math.round((Date.now() - Date.parse(at)) / 1000));
  return ago < 90 ? `Saved ${ago} s ago; at most 30 s can be lost` : `Saved ${Math.round(ago / 60)} min ago`;
}

function lose(): void {
  if (isEnded) return;
  lostAt ??= Date.now();
  byId("banner").hidden = false;
  byId("banner-words").textContent = lostWords();
}

function lostWords(): string {
  const unsaved = editor.unsaved;
  const kept = unsaved.length ? ` Not saved yet, and kept in this page: ${unsaved.join(", ")}.` : "";
  return `The connection is lost. Your terminals go on in the room, and your work is saved there.${kept} Trying again …`;
}

function end(why: string): void {
  if (isEnded) return;
  isEnded = true;
  byId("ended").hidden = false;
  byId("ended-words").textContent = why || "This room is closed.";
  byId("ended-leave").focus();
}

// Terminals -----------------------------------------------------------------------------------------------------

function addTerminal(name: string): void {
  const place = document.createElement("div");
  place.className = "terminal";
  byId("terminals").append(place);
  const key = name || "t1";
  const made = new RoomTerminal(
    name,
    place,
    {
      onLost: lose,
      onBack: () => void look().catch(() => undefined),
      onNotice: (words) => takeNotice(key, words),
      onEnd: end,
      onPaste: tell,
    },
    isCandidate,
  );
  terminals.set(key, made);
  showTerminal(key);
}

function takeNotice(name: string, words: Record<string, unknown>): void {
  switch (words.notice) {
    case "exit":
      tell("A shell has ended.");
      removeTerminal(name);
      break;
    case "over":
      location.assign(submitUrl || leaveUrl);
      break;
    case "submitted":
      location.assign(leaveUrl);
      break;
    case "paused":
      end(String(words.why ?? "The session is paused."));
      break;
    case "broken":
      tell(`The room failed, which is our fault. ${Number(words.minutes ?? 0).toFixed(0)} minutes were given back.`);
      break;
    case "frozen":
      tell(`The room stands still: ${String(words.why ?? "")}. Nothing is lost and no time is charged.`);
      break;
    case "thawed":
      tell("The room goes on where it stood.");
      break;
    case "moved":
      tell("We are working on the machine that held your room. Your work is saved; the room goes on in a moment.");
      break;
    case "unsaved":
      tell(`Your work could not be saved: ${words.what}. ${words.remedy ?? ""}`);
      break;
  }
}

function removeTerminal(name: string): void {
  const gone = terminals.get(name);
  terminals.delete(name);
  gone?.close();
  gone?.place.remove();
  const next = [...terminals.keys()][0];
  if (next) showTerminal(next);
  else void newTerminal();
}

function showTerminal(name: string): void {
  shownTerminal = name;
  for (const [key, one] of terminals) one.place.hidden = key !== name;
  byId("terminal-tabs").replaceChildren(
    ...[...terminals.keys()].map((key, place) => {
      const button = document.createElement("button");
      button.type = "button";
      button.className = "tab";
      button.textContent = `Terminal ${place + 1}`;
      button.setAttribute("aria-pressed", String(key === name));
      button.addEventListener("click", () => showTerminal(key));
      return button;
    }),
  );
  const shown = terminals.get(name);
  shown?.refit();
  shown?.view.focus();
}

async function newTerminal(): Promise<void> {
  try {
    const made = await requests.ask<{ terminal: string }>("new-terminal", { cols: 80, rows: 24 });
    addTerminal(made.terminal);
  } catch (problem) {
    tell(wordsOf(problem));
  }
}

byId("new-terminal").addEventListener("click", () => void newTerminal());
byId("take-drive").addEventListener(
  "click",
  () => void requests.ask("drive").catch((problem) => tell(wordsOf(problem))),
);
document.getElementById("pause")?.addEventListener("click", async (event) => {
  const button = event.currentTarget as HTMLElement;
  const on = button.dataset.on !== "yes";
  await requests.ask("pause", { on }).catch((problem) => tell(wordsOf(problem)));
  button.dataset.on = on ? "yes" : "";
  button.textContent = on ? "Let the clock run" : "Pause the clock";
});
byId("find-form").addEventListener("submit", (event) => {
  event.preventDefault();
  const words = (byId("find-words") as HTMLInputElement).value;
  terminals.get(shownTerminal)?.search.findPrevious(words);
});

// Both, or only one of editor and terminal: for small screens, and for who wants one large.
for (const button of document.querySelectorAll<HTMLElement>("[data-shows]"))
  button.addEventListener("click", () => {
    byId("work").dataset.shown = button.dataset.shows ?? "both";
    for (const one of document.querySelectorAll("[data-shows]"))
      one.setAttribute("aria-pressed", String(one === button));
  });

matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => {
  for (const one of terminals.values()) one.recolour();
});
setInterval(() => {
  if (!isEnded) void look().catch(() => undefined);
}, STATE_MS);
setInterval(() => {
  showClock();
  if (lostAt) byId("banner-words").textContent = lostWords();
}, 1_000);
