"""From the tree of an expression to Python source, with its kinds checked on the way.

Rule: only the nodes and functions named here are translated, every operand's kind is known, and
each operand is evaluated at most once, from left to right. The first blank operand decides:
arithmetic with a blank is blank, a comparison with a blank is false.
"""

from __future__ import annotations

import ast
from collections.abc import Callable, Mapping, Set
from decimal import Decimal
from difflib import get_close_matches
from typing import Any

from shared.catalogue.functions import SHAPES
from shared.catalogue.kinds import ANY, BOOLEAN, NUMBER, TEXT, kind_of
from shared.catalogue.operands import Operands
from shared.catalogue.parts import Code, lazily, there_when_true
from shared.catalogue.references import References
from shared.catalogue.words import FUNCTIONS, TRUE_FALSE

_ARITHMETIC: dict[type[ast.AST], str] = {ast.Add: "+", ast.Sub: "-", ast.Mult: "*"}
_ORDER: dict[type[ast.AST], str] = {
    ast.Eq: "==",
    ast.NotEq: "!=",
    ast.Lt: "<",
    ast.LtE: "<=",
    ast.Gt: ">",
    ast.GtE: ">=",
}


LOOKUP = "lookup"


class Translator(Operands):
    """Translates one expression; `types` are the kinds of its names, None while unknown."""

    def __init__(
        self,
        text: str,
        types: Mapping[str, str] | None,
        prefix: str = "",
        there: Set[str] = frozenset(),
        references: References | None = None,
    ) -> None:
        self._text = text
        self._references = references
        self._there = there  # names that are known not to be blank
        super().__init__(prefix)
        self._types = types
        self.constants: dict[str, Decimal] = {}

    def translate(self, node: ast.expr) -> Code:
        handler = _NODES.get(type(node))
        if handler is None:
            self._refuse(node, "this is not part of the language")
        return handler(self, node)

    def condition(self, node: ast.expr) -> str:
        """Source that is True or False, never None."""
        code = self.translate(node)
        self._expect(code, (BOOLEAN,), 'a condition (such as kind == "Noise") is needed here')
        return f"({code.source} is True)" if code.blank else code.source

    # Nodes

    def _constant(self, node: ast.Constant) -> Code:
        at = self._at(node)
        if isinstance(node.value, str):
            return Code(TEXT, repr(node.value), at, blank=False, plain=True, literal=node.value)
        if isinstance(node.value, bool):
            return Code(BOOLEAN, repr(node.value), at, blank=False, plain=True)
        written = self._text[node.col_offset : node.end_col_offset]
        if "." not in written:
            return Code(NUMBER, written, at, blank=False, plain=True)
        name = f"{self._prefix}k{len(self.constants)}"
        # The digits as written: the parser's own value is a binary fraction.
        self.constants[name] = Decimal(written)
        return Code(NUMBER, name, at, blank=False, plain=True)

    def _name(self, node: ast.Name) -> Code:
        at = self._at(node)
        if node.id in TRUE_FALSE:
            source = repr(TRUE_FALSE[node.id])
            return Code(BOOLEAN, source, at, blank=False, plain=True)
        if self._types is None:
            return Code(ANY, f"v_{node.id}", at, plain=True)
        if node.id not in self._types:
            near = get_close_matches(node.id, self._types, n=1)
            hint = f"; did you mean '{near[0]}'?" if near else ""
            if node.id in SHAPES:
                hint = f"; the function is written {SHAPES[node.id].example}"
            self._refuse(node, f"'{node.id}' is not known here{hint}")
        kind, blank = kind_of(self._types[node.id]), node.id not in self._there
        return Code(kind, f"v_{node.id}", at, blank=blank, plain=True)

    def _arithmetic(self, node: ast.BinOp) -> Code:
        sign = _ARITHMETIC.get(type(node.op))
        if sign is None and not isinstance(node.op, ast.Div):
            self._refuse(node, "only + - * and / are part of the language")
        left, right = self.translate(node.left), self.translate(node.right)
        for code in (left, right):
            self._expect(code, (NUMBER,), "arithmetic needs numbers")
        source = f"{{0}} {sign} {{1}}" if sign else "divide({0}, {1})"
        return self.strict((left, right), source, NUMBER, self._at(node))

    def _sign(self, node: ast.UnaryOp) -> Code:
        if isinstance(node.op, ast.Not):
            source = f"(not {self.condition(node.operand)})"
            return Code(BOOLEAN, source, self._at(node), blank=False)
        if not isinstance(node.op, ast.USub):
            self._refuse(node, "this sign is not part of the language")
        operand = self.translate(node.operand)
        self._expect(operand, (NUMBER,), "a minus sign needs a number")
        return self.strict((operand,), "-{0}", NUMBER, self._at(node))

    def _and_or(self, node: ast.BoolOp) -> Code:
        both = isinstance(node.op, ast.And)
        conditions: list[str] = []
        there = self._there
        for value in node.values:
            conditions.append(self.condition(value))
            if both:
                self._there = self._there | there_when_true(value)
        self._there = there
        source = (" and " if both else " or ").join(conditions)
        return Code(BOOLEAN, f"({source})", self._at(node), blank=False)

    def _choice(self, node: ast.IfExp) -> Code:
        return self.choose(node.test, node.body, node.orelse, self._at(node))

    def _comparison(self, node: ast.Compare) -> Code:
        if isinstance(node.ops[0], ast.In | ast.NotIn):
            return self._membership(node)
        signs = [_ORDER.get(type(sign)) for sign in node.ops]
        if None in signs:
            self._refuse(node, "this comparison is not part of the language")
        codes = self.alike([self.translate(each) for each in (node.left, *node.comparators)])
        if codes[0].kind == BOOLEAN and any(sign not in ("==", "!=") for sign in signs):
            self._refuse(node, "true and false have no order: use == or !=")
        source = "{0}" + "".join(f" {sign} {{{i}}}" for i, sign in enumerate(signs, 1))
        return self.strict(codes, source, BOOLEAN, self._at(node))

    def _membership(self, node: ast.Compare) -> Code:
        if len(node.ops) > 1:
            self._refuse(node, "'in' cannot be chained with another comparison")
        given = node.comparators[0]
        listed = given.elts if isinstance(given, ast.Tuple) else [given]
        for each in listed:
            inner = each.operand if isinstance(each, ast.UnaryOp) else each
            if not isinstance(inner, ast.Constant):
                self._refuse(each, '\'in\' needs a list of values such as ("a", "b")')
        if not listed:
            self._refuse(given, "the list is empty")
        codes = self.alike([self.translate(each) for each in (node.left, *listed)])
        members = ", ".join(lazily(code) for code in codes[1:])
        members = members.replace("{", "{{").replace("}", "}}")
        word = "in" if isinstance(node.ops[0], ast.In) else "not in"
        return self.strict(codes[:1], f"{{0}} {word} ({members},)", BOOLEAN, self._at(node))

    def _call(self, node: ast.Call) -> Code:
        if not isinstance(node.func, ast.Name) or node.func.id not in FUNCTIONS:
            called = node.func.id if isinstance(node.func, ast.Name) else "this"
            near = get_close_matches(called, FUNCTIONS, n=1, cutoff=0.75)
            hint = f"; did you mean {near[0]}?" if near else ""
            self._refuse(node, f"{called} is not a function of the language{hint}")
        shape = SHAPES[node.func.id]
        if node.keywords or not shape.least <= len(node.args) <= shape.most:
            self._refuse(node, f"it is written {shape.example}")
        return shape.translate(self, node.args, self._at(node))

    def choose(self, test: ast.expr, this: ast.expr, otherwise: ast.expr, at: int) -> Code:
        condition = self.condition(test)
        first, second = self.alike([self.translate(this), self.translate(otherwise)])
        source = f"({lazily(first)} if {condition} else {lazily(second)})"
        return Code(first.kind, source, at, blank=first.blank or second.blank)

    def looked_up(
        self, first: ast.expr, last: ast.expr, dataset: str, field: str, keys: int
    ) -> str | None:
        """The type of a field of a reference dataset; None while datasets are not known."""
        if self._types is None:
            return None
        if self._references is None:
            self._refuse(first, "lookup is for filters, amounts and derived fields")
        if dataset not in self._references.datasets:
            self._refuse(first, f"there is no dataset '{dataset}' to look into")
        types = self._references.types(dataset)
        if field not in types:
            near = get_close_matches(field, types, n=1)
            hint = f"; did you mean '{near[0]}'?" if near else ""
            self._refuse(last, f"the dataset '{dataset}' has no field '{field}'{hint}")
        wanted = len(self._references.key_of(dataset))
        if not wanted:
            self._refuse(first, f"the dataset '{dataset}' has no key to look up by")
        if wanted != keys:
            one = "one value" if wanted == 1 else f"{wanted} values"
            self._refuse(first, f"the key of '{dataset}' has {one}, and {keys} are given")
        return types[field]


_NODES: dict[type[ast.expr], Callable[[Translator, Any], Code]] = {
    ast.Constant: Translator._constant,
    ast.Name: Translator._name,
    ast.BinOp: Translator._arithmetic,
    ast.UnaryOp: Translator._sign,
    ast.BoolOp: Translator._and_or,
    ast.IfExp: Translator._choice,
    ast.Compare: Translator._comparison,
    ast.Call: Translator._call,
}
