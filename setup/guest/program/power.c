// Turning off: by command, or by the power button that QEMU's system_powerdown presses.
// Must never turn off with writes in flight that could still be acknowledged.
#include "guest.h"
#include <fcntl.h>
#include <glob.h>
#include <linux/input.h>
#include <poll.h>
#include <stdio.h>
#include <sys/reboot.h>
#include <unistd.h>

#define MAX_BUTTONS 8

static void *turn_off(void *argument) {
    uint64_t delay_ms = (uint64_t)(uintptr_t)argument;
    bool clean = stop_writing(10000);
    sync();
    printf("LEEA-GUEST-OFF clean=%d\n", clean);
    sleep_ms(delay_ms);
    reboot(RB_POWER_OFF);
    return NULL;
}

void power_off(uint64_t delay_ms) {
    static atomic_bool begun;
    if (!atomic_exchange(&begun, true)) start_thread(turn_off, (void *)(uintptr_t)delay_ms);
}

static unsigned open_inputs(struct pollfd *inputs) {
    glob_t found;
    unsigned count = 0;
    if (glob("/dev/input/event*", 0, NULL, &found)) return 0;
    for (size_t i = 0; i < found.gl_pathc && count < MAX_BUTTONS; i++) {
        int fd = open(found.gl_pathv[i], O_RDONLY | O_NONBLOCK | O_CLOEXEC);
        if (fd >= 0) inputs[count++] = (struct pollfd){.fd = fd, .events = POLLIN};
    }
    globfree(&found);
    return count;
}

static void *watch_buttons(void *unused) {
    struct pollfd inputs[MAX_BUTTONS];
    unsigned count;
    while (!(count = open_inputs(inputs))) sleep_ms(500);
    while (poll(inputs, count, -1) >= 0)
        for (unsigned i = 0; i < count; i++) {
            struct input_event event;
            while (read(inputs[i].fd, &event, sizeof event) == sizeof event)
                if (event.type == EV_KEY && event.code == KEY_POWER && event.value) power_off(0);
        }
    return unused;
}

void start_power_button(void) { start_thread(watch_buttons, NULL); }
