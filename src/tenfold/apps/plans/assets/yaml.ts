// The plan as YAML with colours, completion from the plan's own schema, and problems at their lines; the form beside it is
// kept in step by the server, so that comments and the author's spelling stay. Loaded on this page only; without it the
// text field serves.
import {
  autocompletion,
  type Completion,
  type CompletionContext,
  type CompletionResult,
  completionKeymap,
} from "@codemirror/autocomplete";
import { defaultKeymap, history, historyKeymap, indentWithTab } from "@codemirror/commands";
import { yaml } from "@codemirror/lang-yaml";
import {
  bracketMatching,
  foldGutter,
  foldKeymap,
  HighlightStyle,
  indentOnInput,
  indentUnit,
  syntaxHighlighting,
} from "@codemirror/language";
import { type Diagnostic, lintGutter, lintKeymap, setDiagnostics } from "@codemirror/lint";
import { EditorState, type Line, type Text } from "@codemirror/state";
import {
  drawSelection,
  EditorView,
  highlightActiveLine,
  highlightActiveLineGutter,
  keymap,
  lineNumbers,
} from "@codemirror/view";
import { tags } from "@lezer/highlight";

interface Schema {
  $ref?: string;
  $defs?: Record<string, Schema>;
  anyOf?: Schema[];
  oneOf?: Schema[];
  allOf?: Schema[];
  items?: Schema;
  properties?: Record<string, Schema>;
  description?: string;
  enum?: unknown[];
  const?: unknown;
  type?: string;
}

const area = document.querySelector<HTMLTextAreaElement>("textarea#yaml");
const form = document.querySelector<HTMLFormElement>("form#editor");
const changed = document.querySelector<HTMLInputElement>("input#changed");

const look = EditorView.theme({
  "&": { backgroundColor: "var(--card)", color: "var(--ink)" },
  ".cm-content": { fontFamily: "var(--mono)", caretColor: "var(--ink)", padding: "8px 0" },
  ".cm-line": { padding: "0 12px 0 6px" },
  ".cm-gutters": { backgroundColor: "var(--card)", color: "var(--soft)", border: "0" },
  ".cm-activeLine, .cm-activeLineGutter": {
    backgroundColor: "color-mix(in oklab, var(--accent-wash), transparent 45%)",
  },
  "&.cm-focused > .cm-scroller > .cm-selectionLayer .cm-selectionBackground, .cm-selectionBackground": {
    backgroundColor: "color-mix(in oklab, var(--accent), transparent 75%)",
  },
  ".cm-cursor": { borderLeftColor: "var(--ink)" },
  ".cm-tooltip": {
    backgroundColor: "var(--card)",
    color: "var(--ink)",
    border: "1px solid var(--line)",
    borderRadius: "6px",
    boxShadow: "var(--shadow)",
  },
  ".cm-tooltip-autocomplete ul li": { padding: "4px 10px", fontFamily: "var(--mono)" },
  ".cm-tooltip-autocomplete ul li[aria-selected]": { backgroundColor: "var(--accent-wash)", color: "var(--ink)" },
  ".cm-completionDetail": { color: "var(--soft)", fontStyle: "normal", fontFamily: "Inter, system-ui, sans-serif" },
  ".cm-completionInfo": { padding: "6px 10px", maxWidth: "18rem", fontFamily: "Inter, system-ui, sans-serif" },
  ".cm-lintRange-error": {
    backgroundImage: "none",
    textDecoration: "underline wavy var(--fix) 1px",
    textUnderlineOffset: "3px",
  },
  ".cm-diagnostic-error": {
    borderLeft: "3px solid var(--fix)",
    fontFamily: "Inter, system-ui, sans-serif",
    padding: "6px 10px",
  },
  ".cm-foldPlaceholder": { backgroundColor: "var(--accent-wash)", color: "var(--soft)", border: "0" },
});
const colours = HighlightStyle.define([
  { tag: [tags.definition(tags.propertyName), tags.propertyName], color: "var(--ink)", fontWeight: "600" },
  { tag: tags.comment, color: "var(--soft)", fontStyle: "italic" },
  { tag: [tags.string, tags.content, tags.special(tags.string)], color: "var(--accent)" },
  { tag: [tags.punctuation, tags.separator, tags.meta], color: "var(--soft)" },
]);

function start(area: HTMLTextAreaElement, form: HTMLFormElement, changed: HTMLInputElement): void {
  const readOnly = area.readOnly;
  let ours = false; // a change that came from the form, not from typing here
  const view = new EditorView({
    state: EditorState.create({
      doc: area.value,
      extensions: [
        lineNumbers(),
        highlightActiveLineGutter(),
        highlightActiveLine(),
        drawSelection(),
        foldGutter(),
        history(),
        indentOnInput(),
        bracketMatching(),
        indentUnit.of("  "),
        yaml(),
        syntaxHighlighting(colours),
        lintGutter(),
        look,
        autocompletion({ override: [(context) => complete(context, area.dataset.schema ?? "")], icons: false }),
        keymap.of([
          ...completionKeymap,
          ...lintKeymap,
          ...foldKeymap,
          ...historyKeymap,
          ...defaultKeymap,
          indentWithTab,
        ]),
        EditorView.cspNonce.of(document.getElementById("yaml-script")?.nonce ?? ""),
        EditorView.contentAttributes.of({
          "aria-label": "The plan as YAML",
          "aria-describedby": "yaml-help",
          tabindex: "0",
        }),
        EditorState.readOnly.of(readOnly),
        EditorView.editable.of(!readOnly),
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
  form.addEventListener(
    "input",
    (event) => {
      if (event.target instanceof Element && event.target.closest(".form-side")) changed.value = "form";
    },
    true,
  );

  // What the server made of the form: only what differs is replaced, so the cursor and the undo history stay.
  const replaceText = (text: string) => {
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

  const showProblems = () => {
    const places = [...document.querySelectorAll<HTMLElement>("[data-problem-line]")];
    const found = places.map((place): Diagnostic => {
      const number = Math.min(Math.max(Number(place.dataset.problemLine), 1), view.state.doc.lines);
      const line = view.state.doc.line(number);
      const indent = line.text.length - line.text.trimStart().length;
      return {
        from: line.from + indent,
        to: Math.max(line.to, line.from + indent),
        severity: "error",
        message: (place.textContent ?? "").trim().replace(/\s+/g, " "),
      };
    });
    view.dispatch(setDiagnostics(view.state, found));
  };

  document.body.addEventListener("htmx:afterSettle", () => {
    const now = document.querySelector<HTMLTextAreaElement>("textarea#yaml-now");
    if (now?.value && changed.value === "form") replaceText(now.value);
    showProblems();
  });
  showProblems();

  // One click from a finding or problem to its line.
  document.addEventListener(
    "click",
    (event) => {
      if (!(event.target instanceof Element)) return;
      const link = event.target.closest("[data-problem-line] a, a[data-problem-line]");
      const number = Number(link?.closest<HTMLElement>("[data-problem-line]")?.dataset.problemLine);
      if (!number) return;
      event.preventDefault();
      event.stopPropagation();
      const line = view.state.doc.line(Math.min(number, view.state.doc.lines));
      view.dispatch({ selection: { anchor: line.from }, scrollIntoView: true });
      view.focus();
    },
    true,
  );
}

// Completion: keys of the section that the cursor is in, and the answers of a closed set.
let schema: Promise<Schema> | undefined;
function loadSchema(address: string): Promise<Schema> {
  schema ??= fetch(address).then((answer) => answer.json() as Promise<Schema>);
  return schema;
}

async function complete(context: CompletionContext, address: string): Promise<CompletionResult | null> {
  const doc = context.state.doc;
  const line = doc.lineAt(context.pos);
  const before = line.text.slice(0, context.pos - line.from);
  const typed = /[\w-]*$/.exec(before)?.[0] ?? "";
  if (!typed && !context.explicit && !/^\s*(- )?$/.test(before) && !/:\s$/.test(before)) return null;
  const root = await loadSchema(address);
  const path = parentKeys(doc, line);
  const key = /^\s*(?:- )?([\w]+):\s+[\w-]*$/.exec(before)?.[1];
  const owner = schemaAt(root, key ? [...path, key] : path);
  if (!owner) return null;
  const options = key ? valueOptions(root, owner) : keyOptions(root, owner, doc, line);
  return options.length ? { from: context.pos - typed.length, options, validFor: /^[\w-]*$/ } : null;
}

// The keys above a line, outermost first; a dash counts as deeper than the key of its list.
function parentKeys(doc: Text, line: Line): string[] {
  const path: string[] = [];
  const first = line.text.replace(/^(\s*)- /, "$1  ");
  let indent = first.trim() ? first.length - first.trimStart().length : line.text.length;
  for (let number = line.number - 1; number > 0 && indent > 0; number--) {
    const [, space = "", dash = "", key = ""] = /^(\s*)((?:- )?)([\w]+):/.exec(doc.line(number).text) ?? [];
    const depth = space.length + dash.length;
    if (!key || depth >= indent) continue;
    path.unshift(key);
    indent = dash ? space.length : depth;
  }
  return path;
}

function expand(root: Schema, node: Schema | undefined): Schema[] {
  if (!node) return [];
  if (node.$ref) return expand(root, root.$defs?.[node.$ref.split("/").pop() ?? ""]);
  const inner = [
    ...(node.anyOf ?? []),
    ...(node.oneOf ?? []),
    ...(node.allOf ?? []),
    ...(node.items ? [node.items] : []),
  ];
  return [node, ...inner.flatMap((one) => expand(root, one))];
}

function schemaAt(root: Schema, path: string[]): Schema | undefined {
  let node: Schema | undefined = root;
  for (const key of path) {
    node = expand(root, node)
      .map((one) => one.properties?.[key])
      .find(Boolean);
    if (!node) return undefined;
  }
  return node;
}

function keyOptions(root: Schema, owner: Schema, doc: Text, line: Line): Completion[] {
  const taken = line.text === line.text.trimStart() ? topLevelKeys(doc, line) : new Set<string>();
  return expand(root, owner)
    .flatMap((one) => Object.entries(one.properties ?? {}))
    .filter(([key]) => !taken.has(key))
    .map(([key, { description }]) => ({
      label: key,
      apply: `${key}: `,
      type: "property",
      ...(description ? { info: description } : {}),
    }));
}

function topLevelKeys(doc: Text, except: Line): Set<string> {
  const numbers = Array.from({ length: doc.lines }, (_, index) => index + 1).filter((n) => n !== except.number);
  return new Set(numbers.flatMap((n) => /^(\w+):/.exec(doc.line(n).text)?.[1] ?? []));
}

function valueOptions(root: Schema, owner: Schema): Completion[] {
  const words = expand(root, owner).flatMap(closedValues).map(String);
  return [...new Set(words)].map((word) => ({ label: word, type: "constant" }));
}

function closedValues(node: Schema): unknown[] {
  if (node.enum) return node.enum;
  if (node.const !== undefined) return [node.const];
  return node.type === "boolean" ? [true, false] : [];
}

if (area && form && changed) start(area, form, changed);
