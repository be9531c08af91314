// Helpers for the elements of a page.

/**
 * @template {keyof HTMLElementTagNameMap} Tag
 * @param {Tag} tag
 * @param {Record<string, string | number | boolean>} [attributes] true stands for a bare attribute, false for none. In
 *   ARIA, both are written out.
 * @param {...(Node | string)} children
 * @returns {HTMLElementTagNameMap[Tag]}
 */
export function make(tag, attributes = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (name.startsWith("aria-")) element.setAttribute(name, String(value));
    else if (value !== false) element.setAttribute(name, value === true ? "" : String(value));
  }
  element.append(...children);
  return element;
}

/**
 * @template {Element} Kind
 * @param {string} selector
 * @param {new () => Kind} kind
 * @param {ParentNode} [within]
 * @returns {Kind} the first element that matches
 * @throws {Error} if there is none of this kind
 */
export function find(selector, kind, within = document) {
  const element = within.querySelector(selector);
  if (!(element instanceof kind)) throw new Error(`The page has no ${selector}.`);
  return element;
}

/**
 * @param {string} selector
 * @param {string} text
 * @param {ParentNode} [within]
 */
export function setText(selector, text, within = document) {
  find(selector, HTMLElement, within).textContent = text;
}

/**
 * @param {string} id of a template element
 * @returns {HTMLElement} a copy of the one element it holds
 */
export function copyTemplate(id) {
  const copy = find(`template#${id}`, HTMLTemplateElement).content.firstElementChild?.cloneNode(true);
  if (!(copy instanceof HTMLElement)) throw new Error(`The template ${id} is empty.`);
  return copy;
}

/** @param {HTMLFieldSetElement} radios @returns {string} the value of the radio button that is checked */
export function getChoice(radios) {
  return find("input:checked", HTMLInputElement, radios).value;
}

/** @param {HTMLElement} radios @param {string} value of the radio button to check; an unknown value unchecks all */
export function setChoice(radios, value) {
  for (const radio of radios.querySelectorAll("input")) radio.checked = radio.value === value;
}

/** Let a press beside a dialog close it. @param {HTMLDialogElement} dialog */
export function closeByPressBeside(dialog) {
  dialog.addEventListener("click", (event) => {
    if (event.target === dialog) dialog.close();
  });
}

/** Play the animation of the class "is-new" from its start. @param {HTMLElement} element */
export function restartAnimation(element) {
  element.classList.remove("is-new");
  void element.offsetWidth; // without a layout between the two, the browser would notice no change
  element.classList.add("is-new");
}
