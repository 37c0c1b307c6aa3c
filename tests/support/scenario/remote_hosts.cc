// SPDX-License-Identifier: Apache-2.0
#include <map>
#include <stdexcept>

#include "tests/support/scenario/catalogue.h"

namespace telltale::support {
namespace {

constexpr const char* kNobody = "unattributed";

std::vector<RemoteHost> xiaomi_hosts() {
    const std::string o = "xiaomi";
    return {
        {"api.account.xiaomi.com", o, "account", {}, {"42.62.48.30"}, 210},
        {"account.xiaomi.com", o, "account", {"account-sg.alb.xiaomi.com"}, {"161.117.71.70"}, 160},
        {"tracking.intl.miui.com",
         o,
         "telemetry",
         {"tracking-sgp.ap-southeast-1.elb.amazonaws.com"},
         {"52.220.131.242"},
         165,
         60},
        {"data.mistat.intl.xiaomi.com", o, "telemetry", {}, {"161.117.71.92"}, 160},
        {"api.ad.intl.xiaomi.com", o, "ads", {}, {"47.74.139.176"}, 158},
        {"update.intl.miui.com", o, "update", {"update.intl.miui.com.edgesuite.net"}, {"23.55.61.8"}, 12, 20},
        {"connect.rom.miui.com", o, "connectivity_check", {}, {"47.74.174.53"}, 158},
        {"api.device.xiaomi.net", o, "cloud_sync", {}, {"47.241.7.88"}, 160},
        {"app.chat.global.xiaomi.net",
         o,
         "push",
         {"fr-app-chat-global-xiaomi-net1.eu-central-1.elb.amazonaws.com"},
         {"3.127.176.74"},
         130},
        {"global.market.xiaomi.com", o, "store", {}, {"161.117.71.226"}, 160},
        {"sg.ott.io.mi.com", o, "other", {}, {"47.74.144.176"}, 162},
        {"sg.api.io.mi.com", o, "other", {}, {"161.117.71.233"}, 161},
        {"business.smartcamera.api.io.mi.com", o, "other", {}, {"124.251.58.90"}, 205},
    };
}

std::vector<RemoteHost> phone_maker_hosts() {
    return {
        {"connectivitycheck.platform.hicloud.com", "huawei", "connectivity_check", {}, {"159.138.84.97"}, 150},
        {"metrics-dra.dt.dbankcloud.cn", "huawei", "telemetry", {}, {"159.138.102.40"}, 152},
        {"logservice-dre.platform.dbankcloud.cn", "huawei", "telemetry", {}, {"80.158.20.114"}, 128},
        {"query.hicloud.com", "huawei", "other", {}, {"159.138.84.120"}, 150},
        {"adx-dre.op.hicloud.com", "huawei", "ads", {}, {"80.158.47.9"}, 128},
        {"capi.samsungcloud.com",
         "samsung",
         "cloud_sync",
         {"capi-ew1.eu-west-1.elb.amazonaws.com"},
         {"54.194.20.7"},
         120},
        {"bigdata.ssp.samsung.com", "samsung", "telemetry", {}, {"34.251.18.44"}, 121},
        {"api.omc.samsungdm.com", "samsung", "telemetry", {}, {"52.214.91.3"}, 122},
        {"connectivity.samsung.com.cn", "samsung", "connectivity_check", {}, {"54.223.160.2"}, 220},
        {"samsungapps.com", "samsung", "store", {"d1x2.cloudfront.net"}, {"18.66.112.8"}, 9},
        {"captive.apple.com", "apple", "connectivity_check", {"captive.g.aaplimg.com"}, {"17.253.57.201"}, 10},
        {"gsp4-cn.ls.apple.com", "apple", "location", {}, {"17.87.1.22"}, 60},
        {"xp.apple.com", "apple", "telemetry", {"xp.itunes-apple.com.akadns.net"}, {"17.36.202.5"}, 35},
        {"metrics.icloud.com", "apple", "telemetry", {}, {"17.248.147.75"}, 33},
        {"p42-contacts.icloud.com", "apple", "cloud_sync", {}, {"17.248.147.82", "2620:149:a44:1100::6"}, 33},
        {"mesu.apple.com", "apple", "update", {"mesu.g.aaplimg.com"}, {"17.253.57.205"}, 10},
        {"courier.push.apple.com", "apple", "push", {"courier-push-apple.com.akadns.net"}, {"17.57.146.20"}, 30},
        {"is1-ssl.mzstatic.com",
         "apple",
         "store",
         {"is-ssl.mzstatic.com.itunes-apple.com.akadns.net"},
         {"23.212.108.35"},
         12,
         60},
    };
}

std::vector<RemoteHost> platform_hosts() {
    return {
        {"connectivitycheck.gstatic.com",
         "google",
         "connectivity_check",
         {},
         {"142.250.193.67", "2404:6800:4009:80b::2003"},
         25},
        {"www.google.com", "google", "other", {}, {"142.250.193.68", "2404:6800:4009:80b::2004"}, 25},
        {"play.googleapis.com", "google", "telemetry", {}, {"142.250.193.74", "2404:6800:4009:80c::200a"}, 25},
        {"firebaselogging-pa.googleapis.com", "google", "telemetry", {}, {"142.250.193.106"}, 25},
        {"update.googleapis.com", "google", "update", {}, {"142.250.193.99"}, 25, 600},
        {"mtalk.google.com", "google", "push", {"mobile-gtalk.l.google.com"}, {"74.125.200.188"}, 45},
        {"www.youtube.com",
         "google",
         "other",
         {"youtube-ui.l.google.com"},
         {"142.250.193.78", "2404:6800:4009:80b::200e"},
         25},
        {"rr3---sn-cvh7knes.googlevideo.com",
         "google",
         "other",
         {"rr3.sn-cvh7knes.googlevideo.com"},
         {"74.125.13.8"},
         8},
        {"v10.vortex-win.data.microsoft.com",
         "microsoft",
         "telemetry",
         {"vortex.trafficmanager.net"},
         {"20.44.10.122"},
         60},
        {"settings-win.data.microsoft.com",
         "microsoft",
         "telemetry",
         {"settings-prod.trafficmanager.net"},
         {"51.104.136.2"},
         62},
        {"www.msftconnecttest.com",
         "microsoft",
         "connectivity_check",
         {"ncsi-geo.trafficmanager.net"},
         {"23.55.61.40"},
         11},
        {"outlook.office365.com",
         "microsoft",
         "other",
         {"ooc-g2.tm-4.office.com"},
         {"52.97.133.210", "2603:1046:c04:801::2"},
         70},
        {"ctldl.windowsupdate.com",
         "microsoft",
         "update",
         {"ctldl.windowsupdate.com.delivery.microsoft.com"},
         {"199.232.210.172"},
         14},
        {"login.microsoftonline.com", "microsoft", "account", {}, {"20.190.145.142"}, 60},
        {"graph.facebook.com",
         "meta",
         "telemetry",
         {"api.facebook.com"},
         {"157.240.16.17", "2a03:2880:f12f:83:face:b00c:0:50fb"},
         28},
        {"i.instagram.com",
         "meta",
         "other",
         {"instagram.c10r.instagram.com"},
         {"157.240.16.63", "2a03:2880:f22f:1e5:face:b00c:0:4420"},
         28},
        {"g.whatsapp.net", "meta", "other", {"chat.cdn.whatsapp.net"}, {"157.240.16.60"}, 28},
        {"www.amazon.com", "amazon", "other", {"tp.47cf2c8c9-frontier.amazon.com"}, {"52.94.236.248"}, 190},
    };
}

// Names that nobody in the signatures owns, and shared infrastructure.
std::vector<RemoteHost> other_hosts() {
    return {
        {"en.wikipedia.org",
         kNobody,
         "",
         {"dyna.wikimedia.org"},
         {"103.102.166.224", "2001:df2:e500:ed1a::1"},
         60,
         600},
        {"news.example.org", kNobody, "", {}, {"203.0.113.80"}, 90},
        {"portal.example.net", kNobody, "", {}, {"198.51.100.24"}, 30},
        {"mozilla.cloudflare-dns.com", kNobody, "", {}, {"162.159.61.4"}, 9},
        {"cloudflare-ech.com", kNobody, "", {}, {"104.18.10.118"}, 9},
        {"pool.ntp.org", kNobody, "", {}, {"162.159.200.123"}, 20, 130},
    };
}

std::map<std::string, RemoteHost, std::less<>> all_hosts() {
    std::map<std::string, RemoteHost, std::less<>> hosts;
    for (auto list : {xiaomi_hosts(), phone_maker_hosts(), platform_hosts(), other_hosts()})
        for (RemoteHost& host : list) hosts.emplace(host.name, std::move(host));
    return hosts;
}

}  // namespace

const RemoteHost& remote_host(std::string_view name) {
    static const auto hosts = all_hosts();
    const auto found = hosts.find(name);
    if (found == hosts.end()) throw std::out_of_range("no remote host " + std::string(name));
    return found->second;
}

}  // namespace telltale::support
