// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string_view>

// The fields of Elastic Common Schema 9.4.0 that events use, with their types: from the schema's field reference, and
// compared with the type definitions of the npm package @elastic/ecs 9.4.0.
namespace telltale::samples {

enum class FieldShape { text, date, ip, number };

struct EcsField {
    std::string_view name;
    FieldShape shape;  // keyword, match_only_text and wildcard are text; long, float are number
    bool list = false;
};

inline constexpr EcsField kEcsFields[] = {
    {"@timestamp", FieldShape::date},
    {"message", FieldShape::text},
    {"ecs.version", FieldShape::text},
    {"event.id", FieldShape::text},
    {"event.kind", FieldShape::text},
    {"event.category", FieldShape::text, true},
    {"event.type", FieldShape::text, true},
    {"event.action", FieldShape::text},
    {"event.module", FieldShape::text},
    {"event.dataset", FieldShape::text},
    {"event.sequence", FieldShape::number},
    {"event.created", FieldShape::date},
    {"event.start", FieldShape::date},
    {"event.end", FieldShape::date},
    {"event.duration", FieldShape::number},
    {"event.severity", FieldShape::number},
    {"event.risk_score", FieldShape::number},
    {"event.reason", FieldShape::text},
    {"event.outcome", FieldShape::text},
    {"error.message", FieldShape::text},
    {"observer.name", FieldShape::text},
    {"observer.hostname", FieldShape::text},
    {"observer.type", FieldShape::text},
    {"observer.vendor", FieldShape::text},
    {"observer.product", FieldShape::text},
    {"observer.version", FieldShape::text},
    {"observer.ingress.interface.name", FieldShape::text},
    {"host.id", FieldShape::text},
    {"host.name", FieldShape::text},
    {"host.ip", FieldShape::ip, true},
    {"host.mac", FieldShape::text, true},
    {"host.type", FieldShape::text},
    {"host.os.family", FieldShape::text},
    {"host.os.type", FieldShape::text},
    {"host.os.version", FieldShape::text},
    {"device.id", FieldShape::text},
    {"device.manufacturer", FieldShape::text},
    {"device.model.name", FieldShape::text},
    {"source.ip", FieldShape::ip},
    {"source.port", FieldShape::number},
    {"source.mac", FieldShape::text},
    {"source.bytes", FieldShape::number},
    {"source.packets", FieldShape::number},
    {"destination.ip", FieldShape::ip},
    {"destination.port", FieldShape::number},
    {"destination.domain", FieldShape::text},
    {"destination.registered_domain", FieldShape::text},
    {"destination.bytes", FieldShape::number},
    {"destination.packets", FieldShape::number},
    {"destination.as.number", FieldShape::number},
    {"destination.as.organization.name", FieldShape::text},
    {"destination.geo.country_iso_code", FieldShape::text},
    {"network.type", FieldShape::text},
    {"network.transport", FieldShape::text},
    {"network.iana_number", FieldShape::text},
    {"network.protocol", FieldShape::text},
    {"network.community_id", FieldShape::text},
    {"network.direction", FieldShape::text},
    {"network.bytes", FieldShape::number},
    {"network.packets", FieldShape::number},
    {"tls.client.server_name", FieldShape::text},
    {"tls.client.ja3", FieldShape::text},
    {"rule.id", FieldShape::text},
    {"rule.name", FieldShape::text},
    {"rule.description", FieldShape::text},
    {"url.domain", FieldShape::text},
    {"url.path", FieldShape::text},
    {"related.ip", FieldShape::ip, true},
    {"related.hosts", FieldShape::text, true},
    {"related.hash", FieldShape::text, true},
};

}  // namespace telltale::samples
