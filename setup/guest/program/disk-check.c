// Reads disks back and compares them with the ledger; gives the ledger to whoever asks.
// Takes a disk's lock for one chunk at a time, so that a check never silences the writer for long.
#include "guest.h"
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#define CHUNK_BLOCKS 16u

struct tally {
    uint64_t checked, bad, blank;
};
typedef void judge(struct disk *disk, uint32_t lba, const uint32_t *words, struct tally *tally);

// An acknowledged block holds its acknowledged write, or a later one that was issued.
static void judge_by_ledger(struct disk *disk, uint32_t lba, const uint32_t *words, struct tally *tally) {
    struct block_name found;
    if (!disk->acked[lba]) return;
    tally->checked++;
    bool whole = words && read_block_name(words, &found);
    if (whole && found.disk == disk->index && found.lba == lba && found.seq >= disk->acked[lba] && found.seq <= disk->issued[lba]) return;
    if (tally->bad++ < 5) printf("LEEA-GUEST-ERROR %s bad block %u\n", disk->name, lba);
}

// Without a ledger (an earlier boot wrote it): blank, or exactly what its header says.
static void judge_by_header(struct disk *disk, uint32_t lba, const uint32_t *words, struct tally *tally) {
    struct block_name found;
    uint32_t any = 0;
    for (unsigned i = 0; words && i < BLOCK_WORDS; i++) any |= words[i];
    if (words && !any) tally->blank++;
    else if (words && read_block_name(words, &found) && found.disk == disk->index && found.lba == lba) tally->checked++;
    else tally->bad++;
}

static struct tally check_disk(struct disk *disk, judge *judge) {
    struct tally tally = {0};
    uint32_t *chunk = aligned_alloc(BLOCK_BYTES, CHUNK_BLOCKS * BLOCK_BYTES);
    for (uint32_t first = 0; chunk && first < disk->blocks; first += CHUNK_BLOCKS) {
        uint32_t count = disk->blocks - first < CHUNK_BLOCKS ? disk->blocks - first : CHUNK_BLOCKS;
        pthread_mutex_lock(&disk->lock);
        ssize_t got = pread(disk->fd, chunk, count * BLOCK_BYTES, (off_t)first * BLOCK_BYTES);
        for (uint32_t i = 0; i < count; i++) {
            bool read = got >= (ssize_t)((i + 1) * BLOCK_BYTES);
            judge(disk, first + i, read ? chunk + i * BLOCK_WORDS : NULL, &tally);
        }
        pthread_mutex_unlock(&disk->lock);
    }
    free(chunk);
    return tally;
}

static void check_disks(struct answer *answer, judge *judge, bool blanks) {
    add(answer, "\"disks\":[");
    for (unsigned i = 0; i < atomic_load(&disk_count); i++) {
        struct tally tally = check_disk(&disks[i], judge);
        add(answer, "%s{\"name\":\"%s\",\"checked\":%llu,\"bad\":%llu", i ? "," : "", disks[i].name,
            (unsigned long long)tally.checked, (unsigned long long)tally.bad);
        if (blanks) add(answer, ",\"blank\":%llu", (unsigned long long)tally.blank);
        add(answer, "}");
    }
    add(answer, "]");
}

void verify_disks(struct answer *answer) { check_disks(answer, judge_by_ledger, false); }

void survey_disks(struct answer *answer) { check_disks(answer, judge_by_header, true); }

static void dump_disk(struct disk *disk, FILE *out) {
    uint64_t *acked = malloc(disk->blocks * sizeof *acked);
    if (!acked) return;
    pthread_mutex_lock(&disk->lock);
    for (uint32_t lba = 0; lba < disk->blocks; lba++) acked[lba] = disk->acked[lba];
    pthread_mutex_unlock(&disk->lock);
    for (uint32_t lba = 0; lba < disk->blocks; lba++)
        if (acked[lba]) fprintf(out, "%u %u %llu\n", disk->index, lba, (unsigned long long)acked[lba]);
    free(acked);
}

void dump_ledger(int fd) {
    FILE *out = fdopen(fd, "w");
    if (!out) {
        close(fd);
        return;
    }
    for (unsigned i = 0; i < atomic_load(&disk_count); i++) dump_disk(&disks[i], out);
    fclose(out);
}
