"""Runs `./dev setup` against a made-up system: fake dpkg-query, apt-get, id and sudo that keep a record."""

import pathlib
import stat
import subprocess
import sys
import tempfile
import unittest

DEV = sys.argv.pop(1)
DEBIAN = 'ID=debian\nVERSION_ID="12"\n'

FAKE_DPKG_QUERY = """#!/bin/sh
# The last argument is the package; one pattern is asked for, with its own format.
for package; do :; done
if [ "$package" = 'libboost1.*-dev' ]; then
  grep -E '^libboost1[.][0-9]+-dev$' "$FAKE/installed" | sed 's/^/installed /'
elif [ -e "$FAKE/all" ] || grep -qx "$package" "$FAKE/installed"; then
  printf installed
else
  exit 1
fi
"""
FAKE_RECORDER = '#!/bin/sh\necho "${0##*/} $*" >> "$FAKE/record"\n'
FAKE_SUDO = FAKE_RECORDER + 'exec "$@"\n'
FAKE_ID = '#!/bin/sh\ncat "$FAKE/uid"\n'


class Setup(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.fake = pathlib.Path(folder.name)
        self.write_program("dpkg-query", FAKE_DPKG_QUERY)
        self.write_program("apt-get", FAKE_RECORDER)
        self.write_program("sudo", FAKE_SUDO)
        self.write_program("id", FAKE_ID)
        self.put("uid", "0")
        self.put("installed", "")
        self.put("record", "")

    def write_program(self, name, text):
        path = self.fake / name
        path.write_text(text)
        path.chmod(path.stat().st_mode | stat.S_IXUSR)

    def put(self, name, text):
        (self.fake / name).write_text(text)

    def run_setup(self, release=DEBIAN):
        self.put("os-release", release)
        environment = {
            "PATH": f"{self.fake}:/usr/bin:/bin",
            "FAKE": str(self.fake),
            "MESOSIO_OS_RELEASE": str(self.fake / "os-release"),
        }
        self.result = subprocess.run([DEV, "setup"], env=environment, capture_output=True, text=True, timeout=30)
        return (self.fake / "record").read_text().splitlines()

    def test_does_nothing_when_all_is_there(self):
        self.put("all", "")
        self.assertEqual(self.run_setup(), [])
        self.assertEqual((self.result.returncode, self.result.stdout), (0, "setup: everything is installed\n"))

    def test_installs_only_what_is_missing_and_removes_nothing(self):
        self.put("installed", "g++\ncmake\nlibboost1.81-dev\n")
        update, install = self.run_setup()
        self.assertEqual(self.result.returncode, 0, self.result.stderr)
        self.assertEqual(update, "apt-get -q update")
        words = install.split()
        self.assertIn("--no-remove", words)
        self.assertIn("--no-install-recommends", words)
        self.assertIn("libboost-url1.81-dev", words)
        for present in ("g++", "cmake", "libboost1.81-dev"):
            self.assertNotIn(present, words)

    def test_uses_sudo_only_for_an_ordinary_user(self):
        self.assertFalse([line for line in self.run_setup() if line.startswith("sudo")])
        self.put("record", "")
        self.put("uid", "1000")
        record = self.run_setup()
        self.assertEqual([line.split()[0] for line in record], ["sudo", "apt-get", "sudo", "apt-get"])

    def test_stops_before_apt_where_another_boost_is_in_the_way(self):
        self.put("installed", "libboost1.74-dev\n")
        self.assertEqual(self.run_setup(), [])
        self.assertEqual(self.result.returncode, 1)
        self.assertIn("libboost1.74-dev is installed, and libboost1.81-dev", self.result.stderr)
        self.assertIn("    apt-get remove libboost1.74-dev\n", self.result.stderr)

    def test_says_that_ubuntu_is_untested(self):
        record = self.run_setup('ID=ubuntu\nVERSION_ID="24.04"\n')
        self.assertIn("untested", self.result.stderr)
        self.assertIn(" libboost1.83-dev ", record[1])

    def test_lists_the_needs_on_other_systems(self):
        self.assertEqual(self.run_setup("ID=plan9\nVERSION_ID=4\n"), [])
        self.assertEqual(self.result.returncode, 1)
        self.assertIn("plan9 4", self.result.stderr)
        self.assertIn("Boost 1.81", self.result.stderr)


unittest.main()
