// Elements are built one by one: a text of the data is only ever a text.
const DATA = JSON.parse(document.getElementById("data").textContent);
for (const { places } of DATA.layers) {
  for (const place of places) {
    place.label ??= place.name;
    place.communes = DATA.names[place.in];
  }
}
const at = (id) => document.getElementById(id);

function filled(element, attributes, children) {
  for (const [name, value] of Object.entries(attributes ?? {})) {
    if (value === true) element.setAttribute(name, "");
    else if (value !== false && value != null) element.setAttribute(name, value);
  }
  element.append(...children.flat(Infinity).filter((one) => one != null && one !== false && one !== ""));
  return element;
}
const h = (name, attributes, ...children) => filled(document.createElement(name), attributes, children);
const s = (name, attributes, ...children) =>
  filled(document.createElementNS("http://www.w3.org/2000/svg", name), attributes, children);

// Prose comes as blocks, those of the printed document.
const runs = (given) => given.map((run) =>
  run.s === "strong" ? h("strong", null, run.t) : run.s === "emph" ? h("em", null, run.t) : run.t);
const bullets = (items) => h("ul", null, items.map((item) => h("li", null, runs(item))));
const BLOCKS = {
  heading: (block) => h(`h${Math.min(block.level + 2, 6)}`, null, block.text),
  paragraph: (block) => h("p", null, runs(block.runs)),
  note: (block) => h("p", { class: "quiet" }, runs(block.runs)),
  list: (block) => bullets(block.items),
  aside: (block) => [prose(block.body), h("p", { class: "note" }, runs(block.runs))],
  box: (block) => block.parts.map((part) => [h("h4", null, part.title), bullets(part.items)]),
  table: (block) => grid(block.title, block.columns.map((column) => column.title),
    block.rows.map((row) => row.map((cell) => cell.t))),
};
const prose = (blocks) => blocks.map((block) => BLOCKS[block.kind]?.(block));

// A table whose first column names its rows; `numeric` are the columns aligned on the right.
function grid(caption, heads, rows, { numeric = [], wide = false } = {}) {
  const side = (rank) => (numeric.includes(rank) ? "number" : null);
  const table = h("table", { class: wide ? "wide" : null },
    caption && h("caption", null, caption),
    h("thead", null, h("tr", null, heads.map((head, rank) =>
      h(head ? "th" : "td", { scope: head ? "col" : null, class: side(rank) }, head)))),
    h("tbody", null, rows.map((row) => h("tr", null, row.map((cell, rank) =>
      h(rank ? "td" : "th", { scope: rank ? null : "row", class: side(rank) }, cell))))));
  return h("div", { class: "scroll", tabindex: 0, role: "group", "aria-label": caption || heads[0] }, table);
}

function swap(id, ...children) {
  at(id).replaceChildren(...children.flat(Infinity).filter((one) => one != null && one !== false && one !== ""));
}
