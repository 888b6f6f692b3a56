"""The one table of functions: names, arguments, rules for missing, help. It drives the parser, the typing and the reference page.

``python -m engine.formula.functions`` prints docs/functions.md.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Function:
    """``family``: aggregate, index or scalar. ``max_args`` None: any number. Aliases are Romanian names without diacritics."""

    name: str
    family: str
    min_args: int
    max_args: int | None
    help_ro: str
    help_en: str
    missing_ro: str
    missing_en: str
    example: str
    aliases: tuple[str, ...] = ()
    scalar_min: int = 0
    """Arguments from which an aggregate is a scalar function too (min and max from two)."""

    @property
    def allows_where(self) -> bool:
        return self.family == "aggregate"

    def accepts_scalar(self, given: int) -> bool:
        """Whether this many arguments make a call of the scalar kind."""
        lowest = self.scalar_min or self.min_args
        return given >= lowest and (self.max_args is None or self.scalar_min > 0 or given <= self.max_args)


SKIP_RO = "Membrii fără valoare scad acoperirea; cei neaplicabili rămân în afară; dacă lipsesc toți, rezultatul lipsește."
SKIP_EN = "Members without a value lower the coverage; not applicable ones stay outside; if all are missing so is the result."
NOTHING_RO, NOTHING_EN = " Peste nimic: 0.", " Of nothing: 0."
NONE_RO, NONE_EN = " Peste nimic: neaplicabil.", " Of nothing: not applicable."
SPREAD_RO = "O parte care lipsește face să lipsească rezultatul."
SPREAD_EN = "A missing part makes the result missing."
INDEX_RO = "Locurile cu total 0 nu contează. Fără membri ai grupului, cu toți în grup sau fără locuri: neaplicabil."
INDEX_EN = "Children with total 0 do not count. No members of the group, everybody in it, or no children: not applicable."


def _aggregate(name: str, ro: str, en: str, example: str, aliases: tuple[str, ...], of_nothing: bool = False, scalar_min: int = 0) -> Function:
    missing = (SKIP_RO + (NOTHING_RO if of_nothing else NONE_RO), SKIP_EN + (NOTHING_EN if of_nothing else NONE_EN))
    return Function(name, "aggregate", 1, 1, ro, en, *missing, example, aliases, scalar_min)


def _scalar(name: str, few: int, many: int | None, ro: str, en: str, example: str, aliases: tuple[str, ...], missing: tuple[str, str] = (SPREAD_RO, SPREAD_EN)) -> Function:  # fmt: skip
    return Function(name, "scalar", few, many, ro, en, *missing, example, aliases)


def _index(name: str, ro: str, en: str) -> Function:
    return Function(name, "index", 2, 2, ro, en, INDEX_RO, INDEX_EN, f"{name}(raft.n_grup, raft.n)")


_ALL = (
    _aggregate("count", "Câți membri (sau câți îndeplinesc condiția).", "How many members (or how many meet the condition).", "count(rând where rând.grup)", ("numara",), True),
    _aggregate("sum", "Suma valorilor.", "Sum of the values.", "sum(raft.n)", ("suma",), True),
    _aggregate("avg", "Media valorilor.", "Mean of the values.", "avg(raft.n)", ("medie", "media")),
    _aggregate("min", "Cea mai mică valoare; cu mai multe argumente, cel mai mic dintre ele.", "The smallest value; with several arguments the smallest of them.", "min(raft.n), min(10, n)", ("minim", "minimul"), scalar_min=2),
    _aggregate("max", "Cea mai mare valoare; cu mai multe argumente, cel mai mare dintre ele.", "The largest value; with several arguments the largest of them.", "max(raft.n), max(0, n)", ("maxim", "maximul"), scalar_min=2),
    _aggregate("median", "Mediana valorilor.", "Median of the values.", "median(raft.n)", ("mediana",)),
    _aggregate("share", "Ponderea membrilor care îndeplinesc condiția, între cei cunoscuți.", "Share of the known members that meet the condition.", "share(rând.grup where rând.baza)", ("pondere", "ponderea")),
    _aggregate("any", "Adevărat dacă măcar un membru îndeplinește condiția.", "True if at least one member meets the condition.", "any(raft.n > 5)", ("oricare",), True),
    _aggregate("all", "Adevărat dacă toți membrii îndeplinesc condiția.", "True if every member meets the condition.", "all(raft.n > 5)", ("toti", "toate"), True),
    _aggregate("distinct", "Câte valori diferite.", "How many different values.", "distinct(raft.nume)", ("diferite", "distincte"), True),
    _scalar("if", 3, 3, "A doua valoare când condiția este adevărată, altfel a treia.", "The second value where the condition is true, else the third.", "if(n > 0, 1, 0)", ("daca",), ("Lipsește când lipsește condiția sau valoarea aleasă.", "Missing when the condition or the chosen value is.")),
    _scalar("abs", 1, 1, "Valoarea fără semn.", "The value without its sign.", "abs(a - b)", ("modul",)),
    _scalar("coalesce", 1, None, "Prima parte care are o valoare.", "The first part that has a value.", "coalesce(x, 0)", ("prima",), ("Lipsește numai când lipsesc toate.", "Missing only when all are.")),
    _scalar("missing", 1, 1, "Adevărat când nu există o valoare, oricare ar fi motivul.", "True where there is no value, whatever the reason.", "missing(x)", ("lipseste",), ("Are mereu o valoare.", "Always has a value.")),
    _scalar("between", 3, 3, "Adevărat când prima valoare este între celelalte două, capetele incluse.", "True where the first value lies between the others, ends included.", "between(n, 1, 45)", ("intre",)),
    _scalar("how_many", 1, None, "Câte dintre condiții sunt adevărate.", "How many of the conditions are true.", "how_many(a, b, c) >= 2", ("cate",)),
    _scalar("round", 1, 2, "Rotunjire, jumătățile în sus în valoare absolută; al doilea argument: zecimale.", "Rounded, halves away from zero; second argument: decimals.", "round(x, 2)", ("rotunjeste",)),
    _scalar("floor", 1, 1, "Întregul de dedesubt.", "The whole number below.", "floor(x)", ("intreg_jos",)),
    _scalar("ceil", 1, 1, "Întregul de deasupra.", "The whole number above.", "ceil(x)", ("intreg_sus",)),
    _scalar("lookup", 2, 2, "Valoarea din tabel pentru o cheie.", "The value of a table for a key.", "lookup(tabel, alegere)", ("cauta",), ("Cheie care nu este în tabel: neaplicabil.", "A key that the table lacks: not applicable.")),
    _scalar("band", 1, 1, "Codul intervalului publicat al unui indicator.", "Code of the published band of an indicator.", 'band(x_maxim) = "mare"', ("interval",)),
    _scalar("length", 1, 1, "Câte alegeri sau câte caractere.", "How many choices or characters.", "length(culori) >= 2", ("lungime",)),
    _index("dissimilarity", "Indicele de disimilaritate (Duncan și Duncan 1955): ½ Σ |g/G − (t−g)/(T−G)|.", "Index of dissimilarity (Duncan and Duncan 1955): ½ Σ |g/G − (t−g)/(T−G)|."),
    _index("gini", "Indicele Gini al separării.", "Gini index of separation."),
    _index("theil_h", "Indicele H al lui Theil (entropie).", "Theil's information theory index H."),
    _index("isolation", "Izolarea xPx: ponderea medie a grupului în locul unui membru al grupului (Bell 1954).", "Isolation xPx: mean share of the group at a member's place (Bell 1954)."),
    _index("interaction", "Interacțiunea xPy: ponderea medie a celorlalți în locul unui membru al grupului.", "Interaction xPy: mean share of the others at a member's place."),
    _index("eta2", "Eta pătrat: izolarea standardizată (xPx − P)/(1 − P).", "Eta squared: standardised isolation (xPx − P)/(1 − P)."),
    _index("hutchens", "Indicele Hutchens (rădăcină pătrată, 2004).", "Hutchens square root index (2004)."),
    _index("max_deviation", "Cea mai mare abatere a unei ponderi de la ponderea întregului.", "Largest deviation of a share from the share of the whole."),
)  # fmt: skip

FUNCTIONS: dict[str, Function] = {function.name: function for function in _ALL}
ALIASES: dict[str, str] = {alias: function.name for function in _ALL for alias in function.aliases}


def page() -> str:
    """docs/functions.md: the reference of the language's functions."""
    lines = ["# Funcții / Functions", "", "Generat cu `python -m engine.formula.functions`; nu se editează de mână."]
    titles = {"aggregate": "Agregări / Aggregates", "scalar": "Funcții simple / Scalar functions", "index": "Indici / Indices"}
    for family, title in titles.items():
        lines += ["", f"## {title}"]
        for function in (one for one in _ALL if one.family == family):
            aliases = f" (și: {', '.join(function.aliases)})" if function.aliases else ""
            lines += ["", f"### {function.name}{aliases}", "", f"{function.help_ro} {function.missing_ro}", ""]
            lines += [f"{function.help_en} {function.missing_en}", "", f"`{function.example}`"]
    return "\n".join(lines) + "\n"


if __name__ == "__main__":
    print(page(), end="")
