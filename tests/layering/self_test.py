"""Feeds check_layering.py small trees with one break of the rules each: a checker that cannot fail checks nothing."""

import json
import pathlib
import subprocess
import sys
import tempfile
import unittest

HERE = pathlib.Path(__file__).parent
ONCE = "#pragma once\n"


class Layering(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.root = pathlib.Path(folder.name)
        self.table = json.loads((HERE / "floors.json").read_text())
        self.table["public_headers"] = {"error.hpp": "base", "client.hpp": "client", "local/cluster.hpp": "local"}
        self.table["no_asio_through"] = []
        self.put("include/mesosio/error.hpp", ONCE)
        self.put("include/mesosio/client.hpp", ONCE + "#include <mesosio/error.hpp>\n")
        self.put("include/mesosio/local/cluster.hpp", ONCE + "#include <mesosio/error.hpp>\n")
        self.put("src/base/text.hpp", ONCE + "#include <string>\n")
        self.put("src/codec/decoder.hpp", ONCE + '#include "base/text.hpp"\n')
        self.put("src/local/master.cpp", '#include "codec/decoder.hpp"\n#include <mesosio/local/cluster.hpp>\n')

    def put(self, name, text):
        path = self.root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)

    def run_checker(self):
        self.put("floors.json", json.dumps(self.table))
        command = [sys.executable, str(HERE / "check_layering.py"), str(self.root), str(self.root / "floors.json")]
        return subprocess.run(command, capture_output=True, text=True, timeout=30)

    def expect_problem(self, *words):
        result = self.run_checker()
        self.assertEqual(result.returncode, 1, result.stdout + result.stderr)
        self.assertIn(" 1 problems", result.stdout)
        for word in words:
            self.assertIn(word, result.stdout)

    def test_a_good_tree_passes(self):
        result = self.run_checker()
        self.assertEqual(result.returncode, 0, result.stdout + result.stderr)
        self.assertIn("6 files read, 0 problems", result.stdout)

    def test_an_empty_tree_fails(self):
        self.table["public_headers"] = {}
        self.root = self.root / "empty"
        self.expect_problem("no source file found")

    def test_upward_private_include(self):
        self.put("src/base/text.cpp", '  #  include "codec/decoder.hpp"\n')
        self.expect_problem("src/base/text.cpp", "floor base must not include", "of floor codec")

    def test_upward_public_include(self):
        self.put("src/codec/bad.cpp", "#include <mesosio/client.hpp>\n")
        self.expect_problem("src/codec/bad.cpp", "<mesosio/client.hpp> of floor client")

    def test_upward_include_between_public_headers(self):
        self.put("include/mesosio/error.hpp", ONCE + "#include <mesosio/local/cluster.hpp>\n")
        self.put("include/mesosio/local/cluster.hpp", ONCE)
        self.expect_problem("include/mesosio/error.hpp: floor base must not include")

    def test_local_stays_beside_the_client_floors(self):
        self.put("src/client/bad.cpp", '#include "local/master.hpp"\n')
        self.put("src/local/master.hpp", ONCE)
        self.expect_problem("floor client must not include")

    def test_local_does_not_use_the_session(self):
        self.put("src/session/session.hpp", ONCE)
        self.put("src/local/bad.cpp", '#include "session/session.hpp"\n')
        self.expect_problem("floor local must not include")

    def test_public_header_with_private_include(self):
        self.put("include/mesosio/client.hpp", ONCE + '#include "base/text.hpp"\n')
        self.expect_problem("public header includes the private")

    def test_include_that_is_not_written_from_the_root(self):
        self.put("src/base/text.cpp", '#include "base/texd.hpp"\n')
        self.expect_problem("is not a file under src/")

    def test_unlisted_public_header(self):
        self.put("include/mesosio/new.hpp", ONCE)
        self.expect_problem("include/mesosio/new.hpp", "without a floor")

    def test_listed_header_that_is_absent(self):
        self.table["public_headers"]["gone.hpp"] = "base"
        self.expect_problem("include/mesosio/gone.hpp", "absent")

    def test_unknown_folder(self):
        self.put("src/util/misc.cpp", "")
        self.expect_problem("src/util is no floor")

    def test_missing_pragma_once(self):
        self.put("src/base/text.hpp", "")
        self.expect_problem("without '#pragma once'")

    def test_cycle(self):
        self.put("src/base/a.hpp", ONCE + '#include "base/b.hpp"\n')
        self.put("src/base/b.hpp", ONCE + '#include "base/a.hpp"\n')
        self.expect_problem("base/a.hpp -> base/b.hpp -> base/a.hpp")

    def test_policy_knows_nothing_of_asio(self):
        self.put("src/policy/bad.hpp", ONCE + "#include <boost/asio/steady_timer.hpp>\n")
        self.expect_problem("floor policy must know nothing of <boost/asio/steady_timer.hpp>")

    def test_asio_behind_another_header(self):
        self.table["no_asio_through"] = ["mesosio/client.hpp"]
        self.put("include/mesosio/error.hpp", ONCE + "#include <boost/asio/error.hpp>\n")
        self.expect_problem("mesosio/client.hpp -> mesosio/error.hpp -> boost/asio/error.hpp")

    def test_example_with_private_include(self):
        self.put("examples/bad.cpp", '#include "base/text.hpp"\n')
        self.expect_problem("an example includes public headers only")


unittest.main()
