// What the network lets this guest do: connect, ping, resolve, forge. Answers are JSON members.
// Every probe ends by itself within a few seconds; "no" is an answer, never an error of the guest.
#include "guest.h"
#include <arpa/inet.h>
#include <errno.h>
#include <netinet/ip.h>
#include <netinet/udp.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define CONNECT_LIMIT_MS 3000
#define FORGED_PORT 7009

static bool wait_until(int fd, short events, uint64_t deadline_ms) {
    uint64_t now = monotonic_ms();
    struct pollfd wait = {.fd = fd, .events = events};
    return now < deadline_ms && poll(&wait, 1, (int)(deadline_ms - now)) > 0;
}

// 0, or the errno that says why there is no connection.
static int connect_within(int fd, struct sockaddr_in *to, uint64_t deadline_ms) {
    int error = 0;
    socklen_t size = sizeof error;
    if (!connect(fd, (struct sockaddr *)to, sizeof *to)) return 0;
    if (errno != EINPROGRESS) return errno;
    if (!wait_until(fd, POLLOUT, deadline_ms)) return ETIMEDOUT;
    getsockopt(fd, SOL_SOCKET, SO_ERROR, &error, &size);
    return error;
}

void probe_connect(const char *address, const char *port, struct answer *answer) {
    struct sockaddr_in to = {.sin_family = AF_INET, .sin_port = htons((uint16_t)atoi(port))};
    uint64_t deadline_ms = monotonic_ms() + CONNECT_LIMIT_MS;
    char first[65] = "";
    int error = EINVAL, fd = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    if (inet_pton(AF_INET, address, &to.sin_addr) == 1) error = connect_within(fd, &to, deadline_ms);
    if (!error && wait_until(fd, POLLIN, deadline_ms) && read(fd, first, sizeof first - 1) < 0) error = errno;
    close(fd);
    if (error) add(answer, "\"connected\":false,\"error\":\"%s\"", strerrorname_np(error));
    else {
        add(answer, "\"connected\":true,\"data\":");
        add_json_string(answer, first);
    }
}

void probe_ping(const char *address, struct answer *answer) {
    char *argv[] = {"/bin/busybox", "ping", "-n", "-c", "3", "-W", "1", "--", (char *)address, NULL};
    char output[2048];
    int sent = 3, received = 0;
    run_program(argv, output, sizeof output, 6);
    const char *line = strstr(output, " packets transmitted");
    while (line && line > output && line[-1] != '\n') line--;
    if (line) sscanf(line, "%d packets transmitted, %d packets received", &sent, &received);
    add(answer, "\"sent\":%d,\"received\":%d", sent, received);
}

void probe_name(const char *name, struct answer *answer) {
    char *argv[] = {"/bin/busybox", "nslookup", (char *)name, NULL};
    char output[2048], *save = NULL;
    unsigned found = 0;
    // nslookup knows no "--", so a name that looks like an option is refused here
    int status = *name == '-' ? (output[0] = 0, -1) : run_program(argv, output, sizeof output, 6);
    char *body = strstr(output, "\n\n"); // above the empty line: the server itself
    add(answer, "\"addresses\":[");
    for (char *line = body ? strtok_r(body, "\n", &save) : NULL; line; line = strtok_r(NULL, "\n", &save)) {
        char text[64];
        if (sscanf(line, "Address: %63s", text) != 1 && sscanf(line, "Address %*d: %63s", text) != 1) continue;
        add(answer, "%s", found++ ? "," : "");
        add_json_string(answer, text);
    }
    add(answer, "]");
    if (!found) {
        add(answer, ",\"status\":%d,\"error\":", status);
        add_json_string(answer, output);
    }
}

void send_forged(const char *source, const char *target, struct answer *answer) {
    static const char text[] = "leea-forged";
    struct { struct iphdr ip; struct udphdr udp; char text[sizeof text]; } __attribute__((packed)) packet = {0};
    struct sockaddr_in to = {.sin_family = AF_INET};
    uint32_t from;
    if (inet_pton(AF_INET, source, &from) != 1 || inet_pton(AF_INET, target, &to.sin_addr) != 1) {
        add(answer, "\"sent\":0,\"error\":\"EINVAL\"");
        return;
    }
    packet.ip = (struct iphdr){.version = 4, .ihl = 5, .ttl = 64, .protocol = IPPROTO_UDP, .saddr = from, .daddr = to.sin_addr.s_addr, .tot_len = htons(sizeof packet)};
    packet.udp.source = packet.udp.dest = htons(FORGED_PORT);
    packet.udp.len = htons(sizeof packet - sizeof packet.ip); // checksum 0: none, legal for UDP over IPv4
    memcpy(packet.text, text, sizeof text);
    int fd = socket(AF_INET, SOCK_RAW | SOCK_CLOEXEC, IPPROTO_RAW);
    ssize_t sent = sendto(fd, &packet, sizeof packet, 0, (struct sockaddr *)&to, sizeof to);
    if (sent < 0) add(answer, "\"sent\":0,\"error\":\"%s\"", strerrorname_np(errno));
    else add(answer, "\"sent\":%zd,\"port\":%d", sent, FORGED_PORT);
    close(fd);
}
