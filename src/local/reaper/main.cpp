// The helper process of the local cluster: owns every task, and leaves nothing of them behind when it or the
// process that started it ends, whatever the way.
//
// It is a pair. The worker runs the tasks; the guard above it only waits. Both are subreapers: what a task
// leaves behind, in a session of its own or not, becomes a child of the worker, and should the worker be
// killed, of the guard, which then kills it. Should the guard be killed, the worker is told and ends
// everything itself.
#include "local/reaper/protocol.hpp"
#include "local/reaper/sweep.hpp"
#include "local/reaper/worker.hpp"

#include <fcntl.h>
#include <poll.h>
#include <sys/prctl.h>
#include <sys/signalfd.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <csignal>
#include <cstdio>

namespace mesosio::local::reaper {
namespace {

int block_signals() {
  sigset_t set;
  sigemptyset(&set);
  for (const int signal : {SIGCHLD, SIGTERM, SIGINT, SIGHUP}) sigaddset(&set, signal);
  ::sigprocmask(SIG_BLOCK, &set, nullptr);
  return ::signalfd(-1, &set, SFD_CLOEXEC | SFD_NONBLOCK);
}

void run_worker(pid_t guard) {
  ::prctl(PR_SET_NAME, "mesosio-reaper");
  ::prctl(PR_SET_CHILD_SUBREAPER, 1);
  ::prctl(PR_SET_PDEATHSIG, SIGTERM);
  if (::getppid() != guard) return;
  const int signals = block_signals();
  if (signals >= 0) Worker(socket_fd, signals).run();
  kill_descendants();
}

// False for the signals that ask for the end, and when the worker has ended.
bool go_on(int signals, pid_t worker) {
  signalfd_siginfo info{};
  while (::read(signals, &info, sizeof(info)) == static_cast<ssize_t>(sizeof(info))) {
    if (info.ssi_signo != SIGCHLD) return false;
  }
  return ::waitpid(worker, nullptr, WNOHANG) == 0;
}

// Waits for the end of the worker, of the socket, or of `owner`: a process that the owner forked may hold its
// end of the socket open, so the socket alone would not do.
void run_guard(int signals, pid_t worker, pid_t owner) {
  const auto owner_fd = static_cast<int>(::syscall(SYS_pidfd_open, owner, 0U));
  const int look_every_ms = owner_fd < 0 ? 500 : -1;  // Linux before 5.3
  while (::getppid() == owner) {
    pollfd watched[] = {{signals, POLLIN, 0}, {socket_fd, POLLRDHUP, 0}, {owner_fd, POLLIN, 0}};
    if (::poll(watched, 3, look_every_ms) < 0 && errno != EINTR) return;
    if (watched[1].revents != 0 || watched[2].revents != 0) return;
    if (watched[0].revents != 0 && !go_on(signals, worker)) return;
  }
}

int run() {
  ucred owner{};
  socklen_t size = sizeof(owner);
  if (::getsockopt(socket_fd, SOL_SOCKET, SO_PEERCRED, &owner, &size) != 0) {
    std::fputs(
        "mesosio-task-reaper: this program is started by mesosio's local cluster, which speaks to it on file "
        "descriptor "
        "3; by itself it does nothing.\n",
        stderr);
    return 2;
  }
  ::fcntl(socket_fd, F_SETFD, FD_CLOEXEC);
  // A closed standard descriptor would be given to the next file that is opened.
  while (::fcntl(STDERR_FILENO, F_GETFD) < 0 && ::open("/dev/null", O_RDWR) >= 0) {
  }
  ::prctl(PR_SET_NAME, "mesosio-guard");
  ::prctl(PR_SET_CHILD_SUBREAPER, 1);
  const int signals = block_signals();
  if (signals < 0) return 1;
  const pid_t guard = ::getpid();
  const pid_t worker = ::fork();
  if (worker < 0) return 1;
  if (worker == 0) {
    ::close(signals);
    run_worker(guard);
    return 0;
  }
  run_guard(signals, worker, owner.pid);
  kill_descendants();  // the worker among them
  return 0;
}

}  // namespace
}  // namespace mesosio::local::reaper

int main() {
  // The supervisor takes the end of the socket for the end of everything: it must stay open until this very
  // point.
  ::_exit(mesosio::local::reaper::run());
}
