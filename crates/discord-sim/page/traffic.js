// @ts-check
/** The drawer that shows what goes over the wire. */

import { byId, h, iconButton } from "./dom.js";

/** Lines kept in the drawer. */
const MOST_LINES = 500;
const OPS = /** @type {Record<number, string>} */ ({ 1: "HEARTBEAT", 2: "IDENTIFY", 3: "PRESENCE_UPDATE", 4: "VOICE_STATE_UPDATE", 6: "RESUME", 7: "RECONNECT", 8: "REQUEST_GUILD_MEMBERS", 9: "INVALID_SESSION", 10: "HELLO", 11: "HEARTBEAT_ACK" });

/** @typedef {{ kind: string, at: Date, title: string, path: string, note: string, bad: boolean, request: string, answer: string, text: string }} Line */

/** @type {Line[]} */
let kept = [];
/** @type {Line[]} */
let waiting = [];
let paused = false;
const filter = { typed: "", kind: "", bad: false };
const list = () => byId("traffic-list");

/**
 * Adds a line; drawn in batches, so that a busy guild does not make the page slow.
 * @param {any} raw
 */
export function addTraffic(raw) {
  if (paused) return;
  const line = read(raw);
  kept.push(line);
  if (kept.length > MOST_LINES) kept = kept.slice(-MOST_LINES);
  if (byId("traffic").hidden) return;
  waiting.push(line);
  if (waiting.length === 1) requestAnimationFrame(flush);
}

/** @param {any} raw @returns {Line} */
function read(raw) {
  const rest = raw.kind === "rest";
  const name = raw.t ?? OPS[raw.op] ?? `op ${raw.op}`;
  const line = rest
    ? { title: raw.method, path: raw.path, note: `${raw.status} · ${(raw.micros / 1000).toFixed(1)} ms`, bad: raw.status >= 400 }
    : { title: raw.direction === "out" ? "to bot" : "from bot", path: name, note: `${raw.bytes} B`, bad: name === "CLOSE" };
  const [request, answer] = [raw.request ?? raw.body ?? "", raw.answer ?? ""];
  return { kind: rest ? "rest" : "gateway", at: new Date(), ...line, request, answer, text: `${line.title} ${line.path} ${line.note} ${request} ${answer}`.toLowerCase() };
}

/** @param {Line} line */
function fits(line) {
  return (!filter.kind || line.kind === filter.kind) && (!filter.bad || line.bad) && line.text.includes(filter.typed);
}

function flush() {
  const box = list();
  const follow = box.scrollTop + box.clientHeight > box.scrollHeight - 40;
  box.append(...waiting.filter(fits).map(draw));
  waiting = [];
  while (box.childElementCount > MOST_LINES) box.firstElementChild?.remove();
  if (follow) box.scrollTop = box.scrollHeight;
}

/** Draws everything that fits again; also when the drawer opens. */
export function drawTraffic() {
  waiting = [];
  list().replaceChildren(...kept.filter(fits).map(draw));
  if (!list().childElementCount) list().append(h("li", { class: "nothing" }, kept.length ? "Nothing fits the filter." : "Nothing has gone over the wire yet."));
  list().scrollTop = list().scrollHeight;
}

/** @param {string} text */
function pretty(text) {
  try {
    return JSON.stringify(JSON.parse(text), null, 2);
  } catch {
    return text;
  }
}

/** @param {Line} line */
function draw(line) {
  list().querySelector(".nothing")?.remove();
  const body = h("div", { class: "wire-body", hidden: true });
  const row = h("button", { type: "button", class: line.bad ? "wire bad" : "wire", "aria-expanded": "false" },
    h("time", {}, line.at.toLocaleTimeString(undefined, { timeStyle: "medium" })), h("b", { class: line.kind }, line.title), h("span", { class: "path" }, line.path), h("span", { class: "note" }, line.note));
  row.addEventListener("click", () => {
    body.hidden = !body.hidden;
    row.setAttribute("aria-expanded", String(!body.hidden));
    if (body.childElementCount) return;
    const part = (/** @type {string} */ title, /** @type {string} */ text) => (text ? [h("p", {}, title), h("pre", { tabIndex: 0, "aria-label": title }, h("code", {}, pretty(text)))] : []);
    body.append(...(line.kind === "rest" ? [...part("Request", line.request), ...part("Answer", line.answer)] : part("Content", line.request)));
    if (!body.childElementCount) body.append(h("p", {}, "Nothing inside."));
    body.scrollIntoView({ block: "nearest" });
    row.scrollIntoView({ block: "nearest" });
  });
  return h("li", {}, row, body);
}

/** Makes the drawer's inside once. @param {() => void} close */
export function prepareTraffic(close) {
  const search = h("input", { type: "search", placeholder: "Filter", "aria-label": "Filter the traffic", oninput: () => {
    filter.typed = search.value.trim().toLowerCase();
    drawTraffic();
  } });
  const kind = h("select", { "aria-label": "Kind of traffic", onchange: () => {
    filter.kind = kind.value;
    drawTraffic();
  } }, h("option", { value: "" }, "Everything"), h("option", { value: "rest" }, "REST"), h("option", { value: "gateway" }, "Gateway"));
  const bad = h("input", { type: "checkbox", onchange: () => {
    filter.bad = bad.checked;
    drawTraffic();
  } });
  const pause = h("button", { type: "button", class: "button secondary", "aria-pressed": "false", onclick: () => {
    paused = !paused;
    pause.setAttribute("aria-pressed", String(paused));
    pause.textContent = paused ? "Go on" : "Pause";
  } }, "Pause");
  byId("traffic").append(
    h("header", {}, h("h2", {}, "Traffic"), search, kind, h("label", { class: "choice" }, bad, h("span", {}, "Errors")), pause,
      iconButton("bin", "Empty the list", () => {
        kept = [];
        drawTraffic();
      }), iconButton("close", "Close the traffic", close)),
    h("ul", { id: "traffic-list", tabIndex: 0, "aria-label": "Requests and gateway frames" }));
  drawTraffic();
}
