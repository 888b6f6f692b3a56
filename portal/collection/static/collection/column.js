// One question over all rows, quicker with taps: marked chips with a count, lists painted value by value, undo.
// The controls that are posted stay those of the page, so that everything also works without this script.
(() => {
  const form = document.querySelector("form[data-column]");
  if (!form) return;
  const past = [];
  const language = document.documentElement.lang;
  const counted = (n) => (n === 1 ? "1 elev" : `${n} ${n === 0 || (n % 100 >= 1 && n % 100 <= 19) ? "" : "de "}elevi`);
  const undo = form.querySelector("[data-undo]");
  const status = form.querySelector("[data-count]");

  const boxes = [...form.querySelectorAll('input[name="rows"]')];
  if (boxes.length) {
    form.querySelector("[data-tools]").hidden = false;
    const tell = () => { status.textContent = language === "ro" ? `${counted(boxes.filter((b) => b.checked).length)} din ${boxes.length}` : `${boxes.filter((b) => b.checked).length} / ${boxes.length}`; };
    let last = boxes.map((b) => b.checked);
    const remember = () => { past.push(last); last = boxes.map((b) => b.checked); tell(); };
    form.addEventListener("change", (event) => { if (boxes.includes(event.target)) remember(); });
    form.querySelector("[data-none]").addEventListener("click", () => { boxes.forEach((b) => { b.checked = false; }); remember(); });
    undo.addEventListener("click", () => { const before = past.pop(); if (before) { boxes.forEach((b, i) => { b.checked = before[i]; }); last = before; tell(); } });
    tell();
    return;
  }

  const chooser = form.querySelector("[data-chooser]");
  if (!chooser) return;
  const selects = [...form.querySelectorAll("[data-rows] select")];
  const list = chooser.querySelector("[data-chips]");
  const labels = new Map([...chooser.querySelectorAll('input[name="paint"]')].map((radio) => [radio.value, radio.nextElementSibling.textContent]));
  const most = () => { const tally = new Map(); selects.forEach((s) => tally.set(s.value, (tally.get(s.value) || 0) + 1)); return [...tally].sort((a, b) => b[1] - a[1])[0]?.[0]; };
  const usual = most();
  const paint = () => chooser.querySelector('input[name="paint"]:checked')?.value;
  const chips = selects.map((select) => {
    const item = document.createElement("li");
    const button = document.createElement("button");
    button.type = "button";
    button.className = "chip-b";
    item.append(button);
    list.append(item);
    button.addEventListener("click", () => {
      past.push([select, select.value]);
      select.value = select.value === paint() ? usual : paint();
      draw();
      status.textContent = `${select.id.slice(2)}: ${labels.get(select.value) || ""}`;
    });
    return button;
  });
  const draw = () => {
    const value = paint();
    selects.forEach((select, i) => {
      const chip = chips[i];
      const number = select.id.slice(2);
      const word = select.value === usual ? "" : (labels.get(select.value) || "").slice(0, 3);
      chip.replaceChildren(document.createTextNode(number), ...(word ? [Object.assign(document.createElement("small"), { textContent: word })] : []));
      chip.setAttribute("aria-pressed", String(select.value === value));
      chip.setAttribute("aria-label", `${number}: ${labels.get(select.value) || "–"}`);
      chip.classList.toggle("other", select.value !== usual && select.value !== value);
    });
    for (const tally of chooser.querySelectorAll("[data-tally]")) tally.textContent = selects.filter((s) => s.value === tally.dataset.tally).length;
  };
  chooser.addEventListener("change", draw);
  undo.addEventListener("click", () => { const before = past.pop(); if (before) { before[0].value = before[1]; draw(); } });
  const first = chooser.querySelector(`input[name="paint"]:not([value="${CSS.escape(usual || "")}"])`);
  if (first) first.checked = true;
  form.querySelector("[data-rows]").hidden = true;
  chooser.hidden = false;
  draw();
})();
