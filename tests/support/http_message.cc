// SPDX-License-Identifier: Apache-2.0
#include "tests/support/http_message.h"

namespace telltale::support {
namespace {

void write_headers(ByteWriter& out, const HttpHeaders& headers) {
    for (const auto& [name, value] : headers) out.text(name).text(": ").text(value).text("\r\n");
}

}  // namespace

Bytes HttpRequest::bytes() const {
    ByteWriter out;
    out.text(method).text(" ").text(target).text(" HTTP/1.1\r\n");
    if (!host.empty()) out.text("Host: ").text(host).text("\r\n");
    if (!user_agent.empty()) out.text("User-Agent: ").text(user_agent).text("\r\n");
    write_headers(out, headers);
    if (!body.empty()) out.text("Content-Length: ").text(std::to_string(body.size())).text("\r\n");
    return out.text("\r\n").raw(body).take();
}

Bytes HttpResponse::bytes() const {
    ByteWriter out;
    out.text("HTTP/1.1 ").text(std::to_string(status)).text(" ").text(reason).text("\r\n");
    write_headers(out, headers);
    if (status != 204 && status != 304) {
        out.text("Content-Type: ").text(content_type).text("\r\n");
        out.text("Content-Length: ").text(std::to_string(body.size())).text("\r\n");
    }
    return out.text("\r\n").raw(body).take();
}

}  // namespace telltale::support
