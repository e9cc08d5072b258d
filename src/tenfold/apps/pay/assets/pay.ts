// The calculator of pay: figures beside sliders, and the offer as a mark that is dragged. Without it, fields and a button.
const STEP = 1000;

const form = document.querySelector<HTMLFormElement>("form#calculator");
const slider = document.querySelector<HTMLElement>("[data-offer]");
const home = slider?.parentElement;
const [low, high] = slider?.querySelectorAll("input") ?? [];
if (form && slider && home && low && high) start(form, slider, home, low, high);

function start(
  form: HTMLFormElement,
  slider: HTMLElement,
  home: HTMLElement,
  low: HTMLInputElement,
  high: HTMLInputElement,
): void {
  const typed = (end: "low" | "high") => form.elements.namedItem(end) as HTMLInputElement;

  form.addEventListener("input", (event) => {
    if (!(event.target instanceof HTMLInputElement)) return;
    const output = form.querySelector(`[data-output-for="${event.target.name}"]`);
    setText(output?.querySelector("[data-value]"), event.target.value);
    setText(output?.querySelector("[data-rest]"), String(100 - event.target.valueAsNumber));
  });

  for (const end of [low, high]) {
    end.addEventListener("input", () => {
      if (low.valueAsNumber > high.valueAsNumber) (end === low ? high : low).value = end.value;
      type();
    });
  }
  // Between its ends the mark is taken as a whole.
  slider.addEventListener("pointerdown", (event) => {
    if (event.target !== slider) return;
    const begun = { x: event.clientX, low: low.valueAsNumber, high: high.valueAsNumber };
    const perPixel = (Number(low.max) - Number(low.min)) / slider.clientWidth;
    const move = (next: PointerEvent) => {
      const by = Math.round(((next.clientX - begun.x) * perPixel) / STEP) * STEP;
      const kept = Math.max(Number(low.min) - begun.low, Math.min(Number(low.max) - begun.high, by));
      low.value = String(begun.low + kept);
      high.value = String(begun.high + kept);
      type();
      low.dispatchEvent(new Event("input", { bubbles: true }));
    };
    slider.setPointerCapture(event.pointerId);
    slider.addEventListener("pointermove", move);
    slider.addEventListener("lostpointercapture", () => slider.removeEventListener("pointermove", move), {
      once: true,
    });
  });

  // The ends lie on the mark in the picture, wherever the picture puts it.
  const place = () => {
    const drawing = [...document.querySelectorAll<SVGSVGElement>("#pay-picture svg")].find(
      (svg) => svg.getClientRects().length,
    );
    const mark = drawing?.querySelector("rect.offer");
    slider.hidden = !mark;
    const axis = drawing?.querySelector("line.axis")?.getBoundingClientRect();
    if (!drawing || !mark || !axis) return;
    const frame = home.getBoundingClientRect();
    const at = mark.getBoundingClientRect();
    slider.style.left = `${axis.left - frame.left}px`;
    slider.style.width = `${axis.width}px`;
    slider.style.top = `${at.top + at.height / 2 - frame.top - slider.offsetHeight / 2}px`;
    for (const end of [low, high]) {
      end.min = drawing.dataset.low ?? "";
      end.max = drawing.dataset.high ?? "";
    }
    if (!slider.contains(document.activeElement) || !slider.matches(":active")) {
      const [from, to] = [parseAmount(typed("low").value), parseAmount(typed("high").value)];
      low.value = String(from ?? to ?? "");
      high.value = String(to ?? from ?? "");
    }
    shape();
  };
  const type = () => {
    const words = (end: HTMLInputElement) => (Math.round(end.valueAsNumber / STEP) * STEP).toLocaleString("en-GB");
    typed("low").value = words(low);
    typed("high").value = words(high);
    shape();
  };
  const shape = () => {
    const span = Number(low.max) - Number(low.min);
    const share = (end: HTMLInputElement) => String((end.valueAsNumber - Number(low.min)) / span);
    slider.style.setProperty("--from", share(low));
    slider.style.setProperty("--to", share(high));
    for (const end of [low, high]) end.setAttribute("aria-valuetext", `${Math.round(end.valueAsNumber / 1000)}k`);
  };
  document.addEventListener("htmx:afterSettle", place);
  new ResizeObserver(place).observe(home);
  place();
}

// `165,000`, `165k` or `$165000` as a number; nothing where it is none.
function parseAmount(words: string): number | undefined {
  const plain = words.replace(/[,$\s]/g, "").toLowerCase();
  const value = Number.parseFloat(plain) * (plain.endsWith("k") ? 1000 : 1);
  return Number.isFinite(value) ? value : undefined;
}

function setText(element: Element | null | undefined, text: string): void {
  if (element) element.textContent = text;
}
