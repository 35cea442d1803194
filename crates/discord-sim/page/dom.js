// @ts-check
/** Makes elements; text is always text, so nothing that a message holds becomes markup. */

/** @typedef {Node | string | null | undefined | false} Child */

/**
 * An element with properties and children. Keys starting with "on" are listeners; `class`, `aria-…`,
 * `data-…`, `role` and `for` are attributes; everything else is a property.
 * @template {keyof HTMLElementTagNameMap} K
 * @param {K} tag
 * @param {Record<string, any>} [properties]
 * @param {...(Child | Child[])} children
 * @returns {HTMLElementTagNameMap[K]}
 */
export function h(tag, properties = {}, ...children) {
  const element = document.createElement(tag);
  for (const [key, value] of Object.entries(properties)) {
    if (value === undefined || value === null || value === false) continue;
    if (key.startsWith("on")) element.addEventListener(key.slice(2), value);
    else if (/^(class|role|for|aria-.*|data-.*)$/.test(key)) element.setAttribute(key, String(value));
    else /** @type {any} */ (element)[key] = value;
  }
  for (const child of children.flat()) {
    if (child !== null && child !== undefined && child !== false) element.append(child);
  }
  return element;
}

/**
 * The element with this id.
 * @param {string} id
 * @returns {HTMLElement}
 */
export function byId(id) {
  const element = document.getElementById(id);
  if (!element) throw new Error(`the page has no #${id}`);
  return element;
}

/**
 * A colour from Discord's number.
 * @param {number} color
 * @returns {string}
 */
export function css(color) {
  return `#${color.toString(16).padStart(6, "0")}`;
}
