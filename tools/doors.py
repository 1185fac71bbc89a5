"""An import-linter contract: other folders come in by the door (api, events …), never by the window."""

import grimp
from importlinter import Contract, ContractCheck, fields, output


class DoorsContract(Contract):
    """``containers`` hold houses; only ``doors`` of a house may be imported from outside, except by ``keyholders``."""

    type_name = "doors"

    containers = fields.ListField(subfield=fields.StringField())
    doors = fields.ListField(subfield=fields.StringField())
    test_doors = fields.ListField(subfield=fields.StringField(), required=False)
    keyholders = fields.ListField(subfield=fields.StringField(), required=False)

    def check(self, graph: grimp.ImportGraph, verbose: bool) -> ContractCheck:
        broken = [
            entry
            for container in self.containers
            for house in graph.find_children(container)
            for entry in self._windows_used(graph, house)
        ]
        return ContractCheck(kept=not broken, metadata={"broken": sorted(broken)})

    def _windows_used(self, graph: grimp.ImportGraph, house: str) -> list[tuple[str, str, list[int]]]:
        inside = {house, *graph.find_descendants(house)}
        used = []
        for room in inside:
            tail = room.removeprefix(house).lstrip(".")
            if tail and _is_under(tail, self.doors):
                continue
            for visitor in graph.find_modules_that_directly_import(room) - inside:
                if _is_under(visitor, self.keyholders or []) or self._is_test(visitor, tail):
                    continue
                lines = [d["line_number"] for d in graph.get_import_details(importer=visitor, imported=room)]
                used.append((visitor, room, lines))
        return used

    def _is_test(self, visitor: str, tail: str) -> bool:
        return ".tests" in visitor and (tail == "models" or tail in (self.test_doors or []))

    def render_broken_contract(self, check: ContractCheck) -> None:
        for visitor, room, lines in check.metadata["broken"]:
            output.print_error(
                f"{visitor} enters {room} by the window (line {', '.join(map(str, lines))})", bold=False
            )


def _is_under(name: str, roots: list[str]) -> bool:
    return any(name == root or name.startswith(root + ".") for root in roots)
