// While something is being made, its place on the page is fetched anew every few seconds and put in; the rest of the page is left alone.
// When the page no longer has that place, the work has ended and the whole page is another one.
(() => {
  "use strict";
  const place = () => document.querySelector("[data-progress]");
  const again = () => {
    if (place() && place().querySelector("[data-under-way]")) setTimeout(refresh, 2000);
  };
  const refresh = async () => {
    try {
      const answer = await fetch(location.href, { headers: { Accept: "text/html" } });
      const page = answer.ok && new DOMParser().parseFromString(await answer.text(), "text/html");
      const fresh = page && page.querySelector("[data-progress]");
      if (page && !fresh) return location.reload();
      if (fresh && !place().contains(document.activeElement)) place().replaceWith(fresh);
    } catch {
      // Without a network the next try may succeed.
    }
    again();
  };
  again();
})();
