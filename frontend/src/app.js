// What pages need beyond HTML: parts of pages by htmx, and a few manners of our own. Everything works without it.
import htmx from "htmx.org";
import "./editor.js";
import "./pay.js";

htmx.config.allowEval = false;
htmx.config.includeIndicatorStyles = false;
htmx.config.selfRequestsOnly = true;
htmx.config.allowScriptTags = false;
htmx.config.historyCacheSize = 0;
htmx.config.defaultSettleDelay = 0;
htmx.config.attributesToSettle = ["class", "width", "height"]; // a style attribute would be refused by the page's policy
htmx.config.responseHandling = [
  { code: "204", swap: false },
  { code: "[23]..", swap: true },
  { code: "422", swap: true },
  { code: "[45]..", swap: false, error: true },
];

const said = () => document.getElementById("said-aloud");
document.addEventListener("htmx:responseError", (event) => tell(trouble(event.detail.xhr.status)));
document.addEventListener("htmx:sendError", () => tell("The server cannot be reached. What you typed is still here."));

function trouble(status) {
  if (status === 403) return "You may not do that here, or you were signed out. What you typed is still here.";
  if (status === 429) return "That was very quick. Wait a moment; what you typed is still here.";
  return "Something went wrong on our side. What you typed is still here.";
}

function tell(words) {
  const place = said();
  if (place) place.textContent = words;
}

// Menus close on Escape and on a click elsewhere; without scripts they are plain disclosures.
document.addEventListener("click", (event) => {
  for (const menu of document.querySelectorAll("details.menu[open]")) if (!menu.contains(event.target)) menu.open = false;
});
document.addEventListener("keydown", (event) => {
  if (event.key !== "Escape") return;
  const menu = event.target.closest?.("details.menu[open]");
  if (menu) {
    menu.open = false;
    menu.querySelector("summary").focus();
  }
});

// Links are copied by a button where the browser allows it.
document.addEventListener("click", async (event) => {
  const button = event.target.closest?.("[data-copies]");
  if (!button) return;
  const field = document.getElementById(button.dataset.copies);
  field.select();
  await navigator.clipboard?.writeText(field.value);
  button.textContent = "Copied";
});

// A choice that is a form by itself is sent when it is made.
document.addEventListener("change", (event) => {
  if (event.target.matches?.("[data-sends]")) event.target.form.requestSubmit();
});
