#include "common/rpc/node_config.h"

#include <CLI/CLI.hpp>
#include <cstdlib>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include "absl/strings/strip.h"
#include "common/base/reason.h"
#include "common/base/spelling.h"
#include "common/base/status_macros.h"
#include "common/base/strings.h"

namespace teilhabe::rpc {
namespace {

// TEILHABE_MAX_MESSAGE_BYTES for max-message-bytes.
std::string EnvironmentName(const std::string& option) {
  return absl::StrCat("TEILHABE_", absl::AsciiStrToUpper(absl::StrReplaceAll(option, {{"-", "_"}})));
}

bool IsGiven(const std::vector<std::string>& arguments, const std::string& option) {
  for (const std::string& argument : arguments) {
    if (argument == "--" + option || argument == "--no-" + option || argument.starts_with("--" + option + "=")) {
      return true;
    }
  }
  return false;
}

absl::Status Invalid(std::string_view field, const std::string& message) {
  return FieldError(absl::StatusCode::kInvalidArgument, "CONFIG_INVALID", field, absl::StrCat(message, "; see --help"));
}

// What CLI11 found wrong, with the setting at fault.
absl::Status FromCliError(const CLI::Error& error, const std::vector<std::string_view>& names) {
  const std::string what = error.what();
  if (error.get_name() == "FileError") return Invalid("config", what);
  if (error.get_name() == "ConfigError") {  // A name in the file; CLI11 says no more than it, in one of two ways.
    absl::string_view name = what;
    absl::ConsumePrefix(&name, "INI was not able to parse ");
    absl::ConsumeSuffix(&name, ": This option is not allowed in a configuration file");
    const std::string_view near = NearestSpelling(ToStd(name), names);
    return Invalid(ToStd(name), absl::StrCat("the file holds '", name, "', which is no setting",
                                             near.empty() ? "" : absl::StrCat("; did you mean ", ToAbsl(near), "?")));
  }
  for (const std::string_view name :
       names) {  // `--threads: Value 1 not in range`, `Could not convert: --reflection = x`
    const std::size_t at = what.find(absl::StrCat("--", ToAbsl(name)));
    if (at == std::string::npos || error.get_name() == "ExtrasError") continue;
    const std::size_t end = at + 2 + name.size();
    if (end == what.size() || what[end] == ':' || what[end] == ' ') return Invalid(name, what);
  }
  return Invalid("arguments", what);
}

}  // namespace

absl::StatusOr<NodeConfig> ReadNodeConfig(std::string_view program, int argc, const char* const* argv) {
  NodeConfig config;
  CLI::App app("Teilhabenetz: " + std::string(program), std::string(program));
  app.set_config("--config", "", "TOML file with these settings");
  app.allow_config_extras(false);
  app.set_version_flag("--version", "0.1.0");
  const std::vector<CLI::Option*> options = {
      app.add_option("--listen", config.server.listen, "HOST:PORT, loopback only; port 0 takes a free one")
          ->capture_default_str(),
      app.add_option("--data", config.data, "Folder of the databases")->capture_default_str(),
      app.add_option("--journal", config.journal, "Folder of the journal; better on another disk")
          ->capture_default_str(),
      app.add_option("--database", config.database, "Connection string of the case store; default: a file in data"),
      app.add_option("--identity", config.identity, "Folder with key, certificate, CA, trust and directory"),
      app.add_option("--clock", config.clock, "File of a training network's clock"),
      app.add_option("--greet-seconds", config.greet_seconds, "How often peers are greeted")
          ->check(CLI::Range(1, 3600))
          ->capture_default_str(),
      app.add_option("--reflection", config.server.reflection, "Whether clients may ask for the contracts")
          ->default_str("false"),
      app.add_option("--max-message-bytes", config.server.max_message_bytes, "Limit of one message")
          ->check(CLI::Range(1024, 64 << 20))
          ->capture_default_str(),
      app.add_option("--threads", config.server.max_threads, "Limit of threads that serve calls")
          ->check(CLI::Range(2, 1024))
          ->capture_default_str(),
  };
  app.add_flag("--print-config", config.print_only, "Print each setting with its origin and end")->configurable(false);

  std::vector<std::string> arguments(argv + 1, argv + argc);
  const std::vector<std::string> given = arguments;
  std::vector<std::string> from_environment;
  for (const CLI::Option* option : options) {
    const std::string name = option->get_single_name();
    const char* value = std::getenv(EnvironmentName(name).c_str());
    if (value == nullptr || IsGiven(given, name)) continue;
    arguments.push_back(absl::StrCat("--", name, "=", value));
    from_environment.push_back(name);
  }
  std::reverse(arguments.begin(), arguments.end());  // CLI11 takes a vector from its end.
  try {
    app.parse(arguments);
  } catch (const CLI::CallForHelp&) {
    config.help = app.help();
    return config;
  } catch (const CLI::CallForVersion&) {
    config.help = std::string(program) + " 0.1.0\n";
    return config;
  } catch (const CLI::Error& error) {  // CLI11 reports by exceptions; none leaves this function.
    std::vector<std::string> names;
    for (const CLI::Option* option : options) names.push_back(option->get_single_name());
    return FromCliError(error, {names.begin(), names.end()});
  }
  const std::string file = app.get_config_ptr()->count() > 0 ? app.get_config_ptr()->as<std::string>() : "";
  for (const CLI::Option* option : options) {
    const std::string name = option->get_single_name();
    std::string origin = "default";
    if (IsGiven(given, name)) {
      origin = "flag";
    } else if (std::find(from_environment.begin(), from_environment.end(), name) != from_environment.end()) {
      origin = "environment " + EnvironmentName(name);
    } else if (option->count() > 0) {
      origin = "file " + file;
      // CLI11 reads a quote that is not closed, or that holds ` #`, as part of the value.
      const auto text = option->as<std::string>();
      if (!text.empty() && (text[0] == '"' || text[0] == '\'')) {
        return Invalid(name,
                       absl::StrCat("the file's value of ", name, " has a quote that is not closed, or holds a #"));
      }
    }
    std::string value = option->count() > 0 ? option->as<std::string>() : option->get_default_str();
    if (name == "database" && !value.empty()) value = "(set)";  // It may hold a password.
    config.origins.push_back({name, value, origin});
  }
  TEILHABE_RETURN_IF_ERROR(CheckListen(config.server.listen));
  return config;
}

}  // namespace teilhabe::rpc
