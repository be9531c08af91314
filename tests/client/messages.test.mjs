// The texts of all languages fit each other, and fit the pages and scripts that use them.

import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import test from "node:test";

import { getLanguage, hasMessage, setMessages, t } from "../../client/static/js/parts/messages.js";

const CLIENT = new URL("../../client/", import.meta.url);
const SERVER = new URL("../../game/", import.meta.url);
const CODES = listFiles("messages/", ".json").map((path) => path.slice("messages/".length, -".json".length));
const LANGUAGES = CODES.map((code) => ({ code, sections: JSON.parse(read(`messages/${code}.json`)) }));
const ENGLISH = LANGUAGES.find(({ code }) => code === "en")?.sections;

const SCRIPTS = Object.fromEntries(listFiles("static/js/", ".js").map((path) => [path, read(path)]));
const TEMPLATES = Object.fromEntries(listFiles("templates/", ".html").map((path) => [path, read(path)]));
// The server takes these without naming them in one piece.
const TAKEN_BY_SERVER = ["language.name", "language.direction"];

/** @param {string} folder @param {string} ending */
function listFiles(folder, ending, root = CLIENT) {
  const names = /** @type {string[]} */ (readdirSync(new URL(folder, root), { recursive: true }));
  return names.filter((name) => name.endsWith(ending)).map((name) => folder + name).sort();
}

/** @param {string} path */
function read(path, root = CLIENT) {
  return readFileSync(new URL(path, root), "utf8");
}

/** @param {string} code @param {(key: string, message: string | Record<string, string>) => void} check */
function checkTexts(code, check) {
  const { sections } = LANGUAGES.find((language) => language.code === code) ?? assert.fail(code);
  for (const [section, texts] of Object.entries(sections)) {
    for (const [name, message] of Object.entries(texts)) check(`${section}.${name}`, message);
  }
}

/** @param {string} code @returns {string[]} */
function listKeys(code) {
  /** @type {string[]} */
  const keys = [];
  checkTexts(code, (key) => keys.push(key));
  return keys;
}

/** @param {string | Record<string, string>} message @returns {string[]} */
function listForms(message) {
  return typeof message === "string" ? [message] : Object.values(message);
}

/** @param {string} text @returns {string[]} */
function listPlaceholders(text) {
  return [...new Set(text.match(/\{[^}]*\}?/g))].sort();
}

/** @param {string} source @returns {Set<string>} the keys that it names, in whole or by how they begin */
function findKeys(source) {
  const whole = [...source.matchAll(/["'`]([a-z_]+\.[a-z0-9_]+)["'`]/g)].map(([, key]) => key);
  const beginnings = [...source.matchAll(/["'`]([a-z_]+\.[a-z0-9_]*)(?:\$?\{|["']\s*~)/g)].map(([, key]) => key);
  return new Set(
    listKeys("en").filter((key) => whole.includes(key) || beginnings.some((beginning) => key.startsWith(beginning))),
  );
}

for (const code of CODES) {
  test(`${code} has every text, and no other`, () => {
    assert.deepEqual(listKeys(code).sort(), listKeys("en").sort());
  });

  test(`the file of ${code} is written as the others are, so that changes merge`, () => {
    const sort = (/** @type {any} */ value) =>
      typeof value === "string"
        ? value
        : Object.fromEntries(Object.keys(value).sort().map((key) => [key, sort(value[key])]));
    const text = read(`messages/${code}.json`);
    assert.equal(text, `${JSON.stringify(sort(JSON.parse(text)), null, 2)}\n`);
  });

  test(`the texts of ${code} are plain, and have the placeholders of English`, () => {
    checkTexts(code, (key, message) => {
      const [section, name] = key.split(".");
      const english = listForms(ENGLISH[section][name]).at(-1) ?? "";
      for (const text of listForms(message)) {
        assert.equal(text, text.trim(), key);
        assert.ok(text, `${key} is empty`);
        assert.doesNotMatch(text, /<|&\w+;|&#/, key);
        assert.deepEqual(
          listPlaceholders(text).filter((name) => name !== "{count}"), // "one hit" may do without the number
          listPlaceholders(english).filter((name) => name !== "{count}"),
          key,
        );
      }
    });
  });

  test(`${code} has the plural forms that its numbers need`, () => {
    checkTexts(code, (key, message) => {
      if (typeof message === "string") {
        assert.ok(!message.includes("{count}"), `${key} has a count, but no plural forms`);
        return;
      }
      const rules = new Intl.PluralRules(code, { type: key.endsWith("ordinal") ? "ordinal" : "cardinal" });
      const needed = new Set(Array.from({ length: 1001 }, (_, count) => rules.select(count)));
      const { pluralCategories } = rules.resolvedOptions();
      for (const form of needed) assert.ok(form in message, `${key} lacks the form "${form}"`);
      for (const form of Object.keys(message)) assert.ok(pluralCategories.some((known) => known === form), `${key}: ${form}`);
    });
  });
}

test("every text that a page or script asks for exists, and every text is used", () => {
  const keys = listKeys("en");
  const server = listFiles("web/", ".py", SERVER).map((path) => read(path, SERVER));
  const sources = [...Object.values(SCRIPTS), ...Object.values(TEMPLATES), ...server];
  const asked = sources.flatMap((source) => [...source.matchAll(/\bt\(\s*["'`]([^"'`$]*)["'`]\s*[,)]/g)].map(([, key]) => key));
  assert.deepEqual(asked.filter((key) => !keys.includes(key) && key !== "section.key"), []);
  const used = new Set(sources.flatMap((source) => [...findKeys(source)]));
  assert.deepEqual(keys.filter((key) => !used.has(key) && !TAKEN_BY_SERVER.includes(key)), []);
});

test("no page has words of its own, which could not be translated", () => {
  const words = /[A-Za-z]{2}/;
  for (const [path, source] of Object.entries(TEMPLATES)) {
    const labels = [...source.matchAll(/\b(aria-label|alt|title|placeholder)="([^"{]*)/g)].map(([, , text]) => text);
    const texts = source
      .replace(/\{#.*?#\}|\{%.*?%\}|\{\{.*?\}\}|<(script|kbd|code)\b[^>]*>.*?<\/\1>/gs, "")
      .replace(/<[^>]*>|Inkrush/g, "\n")
      .split("\n");
    assert.deepEqual([...labels, ...texts].filter((text) => words.test(text)), [], path);
  }
});

test("a template asks for no text with plural forms, which only scripts can choose", () => {
  for (const [path, source] of Object.entries(TEMPLATES)) {
    for (const [, section, name] of source.matchAll(/\bt\("(\w+)\.(\w+)"/g)) {
      assert.equal(typeof ENGLISH[section]?.[name], "string", `${path}: ${section}.${name}`);
    }
  }
});

/** @param {string} path @returns {Set<string>} the script and all that it imports */
function listModules(path, modules = new Set()) {
  if (modules.has(path)) return modules;
  modules.add(path);
  for (const [, name] of SCRIPTS[path].matchAll(/^(?:import|export)[^;]*?from\s+"(\.[^"]+)";/gms)) {
    listModules(new URL(name, `file:///${path}`).pathname.slice(1), modules);
  }
  return modules;
}

test("a page brings the texts that its scripts ask for", () => {
  for (const [path, source] of Object.entries(TEMPLATES)) {
    const declared = [.../script_sections = \[(.*?)\]/s.exec(source)?.[1].matchAll(/"(\w+)"/g) ?? []].map(([, name]) => name);
    const scripts = [...source.matchAll(/"\/?(?:static\/)?(js\/[\w/-]+\.js)"/g)].map(([, name]) => `static/${name}`);
    const keys = scripts.flatMap((name) => [...listModules(name)]).flatMap((name) => [...findKeys(SCRIPTS[name])]);
    const needed = new Set(keys.map((key) => key.split(".")[0]));
    assert.deepEqual([...declared].sort(), [...needed].sort(), path);
  }
});

test("a text takes values, and writes numbers as its language does", () => {
  const sections = { a: { hits: { one: "ein Treffer für {name}", other: "{count} Treffer für {name}" }, b: "{x} {y}" } };
  setMessages("de", sections);
  assert.equal(getLanguage(), "de");
  assert.equal(t("a.hits", { count: 1, name: "Ö" }), "ein Treffer für Ö");
  assert.equal(t("a.hits", { count: 1204, name: "{count}" }), "1.204 Treffer für {count}");
  assert.equal(t("a.b", { x: 0.5 }), "0,5 {y}");
  assert.equal(t("a.missing"), "a.missing");
  assert.deepEqual([hasMessage("a.b"), hasMessage("a.c"), hasMessage("c.d")], [true, false, false]);
});
