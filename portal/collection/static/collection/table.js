// A class table as a page holds it: values by column, which cells are asked, what is missing; every change can be undone.

export class Table extends EventTarget {
  constructor(data) {
    super();
    Object.assign(this, data);
    this.past = [];
    this.byCode = new Map(this.columns.map((column) => [column.code, column]));
    for (const column of this.columns) column.labels = new Map(column.options);
  }

  value(row, code) {
    return this.values[code][row - 1];
  }

  // The rows in which a column is asked, from 1.
  rows(code) {
    return this.shown[code] ?? Array.from({ length: this.count }, (_, place) => place + 1);
  }

  isShown(row, code) {
    return !(code in this.shown) || this.shown[code].includes(row);
  }

  get asked() {
    return this.columns.filter((column) => this.rows(column.code).length);
  }

  get passed() {
    return this.asked.filter((column) => this.confirmed.includes(column.code)).length;
  }

  missingIn(code) {
    return this.rows(code).filter((row) => (this.byCode.get(code).required || this.missing[code]?.includes(row)) && blank(this.value(row, code)));
  }

  text(code, value) {
    if (blank(value)) return "";
    return this.byCode.get(code)?.labels.get(value) ?? String(value);
  }

  // The value that most rows have; the first of the list when nobody has one.
  usual(code) {
    const tally = this.tally(code);
    const options = this.byCode.get(code).options.map(([value]) => value);
    return options.reduce((best, value) => ((tally.get(value) ?? 0) > (tally.get(best) ?? 0) ? value : best), options[0]);
  }

  tally(code) {
    const tally = new Map();
    for (const row of this.rows(code)) tally.set(this.value(row, code), (tally.get(this.value(row, code)) ?? 0) + 1);
    return tally;
  }

  // Somebody changes cells here: they are told as touched, and can be undone together.
  change(cells) {
    const before = {};
    for (const [name, value] of Object.entries(cells)) {
      const [row, code] = parts(name);
      if (this.value(row, code) !== value) before[name] = this.value(row, code);
    }
    if (!Object.keys(before).length) return false;
    this.past.push(before);
    this.set(cells);
    this.dispatchEvent(new CustomEvent("touched", { detail: Object.fromEntries(Object.keys(before).map((name) => [name, cells[name]])) }));
    return true;
  }

  undo() {
    const before = this.past.pop();
    if (!before) return false;
    this.set(before);
    this.dispatchEvent(new CustomEvent("touched", { detail: before }));
    return true;
  }

  // Values as they are elsewhere: neither touched nor undone.
  set(cells) {
    for (const [name, value] of Object.entries(cells)) {
      const [row, code] = parts(name);
      if (this.values[code] && row >= 1 && row <= this.count) this.values[code][row - 1] = value;
    }
    this.dispatchEvent(new CustomEvent("changed", { detail: Object.keys(cells) }));
  }

  answered(answer) {
    if (answer.shown) this.shown = answer.shown;
    if (answer.missing) this.missing = answer.missing;
  }
}

// What somebody changed in the form of the server's page before the scripts were there, as cells. cellOf: the cell of a control, by its name.
export function typedBefore(form, cellOf) {
  const cells = {};
  for (const control of form?.elements ?? []) {
    const found = control.name && isTouched(control) && cellOf(control);
    if (found) cells[found[0]] = found[1] === "" ? null : found[1];
  }
  return cells;
}

function isTouched(control) {
  if (control.type === "checkbox") return control.checked !== control.defaultChecked;
  if (control.type === "radio") return control.checked && !control.defaultChecked;
  if (control.options) {
    const first = [...control.options].findIndex((option) => option.defaultSelected);
    return control.selectedIndex !== Math.max(first, 0);
  }
  return control.type !== "hidden" && control.value !== control.defaultValue;
}

export const blank = (value) => value === null || value === undefined || value === "";

export function parts(name) {
  const dot = name.indexOf(".");
  return [Number(name.slice(0, dot)), name.slice(dot + 1)];
}
