// SPDX-License-Identifier: Apache-2.0
#include "tests/support/scenario/catalogue.h"

namespace telltale::support {
namespace {

const Bytes kAndroidParameters{1, 3, 6, 15, 26, 28, 51, 58, 59, 43, 114, 108};
const Bytes kAndroid10Parameters{1, 3, 6, 15, 26, 28, 51, 58, 59, 43};
const Bytes kAppleParameters{1, 121, 3, 6, 15, 108, 114, 119, 252};
const Bytes kAndroidOptions{61, 50, 54, 57, 60, 12, 55};
const Bytes kAppleOptions{55, 57, 61, 50, 51, 12};
const char* const kSafariMobile =
    "Mozilla/5.0 (iPhone; CPU iPhone OS 16_6 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/16.6 "
    "Mobile/15E148 Safari/604.1";

// Adds what every phone with Google's services does.
void add_google_habits(DeviceProfile& phone) {
    phone.habits.push_back({"connectivitycheck.gstatic.com", 3600, 20, 1, 0, 0, Wire::http, "/generate_204", 4});
    phone.habits.push_back({"play.googleapis.com", 1200, 40, 2, 2200, 900});
    phone.habits.push_back({"firebaselogging-pa.googleapis.com", 1500, 30, 1, 1800, 400});
    phone.habits.push_back({"www.youtube.com", 4200, 60, 4, 900, 14000});
    phone.habits.push_back({"i.instagram.com", 2700, 60, 4, 1400, 11000});
    phone.habits.push_back({"graph.facebook.com", 2400, 50, 2, 1600, 1200});
    phone.push.push_back({"mtalk.google.com", 5228, 900, true});
}

DeviceProfile redmi_note() {
    DeviceProfile p;
    p.maker = "xiaomi", p.model = "Redmi Note 9 Pro", p.os = "Android 10", p.device_class = "phone";
    p.mac_prefix = "a45590", p.host_name = "RedmiNote9Pro-RedmiNote", p.dhcp_vendor_class = "android-dhcp-10";
    p.dhcp_parameters = kAndroid10Parameters, p.dhcp_options = kAndroidOptions;
    p.user_agent = "Dalvik/2.1.0 (Linux; U; Android 10; Redmi Note 9 Pro MIUI/V12.0.3.0.QJZMIXM)";
    p.habits = {{"connect.rom.miui.com", 5400, 20, 1, 0, 0, Wire::http, "/generate_204", 3},
                {"tracking.intl.miui.com", 270, 15, 1, 1900, 350},
                {"data.mistat.intl.xiaomi.com", 900, 20, 1, 3400, 300},
                {"api.ad.intl.xiaomi.com", 1800, 40, 2, 1200, 6000},
                {"api.device.xiaomi.net", 2400, 30, 2, 2600, 800},
                {"update.intl.miui.com", 10800, 20, 1, 900, 3000},
                {"global.market.xiaomi.com", 5400, 40, 3, 1100, 9000},
                {"account.xiaomi.com", 7200, 20, 2, 1500, 1300}};
    p.push = {{"app.chat.global.xiaomi.net", 5222, 420, false}};
    add_google_habits(p);
    return p;
}

DeviceProfile huawei_phone() {
    DeviceProfile p;
    p.maker = "huawei", p.model = "P30 Pro", p.os = "Android 10", p.device_class = "phone";
    p.mac_prefix = "00464b", p.host_name = "HUAWEI_P30_Pro-9f13d2ee6f", p.dhcp_vendor_class = "HUAWEI:android:VOG";
    p.dhcp_parameters = kAndroid10Parameters, p.dhcp_options = kAndroidOptions;
    p.user_agent = "Dalvik/2.1.0 (Linux; U; Android 10; VOG-L29 Build/HUAWEIVOG-L29)";
    p.habits = {{"connectivitycheck.platform.hicloud.com", 5400, 20, 1, 0, 0, Wire::http, "/generate_204", 3},
                {"metrics-dra.dt.dbankcloud.cn", 600, 20, 1, 2800, 300},
                {"logservice-dre.platform.dbankcloud.cn", 1500, 25, 1, 4200, 300},
                {"query.hicloud.com", 1800, 30, 1, 1300, 1600},
                {"adx-dre.op.hicloud.com", 3600, 40, 2, 1100, 5200}};
    add_google_habits(p);
    return p;
}

DeviceProfile samsung_phone() {
    DeviceProfile p;
    p.maker = "samsung", p.model = "Galaxy S21", p.os = "Android 13", p.device_class = "phone";
    p.mac_prefix = "8425db", p.host_name = "Galaxy-S21", p.dhcp_vendor_class = "android-dhcp-13";
    p.dhcp_parameters = kAndroidParameters, p.dhcp_options = kAndroidOptions;
    p.user_agent =
        "Mozilla/5.0 (Linux; Android 13; SM-G991B) AppleWebKit/537.36 (KHTML, like Gecko) "
        "SamsungBrowser/21.0 Chrome/110.0.5481.154 Mobile Safari/537.36";
    p.habits = {{"connectivity.samsung.com.cn", 7200, 20, 1, 0, 0, Wire::http, "/generate_204", 3},
                {"bigdata.ssp.samsung.com", 800, 25, 1, 3100, 400},
                {"api.omc.samsungdm.com", 5400, 30, 1, 1000, 1200},
                {"capi.samsungcloud.com", 1800, 40, 3, 9000, 700},
                {"samsungapps.com", 7200, 40, 2, 900, 8000}};
    add_google_habits(p);
    return p;
}

DeviceProfile iphone() {
    DeviceProfile p;
    p.maker = "apple", p.model = "iPhone", p.os = "iOS 16", p.device_class = "phone";
    p.mac_prefix = "f01898", p.host_name = "iPhone", p.dhcp_parameters = kAppleParameters;
    p.dhcp_options = kAppleOptions, p.tcp = TcpStyle::apple, p.hello = HelloStyle::ios, p.user_agent = kSafariMobile;
    p.habits = {{"captive.apple.com", 5400, 20, 1, 0, 69, Wire::http, "/hotspot-detect.html", 2},
                {"xp.apple.com", 2700, 40, 1, 2400, 300},
                {"metrics.icloud.com", 5400, 30, 1, 1800, 300},
                {"p42-contacts.icloud.com", 1800, 40, 3, 2600, 2400},
                {"gsp4-cn.ls.apple.com", 3600, 30, 1, 700, 1500},
                {"mesu.apple.com", 14400, 20, 1, 500, 2600},
                {"is1-ssl.mzstatic.com", 5400, 60, 2, 600, 12000},
                {"i.instagram.com", 1500, 60, 4, 1300, 12000},
                {"g.whatsapp.net", 1800, 50, 3, 900, 1200}};
    p.push = {{"courier.push.apple.com", 5223, 900, true}};
    return p;
}

// A modern phone that shows a random address to every network.
DeviceProfile pixel() {
    DeviceProfile p;
    p.maker = "google", p.model = "Pixel 7", p.os = "Android 14", p.device_class = "phone";
    p.host_name = "Pixel-7", p.dhcp_vendor_class = "android-dhcp-14", p.dhcp_parameters = kAndroidParameters;
    p.dhcp_options = kAndroidOptions;
    p.user_agent = "Dalvik/2.1.0 (Linux; U; Android 14; Pixel 7 Build/UQ1A.240105.004)";
    add_google_habits(p);
    p.habits.push_back({"g.whatsapp.net", 1800, 50, 3, 900, 1200});
    p.habits.push_back({"en.wikipedia.org", 3600, 60, 3, 700, 9000});
    return p;
}

DeviceProfile windows_laptop() {
    DeviceProfile p;
    p.maker = "dell", p.model = "", p.os = "Windows 11", p.device_class = "computer";
    p.mac_prefix = "a4bb6d", p.host_name = "DESKTOP-4QK2P1M", p.dhcp_vendor_class = "MSFT 5.0";
    p.dhcp_parameters = {1, 3, 6, 15, 31, 33, 43, 44, 46, 47, 119, 121, 249, 252};
    p.dhcp_options = {61, 50, 54, 12, 81, 60, 55}, p.tcp = TcpStyle::windows, p.hello = HelloStyle::windows_schannel;
    p.user_agent = "Microsoft-CryptoAPI/10.0";
    p.habits = {{"www.msftconnecttest.com", 7200, 10, 1, 0, 22, Wire::http, "/connecttest.txt", 2},
                {"v10.vortex-win.data.microsoft.com", 600, 30, 1, 5200, 300},
                {"settings-win.data.microsoft.com", 3600, 20, 1, 900, 1900},
                {"outlook.office365.com", 300, 40, 2, 1800, 3600},
                {"login.microsoftonline.com", 7200, 20, 2, 2600, 4200},
                {"ctldl.windowsupdate.com", 10800, 30, 1, 0, 4800, Wire::http,
                 "/msdownload/update/v3/static/trustedr/en/disallowedcertstl.cab"},
                {"portal.example.net", 1200, 60, 5, 1100, 9000},
                {"www.google.com", 1800, 60, 4, 1200, 9000},
                {"news.example.org", 2400, 60, 2, 0, 8000, Wire::http, "/"}};
    return p;
}

DeviceProfile macbook() {
    DeviceProfile p;
    p.maker = "apple", p.model = "MacBook Air", p.os = "macOS 13", p.device_class = "computer";
    p.mac_prefix = "8c8590", p.host_name = "MacBook-Air", p.dhcp_parameters = kAppleParameters;
    p.dhcp_options = kAppleOptions, p.tcp = TcpStyle::apple, p.hello = HelloStyle::chrome;
    p.user_agent =
        "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/537.36 (KHTML, like Gecko) "
        "Chrome/131.0.0.0 Safari/537.36";
    p.habits = {{"captive.apple.com", 7200, 20, 1, 0, 69, Wire::http, "/hotspot-detect.html", 2},
                {"p42-contacts.icloud.com", 2400, 40, 3, 2600, 2400},
                {"xp.apple.com", 3600, 40, 1, 2400, 300},
                {"www.google.com", 900, 60, 4, 1200, 9000},
                {"www.youtube.com", 3600, 60, 5, 900, 16000},
                {"en.wikipedia.org", 1800, 60, 4, 700, 9000},
                {"www.amazon.com", 5400, 60, 4, 1500, 12000},
                {"news.example.org", 3000, 60, 2, 0, 8000, Wire::http, "/"}};
    p.push = {{"courier.push.apple.com", 5223, 900, true}};
    return p;
}

DeviceProfile camera() {
    DeviceProfile p;
    p.maker = "xiaomi", p.model = "chuangmi.camera.ipc009", p.os = "Linux", p.device_class = "camera";
    p.mac_prefix = "7811dc", p.host_name = "chuangmi_camera_ipc009", p.dhcp_vendor_class = "udhcp 1.24.1";
    p.dhcp_parameters = {1, 3, 6, 12, 15, 28, 40, 41, 42}, p.dhcp_options = {61, 50, 54, 57, 55, 60, 12};
    p.tcp = TcpStyle::embedded, p.hello = HelloStyle::embedded_mbedtls, p.ipv6 = false;
    p.habits = {{"sg.ott.io.mi.com", 300, 5, 1, 400, 200, Wire::tls, "/", 5},
                {"business.smartcamera.api.io.mi.com", 1200, 10, 4, 9000, 300},
                {"sg.api.io.mi.com", 1800, 10, 1, 900, 700}};
    return p;
}

DeviceProfile printer() {
    DeviceProfile p;
    p.maker = "hp", p.model = "LaserJet", p.os = "", p.device_class = "printer";
    p.mac_prefix = "3cd92b", p.host_name = "HPB00A12", p.dhcp_vendor_class = "Hewlett-Packard LaserJet";
    p.dhcp_parameters = {6, 3, 1, 15, 12, 44, 81, 69, 42, 43, 18, 66, 67, 150, 7};
    p.dhcp_options = {61, 12, 57, 60, 50, 54, 55}, p.tcp = TcpStyle::embedded, p.hello = HelloStyle::iot_openssl;
    p.ipv6 = false;
    return p;
}

DeviceProfile make_first_boot_phone() {
    DeviceProfile p;
    p.maker = "xiaomi", p.model = "Redmi 1S", p.os = "Android 4.3", p.device_class = "phone";
    p.mac_prefix = "8cbebe", p.host_name = "android-7c9b2a4416d0e35f", p.dhcp_vendor_class = "dhcpcd-5.5.6";
    p.dhcp_parameters = {1, 33, 3, 6, 15, 28, 51, 58, 59}, p.dhcp_options = {50, 54, 57, 60, 12, 55};
    p.hello = HelloStyle::android_kitkat, p.ipv6 = false;
    p.user_agent = "Dalvik/1.6.0 (Linux; U; Android 4.3; HM 1SW MIUI/JHCMIBH45.0)";
    p.habits = {{"account.xiaomi.com", 3600, 20, 1, 1300, 900}, {"www.google.com", 5400, 40, 2, 900, 5000}};
    return p;
}

DeviceProfile make_gateway() {
    DeviceProfile p;
    p.maker = "tplink", p.model = "", p.os = "Linux", p.device_class = "router", p.mac_prefix = "005f67";
    p.host_name = "gateway", p.tcp = TcpStyle::embedded;
    return p;
}

}  // namespace

std::span<const DeviceProfile> office_devices() {
    static const std::vector<DeviceProfile> devices{redmi_note(), huawei_phone(), samsung_phone(),
                                                    iphone(),     pixel(),        windows_laptop(),
                                                    macbook(),    camera(),       printer()};
    return devices;
}

const DeviceProfile& first_boot_phone() {
    static const DeviceProfile phone = make_first_boot_phone();
    return phone;
}

const DeviceProfile& gateway_profile() {
    static const DeviceProfile gateway = make_gateway();
    return gateway;
}

}  // namespace telltale::support
