// What scripts say, in the language of the page: texts with gaps, counted words, elements.

export class Words {
  constructor(words, language = document.documentElement.lang || "ro") {
    this.words = words;
    this.plural = new Intl.PluralRules(language);
  }

  say(code, gaps = {}) {
    return filled(this.words[code] ?? code, gaps);
  }

  // One, a few, many: "1 elev", "5 elevi", "20 de elevi".
  counted(code, n) {
    const [one, few, many] = this.words[code];
    return filled({ one, few }[this.plural.select(n)] ?? many, { n });
  }
}

function filled(text, gaps) {
  return text.replace(/\{(\w+)\}/g, (whole, name) => (name in gaps ? gaps[name] : whole));
}

// An element: h("p", {class: "muted"}, "text", child …). Properties that begin with "on" are listeners.
export function h(tag, attributes = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (name.startsWith("on")) element.addEventListener(name.slice(2), value);
    else if (name in element && typeof value === "boolean") element[name] = value;
    else if (value !== null && value !== undefined && value !== false) element.setAttribute(name, value === true ? "" : value);
  }
  element.append(...children.flat().filter((child) => child !== null && child !== undefined && child !== false));
  return element;
}

export function readData(id) {
  const element = document.getElementById(id);
  return element ? JSON.parse(element.textContent) : null;
}
