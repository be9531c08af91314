// The words of the page, in its language. Scripts say t("section.key"). The page brings the sections that it names in
// script_sections (templates/layout.html), from client/messages.

/** @typedef {string | Record<string, string>} Message a text, or one for each plural form ("one", "other", …) */
/** @typedef {Record<string, Record<string, Message>>} Sections */

/** @type {{ language: string, sections: Sections, plurals: Intl.PluralRules }} */
const words = { language: "en", sections: {}, plurals: new Intl.PluralRules("en") };
if (typeof document !== "undefined") {
  setMessages(document.documentElement.lang, JSON.parse(document.querySelector("#messages")?.textContent ?? "{}"));
}

/**
 * Use other words than those of the page. Tests without a page begin with this.
 *
 * @param {string} language such as "de"
 * @param {Sections} sections
 */
export function setMessages(language, sections) {
  Object.assign(words, { language, sections, plurals: new Intl.PluralRules(language) });
}

/** @returns {string} the language of the page, such as "de" */
export function getLanguage() {
  return words.language;
}

/** @param {string} key such as "result.time_up" @returns {boolean} whether the page has this text */
export function hasMessage(key) {
  return getMessage(key) !== undefined;
}

/**
 * @param {string} key such as "result.behind"
 * @param {Record<string, string | number>} [values] for its placeholders. A number is written as the language does;
 *   `count` also chooses the plural form.
 * @returns {string} the text. A text that the page lacks reads as its key.
 */
export function t(key, values = {}) {
  const message = getMessage(key) ?? key;
  const text = typeof message === "string" ? message : choosePlural(message, Number(values.count));
  return text.replace(/\{(\w+)\}/g, (placeholder, name) => writeValue(values[name] ?? placeholder));
}

/** @param {string} key @returns {Message | undefined} */
function getMessage(key) {
  const [section, name] = key.split(".");
  return words.sections[section]?.[name];
}

/** @param {Record<string, string>} forms @param {number} count */
function choosePlural(forms, count) {
  return forms[words.plurals.select(count)] ?? forms.other;
}

/** @param {string | number} value */
function writeValue(value) {
  return typeof value === "number" ? value.toLocaleString(words.language) : value;
}
