// What a new process does between fork and exec to become a task.
#include "local/reaper/task_start.hpp"

#include <fcntl.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <cerrno>
#include <csignal>
#include <string>
#include <vector>

namespace mesosio::local::reaper {
namespace {

bool redirect(const std::string& path, int target) {
  const char* file = path.empty() ? "/dev/null" : path.c_str();
  // Without O_NOCTTY a terminal would become the controlling one of the new session.
  const int opened = ::open(file, O_WRONLY | O_APPEND | O_CREAT | O_NOCTTY | O_CLOEXEC, 0644);
  return opened >= 0 && ::dup2(opened, target) >= 0;
}

std::vector<char*> pointers(const std::vector<std::string>& texts) {
  std::vector<char*> out;
  out.reserve(texts.size() + 1);
  for (const std::string& text : texts) out.push_back(const_cast<char*>(text.c_str()));
  out.push_back(nullptr);
  return out;
}

}  // namespace

void become_task(const Launch& request, pid_t worker, int start_pipe) {
  const auto fail = [&](Stage stage) {
    const StartFailure failure{stage, errno};
    // Nobody is left to tell if this fails; then the task seems to have started and to have ended with 127.
    [[maybe_unused]] const ssize_t written = ::write(start_pipe, &failure, sizeof(failure));
    ::_exit(127);
  };

  // Should the worker be killed, the kernel kills its tasks; the guard is there for their descendants.
  ::prctl(PR_SET_PDEATHSIG, SIGKILL);
  if (::getppid() != worker) ::_exit(127);
  if (::setsid() < 0) fail(Stage::session);

  // The helper was started with the default disposition of every signal and changed only its mask. What is
  // left are the two that glibc keeps to itself: its posix_spawn leaves them ignored, and only the kernel can
  // be asked.
  constexpr unsigned long defaults[4] = {};  // the kernel's struct sigaction: SIG_DFL, no flags, no mask
  for (const int internal : {32, 33}) ::syscall(SYS_rt_sigaction, internal, defaults, nullptr, 8UL);
  sigset_t none;
  sigemptyset(&none);
  ::sigprocmask(SIG_SETMASK, &none, nullptr);

  // Standard input is the helper's, /dev/null; every other descriptor of the helper closes itself on exec.
  if (!redirect(request.output_file, STDOUT_FILENO)) fail(Stage::output_file);
  if (!redirect(request.error_file, STDERR_FILENO)) fail(Stage::error_file);
  if (!request.directory.empty() && ::chdir(request.directory.c_str()) != 0) fail(Stage::directory);

  const std::vector<char*> arguments = pointers(request.arguments);
  std::vector<char*> environment = pointers(request.environment);
  environ = environment.data();  // before execvp, which searches the PATH of `environ`: the task's, not ours
  ::execvp(request.program.c_str(), arguments.data());
  fail(Stage::program);
  ::_exit(127);
}

}  // namespace mesosio::local::reaper
