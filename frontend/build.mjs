// Bundles styles and scripts into src/tenfold/web/static: hashed names, compressed, with a manifest of what is what.
import { build } from "esbuild";
import { readdirSync, readFileSync, rmSync, mkdirSync, writeFileSync, cpSync } from "node:fs";
import { basename, dirname, join, relative } from "node:path";
import { fileURLToPath } from "node:url";
import { brotliCompressSync, constants, gzipSync } from "node:zlib";

const here = dirname(fileURLToPath(import.meta.url));
const out = join(here, "../src/tenfold/web/static");
rmSync(out, { recursive: true, force: true });
mkdirSync(out, { recursive: true });

const result = await build({
  absWorkingDir: here,
  entryPoints: ["src/app.css", "src/app.js", "src/yaml.js", "src/public.css", "src/report.css"],
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
  if (info.entryPoint) manifest[basename(info.entryPoint)] = name;
  const font = Object.keys(info.inputs ?? {})[0] ?? "";
  if (name.endsWith(".woff2") && font.includes("inter-latin-wght-normal")) manifest["inter-latin.woff2"] = name;
}
cpSync(join(here, "src/icon.svg"), join(out, "icon.svg"));
writeFileSync(join(out, "manifest.json"), JSON.stringify(manifest, null, 2) + "\n");

for (const name of readdirSync(out)) {
  if (!/\.(css|js|svg)$/.test(name)) continue;
  const raw = readFileSync(join(out, name));
  writeFileSync(join(out, `${name}.gz`), gzipSync(raw, { level: 9 }));
  writeFileSync(join(out, `${name}.br`), brotliCompressSync(raw, { params: { [constants.BROTLI_PARAM_QUALITY]: 11 } }));
}
