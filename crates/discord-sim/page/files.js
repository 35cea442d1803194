// @ts-check
/** A field that takes files: chosen, dropped or pasted, listed below, each can be taken away. */

import { h, icon, iconButton } from "./dom.js";
import { size } from "./embed.js";

/** Bytes of all files together, as on Discord without a subscription. */
export const LARGEST = 10 * 1024 * 1024;

/**
 * @param {{ id: string, label: string, most: number }} what
 * @returns {{ element: HTMLElement, files: () => File[], input: HTMLInputElement }}
 */
export function fileField({ id, label, most }) {
  /** @type {File[]} */
  let files = [];
  const input = h("input", { type: "file", id, class: "hidden", multiple: most > 1 });
  const list = h("ul", { class: "file-list", "aria-label": `${label}: chosen files` });
  const problem = h("small", { class: "error", role: "alert" });
  const add = (/** @type {Iterable<File>} */ more) => {
    const all = most === 1 ? [...more].slice(0, 1) : [...files, ...more];
    problem.textContent = all.length > most ? `${most} files at most.` : all.reduce((sum, f) => sum + f.size, 0) > LARGEST ? `The files are larger than ${size(LARGEST)} together.` : "";
    if (!problem.textContent) files = all;
    draw();
  };
  const draw = () => list.replaceChildren(...files.map((file) => h("li", {}, icon("file"), h("span", { class: "file-name" }, file.name), h("small", {}, size(file.size)),
    iconButton("close", `Take ${file.name} away`, () => {
      files = files.filter((f) => f !== file);
      draw();
      input.focus();
    }, "small"))));
  const drop = h("label", { class: "drop", for: id }, icon("plus"), h("span", {}, most > 1 ? `Choose up to ${most} files, or drop them here` : "Choose a file, or drop it here"));
  input.addEventListener("change", () => {
    add(input.files ?? []);
    input.value = "";
  });
  const element = h("div", { class: "file-field" }, input, drop, list, problem);
  element.addEventListener("dragover", (event) => event.preventDefault());
  element.addEventListener("drop", (event) => {
    event.preventDefault();
    add(event.dataTransfer?.files ?? []);
  });
  return { element, files: () => files, input };
}

/** @param {Blob} file @returns {Promise<string>} */
export function base64(file) {
  return new Promise((give, fail) => {
    const reader = new FileReader();
    reader.onload = () => give(String(reader.result).replace(/^[^,]*,/, ""));
    reader.onerror = () => fail(reader.error);
    reader.readAsDataURL(file);
  });
}
