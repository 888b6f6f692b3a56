// While something is being made, its place on the page (``data-progress``, with an id) is fetched anew every few seconds and put in; the rest of the
// page is left alone. When the page no longer has such a place, the work has ended and the whole page is another one.
(() => {
  "use strict";
  const places = () => [...document.querySelectorAll("[data-progress]")];
  const again = () => {
    if (places().some((place) => place.querySelector("[data-under-way]"))) setTimeout(refresh, 2000);
  };
  const refresh = async () => {
    try {
      const answer = await fetch(location.href, { headers: { Accept: "text/html" } });
      if (!answer.ok) return again();
      const page = new DOMParser().parseFromString(await answer.text(), "text/html");
      for (const place of places()) {
        const fresh = page.getElementById(place.id);
        if (!fresh) return location.reload();
        if (!place.contains(document.activeElement)) place.replaceWith(fresh);
      }
    } catch {
      // Without a network the next try may succeed.
    }
    again();
  };
  again();
})();
