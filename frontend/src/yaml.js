// The plan as YAML with colours, completion from the plan's own schema, and problems at their lines; the form beside it is
// kept in step by the server, so that comments and the author's spelling stay. Loaded on this page only; without it the
// text field serves.
import { autocompletion, completionKeymap } from "@codemirror/autocomplete";
import { defaultKeymap, history, historyKeymap, indentWithTab } from "@codemirror/commands";
import { yaml } from "@codemirror/lang-yaml";
import { HighlightStyle, bracketMatching, foldGutter, foldKeymap, indentOnInput, indentUnit, syntaxHighlighting } from "@codemirror/language";
import { lintGutter, lintKeymap, setDiagnostics } from "@codemirror/lint";
import { Compartment, EditorState } from "@codemirror/state";
import { EditorView, drawSelection, highlightActiveLine, highlightActiveLineGutter, keymap, lineNumbers } from "@codemirror/view";
import { tags } from "@lezer/highlight";

const area = document.getElementById("yaml");
const form = document.getElementById("editor");
const changed = document.getElementById("changed");

const look = EditorView.theme({
  "&": { backgroundColor: "var(--card)", color: "var(--ink)" },
  ".cm-content": { fontFamily: "var(--mono)", caretColor: "var(--ink)", padding: "8px 0" },
  ".cm-line": { padding: "0 12px 0 6px" },
  ".cm-gutters": { backgroundColor: "var(--card)", color: "var(--soft)", border: "0" },
  ".cm-activeLine, .cm-activeLineGutter": { backgroundColor: "color-mix(in oklab, var(--accent-wash), transparent 45%)" },
  "&.cm-focused > .cm-scroller > .cm-selectionLayer .cm-selectionBackground, .cm-selectionBackground": { backgroundColor: "color-mix(in oklab, var(--accent), transparent 75%)" },
  ".cm-cursor": { borderLeftColor: "var(--ink)" },
  ".cm-tooltip": { backgroundColor: "var(--card)", color: "var(--ink)", border: "1px solid var(--line)", borderRadius: "6px", boxShadow: "var(--shadow)" },
  ".cm-tooltip-autocomplete ul li": { padding: "4px 10px", fontFamily: "var(--mono)" },
  ".cm-tooltip-autocomplete ul li[aria-selected]": { backgroundColor: "var(--accent-wash)", color: "var(--ink)" },
  ".cm-completionDetail": { color: "var(--soft)", fontStyle: "normal", fontFamily: "Inter, system-ui, sans-serif" },
  ".cm-completionInfo": { padding: "6px 10px", maxWidth: "18rem", fontFamily: "Inter, system-ui, sans-serif" },
  ".cm-lintRange-error": { backgroundImage: "none", textDecoration: "underline wavy var(--fix) 1px", textUnderlineOffset: "3px" },
  ".cm-diagnostic-error": { borderLeft: "3px solid var(--fix)", fontFamily: "Inter, system-ui, sans-serif", padding: "6px 10px" },
  ".cm-foldPlaceholder": { backgroundColor: "var(--accent-wash)", color: "var(--soft)", border: "0" },
});
const colours = HighlightStyle.define([
  { tag: [tags.definition(tags.propertyName), tags.propertyName], color: "var(--ink)", fontWeight: "600" },
  { tag: tags.comment, color: "var(--soft)", fontStyle: "italic" },
  { tag: [tags.string, tags.content, tags.special(tags.string)], color: "var(--accent)" },
  { tag: [tags.punctuation, tags.separator, tags.meta], color: "var(--soft)" },
]);

function start() {
  const readOnly = area.readOnly;
  const editable = new Compartment();
  let ours = false; // a change that came from the form, not from typing here
  const view = new EditorView({
    state: EditorState.create({
      doc: area.value,
      extensions: [
        lineNumbers(), highlightActiveLineGutter(), highlightActiveLine(), drawSelection(), foldGutter(), history(), indentOnInput(),
        bracketMatching(), indentUnit.of("  "), yaml(), syntaxHighlighting(colours), lintGutter(), look,
        autocompletion({ override: [complete], icons: false }),
        keymap.of([...completionKeymap, ...lintKeymap, ...foldKeymap, ...historyKeymap, ...defaultKeymap, indentWithTab]),
        EditorView.cspNonce.of(document.getElementById("yaml-script")?.nonce ?? ""),
        EditorView.contentAttributes.of({ "aria-label": "The plan as YAML", "aria-describedby": "yaml-help", tabindex: "0" }),
        editable.of([EditorState.readOnly.of(readOnly), EditorView.editable.of(!readOnly)]),
        EditorView.updateListener.of((update) => {
          if (!update.docChanged || ours) return;
          changed.value = "yaml";
          area.value = update.state.doc.toString();
          area.dispatchEvent(new Event("input", { bubbles: true }));
        }),
      ],
    }),
  });
  const holder = document.createElement("div");
  holder.className = "yaml-editor";
  holder.append(view.dom);
  area.after(holder);
  area.hidden = true;
  document.querySelector('label[for="yaml"]')?.remove();
  document.querySelector(".form-side")?.removeAttribute("hidden");

  // What is typed in the form is the newer word.
  form.addEventListener("input", (event) => {
    if (event.target.closest(".form-side")) changed.value = "form";
  }, true);

  // What the server made of the form: only what differs is replaced, so the cursor and the undo history stay.
  const takeOver = (text) => {
    const before = view.state.doc.toString();
    if (text === before) return;
    let from = 0;
    const shorter = Math.min(before.length, text.length);
    while (from < shorter && before[from] === text[from]) from++;
    let end = 0;
    while (end < shorter - from && before[before.length - 1 - end] === text[text.length - 1 - end]) end++;
    ours = true;
    view.dispatch({ changes: { from, to: before.length - end, insert: text.slice(from, text.length - end) } });
    ours = false;
    area.value = text;
  };

  const tell = () => {
    const found = [...document.querySelectorAll("[data-problem-line]")].map((place) => {
      const number = Math.min(Math.max(Number(place.dataset.problemLine), 1), view.state.doc.lines);
      const line = view.state.doc.line(number);
      const indent = line.text.length - line.text.trimStart().length;
      return { from: line.from + indent, to: Math.max(line.to, line.from + indent), severity: "error", message: place.textContent.trim().replace(/\s+/g, " ") };
    });
    view.dispatch(setDiagnostics(view.state, found));
  };

  document.body.addEventListener("htmx:afterSettle", () => {
    const now = document.getElementById("yaml-now");
    if (now?.value && changed.value === "form") takeOver(now.value);
    tell();
  });
  tell();

  // One click from a finding or problem to its line.
  document.addEventListener("click", (event) => {
    const place = event.target.closest?.("[data-problem-line] a, a[data-problem-line]");
    if (!place) return;
    const number = Number((place.closest("[data-problem-line]") ?? place).dataset.problemLine);
    if (!number) return;
    event.preventDefault();
    event.stopPropagation();
    const line = view.state.doc.line(Math.min(number, view.state.doc.lines));
    view.dispatch({ selection: { anchor: line.from }, scrollIntoView: true });
    view.focus();
  }, true);
}

// Completion: keys of the section that the cursor is in, and the answers of a closed set.
let schema;
async function known() {
  schema ??= fetch(area.dataset.schema).then((answer) => answer.json());
  return schema;
}

async function complete(context) {
  const line = context.state.doc.lineAt(context.pos);
  const before = line.text.slice(0, context.pos - line.from);
  const typed = /[\w-]*$/.exec(before)[0];
  if (!typed && !context.explicit && !/^\s*(- )?$/.test(before) && !/:\s$/.test(before)) return null;
  const document = await known();
  const path = above(context.state.doc, line);
  const value = /^\s*(?:- )?([\w]+):\s+[\w-]*$/.exec(before);
  const owner = at(document, value ? [...path, value[1]] : path);
  if (!owner) return null;
  const options = value ? answers(document, owner) : keys(document, owner, context.state.doc, line);
  return options.length ? { from: context.pos - typed.length, options, validFor: /^[\w-]*$/ } : null;
}

// The keys above a line, outermost first; a dash counts as deeper than the key of its list.
function above(doc, line) {
  const path = [];
  const first = line.text.replace(/^(\s*)- /, "$1  ");
  let indent = first.length - first.trimStart().length;
  if (!first.trim()) indent = line.text.length;
  for (let number = line.number - 1; number > 0 && indent > 0; number--) {
    const text = doc.line(number).text;
    const found = /^(\s*)((?:- )?)([\w]+):/.exec(text);
    if (!found) continue;
    const depth = found[1].length + found[2].length;
    if (depth < indent) {
      path.unshift(found[3]);
      indent = found[2] ? found[1].length : depth;
    }
  }
  return path;
}

function parts(document, node) {
  if (!node) return [];
  if (node.$ref) return parts(document, document.$defs[node.$ref.split("/").pop()]);
  const inner = [...(node.anyOf ?? []), ...(node.oneOf ?? []), ...(node.allOf ?? [])];
  return [node, ...inner.flatMap((one) => parts(document, one)), ...(node.items ? parts(document, node.items) : [])];
}

function at(document, path) {
  let node = document;
  for (const key of path) {
    node = parts(document, node).map((one) => one.properties?.[key]).find(Boolean);
    if (!node) return null;
  }
  return node;
}

function keys(document, owner, doc, line) {
  const indent = line.text.length - line.text.trimStart().length;
  const there = new Set();
  if (indent === 0) for (let n = 1; n <= doc.lines; n++) if (n !== line.number) there.add(/^(\w+):/.exec(doc.line(n).text)?.[1]);
  return parts(document, owner).flatMap((one) => Object.entries(one.properties ?? {})).filter(([key]) => !there.has(key)).map(([key, below]) => ({
    label: key, apply: `${key}: `, type: "property", info: below.description,
  }));
}

function answers(document, owner) {
  const words = parts(document, owner).flatMap((one) => one.enum ?? (one.const === undefined ? one.type === "boolean" ? ["true", "false"] : [] : [one.const]));
  return [...new Set(words.map(String))].map((word) => ({ label: word, type: "constant" }));
}

if (area && form && changed) start();
