// Writes checksummed blocks at a set rate to each virtio disk and keeps the ledger of what is acknowledged.
// A block may be called acknowledged only after fdatasync has returned for it.
#include "guest.h"
#include <errno.h>
#include <fcntl.h>
#include <linux/fs.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <time.h>
#include <unistd.h>

#define FLUSH_EVERY 16
#define FLUSH_AFTER_MS 1000

struct disk disks[MAX_DISKS];
atomic_uint disk_count;
atomic_long write_rate = 100;
atomic_bool writing = true;

struct batch {
    struct block_name names[FLUSH_EVERY];
    unsigned used;
    uint64_t since_ms;
};

static void complain(struct disk *disk, const char *act) {
    if (atomic_fetch_add(&disk->errors, 1) < 5) printf("LEEA-GUEST-ERROR %s %s %s\n", disk->name, act, strerrorname_np(errno));
}

static void flush_batch(struct disk *disk, struct batch *batch) {
    if (!batch->used) return;
    if (fdatasync(disk->fd)) complain(disk, "fdatasync"); // not acknowledged: these blocks stay "issued"
    else {
        pthread_mutex_lock(&disk->lock);
        for (unsigned i = 0; i < batch->used; i++) disk->acked[batch->names[i].lba] = batch->names[i].seq;
        pthread_mutex_unlock(&disk->lock);
        atomic_fetch_add(&disk->acknowledged, batch->used);
    }
    batch->used = 0;
}

static void write_one(struct disk *disk, struct batch *batch, uint32_t *words) {
    uint64_t seq = disk->next_seq++;
    struct block_name name = {disk->index, mix((uint32_t)seq ^ disk->index) % disk->blocks, seq};
    fill_block(words, name);
    pthread_mutex_lock(&disk->lock);
    disk->issued[name.lba] = name.seq;
    bool good = pwrite(disk->fd, words, BLOCK_BYTES, (off_t)name.lba * BLOCK_BYTES) == BLOCK_BYTES;
    pthread_mutex_unlock(&disk->lock);
    if (!good) {
        complain(disk, "write");
        return;
    }
    atomic_fetch_add(&disk->written, 1);
    if (!batch->used) batch->since_ms = monotonic_ms();
    batch->names[batch->used++] = name;
}

static void *write_for_ever(void *argument) {
    struct disk *disk = argument;
    struct batch batch = {0};
    void *words = aligned_alloc(BLOCK_BYTES, BLOCK_BYTES);
    uint64_t credit_us = 0, last_ms = monotonic_ms();
    for (;;) {
        long rate = atomic_load(&write_rate);
        uint64_t now = monotonic_ms();
        if (!atomic_load(&writing) || rate <= 0 || !words) {
            flush_batch(disk, &batch);
            atomic_store(&disk->idle, true);
            sleep_ms(10);
            last_ms = monotonic_ms();
            continue;
        }
        atomic_store(&disk->idle, false);
        credit_us += (now - last_ms > 50 ? 50 : now - last_ms) * 1000; // a stall is not made up for
        last_ms = now;
        for (uint64_t cost_us = rate < 100000 ? 1000000 / (uint64_t)rate : 10; credit_us >= cost_us && atomic_load(&writing); credit_us -= cost_us) {
            write_one(disk, &batch, words);
            if (batch.used == FLUSH_EVERY) flush_batch(disk, &batch);
        }
        if (batch.used && now - batch.since_ms > FLUSH_AFTER_MS) flush_batch(disk, &batch);
        sleep_ms(2);
    }
    return NULL;
}

// Sequence numbers start from the time of day, so that a later boot's are higher and a ledger outlives its boot.
static uint64_t first_seq(void) {
    time_t now = time(NULL);
    return now > 0 ? (uint64_t)now * 1000000 : 1;
}

static bool open_disk(struct disk *disk, uint32_t index) {
    char path[32];
    snprintf(disk->name, sizeof disk->name, "vd%c", (char)('a' + index));
    snprintf(path, sizeof path, "/dev/%s", disk->name);
    int fd = open(path, O_RDWR | O_DIRECT | O_CLOEXEC);
    if (fd < 0) return false;
    if (ioctl(fd, BLKGETSIZE64, &disk->bytes) || disk->bytes < BLOCK_BYTES) {
        close(fd);
        return false;
    }
    disk->fd = fd;
    disk->index = index;
    disk->blocks = (uint32_t)((disk->bytes < REGION_BYTES ? disk->bytes : REGION_BYTES) / BLOCK_BYTES);
    disk->next_seq = first_seq();
    disk->acked = calloc(disk->blocks, sizeof *disk->acked);
    disk->issued = calloc(disk->blocks, sizeof *disk->issued);
    pthread_mutex_init(&disk->lock, NULL);
    return disk->acked && disk->issued;
}

static void *find_disks(void *unused) {
    (void)unused;
    for (;;) { // a disk plugged in later is found too
        uint32_t next = atomic_load(&disk_count);
        if (next < MAX_DISKS && open_disk(&disks[next], next)) {
            start_thread(write_for_ever, &disks[next]);
            atomic_store(&disk_count, next + 1);
            continue;
        }
        sleep_ms(1000);
    }
    return unused;
}

void start_disk_writers(void) {
    atomic_store(&write_rate, command_line_number("leea.write", 100));
    start_thread(find_disks, NULL);
}

bool stop_writing(uint64_t limit_ms) {
    uint64_t deadline_ms = monotonic_ms() + limit_ms;
    atomic_store(&writing, false);
    for (;;) {
        bool idle = true;
        for (unsigned i = 0; i < atomic_load(&disk_count); i++) idle = idle && atomic_load(&disks[i].idle);
        if (idle || monotonic_ms() > deadline_ms) return idle;
        sleep_ms(5);
    }
}
