// Bundles src/ into ../bundle, which is committed: whoever installs Dragoman needs no node.
import { copyFileSync, rmSync } from "node:fs";
import { build } from "esbuild";

const out = "../bundle";
rmSync(out, { recursive: true, force: true });
await build({
  entryPoints: ["src/explorer.tsx", "src/explorer.css"],
  outdir: out,
  bundle: true,
  minify: true,
  target: "es2022",
  format: "iife",
  charset: "ascii",
  legalComments: "linked",
  logLevel: "warning",
});
copyFileSync("src/explorer.html", `${out}/explorer.html`);
