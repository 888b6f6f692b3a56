// The benches as a drawing of the room, seen from the door: the teacher's desk, then one bench behind the other. A pupil is chosen, then the
// bench. Everything is a button or a radio button, so that it can be done with keys alone.

import { blank } from "./table.js";
import { h } from "./words.js";

export function roomView(phone, column) {
  const { table, words } = phone;
  const { code } = column;
  const { rows: benches, seats } = table.rooms[code];
  const told = h("p", { class: "count", role: "status" }, words.say("pick_first"));
  const room = h("div", { class: "room" });
  let picked = null;

  function pick(row) {
    picked = row;
    told.textContent = words.say("picked", { n: row });
    draw();
    room.querySelector(`input[value="${row}"]`)?.focus();
  }

  function move(bench) {
    if (picked === null) return;
    const row = picked;
    picked = null;
    table.change({ [`${row}.${code}`]: bench });
    told.textContent = words.say("now", { n: row, label: bench === null ? words.say("no_seat") : words.say("bench", { n: bench }) });
    view.changed();
    room.querySelector(`input[value="${row}"]`)?.focus();
  }

  function bench(number, sitting) {
    const name = number === null ? words.say("no_seat") : words.say("bench", { n: number });
    const full = number !== null && sitting.length > seats;
    const count = number === null ? String(sitting.length) : words.say("seats", { many: words.counted("pupils", sitting.length), seats });
    const chips = sitting.map((row) => h("label", { class: "chip" }, h("input", { type: "radio", name: "pupil", value: row, checked: row === picked, "aria-label": `${words.say("pupil", { n: row })}, ${name}`, onchange: () => pick(row) }), h("span", {}, String(row))));
    const here = h("button", { class: "btn btn-s btn-2", type: "button", hidden: picked === null || sitting.includes(picked), onclick: () => move(number) }, words.say("move_here", { n: picked ?? "" }));
    return h("section", { class: `bench${full ? " full" : ""}`, "aria-label": name }, h("p", { class: "row row-sb" }, h("b", {}, name), h("span", { class: "muted" }, count, full ? ` – ${words.say("too_many")}` : "")), h("div", { class: "chips" }, chips), here);
  }

  function draw() {
    const by = (number) => table.rows(code).filter((row) => (blank(table.value(row, code)) ? number === null : Number(table.value(row, code)) === number));
    const beyond = [...new Set(table.rows(code).map((row) => table.value(row, code)))].filter((value) => !blank(value) && Number(value) > benches).map(Number);
    const numbers = [...Array.from({ length: benches }, (_, place) => place + 1), ...beyond.sort((one, other) => one - other), null];
    room.replaceChildren(h("p", { class: "lectern" }, words.say("desk")), ...numbers.map((number) => bench(number, by(number))));
  }

  const view = { element: h("div", { class: "stack" }, column.hint ? h("p", { lang: column.lang || null }, column.hint) : null, room), told, refresh: draw, changed: () => {} };
  return view;
}
