// The editor beside the shell: both write the same files. Each save names the version that it changes; where somebody else
// was quicker, both texts are shown side by side and the person chooses. Nothing is ever overwritten unseen.
import { defaultKeymap, history, historyKeymap, indentWithTab } from "@codemirror/commands";
import { markdown } from "@codemirror/lang-markdown";
import { python } from "@codemirror/lang-python";
import { sql } from "@codemirror/lang-sql";
import { yaml } from "@codemirror/lang-yaml";
import { bracketMatching, HighlightStyle, indentOnInput, indentUnit, syntaxHighlighting } from "@codemirror/language";
import { MergeView } from "@codemirror/merge";
import { highlightSelectionMatches, search, searchKeymap } from "@codemirror/search";
import { EditorState, type Extension } from "@codemirror/state";
import { drawSelection, EditorView, highlightActiveLine, keymap, lineNumbers } from "@codemirror/view";
import { tags } from "@lezer/highlight";
import { nonce } from "./policy";
import { Problem, type Requests } from "./requests";

const SAVE_AFTER_MS = 1_500;
const byId = (id: string) => document.getElementById(id) as HTMLElement;

interface OpenFile {
  path: string;
  version: string;
  saved: string; // the text at that version
  state: EditorState;
  isConflicting: boolean;
}
interface Content {
  text: string;
  version: string;
}

const look = EditorView.theme({
  "&": { backgroundColor: "var(--card)", color: "var(--ink)", height: "100%", fontSize: "13px" },
  ".cm-content": { fontFamily: "var(--mono)", caretColor: "var(--ink)" },
  ".cm-scroller": { fontFamily: "var(--mono)", lineHeight: "1.5" },
  ".cm-gutters": { backgroundColor: "var(--card)", color: "var(--soft)", border: "0" },
  ".cm-activeLine": { backgroundColor: "color-mix(in oklab, var(--accent-wash), transparent 45%)" },
  "&.cm-focused > .cm-scroller > .cm-selectionLayer .cm-selectionBackground, .cm-selectionBackground": {
    backgroundColor: "color-mix(in oklab, var(--accent), transparent 75%)",
  },
  ".cm-cursor": { borderLeftColor: "var(--ink)" },
  ".cm-panels": { backgroundColor: "var(--paper)", color: "var(--ink)" },
  ".cm-changedLine": { backgroundColor: "var(--accent-wash) !important" },
  ".cm-changedText": { background: "var(--mark) !important" },
});
const colours = HighlightStyle.define([
  { tag: [tags.keyword, tags.operatorKeyword], color: "var(--accent)" },
  { tag: [tags.definition(tags.variableName), tags.function(tags.variableName)], fontWeight: "600" },
  { tag: [tags.string, tags.special(tags.string)], color: "var(--good)" },
  { tag: [tags.number, tags.bool, tags.null], color: "var(--review)" },
  { tag: tags.comment, color: "var(--soft)", fontStyle: "italic" },
  { tag: tags.heading, fontWeight: "700" },
]);

const LANGUAGES: [RegExp, () => Extension][] = [
  [/\.py$/, python],
  [/\.(md|markdown)$/, markdown],
  [/\.ya?ml$/, yaml],
  [/\.sql$/, () => sql()],
];
const languageOf = (path: string): Extension => LANGUAGES.find(([ending]) => ending.test(path))?.[1]() ?? [];

export class Editor {
  private readonly view: EditorView;
  private readonly files = new Map<string, OpenFile>();
  private current: OpenFile | undefined;
  private timer: ReturnType<typeof setTimeout> | undefined;
  private merge: MergeView | undefined;

  constructor(
    private readonly requests: Requests,
    private readonly tell: (words: string) => void,
    private readonly mayWrite: () => boolean,
  ) {
    this.view = new EditorView({ parent: byId("editor"), state: EditorState.create({ extensions: this.frozen() }) });
    byId("keep-mine").addEventListener("click", () => void this.settle("mine"));
    byId("take-theirs").addEventListener("click", () => void this.settle("theirs"));
    addEventListener("beforeunload", (event) => {
      if (this.unsaved.length) event.preventDefault();
    });
  }

  get unsaved(): string[] {
    this.remember();
    return [...this.files.values()].filter((one) => one.state.doc.toString() !== one.saved).map((one) => one.path);
  }

  async open(path: string): Promise<void> {
    const known = this.files.get(path);
    if (known) {
      this.show(known);
      return;
    }
    try {
      const found = await this.requests.ask<Content>("read", { path });
      const file = {
        path,
        version: found.version,
        saved: found.text,
        state: this.stateOf(path, found.text),
        isConflicting: false,
      };
      this.files.set(path, file);
      this.show(file);
    } catch (problem) {
      this.tell(wordsOf(problem));
    }
  }

  // What the shell or a colleague wrote: taken over where nothing here is unsaved, else shown beside it.
  async takeChanges(paths: string[]): Promise<void> {
    const touched = paths.length ? paths.filter((one) => this.files.has(one)) : [...this.files.keys()];
    for (const path of touched) {
      const file = this.files.get(path);
      if (file && !file.isConflicting) await this.compare(file);
    }
  }

  private async compare(file: OpenFile): Promise<void> {
    let found: Content;
    try {
      found = await this.requests.ask<Content>("read", { path: file.path });
    } catch (problem) {
      if (problem instanceof Problem && problem.kind === "missing") this.forget(file);
      return;
    }
    this.remember();
    const mine = file.state.doc.toString();
    if (found.version === file.version) return;
    if (mine === found.text) this.adopt(file, found);
    else if (mine === file.saved) this.replace(file, found);
    else this.showConflict(file, found);
  }

  private adopt(file: OpenFile, found: Content): void {
    file.version = found.version;
    file.saved = found.text;
    this.markTabs();
  }

  private replace(file: OpenFile, found: Content): void {
    this.adopt(file, found);
    const whole = { from: 0, to: file.state.doc.length, insert: found.text };
    if (file === this.current) {
      const head = Math.min(this.view.state.selection.main.head, found.text.length);
      this.view.dispatch({ changes: whole, selection: { anchor: head } });
      this.tell(`${file.path} was changed outside the editor; this is the new text.`);
    } else file.state = file.state.update({ changes: whole }).state;
  }

  private forget(file: OpenFile): void {
    if (file.state.doc.toString() !== file.saved) {
      file.version = "";
      file.saved = "";
      this.tell(`${file.path} was removed outside the editor. Saving writes it again.`);
      return;
    }
    this.files.delete(file.path);
    if (file === this.current) this.show([...this.files.values()][0]);
    this.markTabs();
  }

  async save(): Promise<void> {
    clearTimeout(this.timer);
    this.remember();
    const file = this.current;
    if (!file || file.isConflicting || !this.mayWrite()) return;
    const text = file.state.doc.toString();
    if (text === file.saved) return;
    try {
      const done = await this.requests.ask<{ version: string }>("write", {
        path: file.path,
        text,
        version: file.version,
      });
      file.version = done.version;
      file.saved = text;
      this.tell(`${file.path} is saved.`);
    } catch (problem) {
      if (problem instanceof Problem && problem.kind === "conflict") await this.compare(file);
      else this.tell(`${file.path} is not saved: ${wordsOf(problem)}`);
    }
    this.markTabs();
  }

  private showConflict(file: OpenFile, found: Content): void {
    file.isConflicting = true;
    this.show(file);
    byId("editor").hidden = true;
    byId("conflict").hidden = false;
    byId("conflict-path").textContent = file.path;
    this.merge?.destroy();
    const shared = [
      look,
      syntaxHighlighting(colours),
      lineNumbers(),
      languageOf(file.path),
      EditorView.cspNonce.of(nonce),
    ];
    this.merge = new MergeView({
      parent: byId("merge"),
      a: { doc: found.text, extensions: [...shared, EditorState.readOnly.of(true), labelled("In the room now")] },
      b: {
        doc: file.state.doc.toString(),
        extensions: [...shared, keymap.of(defaultKeymap), labelled("Yours, not saved")],
      },
      revertControls: "a-to-b",
    });
    byId("conflict").dataset.version = found.version;
    byId("keep-mine").focus();
    this.tell(`${file.path} was also changed outside the editor. Choose what stays.`);
  }

  private async settle(which: "mine" | "theirs"): Promise<void> {
    const file = this.current;
    if (!file || !this.merge) return;
    const theirs = this.merge.a.state.doc.toString();
    const chosen = which === "theirs" ? theirs : this.merge.b.state.doc.toString();
    file.isConflicting = false;
    file.version = byId("conflict").dataset.version ?? "";
    file.saved = theirs;
    file.state = this.stateOf(file.path, chosen);
    this.merge.destroy();
    this.merge = undefined;
    byId("conflict").hidden = true;
    byId("editor").hidden = false;
    this.view.setState(file.state);
    this.view.focus();
    await this.save();
    this.markTabs();
  }

  private show(file: OpenFile | undefined): void {
    this.remember();
    this.current = file;
    byId("editor-empty").hidden = file !== undefined;
    byId("conflict").hidden = !file?.isConflicting;
    byId("editor").hidden = !file || file.isConflicting;
    if (file) this.view.setState(file.state);
    this.markTabs();
  }

  private remember(): void {
    if (this.current && !this.current.isConflicting) this.current.state = this.view.state;
  }

  markTabs(): void {
    this.remember();
    const tabs = byId("editor-tabs");
    tabs.replaceChildren(
      ...[...this.files.values()].map((file) => {
        const button = document.createElement("button");
        button.type = "button";
        button.className = "tab";
        const isUnsaved = file.state.doc.toString() !== file.saved;
        button.textContent = `${file.path.split("/").pop()}${isUnsaved ? " •" : ""}`;
        button.title = isUnsaved ? `${file.path}, not saved` : file.path;
        button.setAttribute("aria-pressed", String(file === this.current));
        button.addEventListener("click", () => this.show(file));
        return button;
      }),
    );
    const unsaved = this.current && this.current.state.doc.toString() !== this.current.saved;
    byId("editor-state").textContent = !this.current ? "" : unsaved ? "Not saved yet" : "Saved";
  }

  private stateOf(path: string, text: string): EditorState {
    return EditorState.create({
      doc: text,
      extensions: [
        this.frozen(),
        lineNumbers(),
        history(),
        drawSelection(),
        indentOnInput(),
        indentUnit.of(path.endsWith(".py") ? "    " : "  "),
        bracketMatching(),
        highlightActiveLine(),
        highlightSelectionMatches(),
        search({ top: true }),
        syntaxHighlighting(colours),
        languageOf(path),
        labelled(`Editor: ${path}. Escape, then Tab, leaves it.`),
        keymap.of([{ key: "Mod-s", preventDefault: true, run: () => this.saveNow() }]),
        keymap.of([...defaultKeymap, ...historyKeymap, ...searchKeymap, indentWithTab]),
        EditorView.updateListener.of((update) => {
          if (update.docChanged) this.noteTyping();
        }),
        EditorState.readOnly.of(!this.mayWrite()),
      ],
    });
  }

  private frozen(): Extension {
    return [look, EditorView.cspNonce.of(nonce)];
  }

  private saveNow(): boolean {
    void this.save();
    return true;
  }

  private noteTyping(): void {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => void this.save(), SAVE_AFTER_MS);
    this.markTabs();
  }
}

const labelled = (words: string): Extension => EditorView.contentAttributes.of({ "aria-label": words, tabindex: "0" });

export function wordsOf(problem: unknown): string {
  return problem instanceof Error ? problem.message : "Something went wrong.";
}
