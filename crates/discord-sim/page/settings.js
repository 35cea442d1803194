// @ts-check
/** Settings of the page and of the person. */

import { byId, h, iconButton } from "./dom.js";
import { state } from "./state.js";

const LANGUAGES = [["en-US", "English, US"], ["en-GB", "English, UK"], ["de", "Deutsch"], ["fr", "Français"], ["es-ES", "Español"], ["pt-BR", "Português do Brasil"], ["ja", "日本語"]];

/** @returns {string} "" while the system decides */
function theme() {
  return document.documentElement.dataset["theme"] ?? "";
}

/** @param {string} chosen */
function setTheme(chosen) {
  if (chosen) document.documentElement.dataset["theme"] = chosen;
  else delete document.documentElement.dataset["theme"];
  try {
    if (chosen) localStorage.setItem("sandbox-theme", chosen);
    else localStorage.removeItem("sandbox-theme");
  } catch {
    // Without storage it lasts as long as the page.
  }
}

/** @param {(change: { takes_dms?: boolean, locale?: string }) => void} save */
export function showSettings(save) {
  const dialog = /** @type {HTMLDialogElement} */ (byId("settings"));
  const radio = (/** @type {string} */ value, /** @type {string} */ label) => h("label", { class: "choice" },
    h("input", { type: "radio", name: "theme", value, checked: theme() === value, onchange: () => setTheme(value) }), h("span", {}, label));
  const own = state.view?.locale ?? "en-US";
  const known = LANGUAGES.some(([code]) => code === own) ? LANGUAGES : [...LANGUAGES, [own, own]];
  const language = h("select", { id: "language", onchange: () => save({ locale: language.value }) },
    known.map(([code, name]) => h("option", { value: code, selected: code === own }, name ?? "")));
  const dms = h("input", { type: "checkbox", checked: state.view?.takes_dms ?? true, onchange: () => save({ takes_dms: dms.checked }) });
  dialog.replaceChildren(
    h("header", {}, h("h2", { id: "settings-title" }, "Settings"), iconButton("close", "Close", () => dialog.close())),
    h("fieldset", { class: "field" }, h("legend", {}, "Theme"), h("div", { class: "choices side-by-side" }, radio("", "System"), radio("light", "Light"), radio("dark", "Dark"))),
    h("div", { class: "field" }, h("label", { for: "language" }, "Your language"), h("small", {}, "What bots are told when you use a command."), language),
    h("label", { class: "choice" }, dms, h("span", {}, "Take direct messages from people and bots of the server")));
  dialog.showModal();
}
