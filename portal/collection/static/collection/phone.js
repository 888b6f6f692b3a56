// The class table on a phone: one question over all pupils, or one pupil at a time, without waiting for a page between them.
// Addresses are those of the pages, so that Back, reloading and links work; without this script the pages do the same one by one.

import { pupilView } from "./pupil.js";
import { questionView } from "./questions.js";
import { Saved } from "./saved.js";
import { Saver } from "./saver.js";
import { parts, Table, typedBefore } from "./table.js";
import { Unsent } from "./unsent.js";
import { h, readData, Words } from "./words.js";

class Phone {
  constructor(data, root) {
    this.table = new Table(data);
    this.words = new Words(data.words);
    this.root = root;
    this.crumbs = root.querySelector(".crumbs");
    this.status = root.querySelector(".save");
    this.notes = h("div", { class: "stack measure notes" });
    this.saver = new Saver(new Unsent(data.key), data.urls.save, data.revision, data.saved);
    this.saved = new Saved(this.saver, this.words, {
      names: (name) => this.named(name),
      shown: (name, value) => this.table.text(parts(name)[1], value),
      apply: (cells, answer) => this.apply(cells, answer),
      notes: this.notes,
      status: this.status,
    });
    this.table.addEventListener("touched", (event) => this.saver.put(event.detail));
    window.addEventListener("popstate", () => this.show(this.state(window.location.pathname)));
  }

  start() {
    const state = this.state(window.location.pathname);
    if (!state) return;
    const typed = typedBefore(this.root.querySelector("form[method=post]"), (control) => this.cellOf(state, control));
    this.show(state);
    this.saved.offer();
    if (this.table.change(typed)) this.view.refresh();
  }

  // The cell and value of a control of the server's page: chips stand for the marked value, the others are named after row or column.
  cellOf(state, control) {
    const column = this.table.byCode.get(state.code);
    if (control.name === "rows") {
      const [other] = column.options.find(([value]) => value !== column.marked);
      return [`${control.value}.${state.code}`, control.checked ? column.marked : other];
    }
    if (!control.name.startsWith("v-")) return null;
    const named = control.name.slice(2);
    return [state.code ? `${named}.${state.code}` : `${state.row}.${named}`, control.value];
  }

  named(name) {
    const [row, code] = parts(name);
    return this.words.say("cell", { row, column: this.table.byCode.get(code)?.label ?? code });
  }

  apply(cells, answer) {
    const before = this.asked();
    this.table.answered(answer);
    this.table.set(cells);
    if (Object.keys(cells).length || before !== this.asked()) this.view?.refresh();
  }

  asked() {
    return JSON.stringify([this.table.shown, this.table.missing]);
  }

  // ---- where one is -------------------------------------------------------------------------------------

  url(state) {
    const { question, row } = this.table.urls;
    return state.code ? question.replace("x-column", state.code) : row.replace(/0\/$/, `${state.row}/`);
  }

  state(path) {
    const states = [...this.table.columns.map((column) => ({ code: column.code })), ...Array.from({ length: this.table.count }, (_, place) => ({ row: place + 1 }))];
    return states.find((state) => this.url(state) === path);
  }

  go(state) {
    window.history.pushState(null, "", this.url(state));
    this.show(state, true);
    window.scrollTo(0, 0);
  }

  // Before a page of the server is opened, what is unsent is sent; where that cannot be, one stays here and is told.
  async leave(address) {
    if (await this.saver.settled()) window.location.assign(address);
    else this.saved.note("leave", h("p", {}, this.words.say("leave_later")), "w");
  }

  link(address, text) {
    const follow = (event) => {
      if (event.ctrlKey || event.metaKey || event.shiftKey) return;
      event.preventDefault();
      const state = this.state(address);
      if (state) this.go(state);
      else this.leave(address);
    };
    return h("a", { href: address, onclick: follow }, text);
  }

  // ---- what is shown ------------------------------------------------------------------------------------

  show(state, moved = false) {
    this.table.past = [];
    this.saved.note("leave", null);
    this.view = state.code ? questionView(this, state.code) : pupilView(this, state.row);
    const { table, words } = this;
    const first = table.asked[0]?.code;
    const tab = (address, text, current) => {
      const link = this.link(address, text);
      if (current) link.setAttribute("aria-current", "true");
      return link;
    };
    const modes = h("nav", { class: "seg", "aria-label": words.say("modes") }, tab(this.url({ code: state.code ?? this.last ?? first }), words.say("by_question"), state.code), tab(this.url({ row: state.row ?? 1 }), words.say("by_pupil"), state.row));
    this.last = state.code ?? this.last;
    const bar = h("div", { class: "bar" }, this.link(this.view.back, words.say("back")), this.status);
    const foot = h("p", { class: "bar line" }, this.link(table.urls.overview, words.say("all_questions")), this.view.foot);
    const button = h("button", { class: "btn", type: "button", onclick: () => this.onward(button) }, words.say("continue"));
    const dock = h("section", { class: "dock", "aria-label": words.say("go_on") }, h("div", { class: "wrap" }, button));
    this.root.replaceChildren(h("div", { class: "head" }, this.crumbs ?? "", bar, modes), this.notes, h("div", { class: "measure stack" }, this.view.element, foot, dock));
    this.view.refresh();
    document.title = document.title.replace(/^.*?( – )/, `${this.view.title}$1`);
    if (moved) this.root.querySelector("h1").focus({ preventScroll: true });
  }

  // What follows may depend on what was just answered: it is waited for, unless the network is away.
  async onward(button) {
    button.disabled = true;
    this.view.complete?.();
    if (this.view.confirms) {
      if (!this.table.confirmed.includes(this.view.confirms)) this.table.confirmed.push(this.view.confirms);
      this.saver.put({}, [this.view.confirms]);
    }
    if (Object.keys(this.saver.unsent.cells).length) await this.saver.settled();
    button.disabled = false;
    if (["conflict", "stopped"].includes(this.saver.state)) return this.notes.scrollIntoView();
    const next = this.view.next();
    return next ? this.go(next) : this.leave(this.table.urls.summary);
  }
}

const data = readData("table-data");
const root = document.querySelector("main > .wrap");
if (data?.writable && data.count && root) new Phone(data, root).start();
