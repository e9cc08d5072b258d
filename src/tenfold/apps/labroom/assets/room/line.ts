// A socket that is opened again for as long as the page is there: at once, then after 1, 2, 4 … 30 seconds with jitter, and
// at once when the network or the tab comes back. Each opening asks for a ticket of its own and sends it as first frame.

const LONGEST_PAUSE_S = 30;
const NOT_ALLOWED = 4403;
const NOT_NOW = 4409;

export interface LineEvents {
  first: () => Record<string, unknown>;
  onOpen?: () => void;
  onText: (words: Record<string, unknown>) => void;
  onBytes?: (block: ArrayBuffer) => void;
  onLost: () => void;
  onEnd: (why: string) => void;
}

const lines = new Set<Line>();
addEventListener("online", () => lines.forEach((line) => void line.reconnectNow()));
addEventListener("offline", () => lines.forEach((line) => void line.drop()));
document.addEventListener("visibilitychange", () => {
  if (document.visibilityState === "visible") lines.forEach((line) => void line.reconnectNow());
});

// Every line is dropped and opened anew: somebody noticed that nothing comes through any more.
export function dropAll(): void {
  for (const line of lines) line.drop();
}

export class Line {
  private socket: WebSocket | undefined;
  private tries = 0;
  private timer: ReturnType<typeof setTimeout> | undefined;
  private isOver = false;
  private isAsking = false;

  constructor(private readonly events: LineEvents) {
    lines.add(this);
    void this.connect();
  }

  get isOpen(): boolean {
    return this.socket?.readyState === WebSocket.OPEN;
  }

  send(block: ArrayBuffer | Uint8Array<ArrayBuffer> | string): boolean {
    if (!this.isOpen || !this.socket) return false;
    this.socket.send(block);
    return true;
  }

  close(): void {
    this.isOver = true;
    clearTimeout(this.timer);
    lines.delete(this);
    this.socket?.close();
  }

  drop(): void {
    if (this.isOver || !this.socket) return;
    const old = this.socket;
    this.socket = undefined;
    old.onclose = old.onmessage = null;
    old.close();
    this.events.onLost();
    this.tryLater();
  }

  reconnectNow(): void {
    if (this.isOver || this.socket || this.isAsking) return;
    clearTimeout(this.timer);
    this.tries = 0;
    void this.connect();
  }

  private tryLater(): void {
    if (this.isOver) return;
    const pause = this.tries === 0 ? 0 : Math.min(2 ** (this.tries - 1), LONGEST_PAUSE_S);
    this.tries += 1;
    clearTimeout(this.timer);
    this.timer = setTimeout(() => void this.connect(), pause * (0.75 + Math.random() / 2) * 1000);
  }

  private async connect(): Promise<void> {
    if (this.isOver || this.socket || this.isAsking) return;
    this.isAsking = true;
    const ticket = await askForTicket();
    this.isAsking = false;
    if (this.isOver) return;
    if ("gone" in ticket) {
      this.end(ticket.gone);
      return;
    }
    if (!("ticket" in ticket)) {
      this.events.onLost();
      this.tryLater();
      return;
    }
    this.open(ticket.ticket);
  }

  private open(ticket: string): void {
    const address = new URL(document.body.dataset.socket ?? "", location.href);
    address.protocol = address.protocol === "https:" ? "wss:" : "ws:";
    const socket = new WebSocket(address);
    socket.binaryType = "arraybuffer";
    this.socket = socket;
    socket.onopen = () => {
      socket.send(JSON.stringify({ ...this.events.first(), ticket }));
      this.events.onOpen?.();
    };
    socket.onmessage = (message: MessageEvent<string | ArrayBuffer>) => {
      this.tries = 0;
      if (typeof message.data === "string") this.events.onText(JSON.parse(message.data));
      else this.events.onBytes?.(message.data);
    };
    socket.onclose = (closed) => {
      if (this.socket !== socket) return;
      this.socket = undefined;
      if (closed.code === NOT_ALLOWED || closed.code === NOT_NOW) {
        this.end(closed.reason);
        return;
      }
      this.events.onLost();
      this.tryLater();
    };
  }

  private end(why: string): void {
    this.close();
    this.events.onEnd(why);
  }
}

type Ticket = { ticket: string } | { gone: string } | { lost: true };

async function askForTicket(): Promise<Ticket> {
  const { ticketUrl, csrf } = document.body.dataset;
  try {
    const answer = await fetch(ticketUrl ?? "", { method: "POST", headers: { "X-CSRFToken": csrf ?? "" } });
    if (answer.ok) return await answer.json();
    if ([401, 403, 404, 409, 410].includes(answer.status)) return { gone: "This room is closed for you." };
  } catch {
    // no network: tried again
  }
  return { lost: true };
}
