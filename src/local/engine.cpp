// Puts the state machines of a local cluster together with time, sockets and processes.
#include "local/engine.hpp"

#include "local/master_http.hpp"

#include <boost/asio/post.hpp>

#include <chrono>
#include <filesystem>
#include <fstream>

namespace mesosio::local {
namespace {

template <class... Handlers>
struct Overloaded : Handlers... {
  using Handlers::operator()...;
};
template <class... Handlers>
Overloaded(Handlers...) -> Overloaded<Handlers...>;

}  // namespace

Engine::Engine(boost::asio::io_context& io, EngineConfig config)
    : io_(io), config_(std::move(config)), timer_(io) {}

Engine::~Engine() {
  stop();
}

Now Engine::now() const {
  const auto since_epoch = std::chrono::system_clock::now().time_since_epoch();
  return {std::chrono::steady_clock::now(), std::chrono::duration<double>(since_epoch).count()};
}

void Engine::stop() {
  if (stopped_) {
    return;
  }
  stopped_ = true;
  timer_.cancel();
  if (supervisor_) {
    supervisor_->stop();
  }
  if (server_) {
    server_->close();
  }
}

void Engine::request(HttpRequest request, const HttpServer::Respond& respond) {
  MasterEffects effects;
  HttpResponse response = answer(*master_, request, now(), effects);
  if (response.status >= 400) {
    config_.logger->debug("local master: {} {}: {} {}", printable(request.method, 16),
                          printable(request.path, 128), response.status, printable(response.body));
  }
  respond(std::move(response));
  perform(effects);
}

void Engine::perform(MasterEffects& effects) {
  for (MasterEffect& effect : effects) {
    work_.emplace_back(std::move(effect));
  }
  drain();
}

void Engine::perform(const std::string& agent_id, AgentEffects& effects) {
  for (AgentEffect& effect : effects) {
    work_.emplace_back(FromAgent{agent_id, std::move(effect)});
  }
  drain();
}

void Engine::drain() {
  if (draining_ || stopped_) {
    return;
  }
  draining_ = true;
  struct Guard {
    bool& flag;
    ~Guard() { flag = false; }
  };
  {
    const Guard guard{draining_};
    while (!work_.empty()) {
      Work work = std::move(work_.front());
      work_.pop_front();
      if (auto* effect = std::get_if<MasterEffect>(&work)) {
        carry_out(*effect);
      } else {
        auto& from = std::get<FromAgent>(work);
        carry_out(from.agent_id, from.effect);
      }
    }
  }
  schedule_timer();
}

void Engine::carry_out(MasterEffect& effect) {
  AgentEffects out;
  const auto order = [&](auto member, const auto& what) {
    if (const auto at = agents_.find(what.agent_id); at != agents_.end()) {
      (at->second.*member)(what, now(), out);
      perform(what.agent_id, out);
    }
  };
  std::visit(Overloaded{[&](SendEvent& send) { server_->send(send.stream, to_record(send.event)); },
                        [&](EndStream& end) { server_->end(end.stream); },
                        [&](RunTask& run) { order(&Agent::run, run); },
                        [&](KillTask& kill) { order(&Agent::kill, kill); },
                        [&](AcknowledgeUpdate& acknowledge) { order(&Agent::acknowledge, acknowledge); },
                        [&](ResendUpdates& resend) { order(&Agent::resend, resend); },
                        [&](ShutdownFramework& shutdown) { order(&Agent::shutdown, shutdown); }},
             effect);
}

void Engine::carry_out(const std::string& agent_id, AgentEffect& effect) {
  std::visit(Overloaded{[&](ForwardUpdate& update) {
                          MasterEffects out;
                          master_->update(agent_id, update, now(), out);
                          perform(out);
                        },
                        [&](StartProcess& order) { start_process(agent_id, order); },
                        [&](SignalProcess& order) { supervisor_->signal(order.id, order.signal); },
                        [&](WriteError& order) { write_error(order); }},
             effect);
}

void Engine::start_process(const std::string& agent_id, StartProcess& order) {
  std::error_code failed;
  std::filesystem::create_directories(order.process.directory, failed);
  containers_[order.process.id] = agent_id;
  if (!failed) {
    supervisor_->launch(std::move(order.process));
    return;
  }
  const std::string why = "cannot make the directory " + order.process.directory + ": " + failed.message();
  config_.logger->warn("local agent: {}", why);
  process_event(order.process.id, true, [&](Agent& agent, Now at, AgentEffects& out) {
    agent.container_failed(order.process.id, why, at, out);
  });
}

void Engine::write_error(const WriteError& order) {
  std::ofstream file(order.file, std::ios::app);
  file << "mesosio local: " << order.line << '\n';
}

void Engine::process_event(const std::string& container_id, bool last, const ProcessHandler& handler) {
  const auto at = containers_.find(container_id);
  if (at == containers_.end()) {
    return;
  }
  const std::string agent_id = at->second;
  if (last) {
    containers_.erase(at);
  }
  AgentEffects out;
  handler(agents_.at(agent_id), now(), out);
  perform(agent_id, out);
}

// Once for all that one turn of the event loop brings: looking for the next deadline goes through all tasks.
void Engine::schedule_timer() {
  if (timer_scheduled_) {
    return;
  }
  timer_scheduled_ = true;
  boost::asio::post(io_, [this] {
    timer_scheduled_ = false;
    set_timer();
  });
}

void Engine::set_timer() {
  if (stopped_) {
    return;
  }
  TimePoint next = master_->next_deadline();
  for (const auto& [id, agent] : agents_) {
    next = std::min(next, agent.next_deadline());
  }
  if (next == TimePoint::max()) {
    timer_.cancel();
    return;
  }
  timer_.expires_at(next);
  timer_.async_wait([this](error_code cancelled) {
    if (!cancelled) {
      timer_fired();
    }
  });
}

void Engine::timer_fired() {
  if (stopped_) {
    return;
  }
  MasterEffects from_master;
  master_->tick(now(), from_master);
  perform(from_master);
  for (auto& [id, agent] : agents_) {
    AgentEffects from_agent;
    agent.tick(now(), from_agent);
    perform(id, from_agent);
  }
  schedule_timer();
}

}  // namespace mesosio::local
