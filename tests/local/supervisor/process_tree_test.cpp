// Children are found in both ways, whatever a process calls itself.
#include "local/reaper/process_tree.hpp"

#include <gmock/gmock.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <csignal>

namespace mesosio::local::reaper {
namespace {

using testing::ElementsAre;

// A child with one child of its own; its name is one that a careless reader of /proc would stumble over.
class Family {
 public:
  Family() {
    std::array<int, 2> pipe{};
    if (::pipe(pipe.data()) != 0) return;
    child = ::fork();
    if (child == 0) {
      ::prctl(PR_SET_NAME, ") R 1 (\n7");
      const pid_t own = ::fork();
      if (own == 0) {
        ::prctl(PR_SET_PDEATHSIG, SIGKILL);
        for (;;) ::pause();
      }
      if (::write(pipe[1], &own, sizeof(own)) != sizeof(own)) ::_exit(1);
      for (;;) ::pause();
    }
    EXPECT_EQ(::read(pipe[0], &grandchild, sizeof(grandchild)), static_cast<ssize_t>(sizeof(grandchild)));
    ::close(pipe[0]);
    ::close(pipe[1]);
  }
  ~Family() {
    ::kill(grandchild, SIGKILL);
    ::kill(child, SIGKILL);
    ::waitpid(child, nullptr, 0);
  }
  Family(const Family&) = delete;
  Family& operator=(const Family&) = delete;

  pid_t child = -1;
  pid_t grandchild = -1;
};

std::vector<pid_t> children(ProcessTree::Source source, pid_t process) {
  std::vector<pid_t> found;
  ProcessTree(source).append_children(process, found);
  return found;
}

TEST(ProcessTree, BothSourcesTellTheSame) {
  const Family family;
  for (const auto source : {ProcessTree::best_source(), ProcessTree::Source::scan}) {
    EXPECT_THAT(children(source, ::getpid()), ElementsAre(family.child));
    EXPECT_THAT(children(source, family.child), ElementsAre(family.grandchild));
    EXPECT_THAT(children(source, family.grandchild), ElementsAre());
    EXPECT_THAT(children(source, 0x7FFFFFFF), ElementsAre()) << "no such process";
  }
}

}  // namespace
}  // namespace mesosio::local::reaper
