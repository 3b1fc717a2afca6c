// The start of a local cluster: socket, helper, master and agents.
#include "local/engine.hpp"

#include <random>

namespace mesosio::local {
namespace {

std::uint64_t random_seed() {
  std::random_device device;
  return static_cast<std::uint64_t>(device()) << 32U | device();
}

}  // namespace

Error Engine::start() {
  HttpServer::Handler handler;
  handler.request = [this](HttpRequest request, const HttpServer::Respond& respond) {
    this->request(std::move(request), respond);
  };
  handler.stream_closed = [this](StreamNumber stream) {
    MasterEffects effects;
    master_->stream_closed(stream, now(), effects);
    perform(effects);
  };
  server_ = std::make_unique<HttpServer>(io_, config_.limits, std::move(handler));
  if (Error error = server_->listen(config_.master.address, config_.master.port)) {
    return error;
  }
  config_.master.port = server_->port();

  TaskSupervisor::Handler tasks;
  tasks.started = [this](const std::string& id, int pid) {
    process_event(id, false,
                  [&](Agent& agent, Now at, AgentEffects& out) { agent.process_started(id, pid, at, out); });
  };
  tasks.failed = [this](const std::string& id, const Error& error) {
    process_event(id, true, [&](Agent& agent, Now at, AgentEffects& out) {
      if (helper_lost_) {
        agent.container_failed(id, error.message, at, out);
      } else {
        agent.process_failed(id, error.message, at, out);
      }
    });
  };
  tasks.exited = [this](const std::string& id, int status) {
    process_event(id, true, [&](Agent& agent, Now at, AgentEffects& out) {
      agent.process_exited(id, status, at, out);
    });
  };
  tasks.lost = [this](const Error& error) {
    helper_lost_ = true;
    config_.logger->error("local cluster: its tasks are gone: {}", error.to_string());
    const auto lost = containers_;
    for (const auto& container : lost) {
      const std::string& id = container.first;
      process_event(id, true, [&](Agent& agent, Now at, AgentEffects& out) {
        agent.container_failed(id, error.message, at, out);
      });
    }
  };
  supervisor_ = std::make_unique<TaskSupervisor>(io_.get_executor(), std::move(tasks));
  if (Error error = supervisor_->start(config_.task_helper)) {
    return error;
  }

  config_.master.id = codec::uuid_text(codec::UuidGenerator().next());
  config_.master.seed = random_seed();
  master_ = std::make_unique<Master>(config_.master);
  MasterEffects effects;
  for (std::size_t i = 0; i < config_.agents.size(); ++i) {
    AgentDescription description = config_.agents[i];
    AgentSettings settings;
    settings.id = description.id = config_.master.id + "-S" + std::to_string(i);
    settings.address = config_.master.address;
    settings.port = config_.master.port;
    settings.number = i + 1;
    settings.work_dir = config_.work_dir;
    settings.user = config_.user;
    settings.update_retry_interval = config_.update_retry_interval;
    settings.seed = random_seed();
    description.url.set_scheme("http");
    description.url.mutable_address()->set_hostname(config_.master.address);
    description.url.mutable_address()->set_ip(config_.master.address);
    description.url.mutable_address()->set_port(config_.master.port);
    description.url.set_path("/slave(" + std::to_string(settings.number) + ')');
    agents_.emplace(settings.id, Agent(settings));
    master_->add_agent(std::move(description), now(), effects);
  }
  perform(effects);
  return {};
}

}  // namespace mesosio::local
