// Reads a file with another program's importer and prints CSL-like JSON: node read_with_others.mjs LIBRARY FILE
// LIBRARY: citation-js (which pandoc-like tools build on) or better-bibtex (Zotero's Better BibTeX).
import fs from "node:fs";
import { createRequire } from "node:module";
import path from "node:path";
import { pathToFileURL } from "node:url";

const [library, file] = process.argv.slice(2);
const modules = path.join(process.env.EVIDENCE_NODE_MODULES, "package.json");
const require = createRequire(modules);
const text = fs.readFileSync(file, "utf8");
let items;
if (library === "citation-js") {
  const { Cite } = require("@citation-js/core");
  require("@citation-js/plugin-bibtex");
  require("@citation-js/plugin-ris");
  const options = file.endsWith(".ris") ? { forceType: "@ris/file" } : {};
  items = new Cite(text, options).data.map((item) => ({
    title: item.title,
    doi: item.DOI,
    year: item.issued?.["date-parts"][0][0],
    journal: item["container-title"],
    volume: item.volume,
    authors: (item.author ?? []).map((person) =>
      person.literal ?? [person["non-dropping-particle"], person["dropping-particle"], person.family].filter(Boolean).join(" ")),
  }));
} else {
  const home = path.join(process.env.EVIDENCE_NODE_MODULES, "node_modules/@retorquere/bibtex-parser");
  const { parse } = await import(pathToFileURL(path.join(home, "dist/esm/index.js")));
  items = parse(text, { sentenceCase: false }).entries.map(({ fields }) => ({
    title: fields.title,
    doi: fields.doi,
    year: Number(fields.year),
    journal: fields.journal ?? fields.booktitle,
    volume: fields.volume,
    authors: (fields.author ?? []).map((person) => person.name ?? [person.prefix, person.lastName].filter(Boolean).join(" ")),
  }));
}
console.log(JSON.stringify(items));
