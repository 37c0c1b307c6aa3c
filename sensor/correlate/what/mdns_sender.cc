// SPDX-License-Identifier: Apache-2.0
#include "sensor/correlate/what/mdns_sender.h"

#include <algorithm>

#include "sensor/model/dns_answer.h"
#include "signatures/pattern_match.h"
#include "signatures/service_instance.h"

namespace telltale::correlate {
namespace {

bool same(std::string_view left, std::string_view right) { return signatures::matches_exact(left, right, true); }

template <typename Visit>
void for_each_answer(const model::RecordView& record, Visit&& visit) {
    record.for_each([&](model::Field field, base::Bytes value) {
        model::DnsAnswer answer;
        if (field == model::Field::dns_answer && model::read(value, answer)) visit(answer);
    });
}

}  // namespace

MdnsSender::MdnsSender(const model::RecordView& record) {
    for_each_answer(record, [&](const model::DnsAnswer& answer) {
        const bool own = model::dns_type::has_address(answer.type) && answer.address == record.header().source();
        if (own && answer.name.ends_with(kLocal) && host_count_ < hosts_.size()) hosts_[host_count_++] = answer.name;
    });
    if (host_count_ == 0) return;
    for_each_answer(record, [&](const model::DnsAnswer& answer) {
        if (answer.type != model::dns_type::srv || instance_count_ == instances_.size()) return;
        const auto own = hosts();
        const bool on_own =
            std::any_of(own.begin(), own.end(), [&](std::string_view host) { return same(host, answer.target); });
        if (on_own) instances_[instance_count_++] = answer.name;
    });
}

bool MdnsSender::offers(std::string_view name) const {
    const signatures::ServiceInstance wanted = signatures::service_instance(name);
    const bool of_device = same(wanted.type, "_device-info._tcp") && !wanted.instance.empty();
    return std::any_of(instances_.begin(), instances_.begin() + static_cast<std::ptrdiff_t>(instance_count_),
                       [&](std::string_view instance) {
                           return same(instance, name) ||
                                  (of_device && same(signatures::service_instance(instance).instance, wanted.instance));
                       });
}

}  // namespace telltale::correlate
