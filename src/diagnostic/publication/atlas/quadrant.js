// Two measures of a domain side by side, placed by the analysis; a hollow mark is one that cannot be told.
function quadrant(data) {
  const placed = data.items.filter((one) => one.x && one.y);
  const text = (side) => {
    if (!side) return "";
    const bounds = side[1] == null ? "" : ` (de${NBSP}${number(side[1], 1)} à${NBSP}${number(side[2], 1)})`;
    return number(side[0], 1) + bounds;
  };
  const rows = data.items.map((one, rank) => [String(rank + 1), one.name, text(one.x), text(one.y), one.cell,
    one.missing ? `Manque${NBSP}: ${one.missing}.` : one.reading]);
  return [
    placed.length > 0 && plane(data, placed),
    grid("", ["N°", "Domaine", "Écart défavorable (points)", `Part qui cite le domaine (%)`, "Case", "Lecture"], rows,
      { numeric: [2, 3] }),
    h("p", { class: "quiet" }, `${data.across ? `${capital(data.across)}. ` : ""}Ligne à ${number(data.line, 1)} sur les deux axes, fixée à l’avance. Cercle vide${NBSP}: indéterminé. Ne dit pas${NBSP}: ${small(data.caveat)}`),
  ];
}

function plane(data, placed) {
  const [left, top, side] = [44, 26, 380];
  const all = (axis) => graduations([0, 2 * data.line, ...placed.flatMap((one) => one[axis])].filter((one) => one != null));
  const [across, down] = [all("x"), all("y")];
  const part = (value, ticks) => (value - ticks[0]) / (ticks.at(-1) - ticks[0]);
  const x = (value) => left + part(value, across) * side;
  const y = (value) => top + (1 - part(value, down)) * side;
  const line = (x1, y1, x2, y2, name) => s("line", { x1, y1, x2, y2, class: name });
  const label = (content, at, base, anchor, name) => s("text", { x: at, y: base, "text-anchor": anchor, class: name }, content);
  const parts = [
    s("rect", { x: x(data.line), y: top, width: left + side - x(data.line), height: y(data.line) - top, fill: "#e7e2d8" }),
    across.map((one) => [line(x(one), top, x(one), top + side, "rule"), label(number(one, 1), x(one), top + side + 18, "middle")]),
    down.map((one) => [line(left, y(one), left + side, y(one), "rule"), label(number(one, 1), left - 6, y(one) + 4, "end")]),
    line(x(data.line), top, x(data.line), top + side, "limit"), line(left, y(data.line), left + side, y(data.line), "limit"),
    label("écart défavorable mesuré (points) →", left + side, top + side + 38, "end"),
    label("part qui cite le domaine (%) ↑", 4, 14, "start"),
  ];
  for (const one of placed) {
    if (one.x[1] != null) parts.push(line(x(one.x[1]), y(one.y[0]), x(one.x[2]), y(one.y[0]), "interval"));
    if (one.y[1] != null) parts.push(line(x(one.x[0]), y(one.y[1]), x(one.x[0]), y(one.y[2]), "interval"));
  }
  for (const one of placed) {
    parts.push(s("circle", { cx: x(one.x[0]), cy: y(one.y[0]), r: 11, class: one.sure ? "own" : "unsure" }),
      label(String(data.items.indexOf(one) + 1), x(one.x[0]), y(one.y[0]) + 4, "middle", one.sure ? "light" : "dark"));
  }
  return s("svg", { class: "plane", viewBox: "0 0 440 452", role: "img",
    "aria-label": `${data.title}. Les mêmes chiffres sont dans le tableau qui suit.` }, parts.flat(Infinity));
}
