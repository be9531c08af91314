// The words of the page, in its language. Scripts say t("section.key"). The page brings the sections that it names in
// script_sections (templates/layout.html), from client/messages.

/** @typedef {string | Record<string, string>} Message a text, or one for each plural form ("one", "other", …) */
/** @typedef {Record<string, Record<string, Message>>} Sections */

/** @type {{ language: string, sections: Sections, plurals: Intl.PluralRules, ordinals: Intl.PluralRules }} */
const words = { language: "", sections: {}, plurals: new Intl.PluralRules(), ordinals: new Intl.PluralRules() };
if (typeof document === "undefined") setMessages("en", {});
else setMessages(document.documentElement.lang, JSON.parse(document.querySelector("#messages")?.textContent ?? "{}"));

/**
 * Use other words than those of the page. Tests without a page begin with this.
 *
 * @param {string} language such as "de"
 * @param {Sections} sections
 */
export function setMessages(language, sections) {
  const plurals = new Intl.PluralRules(language);
  const ordinals = new Intl.PluralRules(language, { type: "ordinal" });
  Object.assign(words, { language, sections, plurals, ordinals });
}

/** @returns {string} the language of the page, such as "de" */
export function getLanguage() {
  return words.language;
}

/** @param {string} key such as "section.key" @returns {boolean} whether the page has this text */
export function hasMessage(key) {
  return getMessage(key) !== undefined;
}

/**
 * @param {string} key such as "section.key"
 * @param {Record<string, string | number>} [values] for its placeholders. A number is written as the language does;
 *   `count` also chooses the plural form. Keys that end in "ordinal" have a form for each kind of ordinal number: 1st, 2nd.
 * @returns {string} the text. A text that the page lacks reads as its key.
 */
export function t(key, values = {}) {
  const message = getMessage(key) ?? key;
  const text = typeof message === "string" ? message : choosePlural(key, message, Number(values.count));
  return text.replace(/\{(\w+)\}/g, (placeholder, name) => writeValue(values[name] ?? placeholder));
}

/** @param {string} key @returns {Message | undefined} */
function getMessage(key) {
  const [section, name] = key.split(".");
  return words.sections[section]?.[name];
}

/** @param {string} key @param {Record<string, string>} forms @param {number} count */
function choosePlural(key, forms, count) {
  const rules = key.endsWith("ordinal") ? words.ordinals : words.plurals;
  return forms[rules.select(count)] ?? forms.other;
}

/** @param {string | number} value */
function writeValue(value) {
  return typeof value === "number" ? value.toLocaleString(words.language) : value;
}
