// One pupil at a time: every question that is asked of this row, with the values in sight where they are few.

import { blank } from "./table.js";
import { h } from "./words.js";

const FEW = 6;

export function pupilView(phone, row) {
  const { table, words } = phone;
  const box = h("div", { class: "stack" });
  const told = h("p", { class: "small", role: "status" });
  const undo = h("button", { class: "btn btn-s btn-2", type: "button", onclick: () => table.undo() && refresh() }, words.say("undo"));
  const before = row > 1 && h("button", { class: "btn btn-s btn-2", type: "button", onclick: copy }, words.say("as_before", { n: row - 1 }));
  const heading = h("div", {}, h("p", { class: "cap" }, words.say("in_class", { name: table.name })), h("h1", { tabindex: "-1" }, words.say("pupil_of", { n: row, all: table.count })));

  // Everything that is asked of both, but where one sits: two pupils may share everything else.
  function copy() {
    const codes = table.columns.map((column) => column.code).filter((code) => !table.rooms[code] && table.isShown(row - 1, code));
    table.change(Object.fromEntries(codes.map((code) => [`${row}.${code}`, table.value(row - 1, code)])));
    refresh();
  }

  function set(code, value) {
    table.change({ [`${row}.${code}`]: value });
    undo.disabled = !table.past.length;
  }

  function field(column) {
    const { code, options } = column;
    const value = table.value(row, code);
    const lacks = column.required && blank(value);
    const id = `v-${code}`;
    if (options.length && options.length <= FEW) {
      const radios = options.map(([one, label]) => h("label", {}, h("input", { type: "radio", name: id, value: one, checked: one === value, onchange: () => set(code, one) }), h("span", {}, label)));
      return h("fieldset", { class: `field${lacks ? " bad" : ""}`, lang: column.lang || null }, h("legend", {}, column.label), h("div", { class: options.length === 2 ? "opts two" : "opts" }, radios));
    }
    if (options.length || table.rooms[code]) {
      const listed = options.length ? options : Array.from({ length: table.rooms[code].rows }, (_, place) => [place + 1, words.say("bench", { n: place + 1 })]);
      const empty = (blank(value) || !column.required) && h("option", { value: "" }, words.say(table.rooms[code] ? "no_seat" : "blank"));
      const chosen = (select) => (select.value === "" ? null : (listed.find(([one]) => String(one) === select.value)?.[0] ?? null));
      return h("div", { class: `field${lacks ? " bad" : ""}`, lang: column.lang || null }, h("label", { for: id }, column.label), h("select", { id, class: "in", onchange: (event) => set(code, chosen(event.target)) }, empty, listed.map(([one, label]) => h("option", { value: one, selected: one === value }, label))));
    }
    return h("div", { class: "field", lang: column.lang || null }, h("label", { for: id }, column.label), h("input", { id, class: "in", value: value ?? "", inputmode: "numeric", maxlength: "12", autocomplete: "off", onchange: (event) => set(code, event.target.value.trim() || null) }));
  }

  function refresh() {
    const focused = document.activeElement?.id || document.activeElement?.name;
    const value = document.activeElement?.value;
    undo.disabled = !table.past.length;
    box.replaceChildren(...table.columns.filter((column) => table.isShown(row, column.code)).map(field));
    const again = focused && [...box.querySelectorAll("input,select")].find((one) => one.id === focused || (one.name === focused && one.value === value));
    again?.focus({ preventScroll: true });
  }

  return {
    title: words.say("pupil_of", { n: row, all: table.count }),
    element: h("div", { class: "stack" }, heading, h("div", { class: "row row-sb" }, told, h("span", { class: "row tools" }, before, undo)), box),
    foot: phone.link(table.urls.summary, words.say("summary")),
    refresh,
    back: row > 1 ? phone.url({ row: row - 1 }) : table.urls.overview,
    next: () => (row < table.count ? { row: row + 1 } : null),
  };
}
