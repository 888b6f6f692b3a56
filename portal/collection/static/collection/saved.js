// The save state of a page, and what has to be said about it: always visible, always true. What is offered again, what is in conflict, why
// nothing can be saved any more stand in notes above the content.

import { h } from "./words.js";

export class Saved {
  // `names`: a cell in words; `shown`: a value in words; `apply`: puts values of cells on the page.
  constructor(saver, words, { names, shown, apply, notes, status }) {
    Object.assign(this, { saver, words, names, shown, apply, notes, status });
    this.parts = {};
    saver.addEventListener("state", (event) => this.tell(event.detail));
    saver.addEventListener("answer", (event) => this.answered(event.detail));
    saver.addEventListener("refused", (event) => this.refused(event.detail));
    saver.addEventListener("conflict", (event) => this.conflict(event.detail));
  }

  tell({ state, count, saved, sentence }) {
    const waits = ["waiting", "stopped", "conflict"].includes(state) && count;
    const text = waits ? this.words.counted("unsent", count) : state === "sending" ? this.words.say("sending") : saved ? this.words.say("saved", { time: saved }) : this.status.textContent;
    this.status.classList.toggle("unsent", Boolean(waits));
    if (this.status.textContent !== text) this.status.textContent = text;
    this.note("offline", state === "waiting" && h("p", {}, this.words.say("offline")));
    this.note("stopped", state === "stopped" && this.stopped(sentence), "d");
  }

  stopped(sentence) {
    return [
      h("h2", {}, this.words.say("stopped_title")),
      h("p", {}, sentence),
      h("p", {}, this.words.say("stopped_kept")),
      h("ul", {}, Object.entries(this.saver.unsent.cells).map(([name, value]) => h("li", {}, `${this.names(name)}: ${this.shown(name, value)}`))),
      h("p", {}, h("a", { href: window.location.href }, this.words.say("reload"))),
    ];
  }

  answered({ answer, kept }) {
    const cells = Object.fromEntries(Object.entries(answer.cells ?? {}).filter(([name]) => !(name in kept)));
    this.apply(cells, answer);
    const where = (answer.others ?? []).slice(0, 5).map((name) => this.names(name));
    if (where.length) this.note("others", h("p", {}, this.words.say("others_changed", { where: where.join("; ") })));
    if (Object.keys(answer.refused ?? {}).length === 0) this.note("refused", null);
  }

  refused(cells) {
    const listed = Object.entries(cells).map(([name, why]) => h("li", {}, `${this.names(name)}: ${why}`));
    this.note("refused", [h("h2", {}, this.words.say("refused_title")), h("ul", {}, listed)], "d");
  }

  // Both values of every cell, one of which is chosen; nothing is chosen beforehand.
  conflict(conflict) {
    const entries = Object.entries(conflict.cells);
    const fields = entries.map(([name, [mine, theirs]], place) => {
      const radio = (value, code, text) => h("label", {}, h("input", { type: "radio", name: `conflict-${place}`, value: code, required: true }), h("span", {}, this.words.say(text, { value: this.shown(name, value) || this.words.say("blank") })));
      return h("fieldset", { class: "stack-2" }, h("legend", {}, h("b", {}, this.names(name))), h("div", { class: "opts" }, radio(mine, "mine", "conflict_mine"), radio(theirs, "theirs", "conflict_theirs")));
    });
    const form = h("form", { class: "stack", onsubmit: (event) => this.chosen(event, conflict, entries) }, h("h2", { tabindex: "-1" }, this.words.say("conflict_title")), h("p", {}, this.words.say("conflict_lead")), fields, h("p", {}, h("button", { class: "btn" }, this.words.say("conflict_save"))));
    this.note("conflict", form, "w");
    form.querySelector("h2").focus();
  }

  chosen(event, conflict, entries) {
    event.preventDefault();
    const chosen = new FormData(event.target);
    const theirs = entries.filter((_entry, place) => chosen.get(`conflict-${place}`) === "theirs");
    const given = Object.fromEntries(theirs.map(([name, [, value]]) => [name, value]));
    this.note("conflict", null);
    this.apply({ ...conflict.others, ...given }, {});
    this.saver.resolve(conflict, Object.keys(given));
  }

  // What tabs that are gone have left unsent is offered, one after the other; nothing is sent or dropped unasked.
  async offer() {
    const [left] = await this.saver.unsent.left();
    if (!left) return;
    const listed = Object.entries(left.cells).slice(0, 60).map(([name, value]) => h("li", {}, `${this.names(name)}: ${this.shown(name, value) || this.words.say("blank")}`));
    const send = async () => {
      this.note("offer", null);
      this.apply(left.cells, {});
      this.saver.unsent.adopt(left);
      if (await this.saver.settled()) this.offer();
    };
    const drop = () => {
      left.drop();
      this.note("offer", null);
      this.offer();
    };
    this.note("offer", [
      h("h2", {}, this.words.say("offer_title")),
      h("details", {}, h("summary", {}, this.words.counted("kept", left.count)), h("ul", {}, listed)),
      h("p", { class: "row" }, h("button", { class: "btn btn-s", type: "button", onclick: send }, this.words.say("offer_send")), h("button", { class: "btn btn-s btn-2", type: "button", onclick: drop }, this.words.say("offer_drop"))),
    ], "w");
  }

  note(code, content, tint = "") {
    this.parts[code]?.remove();
    delete this.parts[code];
    if (!content) return;
    this.parts[code] = h("section", { class: `note stack-2 ${tint}`, "data-note": code }, content);
    this.notes.append(this.parts[code]);
  }
}
