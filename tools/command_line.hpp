// Reads one subcommand's options: Boost.Program_options with our words around it.
#pragma once

#include "tools/command.hpp"
#include "tools/options.hpp"

#include <boost/program_options/options_description.hpp>
#include <boost/program_options/variables_map.hpp>

#include <string>
#include <string_view>
#include <vector>

namespace mesosio::tool {

// The help text is `summary`, the options as they were added, and `notes`. Every value is taken as text, to
// be read by the functions of options.hpp, which know what to say about a wrong one.
class CommandLine {
 public:
  CommandLine(std::string summary, std::string notes);

  void add(const std::string& name, const std::string& value_name, const std::string& description);
  void add(const std::string& name, const std::string& value_name, const std::string& default_value,
           const std::string& description);
  void add_required(const std::string& name, const std::string& value_name, const std::string& description);
  void add_list(const std::string& name, const std::string& value_name, const std::string& description);

  // Throws UsageError. False when help was asked for: then nothing else was looked at.
  [[nodiscard]] bool parse(const Arguments& arguments);

  [[nodiscard]] std::string help() const;
  [[nodiscard]] bool has(const std::string& name) const;
  // The value, the default where none was given, else nothing.
  [[nodiscard]] std::string text(const std::string& name) const;
  [[nodiscard]] std::vector<std::string> list(const std::string& name) const;

 private:
  std::string summary_;
  std::string notes_;
  boost::program_options::options_description options_;
  boost::program_options::variables_map values_;
};

}  // namespace mesosio::tool
