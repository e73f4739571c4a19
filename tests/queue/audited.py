"""The codes that the sources give to `audit.record`, read from the sources themselves."""

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from turnero_queue.devices import COMMANDS
from turnero_queue.models.cash import KINDS

ROOT = Path(__file__).parents[2]
ROOMS = ("core", "hardware", "queue", "kiosk", "displays", "admin", "server")
# What is put together while running: all that can come of it.
COMPOSED = {
    "f'cash.{movement.kind}'": {f"cash.{kind}" for kind in KINDS},
    "f'device.{command}'": {f"device.{command}" for command in COMMANDS},
}
Function = ast.FunctionDef | ast.AsyncFunctionDef


@dataclass(frozen=True)
class Helper:
    """A function that hands one of its arguments on to the log as the code."""

    file: Path
    name: str
    parameter: str
    place: int


@cache
def sources() -> dict[Path, str]:
    files = (file for room in ROOMS for file in sorted((ROOT / room).rglob("*.py")))
    return {file: file.read_text("utf-8") for file in files}


@cache
def tree(file: Path) -> ast.Module:
    return ast.parse(sources()[file])


@cache
def all_calls(file: Path) -> list[tuple[Function | None, ast.Call, str]]:
    """Every call of a file, inside which function it stands, and the dotted name it calls."""
    return list(_calls(tree(file)))


def holding(text: str) -> list[Path]:
    """The files in which it stands: to read every other would take long."""
    return [file for file, source in sources().items() if text in source]


@cache
def codes() -> dict[str, str]:
    """Each code, with a place in the sources that records it."""
    found: dict[str, str] = {}
    helpers: set[Helper] = set()
    for file in holding(".record("):
        for function, call, name in all_calls(file):
            if name.endswith(".record") and _is_record(call):
                _take(file, function, _argument(call, "action", None), found, helpers)
    done: set[Helper] = set()
    while left := helpers - done:
        helper = left.pop()
        done.add(helper)
        for file, function, call in _calls_of(helper):
            given = _argument(call, helper.parameter, helper.place)
            _take(file, function, given, found, helpers)
    return found


def _take(
    file: Path,
    function: Function | None,
    given: ast.expr,
    found: dict[str, str],
    helpers: set[Helper],
) -> None:
    where = f"{file.relative_to(ROOT)}:{given.lineno}"
    if isinstance(given, ast.IfExp):
        for one in (given.body, given.orelse):
            _take(file, function, one, found, helpers)
    elif isinstance(given, ast.Constant) and isinstance(given.value, str):
        found.setdefault(given.value, where)
    elif ast.unparse(given) in COMPOSED:
        found.update(dict.fromkeys(COMPOSED[ast.unparse(given)], where))
    elif isinstance(given, ast.Name) and function is not None:
        names = [argument.arg for argument in (*function.args.args, *function.args.kwonlyargs)]
        if given.id in names:
            helpers.add(Helper(file, function.name, given.id, names.index(given.id)))
            return
        for value in _assigned(function, given):
            _take(file, function, value, found, helpers)
    else:
        raise AssertionError(f"{where}: what code is {ast.unparse(given)}? See COMPOSED.")


def _assigned(function: Function, name: ast.Name) -> list[ast.expr]:
    values = [
        node.value
        for node in ast.walk(function)
        if isinstance(node, ast.Assign) and ast.unparse(node.targets[0]) == name.id
    ]
    assert values, f"{function.name}: nothing says what {name.id} is"
    return values


def _calls_of(helper: Helper) -> Iterator[tuple[Path, Function | None, ast.Call]]:
    """In its own module, in those that import it, and as `module.helper` or `package.helper`."""
    through = {f"{owner}.{helper.name}" for owner in (helper.file.stem, helper.file.parent.name)}
    for file in holding(helper.name):
        own = file == helper.file or _imports(tree(file), helper)
        for function, call, called in all_calls(file):
            if called in through or (own and called == helper.name):
                yield file, function, call


def _imports(module: ast.Module, helper: Helper) -> bool:
    return any(
        isinstance(node, ast.ImportFrom)
        and (node.module or "").endswith((f".{helper.file.stem}", f".{helper.file.parent.name}"))
        and helper.name in {name.name for name in node.names}
        for node in ast.walk(module)
    )


def _calls(
    node: ast.AST, inside: Function | None = None
) -> Iterator[tuple[Function | None, ast.Call, str]]:
    for child in ast.iter_child_nodes(node):
        if isinstance(child, ast.Call):
            yield inside, child, _dotted(child.func)
        yield from _calls(child, child if isinstance(child, Function) else inside)


def _dotted(called: ast.expr) -> str:
    """`audit.record` of the expression that stands for it; what is no plain name is "?"."""
    if isinstance(called, ast.Attribute):
        return f"{_dotted(called.value)}.{called.attr}"
    return called.id if isinstance(called, ast.Name) else "?"


def _is_record(call: ast.Call) -> bool:
    return {"actor", "action"} <= {keyword.arg for keyword in call.keywords}


def _argument(call: ast.Call, name: str, place: int | None) -> ast.expr:
    named = {keyword.arg: keyword.value for keyword in call.keywords}
    if name in named or place is None:
        return named[name]
    return call.args[place]
