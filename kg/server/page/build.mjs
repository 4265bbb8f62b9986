// Bundles the page's script and style into ../static/, with the licences of what is bundled and what it was built from.
import { build } from "esbuild";
import { createHash } from "node:crypto";
import { copyFileSync, readdirSync, readFileSync, writeFileSync } from "node:fs";

const out = "../static/";
const { metafile } = await build({
  entryPoints: { explorer: "src/main.js" },
  outdir: out,
  bundle: true,
  minify: true,
  format: "iife",
  target: ["es2020"],
  legalComments: "none",
  metafile: true,
});
await build({ entryPoints: ["explorer.css"], outfile: `${out}explorer.css`, minify: true });
copyFileSync("explorer.html", `${out}explorer.html`);

const packages = new Set(
  Object.keys(metafile.inputs)
    .map((path) => /node_modules\/((?:@[^/]+\/)?[^/]+)\//.exec(path)?.[1])
    .filter(Boolean),
);
const licences = [...packages].sort().map((name) => {
  const about = JSON.parse(readFileSync(`node_modules/${name}/package.json`, "utf8"));
  const text = ["LICENSE.txt", "LICENSE", "LICENSE.md"].map((file) => {
    try {
      return readFileSync(`node_modules/${name}/${file}`, "utf8").trim();
    } catch {
      return null;
    }
  });
  return `${name} ${about.version} (${about.license})\n\n${text.find(Boolean) ?? "(the package holds no text of its licence)"}\n`;
});
writeFileSync(`${out}LICENSES.txt`, `Bundled in explorer.js:\n\n${licences.join("\n---\n\n")}`);

// tests/test_page.py compares this with the sources, so that nobody forgets to build
const sources = ["build.mjs", "explorer.css", "explorer.html", "package-lock.json", ...readdirSync("src").map((file) => `src/${file}`)];
const lines = sources.sort().map((file) => `${createHash("sha256").update(readFileSync(file)).digest("hex")}  ${file}\n`);
writeFileSync(`${out}SOURCES.sha256`, lines.join(""));
