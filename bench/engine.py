"""``python -m bench.engine``: the engine against baselines in the same run. Prints a table and writes bench/results/engine.json."""

from __future__ import annotations

import json
import platform
import random
import re
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

import numpy as np

import engine
from bench import country, samples
from bench.storage import stored_tables
from bench.timing import PROCESSOR, WALL, medians, percentile
from engine.columns import compile_plan
from engine.dataset import ColumnData, Dataset, Table
from engine.formula.tree import Column
from engine.methodology import Methodology
from engine.reference import Reference

ROOT = Path(__file__).resolve().parent.parent
RESULTS = ROOT / "bench" / "results" / "engine.json"
RECORD = {"a": 17, "b": 5, "c": 23, "d": 41}


def by_hand(a: float, b: float, c: float, d: float) -> list[float]:
    """The forty formulas as somebody would write them in Python, on floats; made from the same text, compiled once."""
    return HAND(a, b, c, d)  # type: ignore[no-any-return]


def _python(text: str) -> str:
    """Our formula as Python: if(c, x, y) → (x if c else y); everything else is the same."""
    while "if(" in text:
        start = text.index("if(")
        parts, depth, last = [], 0, start + 3
        for position in range(start + 3, len(text)):
            if text[position] == "(":
                depth += 1
            elif text[position] == ")" and depth:
                depth -= 1
            elif text[position] in ",)" and not depth:
                parts.append(text[last:position].strip())
                last = position + 1
                if text[position] == ")":
                    break
        condition, yes, no = parts
        text = f"{text[:start]}(({yes}) if ({condition}) else ({no})){text[last:]}"
    return text


def _hand() -> Any:
    lines = ["def hand(a, b, c, d):", *(f"    {name} = {_python(text)}" for name, text in samples.forty())]
    lines.append("    return [" + ", ".join(name for name, _ in samples.forty()) + "]")
    scope: dict[str, Any] = {}
    exec("\n".join(lines), scope)
    return scope["hand"]


HAND = _hand()


def one_record(methodology: Methodology) -> dict[str, Any]:
    """Forty formulas on one record: the reference beside hand-written floats and three expression libraries."""
    table = Table("record", 1, ("r",), {}, {name: ColumnData(np.array([value])) for name, value in RECORD.items()})
    dataset = Dataset(methodology.topology, {"record": table})
    quantities = [methodology.quantities["record", name] for name, _ in samples.forty()]

    def reference() -> list[object]:
        evaluator = Reference(methodology, dataset)
        return [evaluator.quantity(quantity, 0).value for quantity in quantities]

    works: dict[str, Any] = {"hand-written floats": lambda: by_hand(**RECORD), "reference": reference} | libraries()
    found = [float(value) for value in reference()]  # type: ignore[arg-type]
    assert np.allclose(found, by_hand(**RECORD), rtol=1e-9), "the two do not compute the same"
    seconds = medians(works, rounds=15, repeat=20)
    base = seconds["hand-written floats"]
    return {"seconds": seconds, "ratio to hand-written floats": {name: value / base for name, value in seconds.items()}}


def libraries() -> dict[str, Any]:
    """The same formulas through simpleeval, asteval and cel-python, parsed once where they can be."""
    found: dict[str, Any] = {}
    formulas = [(name, _python(text)) for name, text in samples.forty()]
    try:
        from simpleeval import SimpleEval

        evaluator = SimpleEval(functions={"min": min, "abs": abs})
        parsed = [(name, text, evaluator.parse(text)) for name, text in formulas]

        def simple() -> None:
            names: dict[str, Any] = dict(RECORD)
            evaluator.names = names
            for name, text, tree in parsed:
                names[name] = evaluator.eval(text, previously_parsed=tree)

        found["simpleeval"] = simple
    except ImportError:
        print("simpleeval is not installed", file=sys.stderr)
    try:
        from asteval import Interpreter

        interpreter = Interpreter(minimal=True, config={"ifexp": True})
        trees = [(name, interpreter.parse(text)) for name, text in formulas]

        def ast() -> None:
            interpreter.symtable.update(RECORD)
            for name, tree in trees:
                interpreter.symtable[name] = interpreter.run(tree)

        found["asteval"] = ast
    except ImportError:
        print("asteval is not installed", file=sys.stderr)
    return found | cel()


def cel() -> dict[str, Any]:
    try:
        import celpy
    except ImportError:
        print("cel-python is not installed", file=sys.stderr)
        return {}
    environment = celpy.Environment()
    functions = {"abs": lambda x: celpy.celtypes.DoubleType(abs(x)), "min": lambda x, y: x if x < y else y}
    programs = []
    for name, text in samples.forty():
        programs.append((name, environment.program(environment.compile(_cel(text)), functions=functions)))

    def run() -> None:
        values = {name: celpy.celtypes.DoubleType(value) for name, value in RECORD.items()}
        for name, program in programs:
            values[name] = program.evaluate(values)

    return {"cel-python": run}


def _cel(text: str) -> str:
    """Our formula in CEL: ? :, && and decimal literals."""
    python = _python(text)
    match = re.fullmatch(r"\(\((.*)\) if \((.*)\) else \((.*)\)\)", python)
    shaped = f"(({match[2]}) ? ({match[1]}) : ({match[3]}))" if match else python
    return re.sub(r"\b(\d+)\b", r"\1.0", shaped.replace(" and ", " && ")).replace("f0.0", "f0")


def many_records(methodology: Methodology, count: int = 10_000) -> dict[str, Any]:
    """Forty formulas on many records of which one in fifty lacks an answer: columns beside hand-written numpy."""
    chance = np.random.default_rng(1)
    columns = {name: chance.integers(1, 100, count) for name in RECORD}
    bits = {name: np.where(chance.random(count) < 0.02, 4, 0).astype(np.uint8) for name in RECORD}
    table = Table("record", count, (), {}, {name: ColumnData(values, bits[name]) for name, values in columns.items()})
    dataset = Dataset(methodology.topology, {"record": table})
    nodes = [methodology.forest.make(Column, "record", q.kind, q) for name, _ in samples.forty() for q in [methodology.quantities["record", name]]]
    plan = compile_plan(methodology, nodes)
    floats = {name: values.astype(float) for name, values in columns.items()}
    missing = {name: flags > 0 for name, flags in bits.items()}

    def by_numpy() -> object:
        """Values in float64 and one mask of missing a formula, as one would write them by hand."""
        return NUMPY(**floats), MASKS(**missing)

    found, hand = plan.run(dataset), by_numpy()
    last = found[nodes[-1]]
    present = ~hand[1][-1]  # type: ignore[index]
    assert np.allclose(np.asarray(last.approx)[present], hand[0][-1][present], rtol=1e-6), "the two do not compute the same"  # type: ignore[index]
    seconds = medians({"hand-written numpy": by_numpy, "columns": lambda: plan.run(dataset)}, 60, clock=PROCESSOR)
    return {"seconds": seconds, "ratio to hand-written numpy": seconds["columns"] / seconds["hand-written numpy"]}


def _numpy() -> tuple[Any, Any]:
    """(function of the values, function of the masks) of the forty formulas in numpy."""
    values, masks = ["def values(a, b, c, d):"], ["def masks(a, b, c, d):"]
    for name, text in samples.forty():
        written = text.replace("if(", "np.where(").replace("min(", "np.minimum(").replace("abs(", "np.abs(")
        if " and " in written:
            condition, rest = written.removeprefix("np.where(").split(",", 1)
            left, right = condition.split(" and ")
            written = f"np.where(({left}) & ({right}),{rest}"
        values.append(f"    {name} = {written}")
        used = sorted(set(re.findall(r"\b[a-df]\d*\b", text)) - {"if"})
        masks.append(f"    {name} = {' | '.join(used)}")
    names = ", ".join(name for name, _ in samples.forty())
    scope: dict[str, Any] = {"np": np}
    exec("\n".join([*values, f"    return [{names}]", *masks, f"    return [{names}]"]), scope)
    return scope["values"], scope["masks"]


NUMPY, MASKS = _numpy()


def loading(folder: Path) -> dict[str, Any]:
    """A methodology of 300 fields and 400 formulas, and both real ones, with every check."""
    formulas = [*samples.forty(), *((f"g{number}", f"f{number % 40} + x{number % 290} * {number % 9 + 1}") for number in range(360))]
    large = samples.write(folder / "large", 300, formulas, 1)
    size = sum(path.stat().st_size for path in large.iterdir())
    works = {
        f"300 fields, 400 formulas ({size // 1000} kB)": lambda: engine.load_methodology(large),
        "2025-2026": lambda: engine.load_methodology(ROOT / "indicators" / "2025-2026"),
    }
    return {"seconds": medians(works, rounds=5)}


def one_unit() -> dict[str, Any]:
    """One unit of eight classes: all indicators with items, all checks, from decoded columns to published results."""
    methodology = engine.load_methodology(ROOT / "indicators" / "2025-2026")
    dataset = country.one_unit(methodology)
    wall, processor = [], []
    for _ in range(220):
        start = WALL(), PROCESSOR()
        results = engine.compute(methodology, dataset)
        published = [results.result(code, 0) for code in methodology.indicators]
        fired = [results.fires(check, place) for check in methodology.checks.values() for place in range(dataset.count(check.level))]
        wall.append(WALL() - start[0])
        processor.append(PROCESSOR() - start[1])
    items = sum(len(result.items) for result in published)
    return {
        "rows": dataset.count("pupil"),
        "indicators": len(published),
        "items": items,
        "checks asked": len(fired),
        "seconds": {"median": statistics.median(wall[20:]), "p95": percentile(wall[20:], 0.95)},
        "seconds of processor": {"median": statistics.median(processor[20:]), "p95": percentile(processor[20:], 0.95)},
    }


def by_reference(classes: int = 20_000, asked: int = 600) -> dict[str, Any]:
    """The reference alone: everything of one unit; single values of a large country, as exact settling asks for them."""
    methodology = engine.load_methodology(ROOT / "indicators" / "2025-2026")
    quantities = [one.quantity for one in (*methodology.indicators.values(), *methodology.checks.values())]
    unit, large, chance = country.one_unit(methodology), country.build(methodology, classes), random.Random(1)

    def everything() -> None:
        evaluator = Reference(methodology, unit)
        for quantity in quantities:
            for place in range(unit.count(quantity.level)):
                evaluator.quantity(quantity, place)

    evaluator, seconds = Reference(methodology, large), []
    for _ in range(asked):
        quantity = chance.choice(quantities)
        place = chance.randrange(large.count(quantity.level))
        start = time.perf_counter()
        evaluator.quantity(quantity, place)
        seconds.append(time.perf_counter() - start)
    single = {"median": statistics.median(seconds), "p95": percentile(seconds, 0.95), "mean": statistics.mean(seconds)}
    return {"one unit": medians({"reference": everything}, rounds=20)["reference"], f"single values of {classes:,} classes": single}


def whole_country() -> dict[str, Any]:
    """All 85 indicators of a synthetic country, in a process of its own, so that the peak of memory is its own."""
    done = subprocess.run([sys.executable, "-m", "bench.whole_country"], cwd=ROOT, capture_output=True, text=True, check=True)
    return dict(json.loads(done.stdout))


def main() -> None:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        methodology = engine.load_methodology(samples.write(folder / "forty", 4, samples.forty(), 1))
        found = {
            "machine": {"python": platform.python_version(), "numpy": np.__version__, "processor": platform.machine()},
            "forty formulas, one record": one_record(methodology),
            "forty formulas, 10,000 records": many_records(methodology),
            "loading": loading(folder),
            "one unit": one_unit(),
            "reference alone": by_reference(),
            "whole country": whole_country(),
            "stored tables": stored_tables(),
        }
    RESULTS.parent.mkdir(exist_ok=True)
    RESULTS.write_text(json.dumps(found, indent=1, ensure_ascii=False) + "\n", "utf-8")
    print(json.dumps(found, indent=1, ensure_ascii=False))


if __name__ == "__main__":
    main()
