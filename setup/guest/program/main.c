// The test guest's program: writes disks, dirties memory, answers on the network, so that a move can be judged.
// Prints one line when ready and one every 10 s; the console must stay quiet otherwise.
#include "guest.h"
#include <signal.h>
#include <stdio.h>

atomic_ullong heartbeat;

static void *beat(void *unused) {
    uint64_t next_ms = monotonic_ms();
    for (;;) {
        wait_for_tick(&next_ms, 100);
        if (atomic_fetch_add(&heartbeat, 1) % 100 == 99) printf("LEEA-GUEST-BEAT %llu up=%llu\n", atomic_load(&heartbeat), (unsigned long long)monotonic_ms());
    }
    return unused;
}

static void *announce(void *unused) {
    char address[64];
    for (first_address(address, sizeof address); !*address; first_address(address, sizeof address)) sleep_ms(20);
    printf("LEEA-GUEST-READY boot=%s ip=%s\n", boot_id, address);
    return unused;
}

int main(void) {
    setvbuf(stdout, NULL, _IOLBF, 0);
    signal(SIGPIPE, SIG_IGN); // a peer that left in the middle of the ledger
    read_boot_facts();
    start_thread(beat, NULL);
    start_disk_writers();
    start_memory_dirtier();
    start_talkers();
    start_power_button();
    start_thread(announce, NULL);
    serve_control();
}
