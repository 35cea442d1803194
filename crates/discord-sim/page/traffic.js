// @ts-check
/** The drawer that shows what goes over the wire. */

import { byId, h } from "./dom.js";

/** Lines kept in the drawer. */
const MOST_LINES = 300;

/** @type {any[]} */
let waiting = [];

/**
 * Adds a line; drawn in batches, so that a busy guild does not make the page slow.
 * @param {any} line
 */
export function addTraffic(line) {
  waiting.push(line);
  if (waiting.length === 1) requestAnimationFrame(flush);
  if (waiting.length > MOST_LINES) waiting = waiting.slice(-MOST_LINES);
}

function flush() {
  const list = byId("traffic-list");
  const follow = list.scrollTop + list.clientHeight > list.scrollHeight - 40;
  list.append(...waiting.map(draw));
  waiting = [];
  while (list.childElementCount > MOST_LINES) list.firstElementChild?.remove();
  if (follow) list.scrollTop = list.scrollHeight;
}

/** @param {any} line */
function draw(line) {
  const at = new Date().toLocaleTimeString(undefined, { timeStyle: "medium" });
  if (line.kind === "rest") {
    const bad = line.status >= 400;
    return h("li", { class: bad ? "bad" : "" }, h("time", {}, at), h("b", {}, line.method), h("span", { class: "path" }, line.path),
      h("span", {}, String(line.status)), h("span", {}, `${(line.micros / 1000).toFixed(1)} ms`));
  }
  const op = { 0: line.t, 1: "HEARTBEAT", 2: "IDENTIFY", 3: "PRESENCE", 6: "RESUME", 8: "REQUEST_MEMBERS" };
  const name = line.t ?? /** @type {Record<number, string>} */ (op)[line.op] ?? `op ${line.op}`;
  return h("li", {}, h("time", {}, at), h("b", {}, line.direction === "out" ? "→ bot" : "← bot"), h("span", { class: "path" }, name),
    h("span", {}, "ws"), h("span", {}, `${line.bytes} B`));
}

/** Makes the drawer's inside once. */
export function prepareTraffic() {
  byId("traffic").append(h("h2", {}, "Traffic"), h("ul", { id: "traffic-list", tabIndex: 0, "aria-label": "Requests and gateway frames" }));
}
