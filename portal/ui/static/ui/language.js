// What is typed on a page is still there after its language has been changed: it is kept while the page is asked for again. Files and passwords
// are not kept, so one is asked first. Values that a page saves by itself are sent by its own script; here they only stay where they stand.
(() => {
  const form = document.querySelector("form.lang");
  const place = `language:${form.elements.next.value}`;
  const bare = ["hidden", "password", "file", "submit", "button"];
  const controls = () => [...document.querySelectorAll('main form[method="post"]')].flatMap((one, index) => [...one.elements].filter((control) => control.name).map((control) => [`${index} ${control.name}`, control]));
  const ticked = (control) => ["checkbox", "radio"].includes(control.type);

  function kept() {
    const values = {};
    for (const [name, control] of controls()) {
      if (bare.includes(control.type) || !control.willValidate) continue;
      if (ticked(control)) (values[name] ??= []).push(...(control.checked ? [control.value] : []));
      else if (control.multiple) values[name] = [...control.selectedOptions].map((option) => option.value);
      else values[name] = control.value;
    }
    return values;
  }

  function put(values) {
    for (const [name, control] of controls()) {
      const value = values[name];
      if (value === undefined || bare.includes(control.type)) continue;
      if (ticked(control)) control.checked = value.includes(control.value);
      else if (control.multiple) [...control.options].forEach((option) => { option.selected = value.includes(option.value); });
      else control.value = value;
    }
  }

  form.addEventListener("submit", (event) => {
    const lost = controls().some(([, control]) => ["password", "file"].includes(control.type) && control.value);
    if (lost && !window.confirm(form.dataset.asks)) return event.preventDefault();
    try {
      window.sessionStorage.setItem(place, JSON.stringify(kept()));
    } catch {
      /* Without storage the language changes all the same. */
    }
  });
  try {
    const values = window.sessionStorage.getItem(place);
    window.sessionStorage.removeItem(place);
    if (values) put(JSON.parse(values));
  } catch {
    /* Nothing was kept. */
  }
})();
