// TCP: 7001 only the guest talks, 7002 both talk, 7003 gives the ledger, 80 gives one line.
// One thread a connection; a connection lives until its peer ends it, however long the silence.
#include "guest.h"
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#define TICK_MS 20

struct talker {
    uint16_t port;
    void (*talk)(int fd); // closes fd
};
struct caller {
    int fd;
    void (*talk)(int fd);
};

static void tick(int fd) {
    uint64_t next_ms = monotonic_ms();
    char line[64];
    for (uint64_t counter = 1;; counter++) {
        int size = snprintf(line, sizeof line, "%llu %llu\n", (unsigned long long)counter, (unsigned long long)monotonic_ms());
        if (send(fd, line, (size_t)size, MSG_NOSIGNAL) != size) break;
        wait_for_tick(&next_ms, TICK_MS);
    }
    close(fd);
}

static void echo(int fd) {
    char bytes[2048];
    ssize_t got;
    while ((got = read(fd, bytes, sizeof bytes)) > 0)
        if (send(fd, bytes, (size_t)got, MSG_NOSIGNAL) != got) break;
    close(fd);
}

// A browser or curl gets HTTP, a bare connection the line alone.
static void greet(int fd) {
    char request[1024] = "", text[256];
    struct pollfd wait = {.fd = fd, .events = POLLIN};
    bool http = poll(&wait, 1, 200) > 0 && read(fd, request, sizeof request - 1) > 0 && !strncmp(request, "GET ", 4);
    const char *head = http ? "HTTP/1.0 200 OK\r\nContent-Type: text/plain\r\nConnection: close\r\n\r\n" : "";
    int size = snprintf(text, sizeof text, "%sleea guest %s\n", head, boot_id);
    if (send(fd, text, (size_t)size, MSG_NOSIGNAL) == size) shutdown(fd, SHUT_WR);
    close(fd);
}

static void *serve_caller(void *argument) {
    struct caller caller = *(struct caller *)argument;
    free(argument);
    caller.talk(caller.fd);
    return NULL;
}

static int listen_on(uint16_t port) {
    struct sockaddr_in here = {.sin_family = AF_INET, .sin_port = htons(port)};
    int yes = 1, fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &yes, sizeof yes);
    if (bind(fd, (struct sockaddr *)&here, sizeof here) || listen(fd, 32)) {
        printf("LEEA-GUEST-ERROR port %u\n", port);
        exit(1);
    }
    return fd;
}

static void *accept_for_ever(void *argument) {
    const struct talker *talker = argument;
    int yes = 1, fd = listen_on(talker->port);
    for (;;) {
        int peer = accept4(fd, NULL, NULL, SOCK_CLOEXEC);
        struct caller *caller = peer < 0 ? NULL : malloc(sizeof *caller);
        if (!caller) {
            if (peer >= 0) close(peer);
            sleep_ms(20);
            continue;
        }
        setsockopt(peer, IPPROTO_TCP, TCP_NODELAY, &yes, sizeof yes);
        *caller = (struct caller){peer, talker->talk};
        start_thread(serve_caller, caller);
    }
    return NULL;
}

void start_talkers(void) {
    static struct talker talkers[] = {{7001, tick}, {7002, echo}, {7003, dump_ledger}, {80, greet}};
    for (unsigned i = 0; i < sizeof talkers / sizeof *talkers; i++) start_thread(accept_for_ever, &talkers[i]);
}
