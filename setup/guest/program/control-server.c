// UDP 7000: one text command a packet, one JSON answer. A command may open with "#ID ": then the answer does too,
// a repeated request is not carried out twice, and a lost answer is sent again. Must answer `status` whatever hangs.
#include "guest.h"
#include <errno.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

#define ANSWER_BYTES 8192
#define MAX_WORDS 5
#define REMEMBERED 32

struct request {
    char id[40], text[512], answer[ANSWER_BYTES];
    size_t answer_bytes; // 0 while it is being worked on
    struct sockaddr_in from;
    bool kept; // in the table of remembered requests, which owns it
};
static int control = -1;
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER; // guards the table
static struct request *remembered[REMEMBERED];
static unsigned next_slot;

static void add_status(struct answer *answer) {
    char address[64];
    first_address(address, sizeof address);
    add(answer, "\"bootId\":\"%s\",\"heartbeat\":%llu,\"uptimeMs\":%llu,\"address\":\"%s\",\"writing\":%s,\"writeRate\":%ld,\"disks\":[", boot_id,
        atomic_load(&heartbeat), (unsigned long long)monotonic_ms(), address, atomic_load(&writing) ? "true" : "false", atomic_load(&write_rate));
    for (unsigned i = 0; i < atomic_load(&disk_count); i++) {
        struct disk *disk = &disks[i];
        add(answer, "%s{\"name\":\"%s\",\"bytes\":%llu,\"written\":%llu,\"acked\":%llu,\"errors\":%llu}", i ? "," : "", disk->name,
            (unsigned long long)disk->bytes, atomic_load(&disk->written), atomic_load(&disk->acknowledged), atomic_load(&disk->errors));
    }
    add(answer, "],\"dirty\":{\"rate\":%ld,\"workingSet\":%ld,\"pages\":%llu}", atomic_load(&dirty_rate), working_set_mib(), atomic_load(&dirty_pages));
}

static void add_program_text(struct answer *answer, const char *what) {
    char *argv[] = {"/bin/busybox", "ip", (char *)what, "show", NULL};
    char output[3000];
    run_program(argv, output, sizeof output, 3);
    add(answer, "\"text\":");
    add_json_string(answer, output);
}

static void set_writing(bool on, struct answer *answer) {
    bool clean = true;
    if (on) atomic_store(&writing, true);
    else clean = stop_writing(10000);
    add(answer, "\"clean\":%s,", clean ? "true" : "false");
    add_status(answer);
}

// Words beyond the last are "": a command that lacks a word finds an empty one.
static void carry_out(char *words[MAX_WORDS], struct answer *answer) {
    const char *command = words[0];
    if (!strcmp(command, "status")) add_status(answer);
    else if (!strcmp(command, "verify")) {
        verify_disks(answer);
        add(answer, ",");
        verify_memory(answer);
    } else if (!strcmp(command, "survey")) survey_disks(answer);
    else if (!strcmp(command, "write")) {
        atomic_store(&write_rate, atol(words[1]));
        add_status(answer);
    } else if (!strcmp(command, "dirty")) {
        atomic_store(&dirty_rate, atol(words[1]));
        if (*words[2] && atol(words[2]) != working_set_mib()) set_working_set(atol(words[2]));
        add_status(answer);
    } else if (!strcmp(command, "stop-writing")) set_writing(false, answer);
    else if (!strcmp(command, "start-writing")) set_writing(true, answer);
    else if (!strcmp(command, "connect")) probe_connect(words[1], words[2], answer);
    else if (!strcmp(command, "ping")) probe_ping(words[1], answer);
    else if (!strcmp(command, "resolve")) probe_name(words[1], answer);
    else if (!strcmp(command, "forge")) send_forged(words[1], words[2], answer);
    else if (!strcmp(command, "routes")) add_program_text(answer, "route");
    else if (!strcmp(command, "addresses")) add_program_text(answer, "address");
    else if (!strcmp(command, "poweroff")) {
        power_off(300); // time for this answer to leave
        add(answer, "\"off\":true");
    } else add(answer, "\"error\":\"unknown command\"");
}

static void *work(void *argument) {
    struct request *request = argument;
    struct answer answer = {.text = request->answer, .size = ANSWER_BYTES};
    char text[512], *words[MAX_WORDS], *save = NULL;
    snprintf(text, sizeof text, "%s", request->text);
    char *word = strtok_r(text, " \r\n", &save);
    for (unsigned i = 0; i < MAX_WORDS; i++) {
        words[i] = word ? word : "";
        if (word) word = strtok_r(NULL, " \r\n", &save);
    }
    if (*request->id) add(&answer, "#%s ", request->id);
    add(&answer, "{");
    carry_out(words, &answer);
    add(&answer, "}");
    pthread_mutex_lock(&lock);
    request->answer_bytes = answer.used;
    sendto(control, answer.text, answer.used, 0, (struct sockaddr *)&request->from, sizeof request->from);
    if (!request->kept) free(request);
    pthread_mutex_unlock(&lock);
    return NULL;
}

// True when the request is known: answered again if its answer is ready, left alone if it is being worked on.
static bool answer_again(const struct request *request) {
    for (unsigned i = 0; i < REMEMBERED && *request->id; i++) {
        struct request *known = remembered[i];
        if (!known || strcmp(known->id, request->id)) continue;
        if (known->answer_bytes) sendto(control, known->answer, known->answer_bytes, 0, (const struct sockaddr *)&request->from, sizeof request->from);
        return true;
    }
    return false;
}

static void remember(struct request *request) {
    struct request *oldest = remembered[next_slot];
    if (!*request->id) return;
    if (oldest && !oldest->answer_bytes) oldest->kept = false; // still at work: its own thread frees it
    else free(oldest);
    remembered[next_slot] = request;
    request->kept = true;
    next_slot = (next_slot + 1) % REMEMBERED;
}

static void take_packet(const char *packet, const struct sockaddr_in *from) {
    struct request *request = calloc(1, sizeof *request);
    int skip = 0;
    if (!request) return;
    request->from = *from;
    if (sscanf(packet, "#%39s %n", request->id, &skip) < 1) skip = 0;
    snprintf(request->text, sizeof request->text, "%s", packet + skip);
    pthread_mutex_lock(&lock);
    bool known = answer_again(request);
    if (!known) remember(request);
    pthread_mutex_unlock(&lock);
    if (known) free(request);
    else start_thread(work, request);
}

void serve_control(void) {
    struct sockaddr_in here = {.sin_family = AF_INET, .sin_port = htons(7000)};
    control = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
    if (bind(control, (struct sockaddr *)&here, sizeof here)) printf("LEEA-GUEST-ERROR control %s\n", strerrorname_np(errno));
    for (;;) {
        char packet[512];
        struct sockaddr_in from;
        socklen_t size = sizeof from;
        ssize_t got = recvfrom(control, packet, sizeof packet - 1, 0, (struct sockaddr *)&from, &size);
        if (got <= 0) continue;
        packet[got] = 0;
        take_packet(packet, &from);
    }
}
