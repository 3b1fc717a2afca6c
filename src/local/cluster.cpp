// The public face of the local cluster: gives the engine a thread.
#include "local/cluster_config.hpp"
#include "local/engine.hpp"

#include <mesosio/local/cluster.hpp>

#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <signal.h>
#include <spdlog/sinks/null_sink.h>
#include <spdlog/spdlog.h>

#include <algorithm>
#include <exception>
#include <filesystem>
#include <mutex>
#include <optional>
#include <system_error>
#include <thread>

namespace mesosio::local {
namespace {

namespace asio = boost::asio;

// The embedding program's signal handlers must not run on the cluster's thread.
class BlockedSignals {
 public:
  BlockedSignals() {
    sigset_t all;
    sigfillset(&all);
    pthread_sigmask(SIG_SETMASK, &all, &old_);
  }
  ~BlockedSignals() { pthread_sigmask(SIG_SETMASK, &old_, nullptr); }
  BlockedSignals(const BlockedSignals&) = delete;
  BlockedSignals& operator=(const BlockedSignals&) = delete;

 private:
  sigset_t old_{};
};

}  // namespace

class Cluster::Impl {
 public:
  explicit Impl(ClusterConfig config) : config_(std::move(config)) {
    if (!config_.logger) {
      config_.logger =
          std::make_shared<spdlog::logger>("null", std::make_shared<spdlog::sinks::null_sink_mt>());
    }
  }

  Error start() {
    const std::lock_guard lock(mutex_);
    if (stopped_ || running_) {
      return {stopped_ ? errc::stopped : errc::already_running,
              stopped_ ? "local cluster: it was stopped" : "local cluster: it runs already",
              {}};
    }
    if (Error error = check_config(config_)) {
      return error;
    }
    std::vector<AgentDescription> agents;
    if (Error error = describe_agents(config_, agents)) {
      return error;
    }
    if (Error error = make_work_dir(config_.work_dir, work_dir_, temporary_)) {
      return error;
    }
    try {
      running_ = std::make_unique<Running>();
      Error error = run_engine(std::move(agents));
      if (error) {
        end();
        return error;
      }
    } catch (const std::exception& exception) {
      end();  // out of descriptors, threads or memory
      return {errc::connect_failed, std::string("local cluster: cannot start: ") + exception.what(), {}};
    }
    config_.logger->info("local cluster: master at http://{}:{} with {} agents", config_.address, port_,
                         config_.agents);
    return {};
  }

  void stop() {
    const std::lock_guard lock(mutex_);
    if (running_) {
      end();
      stopped_ = true;
    }
  }

  std::uint16_t port() const {
    const std::lock_guard lock(mutex_);
    return running_ ? port_ : std::uint16_t{0};
  }

  std::string url() const {
    const std::lock_guard lock(mutex_);
    return running_ ? "http://" + config_.address + ':' + std::to_string(port_) : std::string();
  }

  std::string work_dir() const {
    const std::lock_guard lock(mutex_);
    return running_ ? work_dir_ : std::string();
  }

 private:
  struct Running {
    asio::io_context io{1};
    std::optional<Engine> engine;
    std::thread thread;
  };

  Error run_engine(std::vector<AgentDescription> agents) {
    running_->engine.emplace(running_->io, engine_config(std::move(agents)));
    Error error = running_->engine->start();
    if (!error) {
      port_ = running_->engine->port();
      const BlockedSignals blocked;
      running_->thread = std::thread([this, running = running_.get()] { run(*running); });
    }
    return error;
  }

  EngineConfig engine_config(std::vector<AgentDescription> agents) const {
    EngineConfig engine;
    engine.master.address = config_.address;
    engine.master.port = config_.port;
    engine.master.heartbeat_interval = config_.heartbeat_interval;
    engine.master.allocation_interval = config_.allocation_interval;
    engine.agents = std::move(agents);
    engine.work_dir = work_dir_;
    engine.task_helper = config_.task_helper;
    engine.user = user_name();
    engine.update_retry_interval = config_.update_retry_interval;
    engine.limits.connections = config_.max_connections;
    engine.limits.body_bytes = config_.max_request_bytes;
    engine.limits.all_bodies_bytes = std::max(engine.limits.all_bodies_bytes, 2 * config_.max_request_bytes);
    engine.limits.stream_buffer_bytes = config_.max_stream_buffer_bytes;
    engine.limits.request_time = config_.request_timeout;
    engine.logger = config_.logger;
    return engine;
  }

  void run(Running& running) const {
    const auto guard = asio::make_work_guard(running.io);
    while (!running.io.stopped()) {
      try {
        running.io.run();
      } catch (const std::exception& exception) {
        // Out of memory, most likely: what was being done is lost, the cluster goes on.
        config_.logger->error("local cluster: {}", exception.what());
      }
    }
  }

  void end() {
    if (running_ && running_->thread.joinable()) {
      asio::post(running_->io, [running = running_.get()] {
        running->engine->stop();
        // What the closed connections still have to say is said before this.
        asio::post(running->io, [running] { running->io.stop(); });
      });
      running_->thread.join();
    }
    if (running_ && running_->engine) {
      running_->engine->stop();
    }
    running_.reset();
    if (temporary_) {
      std::error_code ignored;
      std::filesystem::remove_all(work_dir_, ignored);
    }
  }

  ClusterConfig config_;
  mutable std::mutex mutex_;
  std::unique_ptr<Running> running_;
  std::uint16_t port_ = 0;
  std::string work_dir_;
  bool temporary_ = false;
  bool stopped_ = false;
};

Cluster::Cluster(ClusterConfig config) : impl_(std::make_unique<Impl>(std::move(config))) {}
Cluster::~Cluster() {
  stop();
}
Error Cluster::start() {
  return impl_->start();
}
void Cluster::stop() {
  impl_->stop();
}
std::uint16_t Cluster::port() const {
  return impl_->port();
}
std::string Cluster::url() const {
  return impl_->url();
}
std::string Cluster::work_dir() const {
  return impl_->work_dir();
}

}  // namespace mesosio::local
