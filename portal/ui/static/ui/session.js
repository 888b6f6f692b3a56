// Warns before the session ends; one click prolongs it, without leaving what is being typed. Other tabs may have prolonged it meanwhile,
// so the server is asked before anybody is warned.
(() => {
  const box = document.querySelector(".timeout");
  const form = box.querySelector("form");
  const title = box.querySelector("[data-title]");
  const words = box.querySelector("[data-words]");
  const said = [title.textContent, words.textContent];
  const before = Number(box.dataset.warnedBefore);
  let end = Date.now() + 1000 * Number(box.dataset.seconds);
  let over = false;

  const finish = () => {
    over = true;
    title.textContent = title.dataset.ended;
    words.textContent = words.dataset.ended;
    form.hidden = true;
    box.hidden = false;
  };
  const lasts = (seconds) => {
    end = Date.now() + 1000 * seconds;
    box.hidden = seconds > before;
    [title.textContent, words.textContent] = said;
  };
  const ask = async (options) => {
    const answer = await fetch(form.action, { headers: { Accept: "application/json" }, ...options });
    if (answer.status === 401) return finish();
    if (!answer.ok) throw new Error(String(answer.status));
    lasts((await answer.json()).seconds);
  };
  const look = async () => {
    if (over || Date.now() < end - 1000 * before) return;
    try {
      await ask();
    } catch {
      /* Without an answer the clock of this page counts. */
    }
    if (!over && Date.now() >= end - 1000 * before) box.hidden = false;
  };
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    const body = new FormData(form);
    body.delete("next");
    try {
      await ask({ method: "POST", body });
    } catch {
      words.textContent = words.dataset.failed;
    }
  });
  setInterval(look, 15000);
  document.addEventListener("visibilitychange", () => { if (!document.hidden) look(); });
})();
