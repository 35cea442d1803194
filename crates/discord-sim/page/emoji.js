// @ts-check
/** The emoji picker: common ones and the server's own. */

import { place } from "./chooser.js";
import { byId, h, iconButton } from "./dom.js";
import { emoji as drawEmoji } from "./markdown.js";
import { guild } from "./state.js";

/** Emojis with the words by which they are found. */
const COMMON = `👍 thumbs up yes|👎 thumbs down no|❤️ heart love|😂 joy laugh tears|😀 grin happy|😄 smile happy|😅 sweat relief|😊 blush happy|😉 wink|😍 love eyes|🥰 love|😎 cool sunglasses|🤔 thinking|🤨 eyebrow doubt|😐 neutral|🙄 eyes roll|😴 sleep tired|😢 cry sad|😭 sob cry|😡 angry|🤯 mind blown|🥳 party|😱 scream fear|🤝 handshake deal|👏 clap|🙏 thanks please|🙌 hooray|👋 wave hello|💪 strong|👀 eyes look|🧠 brain|🔥 fire hot|✨ sparkles|⭐ star|🎉 party tada|🎊 confetti|🎂 cake birthday|🎁 gift|🏆 trophy win|🥇 first gold|🎮 game|🎲 dice|🎵 music|📌 pin|📎 clip|📝 note memo|📅 calendar|⏰ alarm clock|🔔 bell|🔒 lock|🔧 wrench fix|🛠️ tools|🐛 bug|💡 idea light|🚀 rocket|✅ check yes done|❌ cross no|❓ question|❗ exclamation|⚠️ warning|🆗 ok|💯 hundred|➕ plus|➖ minus|🔴 red|🟢 green|🔵 blue|🟡 yellow|🐱 cat|🐶 dog|🦊 fox|🐸 frog|🍕 pizza|☕ coffee|🍪 cookie|🌈 rainbow|☀️ sun|🌙 moon`
  .split("|").map((line) => {
    const [sign = "", ...words] = line.split(" ");
    return { sign, words: words.join(" ") };
  });
/** Emojis beside each other, for the arrow keys. */
const COLUMNS = 8;

/**
 * Opens the picker at a button. Gives what the reaction's route wants: the emoji, or `name:id`.
 * @param {HTMLElement} anchor
 * @returns {Promise<string | undefined>}
 */
export function pickEmoji(anchor) {
  const dialog = /** @type {HTMLDialogElement} */ (byId("chooser"));
  /** @type {string | undefined} */
  let result;
  const search = h("input", { type: "text", class: "search", enterKeyHint: "search", placeholder: "Search", "aria-label": "Search for an emoji", autocomplete: "off" });
  const grid = h("div", { class: "emoji-grid", role: "group", "aria-label": "Emojis" });
  const own = (guild()?.emojis ?? []).map((e) => ({ key: `${e.name}:${e.id}`, words: e.name, draw: () => drawEmoji(e.id, e.name) }));
  const all = [...own, ...COMMON.map((e) => ({ key: e.sign, words: e.words, draw: () => document.createTextNode(e.sign) }))];
  const take = (/** @type {string} */ key) => {
    result = key;
    dialog.close();
  };
  const draw = () => {
    const wanted = search.value.trim().toLowerCase();
    grid.replaceChildren(...all.filter((e) => `${e.words} ${e.key}`.includes(wanted)).map((e, n) =>
      h("button", { type: "button", tabIndex: n ? -1 : 0, "aria-label": e.words, title: e.words, onclick: () => take(e.key) }, e.draw())));
    if (!grid.childElementCount) grid.append(h("p", { class: "nothing" }, "Nothing fits."));
  };
  search.addEventListener("input", draw);
  search.addEventListener("keydown", (event) => {
    const first = /** @type {HTMLElement | null} */ (grid.querySelector("button"));
    if (event.key === "Enter") first?.click();
    else if (event.key === "ArrowDown") first?.focus();
    else return;
    event.preventDefault();
  });
  grid.addEventListener("keydown", (event) => {
    const buttons = /** @type {HTMLElement[]} */ ([...grid.querySelectorAll("button")]);
    const at = buttons.indexOf(/** @type {HTMLElement} */ (document.activeElement));
    const step = { ArrowRight: 1, ArrowLeft: -1, ArrowDown: COLUMNS, ArrowUp: -COLUMNS }[event.key];
    if (step === undefined) return;
    event.preventDefault();
    if (at + step < 0) search.focus();
    else buttons[Math.min(at + step, buttons.length - 1)]?.focus();
  });
  draw();
  dialog.setAttribute("aria-label", "Choose an emoji");
  dialog.replaceChildren(h("header", {}, h("strong", {}, "Choose an emoji"), iconButton("close", "Close", () => dialog.close())), search, grid);
  dialog.showModal();
  place(dialog, anchor);
  search.focus();
  return new Promise((give) => {
    const outside = (/** @type {PointerEvent} */ event) => {
      if (event.target === dialog) dialog.close();
    };
    dialog.addEventListener("pointerdown", outside);
    dialog.addEventListener("close", () => {
      dialog.removeEventListener("pointerdown", outside);
      if (anchor.isConnected) anchor.focus({ preventScroll: true });
      give(result);
    }, { once: true });
  });
}

/** Emojis for the suggestions while one types `:name`. @param {string} typed */
export function emojiNamed(typed) {
  const own = (guild()?.emojis ?? []).filter((e) => e.name.toLowerCase().includes(typed))
    .map((e) => ({ label: `:${e.name}:`, insert: `:${e.name}:`, draw: () => drawEmoji(e.id, e.name) }));
  const common = COMMON.filter((e) => e.words.split(" ").some((w) => w.startsWith(typed)))
    .map((e) => ({ label: e.words, insert: e.sign, draw: () => h("span", {}, e.sign) }));
  return [...own, ...common];
}
