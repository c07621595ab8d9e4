// Text of answers, and programs run to find them.
// A user's word must never reach a shell: programs get an argument list.
#include "guest.h"
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

void add(struct answer *answer, const char *format, ...) {
    va_list list;
    va_start(list, format);
    int wrote = vsnprintf(answer->text + answer->used, answer->size - answer->used, format, list);
    va_end(list);
    if (wrote > 0) answer->used += (size_t)wrote;
    if (answer->used >= answer->size) answer->used = answer->size - 1;
}

void add_json_string(struct answer *answer, const char *text) {
    add(answer, "\"");
    for (const unsigned char *at = (const unsigned char *)text; *at; at++) {
        if (*at == '"' || *at == '\\') add(answer, "\\%c", *at);
        else if (*at < 0x20 || *at > 0x7e) add(answer, "\\u%04x", *at);
        else add(answer, "%c", *at);
    }
    add(answer, "\"");
}

static void keep_output(int fd, char *output, size_t size, uint64_t deadline_ms) {
    size_t used = 0;
    char spill[256];
    for (;;) {
        uint64_t now = monotonic_ms();
        struct pollfd wait = {.fd = fd, .events = POLLIN};
        if (now >= deadline_ms || poll(&wait, 1, (int)(deadline_ms - now)) <= 0) break;
        bool full = used + 1 >= size;
        ssize_t got = read(fd, full ? spill : output + used, full ? sizeof spill : size - 1 - used);
        if (got <= 0) break;
        if (!full) used += (size_t)got;
    }
    output[used] = 0;
}

int run_program(char *const argv[], char *output, size_t size, int limit_s) {
    int ends[2], status = 0;
    output[0] = 0;
    if (pipe2(ends, O_CLOEXEC)) return -1;
    pid_t child = fork();
    if (child == 0) {
        dup2(ends[1], 1);
        dup2(ends[1], 2);
        execv(argv[0], argv);
        _exit(127);
    }
    close(ends[1]);
    if (child > 0) {
        keep_output(ends[0], output, size, monotonic_ms() + (uint64_t)limit_s * 1000);
        kill(child, SIGKILL); // a child that has ended keeps its own status
        waitpid(child, &status, 0);
    }
    close(ends[0]);
    return child > 0 && WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}
