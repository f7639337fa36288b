// What is read beside the map: legend, numbered list, selected neighbourhood, table of gaps, sheet.
const ROWS = 100;

const generation = (layer) => `Quartiers prioritaires, génération ${layer.generation}`;
const sourceLine = (series) => series.sources.map((rank) => DATA.sources[rank])
  .map((one) => `${one.label}, édition ${one.edition}`).filter((text, rank, all) => all.indexOf(text) === rank)
  .join(" ; ");
const measure = (series) => [series.label, series.period].filter(Boolean).join(", ");
const written = (series) => series.values.filter((one) => one != null).length;

function swatch(kind, fill) {
  const shape = kind === "not_applicable" ? s("circle", { cx: 11, cy: 8, r: 4, fill })
    : s("rect", { x: 1, y: 1, width: 20, height: 14, fill, class: "disc" });
  return s("svg", { class: "swatch", width: 22, height: 16, "aria-hidden": "true", "data-kind": kind }, shape);
}

// Classes on one bar, limits below, the comparator's value as a tick; then a box for each absence, even of none.
function legend(series, kind) {
  const count = series.limits.length - 1;
  const parts = [];
  if (count > 0) parts.push(bar(series, count, common(series, kind)));
  else if (series.plain) {
    parts.push(h("p", { class: "quiet" }, "Ce chiffre n’est ni cartographié par classes ni classé : les quartiers restent dans l’ordre de la liste."));
  } else parts.push(h("p", { class: "quiet" }, "Aucune valeur publiée."));
  const tally = (letter) => [...series.marks].filter((mark) => mark === letter).length;
  parts.push(h("ul", { class: "absences" }, DATA.absences.map((one) => {
    const found = tally(one.letter);
    return h("li", null, swatch(one.kind, `url(#${pattern(one.kind)})`),
      ` ${one.short} (${one.mark})${NBSP}: ${found ? number(found) : "aucun"}`);
  })));
  parts.push(h("p", { class: "quiet" }, "La surface d’un cercle suit la population du quartier."));
  return parts;
}

function bar(series, count, reference) {
  const [wide, top, high] = [300, 24, 14];
  const step = wide / count;
  const edges = series.edges;
  const ramp = DATA.ramps[count - 1];
  const parts = ramp.map(([fill], rank) =>
    s("rect", { x: 10 + rank * step, y: top, width: step, height: high, fill, class: "disc" }));
  series.limits.forEach((text, rank) => parts.push(
    s("text", { x: 10 + rank * step, y: top + high + 16, "text-anchor": "middle" }, text)));
  const unit = DATA.units[series.unit].one.trim();
  if (unit) parts.push(s("text", { x: 22 + wide + 12, y: top + high + 16, class: "faint" }, unit));
  if (reference) {
    const inside = Math.min(Math.max(reference.value, edges[0]), edges[count]);
    const rank = Math.min(edges.slice(1, -1).filter((edge) => inside >= edge).length, count - 1);
    const x = 10 + (rank + (inside - edges[rank]) / (edges[rank + 1] - edges[rank])) * step;
    const far = inside === reference.value ? "" : " (hors échelle)";
    const side = x > 200 ? "end" : "start";
    parts.push(s("path", { d: `M${x} ${top - 6}V${top + high + 3}`, class: "tick" }),
      s("text", { x, y: top - 10, "text-anchor": side, class: "reference" },
        `Comparateur${NBSP}: ${quantity(reference.value, series.unit)}${far}`));
  }
  return s("svg", { class: "bar", viewBox: "0 0 370 60", role: "img",
    "aria-label": `Classes${NBSP}: ${series.limits.join(" ; ")} ${unit}` }, parts);
}

// The numbered list: one stop of the keyboard, arrows inside.
function option(place, rank, series, chosen) {
  return h("li", { role: "option", id: `q${rank}`, "data-rank": rank, "aria-selected": String(rank === chosen) },
    h("span", { class: "number" }, place.number), h("bdi", null, place.name),
    h("span", { class: absence(series, rank) ? "value faint" : "value" }, value(series, rank)));
}

function facts(layer, rank) {
  const place = layer.places[rank];
  return [
    place.communes && `Commune${place.communes.includes(" et ") ? "s" : ""}${NBSP}: ${place.communes}.`,
    place.population != null && `Population${NBSP}: ${number(place.population)}${NBSP}habitants.`,
    place.area != null && `Superficie${NBSP}: ${quantity(place.area, "hectares")}.`, `Code${NBSP}: ${place.code}, génération ${layer.generation}.`,
  ].filter(Boolean).join(" ");
}

// One sentence a comparator, for the eye and for the ear.
function sentences(series, rank) {
  const spread = interval(series, rank);
  return [`${capital(said(series, rank))}${spread ? ` (intervalle ${spread})` : ""}.`,
    ...Object.keys(series.gaps).map((kind) => beside(series, kind, rank)).filter(Boolean).map((one) =>
      `${capital(one.name)}${NBSP}: ${quantity(one.value, series.unit)}${one.difference == null ? ""
        : `, écart de ${difference(one.difference, series.unit)}${one.notable ? ", notable et défavorable" : ""}`}.`)];
}

function card(layer, series, rank) {
  if (rank == null) return [h("p", { class: "quiet" }, "Choisissez un quartier dans la liste ou sur la carte.")];
  const place = layer.places[rank];
  return [
    h("h3", null, `${place.number}. `, h("bdi", null, place.label)), h("p", { class: "quiet" }, facts(layer, rank)),
    h("p", null, h("strong", null, `${series.name}, ${series.period}`)),
    h("ul", null, sentences(series, rank).map((text) => h("li", null, text))),
    h("p", { class: "actions" }, h("button", { type: "button", id: "near" }, "Zoomer sur ce quartier"),
      h("a", { href: "#sheet" }, "Voir toute sa fiche")),
  ];
}

function words(series) {
  const text = DATA.words[series.words];
  const part = (title, body) => body && h("div", null, h("h3", null, title), h("p", null, body));
  return [part("Ce que ça dit", [text.says, text.formula && `Calcul${NBSP}: ${text.formula}.`].filter(Boolean).join(" ")),
    part("Ce que ça ne dit pas", text.not), part("À demander", text.ask)];
}

// A scale whose graduations are round, for the bars of a table.
function graduations(numbers) {
  const [low, high] = [Math.min(...numbers), Math.max(...numbers)];
  const span = high - low || Math.abs(high) || 1;
  const power = 10 ** Math.floor(Math.log10(span / 4));
  const step = [1, 2, 5, 10].map((digit) => digit * power).find((one) => span / one <= 5);
  const first = Math.floor(low / step);
  const last = Math.max(Math.ceil(high / step), first + 1);
  return Array.from({ length: last - first + 1 }, (_, rank) => (first + rank) * step);
}

// Sorted by value where that is allowed, marks last; else in list order.
function order(layer, series) {
  const ranks = layer.places.map((_, rank) => rank);
  if (series.plain) return ranks;
  const key = (rank) => (absence(series, rank) ? Infinity : series.values[rank]);
  return ranks.sort((a, b) => (key(a) === key(b) ? a - b : key(a) - key(b)));
}

function plot(series, kind, rank, ticks) {
  const [first, last] = [ticks[0], ticks.at(-1)];
  const x = (one) => `${(3 + ((one - first) / (last - first)) * 94).toFixed(2)}%`;
  const across = (from, to, name) => s("line", { x1: x(from), x2: x(to), y1: "50%", y2: "50%", class: name });
  const parts = ticks.map((one) => s("line", { x1: x(one), x2: x(one), y1: 0, y2: "100%", class: "rule" }));
  const other = beside(series, kind, rank);
  const known = !absence(series, rank);
  if (known && interval(series, rank)) {
    parts.push(across(series.low[rank], series.high[rank], "interval"));
  }
  if (other) {
    if (known) parts.push(across(other.value, series.values[rank], "link"));
    parts.push(s("rect", { x: x(other.value), y: "50%", width: 9, height: 9, class: "other" }));
  }
  if (known) parts.push(s("circle", { cx: x(series.values[rank]), cy: "50%", r: 5.5, class: "own" }));
  return s("svg", { class: "plot", "aria-hidden": "true" }, parts);
}

// Chart and table are one: each row holds its bar and its numbers.
function gapsTable(layer, series, { kind, chosen, shown, ranks }) {
  const rows = ranks.slice(0, shown);
  const numbers = ranks.flatMap((rank) => [series.values[rank], beside(series, kind, rank)?.value,
    ...(absence(series, rank) ? [] : [series.low?.[rank], series.high?.[rank]])]).filter((one) => one != null);
  const ticks = numbers.length ? graduations(numbers) : [0, 1];
  const { decimals } = DATA.units[series.unit];
  const scale = h("span", { class: "scale", "aria-hidden": "true" }, [ticks[0], ticks.at(-1)]
    .map((one) => h("span", null, Number.isInteger(one) ? number(one, decimals) : "")));
  const heads = [["N°", "number broad"], ["Quartier", ""], ["Valeur", "number"],
    series.low && ["Intervalle", "number broad"], [scale, "chart"],
    kind && [kindName(kind), "number broad"], kind && ["Écart", "number"]].filter(Boolean);
  const body = rows.map((rank) => {
    const place = layer.places[rank];
    const other = beside(series, kind, rank);
    const gap = other?.difference == null ? "" : difference(other.difference, series.unit);
    return h("tr", { "data-rank": rank, "aria-current": rank === chosen ? "true" : null },
      h("td", { class: "number faint broad" }, place.number), h("th", { scope: "row" }, h("bdi", null, place.name)),
      h("td", { class: absence(series, rank) ? "number faint" : "number" }, value(series, rank),
        series.low && h("span", { class: "spread narrow" }, interval(series, rank))),
      series.low && h("td", { class: "number faint broad" }, interval(series, rank)),
      h("td", { class: "chart" }, plot(series, kind, rank, ticks)),
      kind && h("td", { class: "number broad" }, other ? quantity(other.value, series.unit) : ""),
      kind && h("td", { class: "number" }, other?.notable ? h("strong", null, `${gap}${NBSP}*`) : gap));
  });
  return h("table", { class: "gaps" }, h("thead", null, h("tr", null, heads.map(([head, side]) =>
    side === "chart" ? h("td", { class: side }, head) : h("th", { scope: "col", class: side }, head)))),
  h("tbody", null, body));
}

function gapsFoot(layer, series, kind) {
  const marks = DATA.absences.filter((one) => series.marks.includes(one.letter))
    .map((one) => `${one.mark}${NBSP}: ${one.label}`).join(" ; ");
  const gap = series.gaps[kind];
  const total = layer.places.length;
  return [
    `Point plein${NBSP}: le quartier${kind ? ` ; carré${NBSP}: ${small(kindName(kind))} (${gap.period})` : ""}${series.low ? ` ; barre pâle${NBSP}: intervalle modélisé à 95${NBSP}% ; sans barre, aucun intervalle n’est calculé` : ""}.`,
    /[^0]/.test(gap?.notable ?? "") && `*${NBSP}: écart notable et défavorable.`, marks && `${marks}.`,
    `n${NBSP}=${NBSP}${number(written(series))}${written(series) < total ? ` sur ${number(total)}` : ""}. Source${NBSP}: ${sourceLine(series)}. ${generation(layer)}. Un écart n’est pas une discrimination.`,
  ].filter(Boolean).join(" ");
}

const ON_PAPER = 4; // comparators that the width of a printed page holds

// Every indicator of one neighbourhood beside every comparator.
function sheet(layer, rank) {
  if (rank == null) return [h("p", { class: "quiet" }, `Choisissez un quartier dans la liste ou sur la carte${NBSP}: tous ses chiffres s’affichent ici.`)];
  const place = layer.places[rank];
  const kinds = Object.keys(DATA.comparators).filter((kind) => layer.series.some((one) => beside(one, kind, rank)));
  const side = (kind) => (kinds.indexOf(kind) < ON_PAPER ? "number" : "number screen");
  const heads = [["Indicateur et année", null], ["Valeur", "number"],
    ...kinds.flatMap((kind) => [[DATA.columns[kind] ?? kindName(kind), side(kind)], ["Écart", side(kind)]]), ["Source", null]];
  const used = new Set();
  const bodies = [...new Set(layer.series.map((one) => one.theme))].map((theme) => h("tbody", null,
    h("tr", { class: "theme" }, h("th", { scope: "rowgroup", colspan: heads.length }, theme)),
    layer.series.filter((one) => one.theme === theme).map((one) => {
      if (absence(one, rank)) used.add(absence(one, rank));
      const spread = interval(one, rank);
      return h("tr", { class: one.detail ? "detail" : null }, h("th", { scope: "row" }, one.name, " ", h("span", { class: "faint period" }, one.period)),
        h("td", { class: "number" }, h("strong", null, value(one, rank)),
          spread && h("span", { class: "faint spread" }, spread)),
        kinds.map((kind) => {
          const other = beside(one, kind, rank);
          const { decimals } = DATA.units[one.unit];
          const gap = other?.difference == null ? "" : number(other.difference, decimals, true);
          return [h("td", { class: `${side(kind)} faint` }, other && [number(other.value, decimals),
            other.period !== one.period && h("span", { class: "spread" }, other.period)]),
            h("td", { class: side(kind) }, other?.notable ? h("strong", null, `${gap}${NBSP}*`) : gap)];
        }), h("td", { class: "links" }, one.sources.map((id) =>
          h("a", { href: `#source-${id + 1}`, "aria-label": `Source ${id + 1}` }, id + 1))));
    })));
  const marks = [...used].map((one) => `${one.mark}${NBSP}: ${one.label}.`);
  return [
    h("p", null, facts(layer, rank)), place.words && prose(place.words),
    h("div", { class: "scroll", tabindex: 0, role: "group", "aria-label": "Tableau de la fiche" },
      h("table", { class: "sheet" }, h("thead", null, h("tr", null, heads.map(([head, kind]) =>
        h("th", { scope: "col", class: kind }, head)))), bodies)),
    h("p", { class: "quiet" }, ["*\u00a0: écart notable et défavorable. Case vide\u00a0: pas de comparateur publié. Sous une valeur\u00a0: intervalle modélisé à 95\u00a0%.",
      ...marks, place.communes.includes(" et ") && "Pour un quartier sur plusieurs communes, la commune est la première nommée.",
      "Un écart n’est pas une discrimination."].filter(Boolean).join(" ")),
    h("p", { class: "quiet paper" }, kinds.length > ON_PAPER
      ? "Les lignes de détail et les derniers comparateurs se lisent à l’écran et dans le classeur."
      : "Les lignes de détail se lisent à l’écran et dans le classeur."),
  ];
}

const sources = () => DATA.sources.map((one, rank) => h("li", { id: `source-${rank + 1}` },
  [one.producer, one.title, `édition ${one.edition}`, one.published && `publié${NBSP}: ${one.published}`, one.licence]
    .filter(Boolean).join(", "), ". ", one.url && h("a", { href: one.url, rel: "noreferrer" }, one.url)));
