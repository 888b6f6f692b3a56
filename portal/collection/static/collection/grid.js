// The sheet of a class table as a grid for keyboards: one tab stop, arrows, Home and End, code letters, fill down, a selection, paste with a
// preview, undo. The pattern is the grid of the ARIA authoring practices; every change is saved by itself.

import { pastePreview } from "./paste.js";
import { Saved } from "./saved.js";
import { Saver } from "./saver.js";
import { blank, parts, Table, typedBefore } from "./table.js";
import { Unsent } from "./unsent.js";
import { h, readData, Words } from "./words.js";

const TYPING = 900;
const MOVES = { ArrowUp: [-1, 0], ArrowDown: [1, 0], ArrowLeft: [0, -1], ArrowRight: [0, 1], PageUp: [-10, 0], PageDown: [10, 0] };

class Grid {
  constructor(data, place) {
    this.table = new Table(data);
    this.words = new Words(data.words);
    this.status = document.querySelector(".save");
    this.notes = h("div", { class: "stack notes" });
    this.saver = new Saver(new Unsent(data.key), data.urls.save, data.revision, data.saved);
    this.bad = new Map();
    this.preview = new Map();
    this.typed = "";
    this.saved = new Saved(this.saver, this.words, {
      names: (name) => this.named(name),
      shown: (name, value) => this.table.text(parts(name)[1], value),
      apply: (cells, answer) => this.apply(cells, answer),
      notes: this.notes,
      status: this.status,
    });
    this.table.addEventListener("touched", (event) => this.touched(event.detail));
    this.saver.addEventListener("refused", (event) => this.refused(event.detail));
    this.aside = h("div", { class: "stack" });
    const typed = typedBefore(place, ({ name, value }) => {
      const [, row, code] = name.match(/^c-(\d+)-(.+)$/) ?? [];
      return row ? [`${row}.${code}`, value] : null;
    });
    this.build();
    place.replaceChildren(this.notes, h("div", { class: "g-desk" }, h("div", { class: "stack" }, this.tools, h("div", { class: "card sheet-wrap" }, this.element), h("p", { class: "small muted" }, this.words.say("grid_help"))), this.aside));
    this.draw();
    this.saved.offer();
    if (this.table.change(typed)) this.draw();
  }

  named(name) {
    const [row, code] = parts(name);
    return this.words.say("cell", { row, column: this.table.byCode.get(code)?.label ?? code });
  }

  // ---- the element --------------------------------------------------------------------------------------

  build() {
    const { words } = this;
    const button = (text, act) => h("button", { class: "btn btn-s btn-2", type: "button", onclick: act }, text);
    this.undoButton = button(words.say("undo_last"), () => this.undo());
    this.told = h("span", { class: "small muted", role: "status" });
    this.tools = h("div", { class: "row" }, this.undoButton, button(words.say("fill_down"), () => this.fillDown()), this.told);
    this.element = h("table", { class: "sheet grid-sheet", role: "grid", "aria-label": words.say("grid_name"), "aria-multiselectable": "true" });
    this.element.addEventListener("keydown", (event) => this.key(event));
    this.element.addEventListener("mousedown", (event) => this.press(event));
    this.element.addEventListener("dblclick", (event) => this.at(event.target) && this.edit());
    this.element.addEventListener("focusin", (event) => this.focused(event.target));
    this.element.addEventListener("copy", (event) => this.copy(event));
    this.element.addEventListener("paste", (event) => this.paste(event));
  }

  // All cells anew: columns may come and go. What is looked at stays looked at.
  draw() {
    const { table, words } = this;
    this.columns = table.asked;
    this.row = Math.min(this.row ?? 1, table.count);
    this.column = Math.min(this.column ?? 0, this.columns.length - 1);
    this.anchor ??= [this.row, this.column];
    const heads = this.columns.map((column, place) => h("th", { role: "columnheader", scope: "col", "aria-colindex": place + 2, lang: column.lang || null }, h("div", {}, column.label)));
    const head = h("tr", { role: "row", "aria-rowindex": 1 }, h("th", { role: "columnheader", scope: "col", "aria-colindex": 1 }, words.say("number")), heads);
    const lines = Array.from({ length: table.count }, (_, place) => {
      const row = place + 1;
      const cells = this.columns.map((column, index) => h("td", { role: "gridcell", "aria-colindex": index + 2, tabindex: "-1", "data-row": row, "data-column": index }));
      return h("tr", { role: "row", "aria-rowindex": row + 1 }, h("th", { role: "rowheader", scope: "row", "aria-colindex": 1 }, String(row)), cells);
    });
    this.element.setAttribute("aria-rowcount", table.count + 1);
    this.element.setAttribute("aria-colcount", this.columns.length + 1);
    this.element.replaceChildren(h("thead", {}, head), h("tbody", {}, lines));
    this.cells = [...this.element.querySelectorAll("td")];
    this.paint();
  }

  cell(row, column) {
    return this.cells[(row - 1) * this.columns.length + column];
  }

  name(row, column) {
    return `${row}.${this.columns[column].code}`;
  }

  paint() {
    for (const element of this.cells) this.paintCell(element);
    this.undoButton.disabled = !this.table.past.length;
    this.help();
  }

  paintCell(element) {
    const row = Number(element.dataset.row);
    const place = Number(element.dataset.column);
    const { code, options } = this.columns[place];
    const name = this.name(row, place);
    const asked = this.table.isShown(row, code);
    const value = this.preview.has(name) ? this.preview.get(name) : this.table.value(row, code);
    const label = this.table.text(code, value);
    const short = options.find(([one]) => one === value)?.[2] ?? label;
    const lacks = asked && blank(value) && this.columns[place].required && this.table.missing[code]?.includes(row);
    element.className = [!asked && "na", this.bad.has(name) && "bad", this.preview.has(name) && "pv", lacks && "gap"].filter(Boolean).join(" ");
    element.setAttribute("aria-selected", String(this.inside(row, place)));
    element.toggleAttribute("aria-invalid", this.bad.has(name));
    if (this.bad.has(name)) element.title = this.bad.get(name);
    else element.removeAttribute("title");
    element.setAttribute("aria-readonly", String(!asked));
    element.tabIndex = row === this.row && place === this.column ? 0 : -1;
    element.setAttribute("aria-label", asked ? label || this.words.say("blank") : this.words.say("not_asked"));
    if (element.textContent !== short && !element.querySelector("select, input")) element.textContent = asked ? short : "";
  }

  // The letters of the column one is in.
  help() {
    if (this.aside.querySelector("[data-paste]")) return;
    const column = this.columns[this.column];
    const codes = column.options.map(([, label, short]) => h("li", { class: "row" }, h("kbd", {}, short), label));
    this.aside.replaceChildren(h("section", { class: "card pad stack-2 codes" }, h("h2", {}, this.words.say("column_codes", { label: column.label })), column.hint ? h("p", { class: "small", lang: column.lang || null }, column.hint) : null, h("ul", { lang: column.lang || null }, codes)));
  }

  // ---- where one is, what is selected -------------------------------------------------------------------

  at(target) {
    return target.closest?.("td[data-row]");
  }

  inside(row, column) {
    const [first, last] = [this.anchor[0], this.row].sort((one, other) => one - other);
    const [left, right] = [this.anchor[1], this.column].sort((one, other) => one - other);
    return row >= first && row <= last && column >= left && column <= right;
  }

  selected() {
    return this.cells.filter((element) => element.getAttribute("aria-selected") === "true").map((element) => [Number(element.dataset.row), Number(element.dataset.column)]);
  }

  move(row, column, extend = false) {
    this.row = Math.max(1, Math.min(this.table.count, row));
    this.column = Math.max(0, Math.min(this.columns.length - 1, column));
    if (!extend) this.anchor = [this.row, this.column];
    this.typed = "";
    this.paint();
    const many = this.selected().length;
    this.told.textContent = many > 1 ? this.words.say("selected", { many }) : "";
    this.cell(this.row, this.column).focus();
    this.cell(this.row, this.column).scrollIntoView({ block: "nearest", inline: "nearest" });
  }

  press(event) {
    const cell = this.at(event.target);
    if (!cell || event.button !== 0 || event.target.closest("select, input")) return;
    event.preventDefault();
    this.move(Number(cell.dataset.row), Number(cell.dataset.column), event.shiftKey);
  }

  focused(target) {
    const cell = this.at(target);
    if (cell && (Number(cell.dataset.row) !== this.row || Number(cell.dataset.column) !== this.column)) this.move(Number(cell.dataset.row), Number(cell.dataset.column));
  }

  key(event) {
    if (event.target.closest("select, input")) return;
    const control = event.ctrlKey || event.metaKey;
    const act = this.command(event, control);
    if (!act) return;
    event.preventDefault();
    act();
  }

  command(event, control) {
    const { key, shiftKey } = event;
    const last = this.columns.length - 1;
    if (MOVES[key]) return () => this.move(this.row + MOVES[key][0], this.column + MOVES[key][1], shiftKey);
    if (key === "Home") return () => this.move(control ? 1 : this.row, 0, shiftKey);
    if (key === "End") return () => this.move(control ? this.table.count : this.row, last, shiftKey);
    if (control && key.toLowerCase() === "a") return () => { this.anchor = [1, 0]; this.move(this.table.count, last, true); };
    if (control && key.toLowerCase() === "z") return () => this.undo();
    if (control && key.toLowerCase() === "d") return () => this.fillDown();
    if (key === "Delete" || key === "Backspace") return () => this.put(this.selected(), null);
    if (key === "Enter" || key === "F2") return () => this.edit();
    if (key === "Escape" && this.typed) return () => { this.typed = ""; };
    if (!control && !event.altKey && key.length === 1 && (key !== " " || this.typed)) return () => this.type(key);
    return null;
  }

  // ---- changing -----------------------------------------------------------------------------------------

  put(places, value) {
    const cells = places.filter(([row, column]) => this.table.isShown(row, this.columns[column].code)).map(([row, column]) => [this.name(row, column), value]);
    for (const [name] of cells) this.bad.delete(name);
    this.table.change(Object.fromEntries(cells));
    this.paint();
  }

  // Letters gather while one types quickly: the value whose letters they are, else the first that begins with them.
  type(key) {
    window.clearTimeout(this.timer);
    this.timer = window.setTimeout(() => { this.typed = ""; }, TYPING);
    const { code, options } = this.columns[this.column];
    this.typed += key;
    if (!options.length) return this.number(code);
    const typed = fold(this.typed);
    const found = options.find(([, , short]) => fold(short) === typed) ?? options.find(([, label]) => fold(label).startsWith(typed));
    if (found) return this.put(this.selected().filter(([, column]) => column === this.column), found[0]);
    this.typed = key;
    if (typed.length > 1) {
      this.typed = "";
      this.type(key);
    }
  }

  number(code) {
    const digits = this.typed.replace(/\D/g, "");
    this.typed = digits;
    if (digits) this.put(this.selected().filter(([, column]) => this.columns[column].code === code), Number(digits));
  }

  fillDown() {
    const places = this.selected();
    const alone = places.length === 1 && this.row > 1;
    const top = alone ? this.row - 1 : Math.min(...places.map(([row]) => row));
    const cells = places.filter(([row, column]) => row !== top && this.table.isShown(row, this.columns[column].code)).map(([row, column]) => [this.name(row, column), this.table.value(top, this.columns[column].code)]);
    this.table.change(Object.fromEntries(cells));
    this.paint();
    this.cell(this.row, this.column).focus();
  }

  undo() {
    this.bad.clear();
    if (this.table.undo()) this.told.textContent = this.words.say("undone");
    this.paint();
  }

  // The whole list of a cell, or a field for a number; Escape leaves it as it was.
  edit() {
    const { code, options, required } = this.columns[this.column];
    if (!this.table.isShown(this.row, code)) return;
    const cell = this.cell(this.row, this.column);
    const value = this.table.value(this.row, code);
    const name = this.named(this.name(this.row, this.column));
    const empty = (!required || blank(value)) && h("option", { value: "" }, "–");
    const editor = options.length ? h("select", { "aria-label": name }, empty, options.map(([one, label]) => h("option", { value: one, selected: one === value }, label))) : h("input", { "aria-label": name, value: value ?? "", inputmode: "numeric", maxlength: "12" });
    let kept = true;
    const close = () => {
      if (!kept) return;
      kept = false;
      const typed = editor.value === "" ? null : options.length ? editor.value : /^\d+$/.test(editor.value) ? Number(editor.value) : editor.value;
      cell.replaceChildren();
      if (typed !== value) this.put([[Number(cell.dataset.row), Number(cell.dataset.column)]], typed);
      this.paint();
    };
    editor.addEventListener("blur", close);
    editor.addEventListener("keydown", (event) => {
      if (event.key === "Escape") editor.value = value ?? "";
      if (event.key === "Enter" || event.key === "Escape") {
        event.preventDefault();
        close();
        cell.focus();
      }
    });
    cell.replaceChildren(editor);
    editor.focus();
  }

  touched(cells) {
    this.saver.put(cells, [...new Set(Object.keys(cells).map((name) => parts(name)[1]))]);
  }

  refused(cells) {
    for (const [name, why] of Object.entries(cells)) this.bad.set(name, why);
    this.paint();
  }

  apply(cells, answer) {
    const before = this.columns.map((column) => column.code).join();
    this.table.answered(answer);
    this.table.set(cells);
    const focused = this.element.contains(document.activeElement) && !document.activeElement.closest("select, input");
    if (this.table.asked.map((column) => column.code).join() !== before) this.redraw(focused);
    else this.paint();
  }

  // A column has come or gone: one stays in the column one was in.
  redraw(focused) {
    const { code } = this.columns[this.column];
    const place = this.table.asked.findIndex((column) => column.code === code);
    this.column = Math.max(0, place);
    this.anchor = [this.row, this.column];
    this.draw();
    if (focused) this.cell(this.row, this.column).focus();
  }

  // ---- spreadsheets -------------------------------------------------------------------------------------

  copy(event) {
    if (event.target.closest("select, input")) return;
    const rows = new Map();
    for (const [row, column] of this.selected()) {
      const { code } = this.columns[column];
      const text = this.table.isShown(row, code) ? this.table.text(code, this.table.value(row, code)) : "";
      rows.set(row, [...(rows.get(row) ?? []), text]);
    }
    event.preventDefault();
    event.clipboardData.setData("text/plain", [...rows.values()].map((line) => line.join("\t")).join("\n"));
  }

  paste(event) {
    if (event.target.closest("select, input")) return;
    event.preventDefault();
    const [first, left] = [Math.min(this.anchor[0], this.row), Math.min(this.anchor[1], this.column)];
    pastePreview(this, event.clipboardData.getData("text/plain"), first, this.columns[left].code);
  }
}

const fold = (text) => text.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase().replace(/\s+/g, " ").trimStart();

const data = readData("table-data");
const place = document.querySelector("form[data-sheet]");
if (data?.writable && data.count && place) {
  const csrf = place.querySelector("input[name=csrfmiddlewaretoken]");
  const acts = place.querySelector("[data-acts]");
  const grid = new Grid(data, place);
  place.append(csrf, ...(acts ? [acts] : []));
  // Saving is done by itself; the buttons lead on once everything is acknowledged.
  place.addEventListener("submit", async (event) => {
    event.preventDefault();
    grid.saver.put({}, grid.table.asked.map((column) => column.code));
    if ((await grid.saver.settled()) && event.submitter?.name === "send") window.location.assign(data.urls.summary);
  });
}
