// The calculator of pay: figures beside sliders, and the offer as a mark that is dragged. Without it, fields and a button.
const form = document.getElementById("calculator");
const slider = document.querySelector("[data-offer]");
const STEP = 1000;

if (form && slider) {
  const [low, high] = slider.querySelectorAll("input");
  const typed = () => form.elements;

  form.addEventListener("input", (event) => {
    const says = form.querySelector(`[data-says="${event.target.name}"]`);
    if (!says) return;
    says.querySelector("[data-value]").textContent = event.target.value;
    const rest = says.querySelector("[data-rest]");
    if (rest) rest.textContent = 100 - event.target.value;
  });

  for (const end of [low, high]) {
    end.addEventListener("input", () => {
      if (Number(low.value) > Number(high.value)) (end === low ? high : low).value = end.value;
      type();
    });
  }
  // Between its ends the mark is taken as a whole.
  slider.addEventListener("pointerdown", (event) => {
    if (event.target !== slider) return;
    const begun = { x: event.clientX, low: Number(low.value), high: Number(high.value) };
    const perPixel = (low.max - low.min) / slider.clientWidth;
    const move = (next) => {
      const by = Math.round(((next.clientX - begun.x) * perPixel) / STEP) * STEP;
      const kept = Math.max(low.min - begun.low, Math.min(low.max - begun.high, by));
      low.value = begun.low + kept;
      high.value = begun.high + kept;
      type();
      low.dispatchEvent(new Event("input", { bubbles: true }));
    };
    slider.setPointerCapture(event.pointerId);
    slider.addEventListener("pointermove", move);
    slider.addEventListener("lostpointercapture", () => slider.removeEventListener("pointermove", move), { once: true });
  });

  // The ends lie on the mark in the picture, wherever the picture puts it.
  const place = () => {
    const drawing = [...document.querySelectorAll("#pay-picture svg")].find((svg) => svg.getClientRects().length);
    const mark = drawing?.querySelector("rect.offer");
    slider.hidden = !mark;
    if (!mark) return;
    const axis = drawing.querySelector("line.axis").getBoundingClientRect();
    const home = slider.parentElement.getBoundingClientRect();
    const at = mark.getBoundingClientRect();
    slider.style.left = `${axis.left - home.left}px`;
    slider.style.width = `${axis.width}px`;
    slider.style.top = `${at.top + at.height / 2 - home.top - slider.offsetHeight / 2}px`;
    for (const end of [low, high]) {
      end.min = drawing.dataset.low;
      end.max = drawing.dataset.high;
    }
    if (!slider.contains(document.activeElement) || !slider.matches(":active")) {
      low.value = amount(typed().low.value) ?? amount(typed().high.value);
      high.value = amount(typed().high.value) ?? amount(typed().low.value);
    }
    shape();
  };
  const type = () => {
    const words = (end) => (Math.round(end.value / STEP) * STEP).toLocaleString("en-GB");
    typed().low.value = words(low);
    typed().high.value = words(high);
    shape();
  };
  const shape = () => {
    const share = (end) => (end.value - low.min) / (low.max - low.min);
    slider.style.setProperty("--from", share(low));
    slider.style.setProperty("--to", share(high));
    for (const end of [low, high]) end.setAttribute("aria-valuetext", `${Math.round(end.value / 1000)}k`);
  };
  document.addEventListener("htmx:afterSettle", place);
  new ResizeObserver(place).observe(slider.parentElement);
  place();
}

// `165,000`, `165k` or `$165000` as a number; nothing where it is none.
function amount(words) {
  const plain = words.replace(/[,$\s]/g, "").toLowerCase();
  const value = Number.parseFloat(plain) * (plain.endsWith("k") ? 1000 : 1);
  return Number.isFinite(value) ? value : undefined;
}
