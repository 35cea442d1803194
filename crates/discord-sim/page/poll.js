// @ts-check
/** Polls: choosing, voting, and how the votes stand. */

import { h, icon } from "./dom.js";
import { emoji } from "./markdown.js";
import { relative } from "./time.js";

/**
 * @typedef {import("./api.js").Message} Message
 * @typedef {{ vote: (m: Message, answers: number[]) => Promise<void>, redraw: (m: Message) => void }} PollHost
 */

/** What is ticked, and whether the votes are looked at, by message: a poll is drawn anew with each vote of others. @type {Map<string, { ticked: Set<number>, looking: boolean }>} */
const under = new Map();

/** @param {string} id */
function stateOf(id) {
  const found = under.get(id) ?? { ticked: new Set(), looking: false };
  under.set(id, found);
  return found;
}

/** @param {any} poll */
function votesOf(poll) {
  const counts = new Map((poll.results?.answer_counts ?? []).map((/** @type {any} */ c) => [c.id, c]));
  return {
    count: (/** @type {number} */ id) => counts.get(id)?.count ?? 0,
    mine: (/** @type {number} */ id) => !!counts.get(id)?.me_voted,
    sum: [...counts.values()].reduce((a, c) => a + c.count, 0),
    voted: [...counts.values()].some((c) => c.me_voted),
    most: Math.max(0, ...[...counts.values()].map((c) => c.count)),
  };
}

/** @param {any} media @returns {Node[]} */
function face(media) {
  const mark = media?.emoji;
  return [...(mark ? [mark.id ? emoji(mark.id, mark.name ?? "") : h("span", { "aria-hidden": "true" }, mark.name ?? "")] : []),
    h("span", { class: "answer-text" }, media?.text ?? "")];
}

/** @param {Message} m @param {PollHost} host */
export function drawPoll(m, host) {
  const poll = m.poll;
  const own = stateOf(m.id);
  const votes = votesOf(poll);
  const over = !!poll.results?.is_finalized || Date.parse(poll.expiry) <= Date.now();
  const results = over || votes.voted || own.looking;
  const many = !!poll.allow_multiselect;
  const act = (/** @type {string} */ label, /** @type {string} */ classes, /** @type {() => void | Promise<void>} */ run) =>
    h("button", { type: "button", class: `button ${classes}`, onclick: run }, label);
  const look = (/** @type {boolean} */ looking) => () => {
    own.looking = looking;
    host.redraw(m);
  };
  const vote = act("Vote", "primary", async () => {
    vote.setAttribute("aria-busy", "true");
    await host.vote(m, [...own.ticked]);
    own.ticked.clear();
    own.looking = false;
    vote.removeAttribute("aria-busy");
  });
  vote.disabled = !own.ticked.size;
  const answer = (/** @type {any} */ a) => {
    const id = Number(a.answer_id);
    if (!results) {
      const box = h("input", { type: many ? "checkbox" : "radio", name: `poll-${m.id}`, value: String(id), checked: own.ticked.has(id) });
      box.addEventListener("change", () => {
        if (!many) own.ticked.clear();
        if (box.checked) own.ticked.add(id);
        else own.ticked.delete(id);
        vote.disabled = !own.ticked.size;
      });
      return h("label", { class: "answer" }, ...face(a.poll_media), box);
    }
    const share = votes.sum ? Math.round((votes.count(id) / votes.sum) * 100) : 0;
    const won = over && votes.most > 0 && votes.count(id) === votes.most;
    const row = h("li", { class: ["answer", "counted", votes.mine(id) && "mine", won && "won"].filter(Boolean).join(" ") }, ...face(a.poll_media),
      h("span", { class: "votes" }, h("small", {}, count(votes.count(id))), h("strong", {}, `${share}%`)),
      votes.mine(id) && h("span", { class: "hidden" }, ", your vote"), won && h("span", { class: "hidden" }, ", won"), (votes.mine(id) || won) && icon("check"));
    row.style.setProperty("--share", `${share}%`);
    return row;
  };
  const answers = (poll.answers ?? []).map(answer);
  const hint = over ? "This poll is closed." : results ? "" : many ? "Choose one or more answers" : "Choose one answer";
  return h("div", { class: "poll", role: "group", "aria-label": `Poll: ${poll.question?.text ?? ""}` },
    h("p", { class: "poll-question" }, poll.question?.text ?? ""), hint && h("small", {}, hint),
    results ? h("ul", {}, answers) : h("div", { class: "answers", role: many ? "group" : "radiogroup", "aria-label": "Answers" }, answers),
    h("div", { class: "poll-foot" }, h("small", {}, `${count(votes.sum)} · ${over ? "closed" : `closes ${relative(new Date(poll.expiry))}`}`),
      !over && (votes.voted ? act("Take the vote back", "secondary", () => host.vote(m, []))
        : own.looking ? act("Go back to the vote", "secondary", look(false)) : [act("Show results", "secondary", look(true)), vote])));
}

/** @param {number} n */
const count = (n) => `${n} ${n === 1 ? "vote" : "votes"}`;

/** Counts a vote that was told of. @param {Message} m @param {any} d @param {boolean} given @param {boolean} own */
export function countVote(m, d, given, own) {
  const counts = (m.poll.results?.answer_counts ?? []).map((/** @type {any} */ c) => ({ ...c }));
  let one = counts.find((/** @type {any} */ c) => c.id === d.answer_id);
  if (!one) counts.push((one = { id: d.answer_id, count: 0, me_voted: false }));
  one.count = Math.max(0, one.count + (given ? 1 : -1));
  if (own) one.me_voted = given;
  return { ...m, poll: { ...m.poll, results: { is_finalized: false, ...m.poll.results, answer_counts: counts } } };
}

/** The poll as an update tells it, with the own votes that only this page knows. @param {any} fresh @param {any} old */
export function keepVotes(fresh, old) {
  if (!fresh || !old) return fresh;
  const mine = votesOf(old).mine;
  const counts = (fresh.results?.answer_counts ?? []).map((/** @type {any} */ c) => ({ ...c, me_voted: mine(c.id) }));
  return { ...fresh, results: { ...fresh.results, answer_counts: counts } };
}
