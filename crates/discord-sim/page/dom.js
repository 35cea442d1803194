// @ts-check
/** Makes elements; text is always text, so nothing that a message holds becomes markup. */

/** @typedef {Node | string | null | undefined | false | 0} Child */

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
    if (child) element.append(child);
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

/** Outlines on a grid of 24; drawn with the text's colour. */
const ICONS = {
  text: "M9 4 7 20M17 4l-2 16M4 9h16M4 15h16",
  voice: "M4 9.5v5h3.5L12 18.5v-13L7.5 9.5zM15.5 9a4 4 0 0 1 0 6M18 6.5a8 8 0 0 1 0 11",
  news: "M4 10v4h3l9 5V5l-9 5zM19 9.5a4 4 0 0 1 0 5M8 14.5V19",
  thread: "M6 4v8a4 4 0 0 0 4 4h8M14 12l4 4-4 4",
  forum: "M4 5h11v8H8l-4 3zM9 16.5h7l4 3V9h-2",
  plus: "M12 5v14M5 12h14",
  menu: "M4 7h16M4 12h16M4 17h16",
  people: "M9 11.5a3.5 3.5 0 1 0 0-7 3.5 3.5 0 0 0 0 7zM3 20c0-3.5 2.5-5.5 6-5.5s6 2 6 5.5M16 4.8a3.4 3.4 0 0 1 0 6.4M17.5 14.8c2.2.6 3.5 2.4 3.5 5.2",
  pulse: "M3 12h4l3-7 4 14 3-7h4",
  gear: "M12 15.2a3.2 3.2 0 1 0 0-6.4 3.2 3.2 0 0 0 0 6.4zM12 3v3M12 18v3M3 12h3M18 12h3M5.6 5.6l2.2 2.2M16.2 16.2l2.2 2.2M18.4 5.6l-2.2 2.2M7.8 16.2l-2.2 2.2",
  close: "M6 6l12 12M18 6 6 18",
  reply: "M10 6 4 12l6 6M4 12h9a7 7 0 0 1 7 7",
  edit: "M4 20l1-4L16 5l3 3L8 19zM14 7l3 3",
  bin: "M5 7h14M10 7V4h4v3M7 7l1 13h8l1-13",
  smile: "M12 21a9 9 0 1 0 0-18 9 9 0 0 0 0 18zM8.5 14.5c1 1.3 2.1 2 3.5 2s2.5-.7 3.5-2M9 9.5v.6M15 9.5v.6",
  dots: "M5 12h.01M12 12h.01M19 12h.01",
  down: "M6 9l6 6 6-6",
  check: "M5 12.5l4.5 4.5L19 7",
  send: "M4 12l16-8-5 16-3.5-6.5z",
  file: "M6 3h8l4 4v14H6zM14 3v4h4",
  copy: "M9 9h11v11H9zM5 15H4V4h11v1",
  search: "M10.5 17a6.5 6.5 0 1 0 0-13 6.5 6.5 0 0 0 0 13zM15.5 15.5 20 20",
  pause: "M8 5v14M16 5v14",
  play: "M7 5l12 7-12 7z",
  link: "M14 5h5v5M19 5l-9 9M11 6H5v13h13v-6",
  enter: "M4 12h11M11 7l5 5-5 5M15 4h5v16h-5",
  leave: "M20 12H9M13 7l-5 5 5 5M9 4H4v16h5",
  pin: "M9 4h6l-1 6 3 4H7l3-4zM12 14v6",
  app: "M5 5h6v6H5zM13 13h6v6h-6zM13 5h6v6h-6zM5 13h6v6H5z",
  eye: "M3 12c2.5-4.5 5.5-6.5 9-6.5s6.500 2 9 6.500c-2.500 4.500-5.500 6.500-9 6.500S5.500 16.500 3 12zM12 14.500a2.500 2.500 0 1 0 0-5 2.500 2.500 0 0 0 0 5z",
};

/** @typedef {keyof typeof ICONS} IconName */

const SVG = "http://www.w3.org/2000/svg";

/**
 * A picture beside a text, or in a button that has a label of its own.
 * @param {IconName} name
 */
export function icon(name) {
  const svg = document.createElementNS(SVG, "svg");
  for (const [key, value] of Object.entries({ viewBox: "0 0 24 24", class: "icon", "aria-hidden": "true", focusable: "false" })) {
    svg.setAttribute(key, value);
  }
  const path = document.createElementNS(SVG, "path");
  path.setAttribute("d", ICONS[name]);
  svg.append(path);
  return svg;
}

/**
 * A button that shows an icon only.
 * @param {IconName} name
 * @param {string} label
 * @param {(event: MouseEvent) => void} press
 * @param {string} [classes]
 */
export function iconButton(name, label, press, classes = "") {
  return h("button", { type: "button", class: `icon-button ${classes}`.trim(), "aria-label": label, title: label, onclick: press }, icon(name));
}

/**
 * Makes a list one stop of the Tab key, with arrow keys, Home and End inside.
 * @param {HTMLElement} list
 * @param {string} selector its items
 */
export function arrowKeys(list, selector) {
  const items = () => /** @type {HTMLElement[]} */ ([...list.querySelectorAll(selector)]).filter((i) => i.offsetParent !== null);
  list.addEventListener("focusin", (event) => {
    const item = /** @type {HTMLElement} */ (event.target).closest(selector);
    if (item) for (const other of list.querySelectorAll(selector)) /** @type {HTMLElement} */ (other).tabIndex = other === item ? 0 : -1;
  });
  list.addEventListener("keydown", (event) => {
    const all = items();
    const at = all.indexOf(/** @type {HTMLElement} */ (document.activeElement));
    if (at < 0 || event.ctrlKey || event.metaKey || event.altKey) return;
    const to = { ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: all.length - 1 }[event.key];
    if (to === undefined) return;
    event.preventDefault();
    all[Math.max(0, Math.min(all.length - 1, to))]?.focus();
  });
}

/**
 * Gives exactly one item of a list the Tab stop after it was drawn.
 * @param {HTMLElement} list
 * @param {string} selector
 * @param {string} preferred
 */
export function oneStop(list, selector, preferred) {
  const all = /** @type {HTMLElement[]} */ ([...list.querySelectorAll(selector)]);
  const stop = all.find((i) => i.matches(preferred)) ?? all[0];
  all.forEach((i) => (i.tabIndex = i === stop ? 0 : -1));
}

/**
 * Calls `work` once, `pause` ms after the last call.
 * @param {() => void} work
 * @param {number} pause
 */
export function soon(work, pause) {
  let timer = 0;
  return () => {
    clearTimeout(timer);
    timer = window.setTimeout(work, pause);
  };
}
