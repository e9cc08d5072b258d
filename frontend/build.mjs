// Gathers styles and scripts from where they belong, src/tenfold/core/assets and src/tenfold/apps/<name>/assets, and bundles
// them into src/tenfold/web/static: hashed names, compressed, with a manifest of what is what.
//
// <name>/assets/<name>.css and <name>.ts go into the bundle that every page loads; any other file there is a bundle of its own;
// folders hold what bundles are made of.
import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { basename, dirname, join, relative } from "node:path";
import { fileURLToPath } from "node:url";
import { brotliCompressSync, constants, gzipSync } from "node:zlib";
import { build } from "esbuild";

const here = dirname(fileURLToPath(import.meta.url));
const house = join(here, "../src/tenfold");
const out = join(house, "web/static");
const generated = join(here, "generated");
const core = join(house, "core/assets");
// Lowest first, as apps import one another: a higher app may refine what a lower one draws. Apps not named here follow.
const LOWEST_FIRST = [
  "accounts",
  "plans",
  "postings",
  "pay",
  "candidates",
  "interviews",
  "labroom",
  "decisions",
  "offers",
  "employees",
  "growth",
  "retention",
];

const place = (name) => (LOWEST_FIRST.includes(name) ? LOWEST_FIRST.indexOf(name) : LOWEST_FIRST.length);
const apps = readdirSync(join(house, "apps"))
  .filter((name) => existsSync(join(house, "apps", name, "assets")))
  .sort((one, other) => place(one) - place(other) || one.localeCompare(other));
const sources = apps.flatMap((app) => {
  const folder = join(house, "apps", app, "assets");
  const files = readdirSync(folder).filter((file) => /\.(css|ts)$/.test(file)); // folders hold modules of bundles
  return files.map((file) => ({ path: join(folder, file), isShared: file.split(".")[0] === app }));
});
const shared = (ending) => sources.filter((one) => one.isShared && one.path.endsWith(ending)).map((one) => one.path);
const ownBundles = sources.filter((one) => !one.isShared).map((one) => one.path);

const styles = ["tokens.css", "type.css", "charts.css", "parts.css", "core.css"];
// Styles of charts are written by the engine that draws them; bin/assets asks it.
const inCore = (name) => (name === "charts.css" ? join(generated, name) : join(core, name));
const lines = (paths, word) => paths.map((path) => `${word} ${JSON.stringify(path)};\n`).join("");
mkdirSync(generated, { recursive: true });
writeFileSync(join(generated, "app.css"), lines([...styles.map(inCore), ...shared(".css")], "@import"));
writeFileSync(join(generated, "app.ts"), lines([join(core, "core.ts"), ...shared(".ts")], "import"));

rmSync(out, { recursive: true, force: true });
mkdirSync(out, { recursive: true });
const result = await build({
  absWorkingDir: here,
  entryPoints: [
    { in: join(generated, "app.css"), out: "app" },
    { in: join(generated, "app.ts"), out: "app" },
    ...ownBundles.map((path) => ({ in: path, out: basename(path).replace(/\.\w+$/, "") })),
  ],
  nodePaths: [join(here, "node_modules")],
  outdir: out,
  bundle: true,
  minify: true,
  format: "esm",
  target: ["es2022", "chrome111", "firefox114", "safari16.4"],
  entryNames: "[name]-[hash]",
  assetNames: "[name]-[hash]",
  loader: { ".woff2": "file", ".svg": "file" },
  metafile: true,
  legalComments: "none",
  logLevel: "warning",
});

const manifest = {};
for (const [file, info] of Object.entries(result.metafile.outputs)) {
  const name = relative(out, join(here, file));
  if (info.entryPoint) manifest[name.replace(/-[A-Z0-9]+(\.\w+)$/, "$1")] = name;
  const font = Object.keys(info.inputs ?? {})[0] ?? "";
  if (name.endsWith(".woff2") && font.includes("inter-latin-wght-normal")) manifest["inter-latin.woff2"] = name;
}
cpSync(join(core, "icon.svg"), join(out, "icon.svg"));
writeFileSync(join(out, "manifest.json"), `${JSON.stringify(manifest, null, 2)}\n`);

for (const name of readdirSync(out)) {
  if (!/\.(css|js|svg)$/.test(name)) continue;
  const raw = readFileSync(join(out, name));
  writeFileSync(join(out, `${name}.gz`), gzipSync(raw, { level: 9 }));
  writeFileSync(join(out, `${name}.br`), brotliCompressSync(raw, { params: { [constants.BROTLI_PARAM_QUALITY]: 11 } }));
}
