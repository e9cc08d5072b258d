// Questions and answers over the room's socket, and what comes without being asked for.
import { dropAll, Line } from "./line";

const LONGEST_ANSWER_MS = 20_000;

export class Problem extends Error {
  constructor(
    message: string,
    readonly kind: string,
    readonly version: string,
  ) {
    super(message);
  }
}

type Words = Record<string, unknown>;
interface Waiting {
  resolve: (value: never) => void;
  reject: (why: Problem) => void;
  timer: ReturnType<typeof setTimeout>;
}

export class Requests {
  private readonly line: Line;
  private readonly waiting = new Map<number, Waiting>();
  private next = 1;
  private heardAt = Date.now();

  constructor(events: {
    onOpen: () => void;
    onPush: (words: Words) => void;
    onLost: () => void;
    onEnd: (why: string) => void;
  }) {
    this.line = new Line({
      first: () => ({ to: "room" }),
      onOpen: () => {
        this.heardAt = Date.now();
        events.onOpen();
      },
      onText: (words) => {
        this.heardAt = Date.now();
        if (words.push) events.onPush(words);
        else this.settle(words);
      },
      onLost: () => {
        this.failAll();
        events.onLost();
      },
      onEnd: (why) => {
        this.failAll();
        events.onEnd(why);
      },
    });
  }

  // Slow things (a command, a request to a service) may take longer than a line is taken for dead.
  ask<Answer>(op: string, words: Words = {}, { slow = false } = {}): Promise<Answer> {
    return new Promise<Answer>((resolve, reject) => {
      const id = this.next++;
      const timer = setTimeout(
        () => {
          this.waiting.delete(id);
          reject(new Problem("No answer came.", "lost", ""));
          if (Date.now() - this.heardAt > LONGEST_ANSWER_MS) dropAll(); // a slow answer is no dead line
        },
        slow ? 120_000 : LONGEST_ANSWER_MS,
      );
      this.waiting.set(id, { resolve: resolve as (value: never) => void, reject, timer });
      if (!this.line.send(JSON.stringify({ id, op, ...words }))) this.fail(id);
    });
  }

  private settle(words: Words): void {
    const id = Number(words.id);
    const one = this.waiting.get(id);
    if (!one) return;
    this.waiting.delete(id);
    clearTimeout(one.timer);
    if ("ok" in words) one.resolve(words.ok as never);
    else one.reject(new Problem(String(words.problem), String(words.kind ?? ""), String(words.version ?? "")));
  }

  private fail(id: number): void {
    const one = this.waiting.get(id);
    this.waiting.delete(id);
    clearTimeout(one?.timer);
    one?.reject(new Problem("The connection is lost. It is tried again.", "lost", ""));
  }

  private failAll(): void {
    for (const id of [...this.waiting.keys()]) this.fail(id);
  }
}
