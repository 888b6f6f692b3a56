// On pages that show a table without filling it in: what a tab that is gone has left unsent is offered before one goes on.

import { Saved } from "./saved.js";
import { Saver } from "./saver.js";
import { parts, Table } from "./table.js";
import { Unsent } from "./unsent.js";
import { h, readData, Words } from "./words.js";

const data = readData("table-data");
const content = document.querySelector("main > .wrap");
if (data?.writable && content) {
  const table = new Table(data);
  const words = new Words(data.words);
  const saver = new Saver(new Unsent(data.key), data.urls.save, data.revision, data.saved);
  const notes = h("div", { class: "stack measure notes" });
  content.querySelector(".head").after(notes);
  const saved = new Saved(saver, words, {
    names: (name) => words.say("cell", { row: parts(name)[0], column: table.byCode.get(parts(name)[1])?.label ?? parts(name)[1] }),
    shown: (name, value) => table.text(parts(name)[1], value),
    apply: () => {},
    notes,
    status: content.querySelector(".save") ?? h("span"),
  });
  saver.addEventListener("state", (event) => {
    if (event.detail.state === "saved") window.location.reload();
  });
  saved.offer();
}
