// A process with a supervisor and tasks of every kind, for tests that end it in some hard way.
//
// embedder WAY: prints a line "word pid" for each process that must not survive it, then "ready 0", and then
// waits to be killed (WAY "wait"), waits with a forked child that holds all its descriptors ("fork"), or ends
// itself by _exit ("exit") or abort ("abort").
#include "local/supervisor/fixture.hpp"

#include <sys/prctl.h>
#include <unistd.h>

#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <string>

int main(int count, char** arguments) {
  using namespace mesosio::local::test;
  const std::string way = count > 1 ? arguments[1] : "";
  Cluster cluster;
  if (const auto error = cluster.supervisor->start("")) {
    std::printf("error: %s\n", error.to_string().c_str());
    return 1;
  }
  cluster.run(cluster.shell("plain", "echo plain $$ > \"$REPORTS\"; exec sleep 1000"));
  cluster.run(cluster.shell(
      "children", "sh -c 'trap \"\" TERM HUP; echo child $$ > \"$REPORTS\"; exec sleep 1000' & wait"));
  cluster.run(cluster.shell("daemons", daemon("daemon") + daemon("second") + "sleep 1000"));
  cluster.run(cluster.shell("gone", daemon("orphan") + "exec sleep 1000"));
  const char* words[] = {"plain", "child", "daemon", "second", "orphan"};
  for (const char* word : words) {
    if (!cluster.wait_for_report(word)) return 1;
  }
  cluster.supervisor->signal("gone", SIGTERM);
  if (!cluster.wait_for_exit("gone")) return 1;
  for (const char* word : words) std::printf("%s %d\n", word, cluster.reports[word]);
  const pid_t guard = children_named(::getpid(), "mesosio-guard").at(0);
  std::printf("guard %d\nworker %d\n", guard, children_named(guard, "mesosio-reaper").at(0));
  if (way == "fork") {
    const pid_t holder = ::fork();
    if (holder == 0) {
      for (;;) ::pause();
    }
    std::printf("holder %d\n", holder);
  }
  std::printf("ready 0\n");
  std::fflush(stdout);
  // The test answers when it has opened all processes.
  if (std::getchar() == EOF) return 1;
  if (way == "exit") ::_exit(0);
  if (way == "abort") std::abort();
  for (;;) ::pause();
}
