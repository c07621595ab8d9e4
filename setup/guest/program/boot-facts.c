// What is fixed from boot on (boot id, command line), the clock and the first address.
// Must never block: the status answer needs all of it while disks hang.
#include "guest.h"
#include <arpa/inet.h>
#include <ifaddrs.h>
#include <net/if.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

char boot_id[40] = "unknown";
static char command_line[4096];

static void read_text(const char *path, char *text, size_t size) {
    FILE *file = fopen(path, "r");
    if (!file) return;
    size_t got = fread(text, 1, size - 1, file);
    text[got] = 0;
    text[strcspn(text, "\n")] = 0;
    fclose(file);
}

void read_boot_facts(void) {
    read_text("/proc/sys/kernel/random/boot_id", boot_id, sizeof boot_id);
    read_text("/proc/cmdline", command_line, sizeof command_line);
}

long command_line_number(const char *name, long fallback) {
    size_t length = strlen(name);
    for (const char *at = command_line; *at; at += strcspn(at, " "), at += strspn(at, " "))
        if (!strncmp(at, name, length) && at[length] == '=') return strtol(at + length + 1, NULL, 10);
    return fallback;
}

uint64_t monotonic_ms(void) {
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (uint64_t)now.tv_sec * 1000 + (uint64_t)now.tv_nsec / 1000000;
}

void sleep_ms(uint64_t ms) {
    struct timespec span = {.tv_sec = (time_t)(ms / 1000), .tv_nsec = (long)(ms % 1000) * 1000000};
    nanosleep(&span, NULL);
}

void wait_for_tick(uint64_t *next_ms, uint64_t period_ms) {
    uint64_t now = monotonic_ms();
    if (now < *next_ms) sleep_ms(*next_ms - now);
    *next_ms += period_ms;
    now = monotonic_ms();
    if (*next_ms < now) *next_ms = now;
}

void first_address(char *text, size_t size) {
    struct ifaddrs *list, *at;
    unsigned best = ~0u;
    text[0] = 0;
    if (getifaddrs(&list)) return;
    for (at = list; at; at = at->ifa_next) {
        if (!at->ifa_addr || at->ifa_addr->sa_family != AF_INET || (at->ifa_flags & IFF_LOOPBACK)) continue;
        unsigned index = if_nametoindex(at->ifa_name);
        if (index >= best) continue;
        best = index;
        inet_ntop(AF_INET, &((struct sockaddr_in *)(void *)at->ifa_addr)->sin_addr, text, (socklen_t)size);
    }
    freeifaddrs(list);
}

void start_thread(void *(*body)(void *), void *argument) {
    pthread_attr_t attributes;
    pthread_t thread;
    pthread_attr_init(&attributes);
    pthread_attr_setstacksize(&attributes, 256 << 10);
    pthread_attr_setdetachstate(&attributes, PTHREAD_CREATE_DETACHED);
    if (pthread_create(&thread, &attributes, body, argument)) {
        puts("LEEA-GUEST-ERROR no thread");
        exit(1);
    }
    pthread_attr_destroy(&attributes);
}
