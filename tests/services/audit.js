// What a page is asked beside axe. Every question gives sentences about what is wrong, none where all is well.
(() => {
  const name = (element) => {
    const id = element.id ? `#${element.id}` : "";
    const kinds = [...element.classList].map((kind) => `.${kind}`).join("");
    return `<${element.tagName.toLowerCase()}${id}${kinds}> „${(element.innerText || element.value || "").trim().replace(/\s+/g, " ").slice(0, 40)}”`;
  };
  const style = (element, part) => getComputedStyle(element, part);
  const seen = (element) => element.checkVisibility({ visibilityProperty: true }) && !element.closest(".vh,.skip") && !(style(element.closest("thead") ?? element).clipPath.startsWith("inset"));
  const box = (element) => element.getBoundingClientRect();
  const every = (selector, ask) => [...document.querySelectorAll(selector)].filter(seen).map(ask).filter(Boolean);

  // A part that may scroll sideways says so: a region with a name that the keyboard reaches, what holds a grid of cells, a field of text.
  const mayScroll = (element) =>
    element.matches("textarea,input,select,:has(> [role=grid])") ||
    (element.matches("[role=region][aria-label],[role=region][aria-labelledby]") && element.tabIndex === 0);
  const scrolls = (element) => /auto|scroll/.test(style(element).overflowX) && element.scrollWidth > element.clientWidth + 1;
  const inScroller = (element) => {
    for (let above = element; above && above !== document.documentElement; above = above.parentElement) {
      if (above !== document.body && style(above).overflowX !== "visible") return true;
    }
    return false;
  };
  const reflow = () => {
    const width = document.documentElement.clientWidth;
    const beyond = document.documentElement.scrollWidth > width
      ? every("body *", (one) => box(one).right > width + 1 && !inScroller(one) && `${name(one)} reaches ${Math.round(box(one).right)} of ${width} px`)
      : [];
    if (document.documentElement.scrollWidth > width && !beyond.length) beyond.push(`the page is ${document.documentElement.scrollWidth} px wide`);
    return [...beyond.slice(0, 6), ...every("body *", (one) => scrolls(one) && !mayScroll(one) && `${name(one)} scrolls sideways and is not marked so`)];
  };

  // Text that no longer fits: cut off by its own box, or running out of a control.
  const CONTROLS = ".btn,.chip span,.tag,.seg > *,button,summary,.opts label,.kpis a";
  const clipped = () => [
    ...every("body *", (one) => {
      const { overflowX, overflowY } = style(one);
      if (!/hidden|clip/.test(overflowX + overflowY) || !one.innerText?.trim()) return "";
      const cut = (overflowX !== "visible" && one.scrollWidth > one.clientWidth + 1) || (overflowY !== "visible" && one.scrollHeight > one.clientHeight + 1);
      return cut && !scrolls(one) && `${name(one)} cuts its text off`;
    }),
    ...every(CONTROLS, (one) => one.clientHeight && (one.scrollHeight > one.clientHeight + 2 || one.scrollWidth > one.clientWidth + 2) && `${name(one)} is smaller than its text`),
  ];

  const inSentence = (element) => {
    const around = element.closest("p,li,dd,td,legend,.note,.hint");
    return element.tagName === "A" && style(element).display === "inline" && around && around.innerText.trim() !== element.innerText.trim();
  };
  const targets = (least) =>
    every("a[href],button,input:not([type=hidden]),select,textarea,summary", (one) => {
      const area = one.closest("label") ?? one;
      const { width, height } = box(area);
      return !inSentence(one) && (width < least - 0.5 || height < least - 0.5) && `${name(one)} is ${Math.round(width)} × ${Math.round(height)} px, less than ${least}`;
    });

  const still = () =>
    every("body *", (one) => {
      const { transitionDuration, animationName, scrollBehavior } = style(one);
      return (transitionDuration.split(",").some((time) => parseFloat(time)) || animationName !== "none" || scrollBehavior === "smooth") && `${name(one)} moves`;
    });

  // The focus: an outline that forced colours keep, drawn on the element or on what stands for it, and not behind something that sticks.
  const drawn = (element) => style(element).outlineStyle !== "none" && parseFloat(style(element).outlineWidth) >= 2;
  const STANDS_FOR = (element) => [element, element.nextElementSibling, element.closest("label")].filter(Boolean);
  const sticking = () => [...document.querySelectorAll("body *")].filter((one) => /sticky|fixed/.test(style(one).position) && seen(one));
  const focus = () => {
    const wrong = [];
    const bars = sticking();
    for (const one of document.querySelectorAll("a[href],button,input:not([type=hidden]),select,textarea,summary,[tabindex='0']")) {
      if (one.disabled || !one.checkVisibility({ visibilityProperty: true }) || one.closest(".skip")) continue;
      one.focus();
      if (document.activeElement !== one) continue;
      if (!one.matches(":focus-visible")) { wrong.push(`${name(one)} does not show that it has the focus`); continue; }
      if (!STANDS_FOR(one).some(drawn)) wrong.push(`${name(one)} has no outline when it has the focus`);
      const area = box(one.closest("label") ?? one);
      const covering = bars.find((bar) => {
        const cover = box(bar);
        return !bar.contains(one) && !one.contains(bar) && cover.top <= area.top && cover.bottom >= area.bottom && cover.left <= area.left && cover.right >= area.right;
      });
      if (covering) wrong.push(`${name(one)} is hidden behind ${name(covering)} when it has the focus`);
    }
    document.activeElement?.blur();
    return wrong;
  };

  // In forced colours backgrounds and shadows are gone: what is chosen must be told by words, weight or lines.
  const told = (element) => {
    const { fontWeight, borderTopStyle, borderTopWidth, borderBottomStyle, borderBottomWidth, outlineStyle } = style(element);
    const lined = (kind, width) => kind !== "none" && parseFloat(width) >= 2;
    const words = style(element, "::after").content;
    return Number(fontWeight) >= 600 || lined(borderTopStyle, borderTopWidth) || lined(borderBottomStyle, borderBottomWidth) || outlineStyle !== "none" || !/^(none|normal|"")$/.test(words);
  };
  const chosen = () => every("[aria-current]:not([aria-current=false]),[aria-selected=true],[aria-pressed=true],.chip input:checked + span", (one) => !told(one) && `${name(one)} is only told by its colour`);

  window.audit = { reflow, clipped, targets, still, focus, chosen };
})();
