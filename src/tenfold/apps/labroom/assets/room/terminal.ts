// One terminal of the room in the browser. The terminal lives with the room: this shows it, from the byte where it left off,
// and types each byte once, however often the connection breaks.
import { FitAddon } from "@xterm/addon-fit";
import { SearchAddon } from "@xterm/addon-search";
import { SerializeAddon } from "@xterm/addon-serialize";
import { Unicode11Addon } from "@xterm/addon-unicode11";
import { WebLinksAddon } from "@xterm/addon-web-links";
import { Terminal } from "@xterm/xterm";
import { Line } from "./line";
import { theme } from "./theme";

const OUTPUT = 0;
const ACCEPTED = 1;
const SCREEN = 3;
const ACKNOWLEDGE_EVERY = 64 * 1024;
const ACKNOWLEDGE_MS = 100;
const ALIVE_MS = 1_000;
const SCREEN_MS = 20_000;
const MOST_AT_ONCE = 32 * 1024;
const LONGEST_PASTE = 100_000;

export interface TerminalEvents {
  onLost: () => void;
  onBack: () => void;
  onNotice: (words: Record<string, unknown>) => void;
  onEnd: (why: string) => void;
  onPaste: (words: string) => void;
}

// Text that is pasted is only ever text: no escape sequence, no control character but tab and line ends.
export function cleanPaste(text: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is taken out
  return text.replace(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u009f]/g, "").slice(0, LONGEST_PASTE);
}

export class RoomTerminal {
  readonly view: Terminal;
  readonly search = new SearchAddon();
  private readonly fit = new FitAddon();
  private readonly serialize = new SerializeAddon();
  private readonly line: Line;
  private readonly stream = crypto.randomUUID();
  private received: number | undefined; // offset after the last byte that came
  private shown = 0;
  private acknowledged = 0;
  private keptScreenAt = 0;
  private ackTimer: ReturnType<typeof setTimeout> | undefined;
  private readonly timers: ReturnType<typeof setInterval>[] = [];
  private typed = 0; // bytes typed so far
  private accepted = 0; // of these, how many reached the terminal
  private unaccepted: Uint8Array<ArrayBuffer> = new Uint8Array();
  private drives = false;
  private isMine: boolean;

  constructor(
    readonly name: string,
    readonly place: HTMLElement,
    private readonly events: TerminalEvents,
    isCandidate: boolean,
  ) {
    this.isMine = isCandidate;
    this.view = new Terminal({
      allowProposedApi: true,
      cursorBlink: !matchMedia("(prefers-reduced-motion: reduce)").matches,
      fontFamily: getComputedStyle(document.body).getPropertyValue("--mono"),
      fontSize: 13,
      lineHeight: 1.2,
      scrollback: 5_000,
      theme: theme(),
    });
    for (const addon of [this.fit, this.serialize, this.search, new Unicode11Addon()]) this.view.loadAddon(addon);
    this.view.loadAddon(new WebLinksAddon((_event, address) => this.events.onPaste(`Link: ${address}`)));
    this.view.unicode.activeVersion = "11";
    this.view.open(place);
    this.view.onData((text) => this.type(new TextEncoder().encode(text)));
    this.view.onBinary((text) => this.type(Uint8Array.from(text, (one) => one.charCodeAt(0))));
    this.view.attachCustomKeyEventHandler((event) => this.leavesByKey(event));
    place.addEventListener("paste", (event) => this.paste(event), { capture: true });
    new ResizeObserver(() => this.refit()).observe(place);
    this.line = new Line({
      first: () => this.first(),
      onText: (words) => this.take(words),
      onBytes: (block) => this.takeBytes(block),
      onLost: events.onLost,
      onEnd: events.onEnd,
    });
    this.timers.push(setInterval(() => this.line.send(new Uint8Array([4])), ALIVE_MS));
    this.timers.push(setInterval(() => this.keepScreen(), SCREEN_MS));
  }

  close(): void {
    for (const one of this.timers) clearInterval(one);
    this.line.close();
    this.view.dispose();
  }

  refit(): void {
    if (!this.place.offsetWidth || !this.place.offsetHeight) return;
    if (!this.drives) {
      this.scale();
      return;
    }
    this.fit.fit();
    this.sendSize();
  }

  recolour(): void {
    this.view.options.theme = theme();
  }

  // Who does not drive sees the driver's grid, in letters as large as fit.
  private scale(): void {
    const proposed = this.fit.proposeDimensions();
    const size = this.view.options.fontSize ?? 13;
    if (!proposed) return;
    const factor = Math.min(proposed.cols / this.view.cols, proposed.rows / this.view.rows);
    const next = Math.max(6, Math.min(15, Math.floor(size * factor)));
    if (next !== size) this.view.options.fontSize = next;
  }

  private first(): Record<string, unknown> {
    const size = this.fit.proposeDimensions();
    return {
      to: "terminal",
      terminal: this.name,
      from: this.received ?? null,
      stream: this.stream,
      inputFrom: this.accepted,
      cols: size?.cols,
      rows: size?.rows,
    };
  }

  private take(words: Record<string, unknown>): void {
    if ("welcome" in words) {
      this.welcome(words);
      return;
    }
    if (words.notice === "resize" && !this.drives) {
      this.view.resize(Number(words.cols), Number(words.rows));
      this.scale();
    }
    if (words.notice === "drive") this.setDrives(Boolean(words.drives));
    if (words.notice === "resend") this.resendFrom(Number(words.at));
    this.events.onNotice(words);
  }

  private welcome(words: Record<string, unknown>): void {
    const offset = Number(words.offset);
    if (this.received !== offset) this.view.reset();
    this.received = this.shown = this.acknowledged = offset;
    this.setDrives(Boolean(words.drives));
    if (!this.drives) this.view.resize(Number(words.cols), Number(words.rows));
    this.resendFrom(Number(words.accepted));
    this.refit();
    this.events.onBack();
  }

  private setDrives(drives: boolean): void {
    this.drives = drives;
    this.view.options.disableStdin = !drives;
    this.view.options.fontSize = 13;
    this.refit();
  }

  private takeBytes(block: ArrayBuffer): void {
    const numbers = new DataView(block);
    switch (numbers.getUint8(0)) {
      case OUTPUT: {
        const end = Number(numbers.getBigUint64(9));
        this.received = end;
        this.view.write(new Uint8Array(block, 25), () => this.noteShown(end));
        break;
      }
      case ACCEPTED:
        this.noteAccepted(Number(numbers.getBigUint64(1)));
        break;
      case SCREEN:
        this.view.reset();
        this.view.write(new Uint8Array(block, 9));
        break;
    }
  }

  // Shown is acknowledged every 64 KiB, or a tenth of a second later: without it no more comes.
  private noteShown(end: number): void {
    this.shown = end;
    if (end - this.acknowledged >= ACKNOWLEDGE_EVERY) this.acknowledge();
    else this.ackTimer ??= setTimeout(() => this.acknowledge(), ACKNOWLEDGE_MS);
  }

  private acknowledge(): void {
    clearTimeout(this.ackTimer);
    this.ackTimer = undefined;
    if (this.shown > this.acknowledged && this.line.send(frame(1, this.shown))) this.acknowledged = this.shown;
  }

  private keepScreen(): void {
    if (!this.isMine || !this.drives || this.acknowledged !== this.shown || this.shown === this.keptScreenAt) return;
    const drawn = new TextEncoder().encode(this.serialize.serialize({ scrollback: 500 }));
    if (this.line.send(frame(3, this.shown, drawn))) this.keptScreenAt = this.shown;
  }

  private sendSize(): void {
    const block = new DataView(new ArrayBuffer(5));
    block.setUint8(0, 2);
    block.setUint16(1, this.view.cols);
    block.setUint16(3, this.view.rows);
    this.line.send(block.buffer);
  }

  // What is typed is kept until it has reached the terminal.
  private type(block: Uint8Array): void {
    if (!this.drives) return;
    const at = this.typed;
    const kept = new Uint8Array(this.unaccepted.length + block.length);
    kept.set(this.unaccepted);
    kept.set(block, this.unaccepted.length);
    this.unaccepted = kept;
    this.typed += block.length;
    this.sendFrom(at);
  }

  private sendFrom(at: number): void {
    for (let position = at; position < this.typed; position += MOST_AT_ONCE) {
      const begin = position - this.accepted;
      this.line.send(frame(0, position, this.unaccepted.subarray(begin, begin + MOST_AT_ONCE)));
    }
  }

  private resendFrom(at: number): void {
    if (at > this.accepted && at <= this.typed) this.noteAccepted(at);
    if (this.typed > this.accepted) this.sendFrom(Math.max(at, this.accepted));
  }

  private noteAccepted(at: number): void {
    if (at <= this.accepted || at > this.typed) return;
    this.unaccepted = this.unaccepted.slice(at - this.accepted);
    this.accepted = at;
  }

  private paste(event: ClipboardEvent): void {
    event.preventDefault();
    event.stopImmediatePropagation();
    const raw = event.clipboardData?.getData("text/plain") ?? "";
    const text = cleanPaste(raw);
    if (text.length < raw.length)
      this.events.onPaste(
        "Control characters, and what is beyond 100,000 characters, were left out of what you pasted.",
      );
    if (this.drives) this.view.paste(text);
  }

  // F6 leaves the terminal for whoever works by keyboard: every other key belongs to its programs.
  private leavesByKey(event: KeyboardEvent): boolean {
    if (event.type !== "keydown" || event.key !== "F6") return true;
    document.querySelector<HTMLElement>("[data-leaves-terminal]")?.focus();
    return false;
  }
}

function frame(kind: number, position: number, body: Uint8Array = new Uint8Array()): Uint8Array<ArrayBuffer> {
  const block = new Uint8Array(9 + body.length);
  const numbers = new DataView(block.buffer);
  numbers.setUint8(0, kind);
  numbers.setBigUint64(1, BigInt(position));
  block.set(body, 9);
  return block;
}
