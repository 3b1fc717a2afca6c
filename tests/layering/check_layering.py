#!/usr/bin/env python3
"""Reads every #include of the library and reports where a floor reaches up.

usage: check_layering.py SOURCE_TREE [FLOORS_JSON]

Prints one line for each break of a rule and exits with 1 if there was any. The rules:
- a file under src/<floor>/ includes only the floors that floors.json allows it, privately ("floor/file.hpp")
  and publicly (<mesosio/file.hpp>, whose floor the table tells);
- a public header includes no private one, and is in the table; the table names no header that is absent;
- what a floor must know nothing of (`never_includes`) is not included there;
- Asio is not reached, over any number of our headers, from the headers in `no_asio_through`;
- examples include public headers only;
- no header includes itself over others; every header says `#pragma once`.
"""

import json
import pathlib
import re
import sys

INCLUDE = re.compile(r'^[ \t]*#[ \t]*include[ \t]*(?:"([^"\n]+)"|<([^>\n]+)>)', re.MULTILINE)


class Tree:
    def __init__(self, root, table):
        self.root = pathlib.Path(root)
        self.table = table
        self.public = {f"mesosio/{name}": floor for name, floor in table["public_headers"].items()}
        self.problems = []
        self.edges = {}

    def report(self, path, what):
        self.problems.append(f"{path.relative_to(self.root)}: {what}")

    def files(self, folder):
        return sorted(path for path in (self.root / folder).rglob("*") if path.suffix in (".cpp", ".hpp"))

    def check(self):
        for name, floor in self.public.items():
            if not (self.root / "include" / name).is_file():
                self.problems.append(f"include/{name}: listed in floors.json, but absent")
            if floor not in self.table["may_include"]:
                self.problems.append(f"include/{name}: floors.json gives it the unknown floor '{floor}'")
        for path in self.files("include/mesosio"):
            name = path.relative_to(self.root / "include").as_posix()
            if name not in self.public:
                self.report(path, "public header without a floor, list it in floors.json")
            self.read(path, self.public.get(name), is_public=True)
        for path in self.files("src"):
            floor = path.relative_to(self.root / "src").parts[0]
            if floor not in self.table["may_include"]:
                self.report(path, f"src/{floor} is no floor that floors.json knows")
            self.read(path, floor, is_public=False)
        for path in self.files("examples"):
            self.read_example(path)
        self.find_cycles()
        self.find_asio()
        return self.problems

    def read(self, path, floor, is_public):
        text = path.read_text(encoding="utf-8")
        if path.suffix == ".hpp" and not re.search(r"^#pragma once$", text, re.MULTILINE):
            self.report(path, "header without '#pragma once'")
        key = path.relative_to(self.root / ("include" if is_public else "src")).as_posix()
        self.edges[key] = (path, [])
        for quoted, angled in INCLUDE.findall(text):
            self.edges[key][1].append(quoted or angled)
            if quoted and is_public:
                self.report(path, f'public header includes the private "{quoted}"')
            elif quoted:
                self.check_private(path, floor, quoted)
            elif angled.startswith("mesosio/"):
                self.check_public(path, floor, angled)
            else:
                self.check_foreign(path, floor, angled)

    def check_private(self, path, floor, name):
        if not (self.root / "src" / name).is_file():
            self.report(path, f'"{name}" is not a file under src/, written from there')
        self.check_floor(path, floor, f'"{name}"', pathlib.PurePosixPath(name).parts[0])

    def check_public(self, path, floor, name):
        if name in self.public:
            self.check_floor(path, floor, f"<{name}>", self.public[name])
        elif not (self.root / "include" / name).is_file():
            self.report(path, f"<{name}> does not exist")

    def check_floor(self, path, floor, name, target):
        allowed = self.table["may_include"].get(floor)
        if allowed is not None and target not in allowed:
            self.report(path, f"floor {floor} must not include {name} of floor {target}")

    def check_foreign(self, path, floor, name):
        for pattern in self.table["never_includes"].get(floor, []):
            # A pattern with a slash is the beginning of a path, one without is the whole name.
            if re.match(pattern, name) if "/" in pattern else pattern == name:
                self.report(path, f"floor {floor} must know nothing of <{name}>")

    def read_example(self, path):
        for quoted, angled in INCLUDE.findall(path.read_text(encoding="utf-8")):
            if quoted and not (path.parent / quoted).is_file():
                self.report(path, f'an example includes public headers only, not "{quoted}"')
            if angled.startswith("mesosio/") and angled not in self.public:
                self.report(path, f"<{angled}> does not exist")

    def find_cycles(self):
        done, trail = set(), []

        def visit(key):
            if key in trail:
                circle = trail[trail.index(key):] + [key]
                self.report(self.edges[key][0], "includes itself: " + " -> ".join(circle))
            elif key in self.edges and key not in done:
                trail.append(key)
                for target in self.edges[key][1]:
                    visit(target)
                trail.pop()
                done.add(key)

        for key in sorted(self.edges):
            visit(key)

    def find_asio(self):
        for start in self.table["no_asio_through"]:
            if start not in self.edges:
                self.problems.append(f"include/{start}: in no_asio_through, but absent")
            seen, waiting = set(), [(start, [])]
            while waiting:
                key, way = waiting.pop()
                if re.match(r"boost/(asio|beast)", key):
                    self.report(self.edges[start][0], "reaches Asio: " + " -> ".join(way + [key]))
                    break
                if key in self.edges and key not in seen:
                    seen.add(key)
                    waiting += [(target, way + [key]) for target in self.edges[key][1]]


def main():
    root = pathlib.Path(sys.argv[1])
    floors = pathlib.Path(sys.argv[2] if len(sys.argv) > 2 else root / "tests/layering/floors.json")
    tree = Tree(root, json.loads(floors.read_text(encoding="utf-8")))
    problems = tree.check()
    for problem in problems:
        print(problem)
    if not tree.edges:
        problems.append("nothing was read")
        print(f"no source file found under {root}")
    print(f"layering: {len(tree.edges)} files read, {len(problems)} problems")
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main())
