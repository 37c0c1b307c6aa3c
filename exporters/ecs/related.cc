// SPDX-License-Identifier: Apache-2.0
#include "exporters/ecs/related.h"

#include <algorithm>

namespace telltale::ecs {
namespace {

using model::IpAddress;

void add(std::vector<IpAddress>& to, const IpAddress& address) {
    if (address.specified() && std::find(to.begin(), to.end(), address) == to.end()) to.push_back(address);
}

void add(std::vector<std::string_view>& to, std::string_view text) {
    if (!text.empty() && std::find(to.begin(), to.end(), text) == to.end()) to.push_back(text);
}

}  // namespace

void Related::collect(const model::Event& event) {
    addresses_.clear();
    hosts_.clear();
    hashes_.clear();
    if (event.device) {
        for (const IpAddress& address : event.device->addresses) add(addresses_, address);
        add(hosts_, event.device->host_name);
    }
    if (event.flow) {
        add(addresses_, event.flow->source);
        add(hosts_, event.flow->server_name);
        add(hashes_, event.flow->ja3);
        add(hashes_, event.flow->ja4);
    }
    if (event.destination) {
        add(addresses_, event.destination->address);
        add(hosts_, event.destination->domain);
    }
    if (event.transfer) {
        for (const std::string& domain : event.transfer->domains) add(hosts_, domain);
    }
}

void Related::write(JsonObject& root, const model::Event& event) {
    collect(event);
    JsonObject related(root, "related"_key);
    related.list("ip"_key, addresses_, [](EventWriter& writer, const IpAddress& address) { writer.ip(address); });
    related.texts("hosts"_key, hosts_);
    related.texts("hash"_key, hashes_);
}

}  // namespace telltale::ecs
