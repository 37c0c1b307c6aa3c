# SPDX-License-Identifier: Apache-2.0
"""Capture files and packets, octet by octet: also those that no honest program would write."""
import socket
import struct

ETHERNET, RAW_IP, BLUETOOTH = 1, 101, 187  # link types as capture files name them
START = 1_772_524_800
PHONE = bytes.fromhex("8cbebe010203")
GATEWAY = bytes.fromhex("005f67040506")
BROADCAST = b"\xff" * 6


def pcap(frames, link=ETHERNET):
    """frames: (seconds after START, octets)."""
    content = struct.pack("<IHHiIII", 0xA1B2C3D4, 2, 4, 0, 0, 262144, link)
    for seconds, octets in frames:
        micros = round(seconds * 1e6)
        time = (START + micros // 1_000_000, micros % 1_000_000)
        content += struct.pack("<IIII", *time, len(octets), len(octets)) + octets
    return content


def _block(kind, body):
    body += b"\0" * (-len(body) % 4)
    return struct.pack("<II", kind, len(body) + 12) + body + struct.pack("<I", len(body) + 12)


def pcapng(frames, links=(ETHERNET,)):
    """frames: (seconds after START, octets) or (seconds, octets, interface)."""
    content = _block(0x0A0D0D0A, struct.pack("<IHHq", 0x1A2B3C4D, 1, 0, -1))
    for link in links:
        content += _block(1, struct.pack("<HHI", link, 0, 262144))
    for seconds, octets, *interface in frames:
        micros = START * 1_000_000 + round(seconds * 1e6)
        content += _block(6, struct.pack("<IIIII", interface[0] if interface else 0, micros >> 32, micros & 0xFFFFFFFF,
                                         len(octets), len(octets)) + octets)
    return content


def _checksum(octets):
    total = sum(struct.unpack(f"!{len(octets) // 2}H", octets))
    total = (total & 0xFFFF) + (total >> 16)
    return ~(total + (total >> 16)) & 0xFFFF


def ipv4(source, destination, protocol, payload):
    header = struct.pack("!BBHHHBBH4s4s", 0x45, 0, 20 + len(payload), 1, 0x4000, 64, protocol, 0,
                         socket.inet_aton(source), socket.inet_aton(destination))
    return header[:10] + struct.pack("!H", _checksum(header)) + header[12:] + payload


def ethernet(source, destination, packet, ether_type=0x0800):
    return destination + source + struct.pack("!H", ether_type) + packet


def udp(source, destination, sport, dport, payload):
    """Without checksum, which UDP over IPv4 allows."""
    return ipv4(source, destination, 17, struct.pack("!HHHH", sport, dport, 8 + len(payload), 0) + payload)


def tcp(source, destination, sport, dport, sequence, acknowledged, flags, payload=b""):
    header = struct.pack("!HHIIBBHHH", sport, dport, sequence, acknowledged, 0x50, flags, 65535, 0, 0)
    return ipv4(source, destination, 6, header + payload)


SYN, ACK, PSH, FIN = 2, 16, 8, 1


def tcp_session(client, server, sport, dport, request, start):
    """A connection from PHONE through GATEWAY that sends one request: (seconds, frame)s."""
    out = lambda *rest: ethernet(PHONE, GATEWAY, tcp(client, server, sport, dport, *rest))
    back = lambda *rest: ethernet(GATEWAY, PHONE, tcp(server, client, dport, sport, *rest))
    answer = b"HTTP/1.1 204 No Content\r\n\r\n"
    frames = [out(100, 0, SYN), back(900, 101, SYN | ACK), out(101, 901, ACK), out(101, 901, ACK | PSH, request),
              back(901, 101 + len(request), ACK | PSH, answer),
              out(101 + len(request), 901 + len(answer), ACK | FIN),
              back(901 + len(answer), 102 + len(request), ACK | FIN),
              out(102 + len(request), 902 + len(answer), ACK)]
    return [(start + i / 100, frame) for i, frame in enumerate(frames)]


def http_request(host, target, agent):
    return b"GET " + target + b" HTTP/1.1\r\nHost: " + host + b"\r\nUser-Agent: " + agent + b"\r\n\r\n"


def dhcp_request(mac, options):
    """options: (code, octets); a REQUEST that is broadcast."""
    message = struct.pack("!BBBBIHH16s16s64s128sI", 1, 1, 6, 0, 7, 0, 0, b"", mac, b"", b"", 0x63825363)
    for code, octets in ((53, b"\x03"), *options):
        message += bytes((code, len(octets))) + octets
    return ethernet(mac, BROADCAST, udp("0.0.0.0", "255.255.255.255", 68, 67, message + b"\xff"))


def dns_query(client, server, labels):
    name = b"".join(bytes((len(label),)) + label for label in labels) + b"\0"
    message = struct.pack("!HHHHHH", 7, 0x0100, 1, 0, 0, 0) + name + struct.pack("!HH", 1, 1)
    return ethernet(PHONE, GATEWAY, udp(client, server, 40000, 53, message))


def client_hello(name):
    """A TLS 1.2 ClientHello in one record with this server name."""
    server_name = struct.pack("!HBH", len(name) + 3, 0, len(name)) + name
    extensions = struct.pack("!HH", 0, len(server_name)) + server_name
    body = b"\x03\x03" + bytes(range(32)) + b"\0" + struct.pack("!HHH", 4, 0xC02F, 0x009C) + b"\1\0"
    body += struct.pack("!H", len(extensions)) + extensions
    message = b"\x01" + struct.pack("!I", len(body))[1:] + body
    return b"\x16\x03\x01" + struct.pack("!H", len(message)) + message
