// What the files of the test guest's one program share.
// The program writes to every virtio disk it finds: it must never run outside a test guest.
#ifndef LEEA_GUEST_H
#define LEEA_GUEST_H
#define _GNU_SOURCE
#include <pthread.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define BLOCK_BYTES 4096u
#define BLOCK_WORDS (BLOCK_BYTES / 4)
#define REGION_BYTES (64ull << 20)
#define MAX_DISKS 26

// ---- boot-facts.c: what is fixed from boot on, and the clock
extern char boot_id[40];
void read_boot_facts(void);
// The number after "NAME=" on the kernel's command line, or `fallback`.
long command_line_number(const char *name, long fallback);
uint64_t monotonic_ms(void);
void sleep_ms(uint64_t ms);
// Sleeps until `*next_ms`, then sets it one period on; a late caller skips ticks, it never bursts.
void wait_for_tick(uint64_t *next_ms, uint64_t period_ms);
// IPv4 address of the first network card as text, "" while it has none.
void first_address(char *text, size_t size);
// Starts a detached thread with a small stack; ends the program when it cannot.
void start_thread(void *(*body)(void *), void *argument);

// ---- answer.c: a bounded text that grows; too much text is cut, never overrun
struct answer {
    char *text;
    size_t used, size;
};
void add(struct answer *answer, const char *format, ...) __attribute__((format(printf, 2, 3)));
void add_json_string(struct answer *answer, const char *text);
// Runs a program without a shell, at most `limit_s` seconds, and keeps the start of its output. Gives its exit status, -1 if it did not start.
int run_program(char *const argv[], char *output, size_t size, int limit_s);

// ---- block-pattern.c: content that follows from its name, so that any reader can check it
struct block_name {
    uint32_t disk, lba;
    uint64_t seq;
};
void fill_block(uint32_t *words, struct block_name name);
// True when the block is, byte for byte, what its own header says that it is; the header goes to `found`.
bool read_block_name(const uint32_t *words, struct block_name *found);
uint32_t mix(uint32_t value);

// ---- disk-writer.c: one disk, its writer and its ledger
struct disk {
    char name[8];
    uint32_t index, blocks;
    int fd;
    uint64_t bytes, next_seq;
    uint64_t *acked, *issued; // by lba; 0 = never. Guarded by `lock`, which is held over each write.
    pthread_mutex_t lock;
    atomic_ullong written, acknowledged, errors;
    atomic_bool idle; // nothing is written and not yet acknowledged
};
extern struct disk disks[MAX_DISKS];
extern atomic_uint disk_count; // disks below it are set up for good
extern atomic_long write_rate; // blocks a second and disk
extern atomic_bool writing;
void start_disk_writers(void);
// Waits, at most `limit_ms`, until each writer has stopped and all it wrote is acknowledged.
bool stop_writing(uint64_t limit_ms);

// ---- disk-check.c
void verify_disks(struct answer *answer);
void survey_disks(struct answer *answer);
void dump_ledger(int fd);

// ---- memory-dirtier.c
extern atomic_long dirty_rate; // MiB a second
extern atomic_ullong dirty_pages;
void start_memory_dirtier(void);
void set_working_set(long mib);
long working_set_mib(void);
void verify_memory(struct answer *answer);

// ---- control-server.c, probes.c, talkers.c, power.c
extern atomic_ullong heartbeat;
void serve_control(void) __attribute__((noreturn));
void probe_connect(const char *address, const char *port, struct answer *answer);
void probe_ping(const char *address, struct answer *answer);
void probe_name(const char *name, struct answer *answer);
void send_forged(const char *source, const char *target, struct answer *answer);
void start_talkers(void);
void start_power_button(void);
// Stops the writers, makes all they wrote durable and turns the machine off `delay_ms` later.
void power_off(uint64_t delay_ms);

#endif
