// A step of a form: touched answers are saved by themselves, one by one, and questions come and go as the server says. Items that are new,
// and the names by which items are told apart, are saved with the whole form.

import { Saved } from "./saved.js";
import { Saver } from "./saver.js";
import { Unsent } from "./unsent.js";
import { h, readData, Words } from "./words.js";

class Step {
  constructor(data, form) {
    this.data = data;
    this.form = form;
    this.words = new Words(data.words);
    const notes = h("div", { class: "stack notes" });
    form.before(notes);
    this.saver = new Saver(new Unsent(data.key), data.url, data.revision, data.saved);
    this.saved = new Saved(this.saver, this.words, {
      names: (name) => this.label(name),
      shown: (_name, value) => (Array.isArray(value) ? value.join(", ") : String(value ?? "")),
      apply: (cells, answer) => this.apply(cells, answer),
      notes,
      status: document.querySelector(".save"),
    });
    this.saver.addEventListener("answer", () => this.revised());
    form.addEventListener("change", (event) => this.touched(event.target));
    form.addEventListener("submit", (event) => this.submitted(event));
    this.saved.offer();
  }

  // The cell that a control belongs to; null for what is saved with the form.
  cell(control) {
    const name = control.name ?? "";
    const { step, items, item_key: key } = this.data;
    if (!name.startsWith(`${step}-`)) return null;
    const field = name.slice(step.length + 1);
    if (!items) return field;
    const [, place, own] = field.match(/^(\d+)-(.+)$/) ?? [];
    return own && own !== key && items[place] ? `${step}[${items[place]}].${own}` : null;
  }

  controls(name) {
    return [...this.form.elements].filter((control) => control.name && this.cell(control) === name);
  }

  touched(control) {
    const name = this.cell(control);
    if (!name || control.disabled) return;
    this.saver.put({ [name]: this.value(name) });
  }

  value(name) {
    const controls = this.controls(name);
    if (controls[0].type === "checkbox") return controls.filter((one) => one.checked).map((one) => one.value);
    if (controls[0].type === "radio") return controls.find((one) => one.checked)?.value ?? null;
    return controls[0].value;
  }

  label(name) {
    const question = this.controls(name)[0]?.closest(".question");
    return question?.querySelector("legend, label")?.textContent.trim() ?? name;
  }

  apply(cells, answer) {
    for (const [name, value] of Object.entries(cells)) this.set(name, value);
    for (const [name, shown] of Object.entries(answer.shown ?? {})) {
      const question = this.controls(name)[0]?.closest(".question");
      if (question) question.hidden = !shown;
    }
  }

  set(name, value) {
    const written = (one) => (one === true ? "true" : one === false ? "false" : String(one ?? ""));
    for (const control of this.controls(name)) {
      if (control.type === "checkbox" || control.type === "radio") control.checked = [value].flat().map(written).includes(control.value);
      else if (document.activeElement !== control) control.value = written(value);
    }
  }

  // The form is posted on top of what has been saved by itself.
  revised() {
    this.form.elements.revision.value = this.saver.revision;
  }

  async submitted(event) {
    if (!this.saver.unsent.count || this.done) return;
    event.preventDefault();
    await this.saver.settled();
    if (this.saver.state === "waiting") return;
    this.done = true;
    if (this.saver.state !== "conflict") this.form.requestSubmit(event.submitter);
    this.done = false;
  }
}

const data = readData("step-data");
const form = document.querySelector("form[data-step]");
if (data && form) new Step(data, form);
