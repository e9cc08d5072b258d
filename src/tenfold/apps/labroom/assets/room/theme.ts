// The terminal in the colours of the page, light and dark.
import type { ITheme } from "@xterm/xterm";

const LIGHT = ["#3b3a36", "#b3261e", "#2e6b3a", "#7d5700", "#1f56b8", "#8a3a86", "#0f6a73", "#5f5b53"];
const DARK = ["#8d887e", "#ff8a7a", "#8cc79a", "#e5bd66", "#8ab4ff", "#e0a3dd", "#76ccd6", "#eeeae2"];
const NAMES = ["black", "red", "green", "yellow", "blue", "magenta", "cyan", "white"] as const;

export function theme(): ITheme {
  const style = getComputedStyle(document.body);
  const colour = (name: string) => style.getPropertyValue(name).trim();
  const isDark = matchMedia("(prefers-color-scheme: dark)").matches;
  const found: ITheme = {
    background: colour("--card"),
    foreground: colour("--ink"),
    cursor: colour("--ink"),
    cursorAccent: colour("--card"),
    selectionBackground: isDark ? "#3d5f99" : "#bcd3f7",
  };
  NAMES.forEach((name, place) => {
    found[name] = (isDark ? DARK : LIGHT)[place];
    found[`bright${name[0]?.toUpperCase()}${name.slice(1)}` as keyof ITheme] = (isDark ? DARK : LIGHT)[place] as never;
  });
  return found;
}
