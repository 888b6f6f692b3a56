// What a pasted block would change, as the server reads it: the columns found, the values that change, every one that cannot be read.
// Nothing is put into the table before somebody says so.

import { h } from "./words.js";

export async function pastePreview(grid, text, row, column) {
  const { table, words } = grid;
  const response = await fetch(table.urls.paste, {
    method: "POST",
    body: JSON.stringify({ text, row, column }),
    headers: { Accept: "application/json", "Content-Type": "application/json", "X-CSRFToken": document.querySelector("input[name=csrfmiddlewaretoken]").value },
    signal: AbortSignal.timeout(20000),
  }).catch(() => null);
  const block = response?.ok ? await response.json() : null;
  grid.saved.note("paste", block ? null : h("p", {}, words.say("paste_failed")), "w");
  if (block) show(grid, block);
}

function show(grid, block) {
  const { words } = grid;
  const many = Object.keys(block.changed).length;
  grid.preview = new Map(Object.entries(block.changed));
  grid.bad = new Map(block.bad.map((one) => [one.name, one.sentence]));
  const fact = (text, n) => [h("dt", {}, words.say(text)), h("dd", {}, String(n))];
  const faults = block.bad.map((one) => h("li", {}, h("button", { class: "linklike", type: "button", onclick: () => reach(grid, one) }, words.say("cell", { row: one.row, column: one.column })), h("span", {}, one.sentence)));
  const title = h("h2", { tabindex: "-1" }, words.say("paste_title"));
  const close = () => {
    grid.preview.clear();
    grid.bad.clear();
    grid.aside.replaceChildren();
    grid.paint();
    grid.cell(grid.row, grid.column).focus();
  };
  const accept = () => {
    grid.table.change(block.changed);
    close();
  };
  const panel = h("section", { class: "card pad stack paste", "data-paste": true },
    title,
    h("p", {}, words.say("paste_lead", { lines: words.counted("lines", block.lines), columns: words.counted("columns_read", block.matched.length) })),
    h("p", { class: "small" }, words.say("paste_matched", { columns: block.matched.map(([name, , label]) => (name && name !== label ? `${name} → ${label}` : label)).join(", ") })),
    block.ignored.length ? h("p", { class: "small" }, words.say("paste_ignored", { columns: block.ignored.join(", ") })) : null,
    block.beyond ? h("p", { class: "small" }, words.say("paste_beyond", { n: block.beyond })) : null,
    h("dl", { class: "facts" }, fact("paste_changed", many), fact("paste_same", block.same), fact("paste_unread", block.bad.length)),
    block.bad.length ? [h("h3", {}, words.say("paste_bad")), h("ul", { class: "faults" }, faults)] : null,
    many ? h("button", { class: "btn", type: "button", onclick: accept }, words.counted("good", many)) : null,
    h("button", { class: "btn btn-2", type: "button", onclick: close }, words.say("paste_drop")),
    block.bad.length ? h("p", { class: "small muted" }, words.say("paste_kept")) : null,
  );
  grid.aside.replaceChildren(panel);
  grid.paint();
  title.focus();
}

function reach(grid, one) {
  const column = grid.columns.findIndex(({ code }) => one.name.endsWith(`.${code}`));
  grid.move(one.row, column);
}
