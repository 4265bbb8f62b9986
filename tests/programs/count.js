// Count the statements of an RDF file as N3.js and the reference implementation of JSON-LD read it.
const fs = require("fs");
const path = process.argv[2];
const text = fs.readFileSync(path, "utf8");

async function count() {
  if (path.endsWith(".jsonld")) {
    const quads = await require("jsonld").toRDF(JSON.parse(text), { safe: true });
    return quads.length;
  }
  return new (require("n3").Parser)({ format: process.argv[3] }).parse(text).length;
}

count().then(console.log);
