// Shows and hides questions as answers change. What is asked is decided on the server; without this script the next save does the same.
(() => {
  const form = document.querySelector("form[data-asks]");
  if (!form) return;
  let waiting;
  const ask = async () => {
    const body = new FormData(form);
    body.set("preview", "1");
    const answer = await fetch(location.href, { method: "POST", body, headers: { Accept: "application/json" } });
    if (!answer.ok) return;
    for (const [id, shown] of Object.entries(await answer.json())) {
      const question = document.getElementById(`q-${id}`);
      if (question) question.hidden = !shown;
    }
  };
  form.addEventListener("change", () => {
    clearTimeout(waiting);
    waiting = setTimeout(() => ask().catch(() => {}), 150);
  });
})();
