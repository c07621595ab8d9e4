// Dirties a set of pages at a set rate, with content that can be verified after the machine has moved.
// Page: noise that follows from its number, with the count of its touches at its start, middle and end.
#include "guest.h"
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

#define PAGES_PER_MIB 256
#define SPARE_KIB (24 << 10) // left to the kernel when the wanted set does not fit

atomic_long dirty_rate;
atomic_ullong dirty_pages;
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER; // guards all below
static uint32_t *pages, *touches;
static size_t page_count;

static uint32_t expected_word(size_t page, unsigned word) {
    if (word == 0 || word == BLOCK_WORDS / 2 || word == BLOCK_WORDS - 1) return touches[page] * (word + 1);
    return mix((uint32_t)page * 0x9e3779b9u ^ word);
}

static long fit_mib(long wanted_mib) {
    FILE *file = fopen("/proc/meminfo", "r");
    char line[128];
    long free_kib = -1;
    while (file && free_kib < 0 && fgets(line, sizeof line, file)) sscanf(line, "MemAvailable: %ld", &free_kib);
    if (file) fclose(file);
    long most_mib = (free_kib - SPARE_KIB) / 1024;
    if (wanted_mib < 0 || most_mib < 0) return 0;
    return wanted_mib < most_mib ? wanted_mib : most_mib;
}

static void drop_pages(void) {
    if (pages) munmap(pages, page_count * BLOCK_BYTES);
    free(touches);
    pages = touches = NULL;
    page_count = 0;
}

void set_working_set(long mib) {
    pthread_mutex_lock(&lock);
    drop_pages();
    size_t wanted = (size_t)fit_mib(mib) * PAGES_PER_MIB;
    void *memory = wanted ? mmap(NULL, wanted * BLOCK_BYTES, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0) : MAP_FAILED;
    touches = wanted ? calloc(wanted, sizeof *touches) : NULL;
    if (memory != MAP_FAILED && touches) {
        pages = memory;
        page_count = wanted;
        for (size_t page = 0; page < page_count; page++)
            for (unsigned word = 0; word < BLOCK_WORDS; word++) pages[page * BLOCK_WORDS + word] = expected_word(page, word);
    }
    pthread_mutex_unlock(&lock);
}

long working_set_mib(void) { return (long)(page_count / PAGES_PER_MIB); }

static void touch(size_t page) {
    uint32_t *words = pages + page * BLOCK_WORDS;
    touches[page]++;
    words[0] = expected_word(page, 0);
    words[BLOCK_WORDS / 2] = expected_word(page, BLOCK_WORDS / 2);
    words[BLOCK_WORDS - 1] = expected_word(page, BLOCK_WORDS - 1);
}

static void *dirty_for_ever(void *unused) {
    size_t at = 0;
    uint64_t credit = 0, last_ms; // credit: pages times 1000
    set_working_set(command_line_number("leea.ws", 64));
    last_ms = monotonic_ms();
    for (;;) {
        sleep_ms(2);
        uint64_t now = monotonic_ms(), passed_ms = now - last_ms > 50 ? 50 : now - last_ms;
        long rate = atomic_load(&dirty_rate);
        last_ms = now;
        credit += rate > 0 ? passed_ms * (uint64_t)rate * PAGES_PER_MIB : 0;
        pthread_mutex_lock(&lock);
        if (!page_count || rate <= 0) credit = 0;
        for (; credit >= 1000; credit -= 1000) {
            at = at + 1 < page_count ? at + 1 : 0;
            touch(at);
            atomic_fetch_add(&dirty_pages, 1);
        }
        pthread_mutex_unlock(&lock);
    }
    return unused;
}

void start_memory_dirtier(void) {
    atomic_store(&dirty_rate, command_line_number("leea.dirty", 10));
    start_thread(dirty_for_ever, NULL);
}

void verify_memory(struct answer *answer) {
    size_t bad = 0, checked;
    pthread_mutex_lock(&lock);
    checked = page_count;
    for (size_t page = 0; page < page_count; page++) {
        bool good = true;
        for (unsigned word = 0; word < BLOCK_WORDS; word++) good = good && pages[page * BLOCK_WORDS + word] == expected_word(page, word);
        if (!good) bad++;
    }
    pthread_mutex_unlock(&lock);
    add(answer, "\"memory\":{\"checked\":%zu,\"bad\":%zu}", checked, bad);
}
