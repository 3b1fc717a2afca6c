// What the tests of the task supervisor share: waiting for conditions, processes by descriptor, reports of
// tasks.
#include "local/supervisor/fixture.hpp"

#include <boost/asio/buffer.hpp>
#include <fcntl.h>
#include <poll.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <array>
#include <filesystem>
#include <fstream>
#include <sstream>

namespace mesosio::local::test {
namespace {

constexpr int limit_ms = 60'000;

int open_pipe(const std::string& path) {
  ::mkfifo(path.c_str(), 0600);
  // For reading and writing, so that it never comes to an end between two writers.
  return ::open(path.c_str(), O_RDWR | O_NONBLOCK | O_CLOEXEC);
}

}  // namespace

TemporaryDirectory::TemporaryDirectory() {
  std::string name = (std::filesystem::temp_directory_path() / "mesosio-supervisor-XXXXXX").string();
  if (::mkdtemp(name.data()) != nullptr) path_ = name;
}

TemporaryDirectory::~TemporaryDirectory() {
  std::error_code ignored;
  if (!path_.empty()) std::filesystem::remove_all(path_, ignored);
}

Watched::Watched(pid_t pid) : pid_(pid), fd_(static_cast<int>(::syscall(SYS_pidfd_open, pid, 0U))) {}

Watched::~Watched() {
  if (fd_ >= 0) ::close(fd_);
}

bool Watched::alive() const {
  pollfd watched{fd_, POLLIN, 0};
  return fd_ >= 0 && ::poll(&watched, 1, 0) == 0;
}

bool Watched::ends() const {
  pollfd watched{fd_, POLLIN, 0};
  return fd_ >= 0 && ::poll(&watched, 1, limit_ms) == 1;
}

Reports::Reports(boost::asio::io_context& io, const std::string& path)
    : path_(path), pipe_(io, open_pipe(path)) {
  read();
}

pid_t Reports::operator[](const std::string& word) const {
  const auto found = numbers_.find(word);
  return found == numbers_.end() ? -1 : found->second;
}

void Reports::read() {
  pipe_.async_read_some(boost::asio::buffer(chunk_), [this](error_code error, std::size_t size) {
    if (error) return;
    buffer_.append(chunk_, size);
    for (std::size_t end = 0; (end = buffer_.find('\n')) != std::string::npos; buffer_.erase(0, end + 1)) {
      std::istringstream line(buffer_.substr(0, end));
      std::string word;
      pid_t number = -1;
      line >> word >> number;
      numbers_[word] = number;
    }
    read();
  });
}

Cluster::Cluster() : reports(io, directory / "reports") {
  TaskSupervisor::Handler handler;
  handler.started = [this](const std::string& id, int pid) {
    started[id] = pid;
    log.push_back("started " + id);
  };
  handler.failed = [this](const std::string& id, const Error& error) {
    failed[id] = error;
    log.push_back("failed " + id);
  };
  handler.exited = [this](const std::string& id, int status) {
    exited[id] = status;
    log.push_back("exited " + id);
  };
  handler.lost = [this](const Error& error) {
    lost.push_back(error);
    log.emplace_back("lost");
  };
  supervisor = std::make_unique<TaskSupervisor>(io.get_executor(), std::move(handler));
}

Cluster::~Cluster() {
  supervisor.reset();
  io.poll();
}

bool Cluster::wait_for(const std::function<bool()>& condition) {
  const auto deadline = std::chrono::steady_clock::now() + std::chrono::milliseconds(limit_ms);
  io.restart();
  while (!condition()) {
    if (std::chrono::steady_clock::now() >= deadline) return false;
    io.run_one_until(deadline);
  }
  return true;
}

bool Cluster::wait_for_exit(const std::string& id) {
  return wait_for([&] { return exited.count(id) != 0; });
}

bool Cluster::wait_for_report(const std::string& word) {
  return wait_for([&] { return reports.has(word); });
}

TaskProcess Cluster::shell(const std::string& id, const std::string& command) const {
  TaskProcess process;
  process.id = id;
  process.value = command;
  process.environment = {{"PATH", "/usr/local/bin:/usr/bin:/bin"}, {"REPORTS", reports.path()}};
  process.directory = directory.path();
  process.output_file = directory / (id + ".out");
  process.error_file = directory / (id + ".err");
  return process;
}

TaskProcess Cluster::argv(const std::string& id, const std::string& program,
                          std::vector<std::string> arguments) const {
  TaskProcess process = shell(id, program);
  process.shell = false;
  process.arguments = std::move(arguments);
  return process;
}

std::string Cluster::output(const std::string& id) const {
  return read_file(directory / (id + ".out"));
}

void SupervisorTest::SetUp() {
  const Error error = cluster.supervisor->start("");
  ASSERT_FALSE(error) << error.to_string();
}

std::string read_file(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  std::ostringstream out;
  out << file.rdbuf();  // unlike the iterators, no exception when a process of /proc ends meanwhile
  return out.str();
}

std::vector<pid_t> children_named(pid_t parent, const std::string& name) {
  std::vector<pid_t> found;
  std::error_code ignored;
  for (const auto& entry : std::filesystem::directory_iterator("/proc", ignored)) {
    const std::string number = entry.path().filename().string();
    if (number.find_first_not_of("0123456789") != std::string::npos) continue;
    const std::string stat = read_file("/proc/" + number + "/stat");
    const std::size_t open = stat.find('(');
    const std::size_t close = stat.rfind(')');
    if (open == std::string::npos || close == std::string::npos) continue;
    std::istringstream rest(stat.substr(close + 1));
    std::string state;
    pid_t its_parent = 0;
    rest >> state >> its_parent;
    if (its_parent == parent && stat.substr(open + 1, close - open - 1) == name)
      found.push_back(std::stoi(number));
  }
  return found;
}

std::string daemon(const std::string& word) {
  // The subshell ends at once, so the daemon loses its parent as well as the session and group of its task.
  return "( setsid sh -c 'echo " + word + " $$ > \"$REPORTS\"; exec sleep 1000' & ) ; ";
}

}  // namespace mesosio::local::test
