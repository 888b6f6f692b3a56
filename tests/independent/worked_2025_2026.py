"""The indicators of 2025-2026 computed a second time, in plain Python with fractions, straight from the methodology's words.

Nothing of the engine is imported. Run with the folder of an example to print its expected.json:

    python tests/independent/worked_2025_2026.py indicators/2025-2026/examples/worked

Covers what the example uses: complete class tables but for benches, extended answers that may be missing.
"""

from __future__ import annotations

import csv
import json
import sys
from collections.abc import Callable
from fractions import Fraction as F
from pathlib import Path

GROUPS = {
    "rom": ("A", "basic"), "ces": ("B", "basic"), "edu": ("C", "basic"), "bur": ("C", "basic"), "rez": ("D", "basic"),
    "rep": ("E", "basic"), "cum": ("F", "basic"), "mono": ("C", "extended"), "plas": ("C", "extended"), "bun": ("C", "extended"),
    "gra": ("E", "extended"), "slab": ("E", "extended"), "rem": ("E", "extended"), "abs": ("E", "extended"), "strain": ("C", "extended"),
}  # fmt: skip
MIN_GROUP = {"A": 5, "B": 3, "C": 5, "D": 5, "E": 5, "F": 5}
SIZE_MAX = {"early": 12, "preschool": 22, "primary": 22, "lower_secondary": 26, "upper_secondary": 26, "vocational": 26}
ALERT = [(2, "none"), (3, "attention"), (5, "risk"), (None, "high")]
SCALES = {
    "alert": ALERT,
    "qualified": [(50, "high"), (75, "risk"), (90, "attention"), (None, "none")],
    "turnover": [(15, "none"), (25, "attention"), (40, "risk"), (None, "high")],
    "crowding": [((100, "at_most"), "none"), (110, "attention"), (125, "risk"), (None, "high")],
    "relative_low": [(40, "high"), (60, "risk"), (80, "attention"), (None, "none")],
    "gap_pp": [(10, "none"), (20, "attention"), (35, "risk"), (None, "high")],
    "dropout": [(2, "none"), (5, "attention"), (10, "risk"), (None, "high")],
    "index": [(20, "none"), (35, "attention"), (50, "risk"), (None, "high")],
    "quality": [(5, "none"), (10, "attention"), (20, "risk"), (None, "high")],
}
NA, MISSING = "not_applicable", "missing"


def rounded(value: F, places: int = 2) -> F:
    """Half away from zero."""
    scaled = abs(value) * 10**places
    whole = (2 * scaled.numerator + scaled.denominator) // (2 * scaled.denominator)
    return F(whole if value >= 0 else -whole, 10**places)


def band(scale: str, shown: F) -> str:
    for limit, code in SCALES[scale]:
        if limit is None:
            return code
        if isinstance(limit, tuple):
            if shown <= limit[0]:
                return code
        elif shown < limit:
            return code
    raise AssertionError(scale)


def read(folder: Path, name: str) -> list[dict[str, str]]:
    with (folder / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def member(group: str, p: dict, c: dict, u: dict) -> bool:
    """Whether a row belongs to a group."""
    tests: dict[str, Callable[[], bool]] = {
        "rom": lambda: p["ethnicity"] == "roma",
        "ces": lambda: p["sen"] != "none",
        "edu": lambda: p["parent_education"] in ("primary", "lower_secondary"),
        "bur": lambda: p["social_grant"] == "yes",
        "rez": lambda: p["home_residence"] != u["residence"] or p["home"] != "same_locality",
        "rep": lambda: p["repeating"] == "yes",
        "cum": lambda: sum(member(g, p, c, u) for g in ("rom", "ces", "edu", "bur")) >= 2,
        "mono": lambda: p["family"] == "single_parent",
        "plas": lambda: p["family"] == "placement",
        "bun": lambda: p["family"] == "relatives",
        "strain": lambda: p["family"] == "parents_abroad",
        "gra": lambda: p["kindergarten"] == "no",
        "slab": lambda: p["results"] == "low",
        "rem": lambda: p["remedial"] == "yes",
        "abs": lambda: p["unexcused_absences"] in ("a20", "a40"),
        "fete": lambda: p["gender"] == "f",
        "ned": lambda: p["ethnicity"] == "undeclared",
        "nec": lambda: p["parent_education"] == "unknown",
    }
    return tests[group]()


def excused(c: dict, criterion: str) -> bool:
    d = c["cls_derogation"]
    return {"A": d == "mother_tongue", "B": d == "special_class"}.get(criterion, criterion in "CE" and d in ("second_chance", "young_parents"))


def load(folder: Path) -> dict:
    """Units with their classes, buildings and rows; every row knows its groups."""
    answers = json.loads((folder / "answers.json").read_text("utf-8"))
    units = {u["unit"]: {"answers": u, "classes": [], "buildings": [], "previous": answers["previous"].get(u["unit"], {})} for u in answers["units"]}
    for b in read(folder, "buildings.csv"):
        units[b["unit"]]["buildings"].append(b | {"rows": []})
    by_class = {}
    for c in read(folder, "classes.csv"):
        c["rows"] = []
        by_class[c["unit"], c["cls"]] = c
        units[c["unit"]]["classes"].append(c)
    for p in read(folder, "pupils.csv"):
        c = by_class[p["unit"], p["cls"]]
        p["groups"] = {g for g in (*GROUPS, "fete", "ned", "nec") if member(g, p, c, units[p["unit"]]["answers"])}
        c["rows"].append(p)
    for u in units.values():
        u["rows"] = [p for c in u["classes"] for p in c["rows"]]
        for b in u["buildings"]:
            b["rows"] = [p for c in u["classes"] if c["cls_building"] == b["bld_code"] for p in c["rows"]]
            b["classes"] = [c for c in u["classes"] if c["cls_building"] == b["bld_code"]]
    return {"units": units, "school_rows": [p for u in units.values() for p in u["rows"]]}


def n(rows: list, group: str) -> int:
    return sum(group in p["groups"] for p in rows)


def share(rows: list, group: str) -> F:
    return F(n(rows, group), len(rows))


def score(a: F, b: F) -> F:
    return min(F(10), abs(a - b) * 10)


def figure(value: F | None, status: str, scale: str | None = None, fmt: str = "score", items: list | None = None) -> dict:
    """One entry of expected.json; ``value`` exact and unscaled."""
    factor = 100 if fmt in ("percent", "points") else 1
    shown = None if value is None else rounded(value * factor, 0 if fmt == "whole" else 2)
    out: dict = {"value": None if shown is None else (int(shown) if fmt == "whole" else float(shown)), "status": status}
    if scale:
        out["band"] = None if shown is None else band(scale, shown)
    if items is not None and shown is not None:
        out["items"] = items
    out["exact"] = value
    return out


def item(key: str, value: F, own: F | None, ref: F | None, factor: int = 1) -> dict:
    percent = lambda x: None if x is None else float(rounded(x * 100))  # noqa: E731
    return {"item": key, "value": float(rounded(value * factor)), "sub": percent(own), "ref": percent(ref), "status": "ok"}


def cohort(u: dict, c: dict, criterion: str, by: str) -> list:
    """Classes parallel to a class (itself included), [] where it has none."""
    alone = by == "cls_grade" and c["cls_simultaneous"] == "yes"
    if alone or excused(c, criterion) or not c[by]:
        return []
    return [o for o in u["classes"] if o[by] == c[by] and not excused(o, criterion) and not (by == "cls_grade" and o["cls_simultaneous"] == "yes")]


def against_cohort(u: dict, g: str, by: str) -> dict:
    criterion = GROUPS[g][0]
    items, best = [], None
    for c in u["classes"]:
        others = cohort(u, c, criterion, by)
        rows = [p for o in others for p in o["rows"]]
        if len(others) < 2 or n(rows, g) < MIN_GROUP[criterion]:
            continue
        value = score(share(c["rows"], g), share(rows, g))
        items.append(item(c["cls"], value, share(c["rows"], g), share(rows, g)))
        best = value if best is None else max(best, value)
    return figure(best, "ok" if best is not None else NA, "alert", items=items)


def benches(c: dict) -> list | bool | None:
    """Rows in the last two occupied rows; None when a bench is missing, False for a class without benches."""
    if c["cls_has_benches"] != "yes":
        return False
    if any(p["bench"] == "" for p in c["rows"]):
        return None
    last = sorted({int(p["bench"]) for p in c["rows"]})[-2:]
    return [p for p in c["rows"] if int(p["bench"]) in last]


def seating(u: dict, g: str) -> dict:
    seats = [(c, benches(c)) for c in u["classes"]]
    known = [(c, back) for c, back in seats if isinstance(back, list)]
    seated = sum(n(c["rows"], g) for c, _ in known)
    if seated < MIN_GROUP[GROUPS[g][0]]:
        return figure(None, NA, "alert")
    back = sum(n(rows, g) for _, rows in known)
    chance = sum(F(n(c["rows"], g) * len(rows), len(c["rows"])) for c, rows in known)
    value = min(F(10), max(F(0), F(back, seated) - chance / seated) * 10)
    return figure(value, "partial" if any(b is None for _, b in seats) else "ok", "alert")


def ratio(u: dict, top: str, bottom: str, scale: str, needs_positive: bool = False) -> dict:
    a, b = u["answers"].get(top), u["answers"].get(bottom)
    if needs_positive and b is not None and b <= 0:
        return figure(None, NA, scale, "percent")
    if a is None or b is None:
        return figure(None, MISSING, scale, "percent")
    return figure(F(a, b), "ok", scale, "percent") if b else figure(None, NA, scale, "percent")


def dissimilarity(u: dict, g: str) -> F:
    all_g, all_o = n(u["rows"], g), len(u["rows"]) - n(u["rows"], g)
    return sum(abs(F(n(c["rows"], g), all_g) - F(len(c["rows"]) - n(c["rows"], g), all_o)) for c in u["classes"]) / 2


def exposure(u: dict, bad: Callable[[dict, dict], bool | None]) -> dict:
    """Share of a situation among the group minus among all; missing when it is not known for some class."""
    if n(u["rows"], "rom") < 5:
        return figure(None, NA, "gap_pp", "points")
    by_code = {b["bld_code"]: b for b in u["buildings"]}
    known = [(p, bad(c, by_code[c["cls_building"]])) for c in u["classes"] if c["cls_building"] in by_code for p in c["rows"]]
    if any(flag is None for _, flag in known) or len(known) < len(u["rows"]):
        return figure(None, MISSING, "gap_pp", "points")
    roma = [flag for p, flag in known if "rom" in p["groups"]]
    return figure(F(sum(map(bool, roma)), len(roma)) - F(sum(bool(f) for _, f in known), len(known)), "ok", "gap_pp", "points")


def indicators(u: dict, data: dict) -> dict:
    a, rows, out = u["answers"], u["rows"], {}
    used = [b for b in u["buildings"] if b["rows"]]
    for g, (criterion, _) in GROUPS.items():
        out[f"{criterion}.{g.upper()}.1"] = figure(share(rows, g), "ok", None, "percent")
    for g in ("rom", "ces", "edu", "bur", "rez", "rep"):
        c = GROUPS[g][0]
        fits = len(data["units"]) >= 2 and n(data["school_rows"], g) >= MIN_GROUP[c]
        value = score(share(rows, g), share(data["school_rows"], g)) if fits else None
        out[f"{c}.{g.upper()}.2"] = figure(value, "ok" if fits else NA, "alert")
    for g in ("rom", "ces", "edu", "bur", "rez", "rep", "cum"):
        c = GROUPS[g][0]
        fits = len(used) >= 2 and n(rows, g) >= MIN_GROUP[c]
        items = [item(b["bld_code"], score(share(b["rows"], g), share(rows, g)), share(b["rows"], g), share(rows, g)) for b in used]
        value = max(score(share(b["rows"], g), share(rows, g)) for b in used) if fits else None
        out[f"{c}.{g.upper()}.3"] = figure(value, "ok" if fits else NA, "alert", items=items)
    for g, (c, _) in GROUPS.items():
        out[f"{c}.{g.upper()}.4"] = against_cohort(u, g, "cls_grade")
    for g in ("rom", "ces", "edu", "bur", "rez", "rep", "cum", "mono", "bun", "slab", "rem", "abs"):
        out[f"{GROUPS[g][0]}.{g.upper()}.5"] = seating(u, g)
    out["A.ROM.6"] = (
        figure(score(share(rows, "rom"), F(a["pop_roma"], a["pop_total"])), "ok", "alert") if a["pop_total"] > 0 else figure(None, NA, "alert")
    )
    for g in ("rom", "edu"):
        out[f"{GROUPS[g][0]}.{g.upper()}.7"] = against_cohort(u, g, "cls_level")
    moves = F(0)
    for c in u["classes"]:
        others = cohort(u, c, "A", "cls_grade")
        if len(others) >= 2:
            together = [p for o in others for p in o["rows"]]
            moves += abs(n(c["rows"], "rom") - share(together, "rom") * len(c["rows"]))
    out["A.ROM.8"] = figure(moves / 2, "ok", None, "number")
    summary(out)
    seated = [p for c in u["classes"] if c["cls_has_benches"] == "yes" for p in c["rows"]]
    out["Q.NED"] = figure(share(rows, "ned"), "ok", "quality", "percent")
    out["Q.NEC"] = figure(share(rows, "nec"), "ok", "quality", "percent")
    out["Q.BAN"] = (
        figure(F(sum(p["bench"] == "" for p in seated), len(seated)), "ok", "quality", "percent")
        if seated
        else figure(None, NA, "quality", "percent")
    )
    out["Q.SUM"] = figure(F(len(rows) - a["pupils_total"]), "ok", None, "whole")
    out |= resources(u, used)
    return out


def summary(out: dict) -> None:
    basic = {f"{c}.{g.upper()}.{r}" for g, (c, s) in GROUPS.items() for r in "234567" if s == "basic"}
    scored = {code: f for code, f in out.items() if code in basic and f["exact"] is not None and "band" in f}
    risky = [code for code, f in scored.items() if f["band"] in ("risk", "high")]
    top = max((f["exact"] for f in scored.values()), default=None)
    out["R.MAX"] = figure(top, "ok" if top is not None else NA, "alert")
    out["R.NR"] = figure(F(len(risky)), "ok", None, "whole")
    out["R.CRI"] = figure(F(len({code[0] for code in risky})), "ok", None, "whole")


def resources(u: dict, used: list) -> dict:
    a, rows, out = u["answers"], u["rows"], {}
    out["X.CAL"] = ratio(u, "teachers_qualified", "teachers_total", "qualified")
    out["X.TIT"] = ratio(u, "teachers_tenured", "teachers_total", "qualified")
    out["X.FLU"] = ratio(u, "teachers_left", "teachers_start_prev", "turnover")
    staff = a.get("teachers_total")
    out["X.ELP"] = figure(F(len(rows), staff), "ok", None, "number") if staff else figure(None, MISSING, None, "number")
    crowd = [(c["cls"], F(len(c["rows"]), SIZE_MAX[c["cls_level"]])) for c in u["classes"] if c["cls_level"] in SIZE_MAX]
    out["X.MAR"] = figure(max(v for _, v in crowd), "ok", "crowding", "percent", [item(k, v, None, None, 100) for k, v in crowd])
    out |= equipment(u, used)
    poor = lambda c, b: b["bld_condition"] == "poor"  # noqa: E731
    out["X.PRE"] = exposure(u, poor)
    out["X.WC"] = exposure(u, lambda c, b: b["bld_toilets"] != "indoor")
    out["X.NCL"] = exposure(u, lambda c, b: None if c["cls_teacher_qualified"] == "" else c["cls_teacher_qualified"] == "no")
    out["X.ABA"] = ratio(u, "dropouts_prev", "enrolled_start_prev", "dropout")
    d, r = a.get("dropouts_prev"), a.get("dropouts_prev_roma")
    if d is None:
        out["X.ABR"] = figure(None, MISSING, "gap_pp", "points")
    elif d <= 0:
        out["X.ABR"] = figure(None, NA, "gap_pp", "points")
    else:
        out["X.ABR"] = figure(None, MISSING, "gap_pp", "points") if r is None else figure(F(r, d) - share(rows, "rom"), "ok", "gap_pp", "points")
    out["X.PRO"] = ratio(u, "promoted_prev", "enrolled_start_prev", "qualified")
    out["X.EN8"] = ratio(u, "en8_above5", "en8_present", "qualified", needs_positive=True)
    left = a.get("transfers_out_dissatisfied")
    out["X.TRN"] = figure(None, MISSING, "dropout", "percent") if left is None else figure(F(left, len(rows)), "ok", "dropout", "percent")
    for g in ("rom", "edu"):
        fits = n(rows, g) >= 5 and len(rows) > n(rows, g)
        out[f"X.DIS.{g.upper()}"] = figure(dissimilarity(u, g) if fits else None, "ok" if fits else NA, "index", "percent")
    roma = n(rows, "rom")
    isolation = sum(F(n(c["rows"], "rom") ** 2, roma * len(c["rows"])) for c in u["classes"]) if roma >= 5 else None
    out["X.IZO.ROM"] = figure(isolation, "ok" if isolation is not None else NA, None, "percent")
    fits = isolation is not None and len(rows) > roma
    out["X.ETA.ROM"] = figure((isolation - share(rows, "rom")) / (1 - share(rows, "rom")) if fits else None, "ok" if fits else NA, "index", "percent")
    return out


def equipment(u: dict, used: list) -> dict:
    out = {}
    areas = [F(b["bld_area_m2"]) if b["bld_area_m2"] else None for b in used]
    if len(used) < 2:
        out["X.SPA"] = figure(None, NA, "relative_low", "percent")
    elif None in areas:
        out["X.SPA"] = figure(None, MISSING, "relative_low", "percent")
    else:
        whole = sum(areas) / len(u["rows"])
        spaces = [(b["bld_code"], area / len(b["rows"]) / whole) for b, area in zip(used, areas, strict=True)]
        out["X.SPA"] = figure(min(v for _, v in spaces), "ok", "relative_low", "percent", [item(k, v, None, None, 100) for k, v in spaces])
    if any(b["bld_computers"] == "" for b in used):
        out["X.DOT"] = figure(None, MISSING, None, "number")
    else:
        got = [(b["bld_code"], F(100 * int(b["bld_computers"]), len(b["rows"]))) for b in used]
        out["X.DOT"] = figure(min(v for _, v in got), "ok", None, "number", [item(k, v, None, None) for k, v in got])
    return out


def checks(u: dict) -> list[dict]:
    """The checks that fire, in the order of the methodology."""
    a, rows, fired = u["answers"], u["rows"], []
    say = lambda code, where, severity: fired.append({"code": code, "where": where, "severity": severity})  # noqa: E731
    classes = u["classes"]

    def each(code: str, severity: str, wrong: Callable[[dict], bool]) -> None:
        for c in classes:
            if wrong(c):
                say(code, c["cls"], severity)

    has = lambda c: c["cls_has_benches"] == "yes"  # noqa: E731
    taken = lambda c: [int(p["bench"]) for p in c["rows"] if p["bench"]]  # noqa: E731
    each("V-C-01", "must_fix", lambda c: int(c["cls_girls"]) > int(c["cls_pupils"]))
    each("V-C-02", "must_fix", lambda c: c["cls_simultaneous"] == "yes" and len([x for x in c["cls_grades_mixed"].split("|") if x]) < 2)
    each("V-C-03", "explain", lambda c: c["cls_level"] in SIZE_MAX and int(c["cls_pupils"]) > SIZE_MAX[c["cls_level"]])
    each("V-C-04", "must_fix", lambda c: has(c) and int(c["cls_bench_rows"]) * int(c["cls_seats_per_row"]) < int(c["cls_pupils"]))
    each("V-C-05", "explain", lambda c: c["cls_derogation"] == "mother_tongue" and c["cls_language"] == "ro")
    each("V-T-01", "must_fix", lambda c: len(c["rows"]) != int(c["cls_pupils"]))
    each("V-T-02", "must_fix", lambda c: n(c["rows"], "fete") != int(c["cls_girls"]))
    each("V-T-03", "must_fix", lambda c: has(c) and bool(taken(c)) and max(taken(c)) > int(c["cls_bench_rows"]))
    each("V-T-04", "must_fix", lambda c: has(c) and len(taken(c)) < len(c["rows"]))
    each("V-T-05", "explain", lambda c: has(c) and max((taken(c).count(b) for b in taken(c)), default=0) > int(c["cls_seats_per_row"]))
    each("V-T-07", "explain", lambda c: share(c["rows"], "ces") >= F(1, 2) and c["cls_derogation"] != "special_class")
    each("V-T-08", "must_fix", lambda c: any(p["sen"] != "none" and p["support_level"] == "" for p in c["rows"]))
    key, codes = a["unit"], {b["bld_code"] for b in u["buildings"]}
    known = ("pop_romanian", "pop_hungarian", "pop_roma", "pop_other", "pop_undeclared")
    taught = [n(c["rows"], "rom") for c in classes]
    before, roma_before = u["previous"].get("pupils"), u["previous"].get("roma")
    roma = n(rows, "rom")
    unit_checks = [
        ("V-U-01", "must_fix", any(c["cls_building"] not in codes for c in classes)),
        ("V-U-02", "must_fix", len(rows) != a["pupils_total"]),
        ("V-U-03", "must_fix", sum(a.get(k) or 0 for k in known) > a["pop_total"]),
        ("V-U-04", "explain", share(rows, "rom") < F(a["pop_roma"], a["pop_total"]) - F(5, 100)),
        ("V-U-05", "explain", a["romani_taught"] and max(taught) < 15),
        ("V-U-06", "explain", a["school_mediator"] and share(rows, "rom") < F(1, 10)),
        ("V-U-07", "explain", "appearance" in a["ethnicity_source"]),
        ("V-U-08", "explain", "not_collected" in a["ethnicity_source"] and roma > 0),
        ("V-U-09", "explain", a["roma_settlement"] == "yes" and roma == 0),
        ("V-U-10", "explain", before is not None and abs(len(rows) - before) > F(15, 100) * before),
        ("V-U-11", "explain", roma_before is not None and abs(roma - roma_before) > max(10, F(1, 2) * roma_before)),
        ("V-U-12", "note", any(not b["rows"] for b in u["buildings"])),
        ("V-U-13", "must_fix", len({c["cls_name"] for c in classes}) < len(classes)),
        ("V-U-14", "explain", share(rows, "ned") >= F(1, 5)),
    ]
    for code, severity, wrong in unit_checks:
        if wrong:
            say(code, key, severity)
    order = [*(f"V-C-0{i}" for i in range(1, 6)), *(f"V-T-0{i}" for i in range(1, 9)), *(f"V-U-{i:02}" for i in range(1, 15))]
    return sorted(fired, key=lambda check: order.index(check["code"]))


def expected(folder: Path) -> dict:
    data = load(folder)
    units = {}
    for key, u in data["units"].items():
        found = indicators(u, data)
        fired = checks(u)
        blocked = any(check["severity"] == "must_fix" for check in fired)
        top = found["R.MAX"].get("band")
        clean = {code: {k: v for k, v in f.items() if k != "exact"} for code, f in found.items()}
        units[key] = {"indicators": clean, "validations": fired, "can_finalise_basic": not blocked, "suggest_extended": top in ("risk", "high")}
    bands: dict = {}
    for u in units.values():
        for code, f in u["indicators"].items():
            if "band" in f:
                word = f["band"] or f["status"]
                counts = bands.setdefault(code, {})
                counts[word] = counts.get(word, 0) + 1
    return {"methodology": "2025-2026", "pupils": len(data["school_rows"]), "units": units, "county_bands": bands}


if __name__ == "__main__":
    print(json.dumps(expected(Path(sys.argv[1])), ensure_ascii=False, indent=1))
