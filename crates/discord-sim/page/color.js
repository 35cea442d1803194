// @ts-check
/** Colours that roles and bots choose, made readable on the page's own surfaces. */

/** The lightest surface text stands on in the light theme, the darkest needed contrast partner in the dark one. */
const LIGHT_SURFACE = 0xdfe8e8;
const DARK_SURFACE = 0x2a333d;
/** WCAG AA for text, with a little room for tinted rows. */
const WANTED = 4.7;
const STEPS = 20;

/**
 * A colour from Discord's number.
 * @param {number} color
 */
export function css(color) {
  return `#${(color & 0xffffff).toString(16).padStart(6, "0")}`;
}

/** @param {number} color */
function luminance(color) {
  const [r = 0, g = 0, b = 0] = [16, 8, 0].map((shift) => {
    const part = ((color >> shift) & 255) / 255;
    return part <= 0.03928 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
}

/** @param {number} a @param {number} b */
export function contrast(a, b) {
  const [low = 0, high = 0] = [luminance(a), luminance(b)].sort((x, y) => x - y);
  return (high + 0.05) / (low + 0.05);
}

/** @param {number} color @param {number} towards @param {number} share */
function mix(color, towards, share) {
  return [16, 8, 0].reduce((sum, shift) => {
    const from = (color >> shift) & 255;
    return sum | (Math.round(from + (((towards >> shift) & 255) - from) * share) << shift);
  }, 0);
}

/** @param {number} color @param {number} surface @param {number} towards */
function readable(color, surface, towards) {
  for (let step = 0; step < STEPS; step += 1) {
    const mixed = mix(color, towards, step / STEPS);
    if (contrast(mixed, surface) >= WANTED) return mixed;
  }
  return towards;
}

/**
 * Colours an element's text as a role does, readable in both themes.
 * @param {HTMLElement} element
 * @param {number | undefined} color 0 is none
 */
export function paint(element, color) {
  if (!color) return;
  element.classList.add("painted");
  element.style.setProperty("--on-light", css(readable(color, LIGHT_SURFACE, 0x000000)));
  element.style.setProperty("--on-dark", css(readable(color, DARK_SURFACE, 0xffffff)));
  element.style.setProperty("--own", css(color));
}
