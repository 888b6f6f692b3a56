// One question over all pupils. Chips are checkboxes: marked means "has the chosen value"; only differences are tapped.

import { roomView } from "./room.js";
import { blank } from "./table.js";
import { h } from "./words.js";

const NEAR = 5;

export function questionView(phone, code) {
  const { table, words } = phone;
  const column = table.byCode.get(code);
  const codes = table.asked.map((one) => one.code);
  const place = codes.indexOf(code);
  const body = table.rooms[code] ? roomView(phone, column) : column.options.length ? chipsView(phone, column) : numbersView(phone, column);
  const foot = h("span", { class: "muted" });
  const missing = h("p", { class: "error-words", role: "status" });
  const undo = h("button", { class: "btn btn-s btn-2", type: "button", onclick: () => undone(phone, refresh) }, words.say("undo"));
  const none = column.marked && allButton(phone, column);
  const tools = h("div", { class: "row row-sb" }, body.told, h("span", { class: "row tools" }, none, undo));
  const legend = h("legend", {}, h("span", { class: "cap" }, words.say("position", { name: table.name, n: place + 1, all: codes.length })), h("h1", { tabindex: "-1", lang: column.lang || null }, column.question));

  function refresh() {
    const lacking = table.missingIn(code);
    missing.textContent = lacking.length ? words.say("no_answer", { rows: lacking.join(", ") }) : "";
    undo.disabled = !table.past.length;
    foot.textContent = words.say("passed", { n: table.passed, all: table.asked.length });
    body.refresh(new Set(lacking));
  }

  body.changed = refresh;
  return {
    title: column.question,
    element: h("fieldset", { class: "stack" }, legend, body.element, missing, tools),
    foot,
    refresh,
    confirms: code,
    complete: body.complete,
    back: place > 0 ? phone.url({ code: codes[place - 1] }) : table.urls.overview,
    next() {
      const now = table.asked.map((one) => one.code);
      const all = table.columns.map((one) => one.code);
      const later = now.find((one) => all.indexOf(one) > all.indexOf(code));
      return later ? { code: later } : null;
    },
  };
}

function undone(phone, refresh) {
  if (phone.table.undo()) refresh();
}

// "Toți: Nu": one tap, undone by the next.
function allButton(phone, column) {
  const { table, words } = phone;
  const [other, label] = column.options.find(([value]) => value !== column.marked);
  const all = () => {
    table.change(Object.fromEntries(table.rows(column.code).map((row) => [`${row}.${column.code}`, other])));
    phone.view.refresh();
  };
  return h("button", { class: "btn btn-s btn-2", type: "button", onclick: all }, words.say("all_as", { label }));
}

function chipsView(phone, column) {
  const { table, words } = phone;
  const { code, marked } = column;
  const usual = marked ? column.options.find(([value]) => value !== marked)[0] : table.usual(code);
  let chosen = marked ?? firstChoice(table, column, usual);
  const lead = h("p", {});
  const which = h("h2", { class: "which" });
  const told = h("p", { class: "count", role: "status" });
  const chips = table.rows(code).map((row) => chip(row));
  const chooser = marked ? null : valuesView(phone, column, chosen, (value) => {
    chosen = value;
    view.changed();
  });

  function chip(row) {
    const box = h("input", { type: "checkbox", value: row, onchange: () => tap(row, box.checked) });
    const number = h("span", { class: marked ? "y" : "" });
    return { row, box, number, element: h("li", {}, h("label", { class: "chip" }, box, number)) };
  }

  function tap(row, on) {
    table.change({ [`${row}.${code}`]: on ? chosen : usual });
    view.changed();
    if (!marked) told.textContent = words.say("now", { n: row, label: table.text(code, table.value(row, code)) });
  }

  function refresh(lacking) {
    const values = new Set(table.rows(code).map((row) => table.value(row, code)));
    if (marked) lead.textContent = words.say("tap_marked", { label: column.labels.get(marked), other: column.labels.get(usual) });
    else lead.textContent = values.size === 1 && !lacking.size ? words.say("all_have", { label: table.text(code, [...values][0]) }) : words.say("tap_list");
    which.textContent = marked ? "" : words.say("which", { label: column.labels.get(chosen) });
    which.hidden = Boolean(marked);
    for (const one of chips) draw(one, lacking.has(one.row));
    chooser?.refresh(table.tally(code));
    const many = table.rows(code).filter((row) => table.value(row, code) === chosen).length;
    if (marked || !told.textContent) told.textContent = words.say("of", { many: words.counted("pupils", many), all: chips.length });
  }

  function draw({ row, box, number }, lacks) {
    const value = table.value(row, code);
    const label = table.text(code, value);
    box.checked = value === chosen;
    box.setAttribute("aria-label", `${words.say("pupil", { n: row })}: ${label || words.say("blank")}`);
    const short = marked || blank(value) || value === usual ? (lacks ? "?" : "") : label.slice(0, 3);
    number.classList.toggle("ot", !marked && !blank(value) && value !== usual && value !== chosen);
    number.classList.toggle("gap", lacks);
    number.replaceChildren(String(row), ...(short ? [h("small", { "aria-hidden": "true" }, short)] : []));
  }

  // The page says that the others have the other value: where nothing was answered yet, it becomes true.
  function complete() {
    if (marked) table.change(Object.fromEntries(table.missingIn(code).map((row) => [`${row}.${code}`, usual])));
  }

  const list = h("ul", { class: "chips" }, chips.map((one) => one.element));
  const view = { element: h("div", { class: "stack" }, lead, chooser?.element, which, list), told, refresh, complete, changed: () => {} };
  return view;
}

// The value one most likely has taps for: what somebody has already, else the first that is not usual; where answers are missing, the first.
function firstChoice(table, column, usual) {
  if (table.missingIn(column.code).length === table.rows(column.code).length) return column.options[0][0];
  const tally = table.tally(column.code);
  const others = column.options.map(([value]) => value).filter((value) => value !== usual);
  return others.reduce((best, value) => ((tally.get(value) ?? 0) > (tally.get(best) ?? 0) ? value : best), others[0]);
}

// The values of a long list: the most frequent in sight, the rest in a select; each with its true count.
function valuesView(phone, column, chosen, choose) {
  const { table, words } = phone;
  const tally = table.tally(column.code);
  const ordered = [...column.options].sort(([one], [other]) => (tally.get(other) ?? 0) - (tally.get(one) ?? 0));
  const split = column.options.length > NEAR + 1;
  const near = split ? ordered.slice(0, NEAR) : column.options;
  const far = split ? column.options.filter((option) => !near.includes(option)) : [];
  const counts = new Map();
  const radio = ([value, label]) => {
    const count = h("span", { class: "muted" });
    counts.set(value, count);
    return h("label", {}, h("input", { type: "radio", name: "value", value, checked: value === chosen, onchange: () => choose(value) }), h("span", {}, label), count);
  };
  const rest = h("select", { "aria-label": words.say("other_value"), onchange: () => pick(true) }, h("option", { value: "" }, `${words.say("other_value")} (${far.length})`), far.map(([value, label]) => h("option", { value, selected: value === chosen }, label)));
  const other = h("input", { type: "radio", name: "value", "aria-label": words.say("other_value"), checked: far.some(([value]) => value === chosen), onchange: () => pick(false) });
  const sum = h("span", { class: "muted" });

  function pick(typed) {
    if (typed) other.checked = true;
    if (rest.value) choose(rest.value);
    else rest.focus();
  }

  return {
    element: h("div", { role: "radiogroup", "aria-label": words.say("value"), class: "opts" }, near.map(radio), far.length ? h("label", {}, other, rest, sum) : null),
    refresh(now) {
      for (const [value, count] of counts) count.textContent = now.get(value) ?? 0;
      sum.textContent = far.reduce((all, [value]) => all + (now.get(value) ?? 0), 0);
    },
  };
}

function numbersView(phone, column) {
  const { table, words } = phone;
  const fields = table.rows(column.code).map((row) => {
    const id = `v-${row}`;
    const input = h("input", { id, inputmode: "numeric", maxlength: "12", autocomplete: "off", onchange: () => table.change({ [`${row}.${column.code}`]: input.value.trim() || null }) && view.changed() });
    return { row, input, element: h("li", {}, h("label", { for: id }, words.say("pupil", { n: row })), input) };
  });
  const view = {
    element: h("div", { class: "stack" }, column.hint ? h("p", { lang: column.lang || null }, column.hint) : null, h("ul", { class: "rows numbers" }, fields.map((one) => one.element))),
    told: h("p", { class: "count", role: "status" }),
    changed: () => {},
    refresh() {
      for (const { row, input } of fields) if (document.activeElement !== input) input.value = table.value(row, column.code) ?? "";
    },
  };
  return view;
}
