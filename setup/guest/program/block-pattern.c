// Content of a disk block: it follows from (disk, lba, sequence number) alone.
// Words, little endian: 0 magic, 1 disk, 2 lba, 3-4 sequence number, 5-1023 noise. provider/cli/story/ledger.ts holds
// the same generator: neither may change without the other.
#include "guest.h"
#include <string.h>

#define MAGIC 0x4145454cu // "LEEA"

// A 32-bit finalizer (multiply and shift): cheap in C and, with Math.imul, in JavaScript.
uint32_t mix(uint32_t value) {
    value ^= value >> 16;
    value *= 0x85ebca6bu;
    value ^= value >> 13;
    value *= 0xc2b2ae35u;
    return value ^ (value >> 16);
}

void fill_block(uint32_t *words, struct block_name name) {
    uint32_t low = (uint32_t)name.seq, high = (uint32_t)(name.seq >> 32);
    uint32_t state = mix(name.disk ^ mix(name.lba ^ mix(low ^ mix(high ^ MAGIC))));
    words[0] = MAGIC;
    words[1] = name.disk;
    words[2] = name.lba;
    words[3] = low;
    words[4] = high;
    for (unsigned i = 5; i < BLOCK_WORDS; i++) words[i] = mix(state += 0x9e3779b9u);
}

bool read_block_name(const uint32_t *words, struct block_name *found) {
    uint32_t expected[BLOCK_WORDS];
    found->disk = words[1];
    found->lba = words[2];
    found->seq = (uint64_t)words[4] << 32 | words[3];
    fill_block(expected, *found);
    return !memcmp(words, expected, BLOCK_BYTES);
}
