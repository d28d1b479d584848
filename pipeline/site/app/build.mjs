// Bundles src/ into ../bundle, which is committed: whoever installs Dragoman needs no node.
import { createHash } from "node:crypto";
import { copyFileSync, readFileSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { build } from "esbuild";

const out = "../bundle";
// By which a test tells that the bundle is that of these sources.
const sources = createHash("sha256");
for (const path of ["package-lock.json", ...readdirSync("src").sort().map((name) => `src/${name}`)]) sources.update(readFileSync(path));
rmSync(out, { recursive: true, force: true });
const { metafile } = await build({
  entryPoints: ["src/explorer.tsx", "src/explorer.css"],
  outdir: out,
  bundle: true,
  minify: true,
  target: "es2022",
  format: "iife",
  charset: "ascii",
  metafile: true,
  banner: { js: `/* of sources ${sources.digest("hex")}; licenses.txt names what it holds of others */` },
  logLevel: "warning",
});
copyFileSync("src/explorer.html", `${out}/explorer.html`);

// What the bundle holds of others goes with their licenses.
const packages = new Set(Object.keys(metafile.inputs).map((path) => /^node_modules\/((?:@[^/]+\/)?[^/]+)/.exec(path)?.[1]).filter(Boolean));
const notices = [...packages].sort().map((name) => {
  const folder = `node_modules/${name}`;
  const { version, license } = JSON.parse(readFileSync(`${folder}/package.json`, "utf8"));
  const file = readdirSync(folder).find((each) => /^licen[cs]e/i.test(each));
  return `${name} ${version}, ${license}\n\n${file ? readFileSync(`${folder}/${file}`, "utf8").trim() : ""}\n`;
});
writeFileSync(`${out}/licenses.txt`, notices.join(`\n${"-".repeat(72)}\n\n`));
