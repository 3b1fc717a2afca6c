// Puts the state machines of a local cluster together with time, sockets and processes, on one io_context's
// thread.
#pragma once

#include "local/agent.hpp"
#include "local/http_server.hpp"
#include "local/master.hpp"
#include "local/task_supervisor.hpp"

#include <mesosio/error.hpp>

#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>
#include <spdlog/logger.h>

#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <variant>
#include <vector>

namespace mesosio::local {

struct EngineConfig {
  MasterConfig master;
  std::vector<AgentDescription> agents;  // ids are given by the engine
  std::string work_dir;
  std::string task_helper;
  std::string user;
  Duration update_retry_interval = std::chrono::seconds(10);
  HttpLimits limits;
  std::shared_ptr<spdlog::logger> logger;  // never null
};

// All members are called on the io_context's thread, or while nobody runs it.
class Engine {
 public:
  Engine(boost::asio::io_context& io, EngineConfig config);
  ~Engine();
  Engine(const Engine&) = delete;
  Engine& operator=(const Engine&) = delete;

  // Listens, starts the helper that runs tasks, and registers the agents.
  [[nodiscard]] Error start();
  [[nodiscard]] std::uint16_t port() const { return config_.master.port; }
  // Ends every task and closes every connection. Blocks until the tasks are dead.
  void stop();

 private:
  struct FromAgent {
    std::string agent_id;
    AgentEffect effect;
  };
  using Work = std::variant<MasterEffect, FromAgent>;

  [[nodiscard]] Now now() const;
  void request(HttpRequest request, const HttpServer::Respond& respond);
  // Carries out what the master asked for, and all that follows from it, in order.
  void perform(MasterEffects& effects);
  void perform(const std::string& agent_id, AgentEffects& effects);
  void drain();
  void carry_out(MasterEffect& effect);
  void carry_out(const std::string& agent_id, AgentEffect& effect);
  void start_process(const std::string& agent_id, StartProcess& order);
  void write_error(const WriteError& order);
  // Calls `handler` with the agent whose process it is; nothing is known of the process after the last event.
  using ProcessHandler = std::function<void(Agent& agent, Now now, AgentEffects& out)>;
  void process_event(const std::string& container_id, bool last, const ProcessHandler& handler);

  void schedule_timer();
  void set_timer();
  void timer_fired();

  boost::asio::io_context& io_;
  EngineConfig config_;
  std::unique_ptr<Master> master_;
  std::map<std::string, Agent> agents_;
  std::map<std::string, std::string> containers_;  // to the agents whose processes they are
  std::unique_ptr<HttpServer> server_;
  std::unique_ptr<TaskSupervisor> supervisor_;
  boost::asio::steady_timer timer_;
  std::deque<Work> work_;
  bool draining_ = false;
  bool timer_scheduled_ = false;
  bool helper_lost_ = false;
  bool stopped_ = false;
};

}  // namespace mesosio::local
