// @ts-check
/** Times as people read them. */

import { h } from "./dom.js";

/** @type {Record<string, Intl.DateTimeFormatOptions>} */
const STYLES = {
  t: { timeStyle: "short" },
  T: { timeStyle: "medium" },
  d: { dateStyle: "short" },
  D: { dateStyle: "long" },
  f: { dateStyle: "long", timeStyle: "short" },
  F: { dateStyle: "full", timeStyle: "short" },
};
/** The largest time that JavaScript can name, in seconds. */
const LAST_SECOND = 8_640_000_000_000;

/** @param {number} unix seconds @param {string} style */
export function timestamp(unix, style) {
  if (Math.abs(unix) > LAST_SECOND) return h("time", {}, "Invalid date");
  const at = new Date(unix * 1000);
  const text = style === "R" ? relative(at) : at.toLocaleString(undefined, STYLES[style]);
  return h("time", { dateTime: at.toISOString(), class: "stamp", title: at.toLocaleString(undefined, STYLES["F"]) }, text);
}

/** @param {Date} at */
export function relative(at) {
  const seconds = Math.round((at.getTime() - Date.now()) / 1000);
  /** @type {[number, Intl.RelativeTimeFormatUnit][]} */
  const units = [[31536000, "year"], [2592000, "month"], [86400, "day"], [3600, "hour"], [60, "minute"], [1, "second"]];
  const [size, unit] = units.find(([s]) => Math.abs(seconds) >= s) ?? [1, "second"];
  return new Intl.RelativeTimeFormat(undefined, { numeric: "auto" }).format(Math.round(seconds / size), unit);
}

/** The time of day. @param {string} iso */
export function clock(iso) {
  const at = new Date(iso);
  return h("time", { dateTime: iso, title: at.toLocaleString(undefined, STYLES["F"]) }, at.toLocaleTimeString(undefined, STYLES["t"]));
}

/** The day as a title between messages. @param {string} iso */
export function day(iso) {
  return new Date(iso).toLocaleDateString(undefined, { dateStyle: "long" });
}

/** When an embed was stamped: the time today, the date else. @param {string} iso */
export function embedTime(iso) {
  const at = new Date(iso);
  if (Number.isNaN(at.getTime())) return "";
  const today = at.toDateString() === new Date().toDateString();
  return today ? `Today at ${at.toLocaleTimeString(undefined, STYLES["t"])}` : at.toLocaleString(undefined, { dateStyle: "short", timeStyle: "short" });
}
