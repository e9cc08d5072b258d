// Plays a recording again: segments are fetched as they are needed, pauses are cut, and nothing that is shown is typed or
// answered. Seeking begins at the nearest segment, whose first event draws the screen that it starts with.
import { Terminal } from "@xterm/xterm";
import { EditorTracks } from "./room/edits";
import { allowTerminalStyles } from "./room/policy";
import { theme } from "./room/theme";

interface Mark {
  at: number;
  words: string;
}
interface Recording {
  name: string;
  title: string;
  duration: number;
  cols: number;
  rows: number;
  segments: { number: number; begin: number; end: number }[];
  marks: Mark[];
  edits: number[];
}
type Event = [number, "o" | "r", string];

allowTerminalStyles();
const byId = <Kind extends HTMLElement>(id: string) => document.getElementById(id) as Kind;
const recordings: Recording[] = JSON.parse(byId("recordings").textContent ?? "[]");
const parts = new Map<string, Promise<Event[]>>();

const slider = byId<HTMLInputElement>("player-at");
const speed = byId<HTMLSelectElement>("player-speed");
const button = byId<HTMLButtonElement>("player-play");
const choice = byId<HTMLSelectElement>("player-recording");
const view = new Terminal({ disableStdin: true, cursorBlink: false, fontSize: 13, theme: theme(), scrollback: 2_000 });
view.open(byId("player-screen"));

const FIRST_LOOK_S = 0.5; // so that a replay does not begin as an empty box
const tracks = new EditorTracks((moment) => void seek(moment));

let recording = recordings[0];
let at = 0;
let segment = -1;
let events: Event[] = [];
let next = 0;
let isPlaying = false;
let lastFrame = 0;
let jump = 0; // the latest wish wins where seeking overtakes itself

async function load(number: number): Promise<Event[]> {
  const key = `${recording?.name}:${number}`;
  const address = `${byId("player").dataset.from}?name=${encodeURIComponent(recording?.name ?? "")}&part=${number}`;
  const known = parts.get(key) ?? fetch(address).then(async (answer) => read(await answer.text()));
  parts.set(key, known);
  return known;
}

function read(text: string): Event[] {
  const [, ...lines] = text.trimEnd().split("\n");
  return lines.map((line) => JSON.parse(line) as Event);
}

async function seek(to: number): Promise<void> {
  if (!recording) return;
  const mine = ++jump;
  at = Math.max(0, Math.min(to, recording.duration));
  const wanted = recording.segments.filter((one) => one.begin <= at).at(-1) ?? recording.segments[0];
  if (!wanted) return;
  const loaded = await load(wanted.number);
  if (mine !== jump) return;
  segment = wanted.number;
  events = loaded;
  next = 0;
  view.reset();
  view.resize(recording.cols, recording.rows);
  play(at);
  show();
}

// Everything up to a moment of the time line, in one go.
function play(until: number): void {
  const begin = recording?.segments[segment]?.begin ?? 0;
  let text = "";
  for (let event = events[next]; event && begin + event[0] <= until; event = events[++next]) {
    if (event[1] === "o") text += event[2];
    else {
      view.write(text);
      text = "";
      const [cols = 80, rows = 24] = event[2].split("x").map(Number);
      view.resize(cols, rows);
    }
  }
  if (text) view.write(text);
}

function show(): void {
  slider.value = String(at);
  slider.setAttribute("aria-valuetext", `${clock(at)} of ${clock(recording?.duration ?? 0)}`);
  byId("player-time").textContent = `${clock(at)} / ${clock(recording?.duration ?? 0)}`;
  tracks.show(at);
}

const clock = (seconds: number): string =>
  `${Math.floor(seconds / 60)}:${String(Math.floor(seconds % 60)).padStart(2, "0")}`;

async function step(now: number): Promise<void> {
  if (!isPlaying || !recording) return;
  at = Math.min(recording.duration, at + ((now - lastFrame) / 1000) * Number(speed.value));
  lastFrame = now;
  play(at);
  const after = recording.segments[segment + 1];
  if (next >= events.length && after && at >= after.begin) {
    events = await load(after.number);
    segment = after.number;
    next = 1; // its first event draws the screen that is there already
    lastFrame = performance.now();
  }
  show();
  if (at >= recording.duration) setPlaying(false);
  else requestAnimationFrame((time) => void step(time));
}

function setPlaying(on: boolean): void {
  isPlaying = on;
  button.textContent = on ? "Pause" : "Play";
  if (!on) return;
  lastFrame = performance.now();
  requestAnimationFrame((time) => void step(time));
}

async function choose(name: string): Promise<void> {
  recording = recordings.find((one) => one.name === name);
  if (!recording) return;
  setPlaying(false);
  slider.max = String(recording.duration);
  listMarks(recording);
  tracks.lay(recording.edits, recording.duration);
  await seek(FIRST_LOOK_S);
}

function listMarks(of: Recording): void {
  byId("player-marks").replaceChildren(
    ...of.marks.map((mark) => {
      const line = document.createElement("i");
      line.style.left = `${Math.min(100, (100 * mark.at) / Math.max(of.duration, 0.001))}%`;
      return line;
    }),
  );
  byId("mark-list").replaceChildren(
    ...of.marks.map((mark) => {
      const item = document.createElement("li");
      const link = document.createElement("button");
      link.type = "button";
      link.className = "link small";
      link.textContent = `${clock(mark.at)} ${mark.words}`;
      link.addEventListener("click", () => void seek(Math.max(0, mark.at - 2)));
      item.append(link);
      return item;
    }),
  );
  byId("no-marks").hidden = of.marks.length > 0;
}

button.addEventListener("click", async () => {
  if (!isPlaying && recording && at >= recording.duration) await seek(0);
  setPlaying(!isPlaying);
});
slider.addEventListener("input", () => void seek(Number(slider.value)));
choice.addEventListener("change", () => void choose(choice.value));
matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => {
  view.options.theme = theme();
});
if (recordings[0]) void choose(recordings[0].name);
void tracks.load().then(() => {
  tracks.lay(recording?.edits ?? [], recording?.duration ?? 0);
  tracks.show(at);
});
