// While something is being made, the list is fetched anew every few seconds and put in place; the rest of the page is left alone.
(() => {
  "use strict";
  const list = () => document.querySelector("[data-progress]");
  const again = () => {
    if (list() && list().querySelector("[data-under-way]")) setTimeout(refresh, 3000);
  };
  const refresh = async () => {
    try {
      const answer = await fetch(location.href, { headers: { Accept: "text/html" } });
      const fresh = answer.ok && new DOMParser().parseFromString(await answer.text(), "text/html").querySelector("[data-progress]");
      if (fresh && !list().contains(document.activeElement)) list().replaceWith(fresh);
    } catch {
      // Without a network the next try may succeed.
    }
    again();
  };
  again();
})();
