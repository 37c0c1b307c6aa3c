// SPDX-License-Identifier: Apache-2.0
#include "exporters/prometheus/routes.h"

#include <algorithm>
#include <iterator>
#include <utility>

namespace telltale::prometheus_http {
namespace {

using Clock = std::chrono::steady_clock;

// Returns whether a Host header names loopback, or gives an address: a page of another site has that site's name there.
bool names_an_address(std::string_view host) {
    return host.empty() || host == "localhost" || host.starts_with('[') ||
           host.find_first_not_of("0123456789.") == std::string_view::npos;
}

HttpResponse state_answer(const std::function<Answer()>& hook) {
    const Answer state = hook ? hook() : Answer{true, "ok"};
    return plain_answer(state.ok ? 200 : 503, state.text);
}

}  // namespace

Routes::Routes(Hooks hooks, const ServerConfig& config, bool on_loopback)
    : hooks_(std::move(hooks)),
      credentials_(config.users),
      collectable_(hooks_.collect),
      on_loopback_(on_loopback),
      reload_secret_(config.reload_secret),
      reload_interval_(config.reload_interval) {}

HttpResponse Routes::answer(const HttpRequest& request) {
    if (on_loopback_ && !names_an_address(request.host)) {
        return plain_answer(421, "this sensor listens on loopback: ask for it by address, or as localhost");
    }
    const bool reloads = request.path == "/-/reload";
    // Who may read is not who may reload: that has a secret of its own.
    if (!reloads || reload_secret_.empty()) {
        if (auto refusal = refuse_stranger(request)) return *std::move(refusal);
    }
    const bool reads = request.method == "GET" || request.method == "HEAD";
    constexpr std::string_view kRead[] = {"/metrics", "/-/healthy", "/-/ready"};
    if (!reloads && std::find(std::begin(kRead), std::end(kRead), request.path) == std::end(kRead)) {
        return plain_answer(404, "there are GET /metrics, GET /-/healthy, GET /-/ready and POST /-/reload");
    }
    if (reloads ? request.method != "POST" : !reads) {
        HttpResponse refusal =
            plain_answer(405, reloads ? "reload with POST, as in: curl -X POST .../-/reload" : "use GET");
        refusal.header = reloads ? "Allow: POST" : "Allow: GET, HEAD";
        return refusal;
    }
    if (reloads) return reload(request);
    if (request.path == "/metrics") return scrape();
    return state_answer(request.path == "/-/healthy" ? hooks_.healthy : hooks_.ready);
}

std::optional<HttpResponse> Routes::refuse_stranger(const HttpRequest& request) {
    if (credentials_.empty()) return std::nullopt;
    switch (credentials_.check(request.authorization)) {
        case Credentials::Verdict::accepted: return std::nullopt;
        case Credentials::Verdict::busy: return plain_answer(429, "another password is being checked");
        case Credentials::Verdict::refused: break;
    }
    HttpResponse refusal = plain_answer(401, "a user and a password are needed");
    refusal.header = "WWW-Authenticate: Basic realm=\"telltale\"";
    return refusal;
}

HttpResponse Routes::scrape() {
    const std::lock_guard lock(scrape_mutex_);
    if (scraped_ == nullptr || Clock::now() - scraped_at_ >= kCollectInterval) {
        scraped_ = std::make_shared<const std::string>(to_text(collectable_));
        scraped_at_ = Clock::now();  // so that those who waited for it get it
    }
    return {200, kContentType, scraped_, {}};
}

HttpResponse Routes::reload(const HttpRequest& request) {
    // Browsers send the origin of a page that posts; Prometheus' tools and curl do not.
    if (request.from_web_page) return plain_answer(403, "web pages may not reload the configuration");
    if (!hooks_.reload) return plain_answer(404, "nothing can be reloaded");
    if (reload_secret_.empty()) {
        return plain_answer(403, "reload with SIGHUP (systemctl reload telltale), or set metrics.reload_secret_file");
    }
    if (!is_bearer_of(reload_secret_, request.authorization)) {
        HttpResponse refusal = plain_answer(401,
                                            "the secret in metrics.reload_secret_file is needed, as in: "
                                            "Authorization: Bearer SECRET");
        refusal.header = "WWW-Authenticate: Bearer realm=\"telltale\"";
        return refusal;
    }
    const std::unique_lock lock(reload_mutex_, std::try_to_lock);
    if (!lock.owns_lock()) return plain_answer(429, "it is being reloaded");
    if (Clock::now() < reload_again_at_) return plain_answer(429, "it was reloaded just now");
    const Answer done = hooks_.reload();
    reload_again_at_ = Clock::now() + reload_interval_;
    return plain_answer(done.ok ? 200 : 500, done.text);
}

}  // namespace telltale::prometheus_http
