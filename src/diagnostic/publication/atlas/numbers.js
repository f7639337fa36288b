// Numbers come as whole counts of their last digit; here is the only place where one becomes text.
const NBSP = "\u00a0";
const ABSENCES = Object.fromEntries(DATA.absences.map((one) => [one.letter, one]));

function number(scaled, decimals = 0, signed = false) {
  const digits = String(Math.abs(scaled)).padStart(decimals + 1, "0");
  const cut = digits.length - decimals;
  const whole = digits.slice(0, cut).replace(/\B(?=(\d{3})+$)/g, "\u202f");
  const sign = scaled < 0 ? "\u2212" : signed && scaled > 0 ? "+" : "";
  return sign + whole + (decimals ? `,${digits.slice(cut)}` : "");
}

function quantity(scaled, unit, { signed = false, decimals = DATA.units[unit].decimals } = {}) {
  const { one, several } = DATA.units[unit];
  return number(scaled, decimals, signed) + (Math.abs(scaled) >= 2 * 10 ** decimals ? several : one);
}

// A difference of percentages is in points, with the digits of the percentages.
function difference(scaled, unit) {
  const decimals = DATA.units[unit].decimals;
  return quantity(scaled, unit === "percent" ? "points" : unit, { signed: true, decimals });
}

const absence = (series, rank) => ABSENCES[series.marks[rank]];
const value = (series, rank) => {
  const missing = absence(series, rank);
  return missing ? missing.mark : quantity(series.values[rank], series.unit);
};
const said = (series, rank) => absence(series, rank)?.label ?? value(series, rank);
const klass = (series, rank) => (/\d/.test(series.marks[rank]) ? Number(series.marks[rank]) : null);

function interval(series, rank) {
  if (!series.low || series.low[rank] == null || series.low[rank] === series.high[rank]) return "";
  const { decimals } = DATA.units[series.unit];
  return `de${NBSP}${number(series.low[rank], decimals)} à${NBSP}${number(series.high[rank], decimals)}`;
}

// One neighbourhood beside one comparator; nothing where there is none.
function beside(series, kind, rank) {
  const gap = series.gaps[kind];
  const place = gap && DATA.lists[gap.of][rank];
  if (place == null) return null;
  return {
    name: DATA.names[DATA.lists[gap.names][place]], value: gap.values[place], period: gap.period,
    difference: gap.differences[rank], notable: Boolean(parseInt(gap.notable[rank >> 2] ?? "0", 16) & (8 >> (rank & 3))),
  };
}

// The same comparator for every neighbourhood, or nothing.
function common(series, kind) {
  const gap = series.gaps[kind];
  if (!gap || gap.values.length !== 1) return null;
  return { name: DATA.names[DATA.lists[gap.names][0]], value: gap.values[0], period: gap.period };
}

const capital = (text) => text.charAt(0).toUpperCase() + text.slice(1);
const small = (text) => (/^\p{Lu}{2}/u.test(text) ? text : text.charAt(0).toLowerCase() + text.slice(1)); // EPCI stays
// Said without its article, as the name of a column.
const kindName = (kind) => capital((DATA.comparators[kind] ?? kind).replace(/^(la |le |l’)/, ""));
const plural = (count, one, several) => `${number(count)}${NBSP}${count < 2 ? one : several}`;
