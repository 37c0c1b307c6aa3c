// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>
#include <spdlog/spdlog.h>

#include <algorithm>
#include <string>
#include <vector>

#include "sensor/app/config/options.h"
#include "sensor/app/service/service.h"
#include "sensor/app/service/service_log.h"
#include "sensor/app/service/service_manager.h"
#include "sensor/app/setup/signature_setup.h"
#include "sensor/app/setup/site_key.h"
#include "sensor/base/clock.h"
#include "signatures/load.h"

namespace telltale::app {
namespace {

struct Plan {
    LoadedConfig loaded;
    model::ConfigChange change;
};

// Checks whether the sensor could start with the new configuration; returns it with its changes.
base::Result<Plan> plan_reload(const Service& service) {
    const Config& runs = service.setup.settings.config;
    auto loaded = load_config(service.setup.options.config);
    if (!loaded) return loaded.error();
    if (base::Status usable = check_settings(*loaded); !usable) return usable.error();
    auto key = read_site_key(loaded->config.site_key_file, loaded->where("site_key_file"));
    if (!key) return key.error();
    if (!key->empty()) loaded->config.correlating.site_key = std::move(*key);
    const auto folder = find_signatures(loaded->config.signatures);
    if (!folder) return folder.error();
    const auto bundle = signatures::load_bundle(*folder);
    if (!bundle) return bundle.error();

    Plan plan;
    plan.change.applied = changed_keys(runs, loaded->config, Applies::on_reload);
    plan.change.needs_restart = changed_keys(runs, loaded->config, Applies::at_start);
    const auto needs_restart = [&plan](const char* changed) {
        std::vector<std::string>& keys = plan.change.needs_restart;
        if (std::find(keys.begin(), keys.end(), changed) == keys.end()) keys.emplace_back(changed);
    };
    // The content of files may have changed under the same name.
    if (bundle->version != service.setup.observer.signatures_version) needs_restart("signatures.path");
    if (runs.correlating.site_key != loaded->config.correlating.site_key) needs_restart("site_key_file");
    plan.loaded = std::move(*loaded);
    return plan;
}

void apply(Service& service, const Config& changed) {
    Config& runs = service.setup.settings.config;
    for (const Option& option : options()) {
        if (option.applies == Applies::on_reload) option.set(runs, 0, option.get(changed, 0));
    }
    set_log_level(runs.service.log_level);
    service.shared.health_interval_ns = runs.service.health_interval_ns;
    service.shared.state_interval_ns = runs.service.state_interval_ns;
    service.shared.alert_update_ns = runs.correlating.alert_update_ns;
    if (service.file) service.file->reopen();
}

std::string keys_text(const std::vector<std::string>& keys) {
    std::string text;
    for (const std::string& key : keys) text += (text.empty() ? "" : ", ") + key;
    return text.empty() ? "nothing" : text;
}

model::Event change_event(const model::ConfigChange& change, std::string sentence) {
    model::Event event;
    event.action = change.error.empty() ? model::EventAction::config_reloaded : model::EventAction::reload_rejected;
    event.time_ns = base::wall_clock_ns();
    event.created_ns = event.time_ns;
    event.message = std::move(sentence);
    event.config_change = change;
    return event;
}

void note(Service& service, bool success) {
    const std::lock_guard lock(service.shared.mutex);
    ++service.shared.reload.reloads;
    service.shared.reload.success = success;
    service.shared.reload.time_ns = base::wall_clock_ns();
}

}  // namespace

prometheus_http::Answer reload(Service& service) {
    ServiceManager::reloading();
    const auto plan = plan_reload(service);
    model::ConfigChange change;
    std::string sentence;
    if (plan) {
        change = plan->change;
        apply(service, plan->loaded.config);
        sentence = fmt::format("configuration reloaded; applied: {}; needs restart: {}", keys_text(change.applied),
                               keys_text(change.needs_restart));
        spdlog::info("{}", sentence);
    } else {
        change.error = plan.error().text;
        sentence = "configuration rejected: " + change.error;
        spdlog::error("{}", sentence);
    }
    note(service, static_cast<bool>(plan));
    service.setup.correlating->events().post(change_event(change, sentence));
    ServiceManager::ready();
    return {static_cast<bool>(plan), sentence};
}

}  // namespace telltale::app
