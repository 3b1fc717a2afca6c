#!/usr/bin/env python3
"""Compares the README with what it quotes: code with the files it is from, links with the tree, verbs with ./dev.

usage: readme_test.py SOURCE_TREE

A block of C++ is preceded by `<!-- from FILE -->` and stands in that file, line for line.
"""

import pathlib
import re
import sys
import unittest

ROOT = pathlib.Path(sys.argv.pop(1))
README = (ROOT / "README.md").read_text(encoding="utf-8")

QUOTED = re.compile(r"^<!-- from (\S+) -->\n```cpp\n(.*?)^```$", re.MULTILINE | re.DOTALL)


def quotations(text):
    return QUOTED.findall(text)


def missing(quoted, source):
    """The first line after which `quoted` is no longer a run of whole lines of `source`; None if it is one."""
    if ("\n" + quoted) in ("\n" + source):
        return None
    lines = quoted.splitlines(keepends=True)
    for count in range(1, len(lines) + 1):
        if ("\n" + "".join(lines[:count])) not in ("\n" + source):
            return lines[count - 1].rstrip()
    return lines[-1].rstrip()


class Readme(unittest.TestCase):
    def test_every_block_of_code_names_its_file(self):
        self.assertEqual(README.count("```cpp"), len(quotations(README)))
        self.assertGreaterEqual(len(quotations(README)), 1)

    def test_code_is_what_the_files_have(self):
        for name, quoted in quotations(README):
            source = (ROOT / name).read_text(encoding="utf-8")
            line = missing(quoted, source)
            self.assertIsNone(line, f"README.md quotes {name}, which does not have this line there: {line}")

    def test_links_lead_somewhere(self):
        links = [link for link in re.findall(r"\]\(([^)\s]+)\)", README) if "://" not in link]
        self.assertTrue(links)
        for link in links:
            self.assertTrue((ROOT / link.split("#")[0]).exists(), f"README.md links to {link}")

    def test_verbs_are_verbs_of_dev(self):
        usage = (ROOT / "dev").read_text(encoding="utf-8")
        verbs = set(re.findall(r"\./dev (\w+)", README))
        self.assertIn("demo", verbs)
        for verb in verbs:
            self.assertRegex(usage, rf"(?m)^  {verb} +\S", f"README.md names ./dev {verb}")

    def test_options_are_options_of_the_command(self):
        sources = "".join(path.read_text(encoding="utf-8") for path in (ROOT / "tools").glob("*_*.cpp"))
        blocks = re.findall(r"^mesosio (?:local|run) .*$", README, re.MULTILINE)
        self.assertTrue(blocks)
        for option in re.findall(r"--([a-z-]+)", " ".join(blocks)):
            self.assertIn(f'"{option}", "', sources)


class TheTestItself(unittest.TestCase):
    def test_notices_a_change(self):
        source = "int a;\nint b;\nint c;\n"
        self.assertIsNone(missing("int b;\nint c;\n", source))
        self.assertEqual(missing("int b;\nint d;\n", source), "int d;")
        self.assertEqual(missing("nt b;\n", source), "nt b;")
        self.assertEqual(missing("int a;\nint c;\n", source), "int c;")


if __name__ == "__main__":
    unittest.main()
