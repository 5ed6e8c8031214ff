/* SPDX-License-Identifier: Apache-2.0 */
#include "warp/vdso.h"

#include "common/alloc.h"
#include "warp/inject.h"
#include "warp/machine.h"
#include "warp/memory.h"

#include <elf.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/auxv.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <unistd.h>

/* Where vdso.lds has put the address of the kernel's function. */
#define ORIGINAL_AT (VDSO_PAGE_BYTES - 8)

enum { KERNEL_VDSO_BYTES_MAX = 2 * VDSO_PAGE_BYTES };

/* The built vDSO, put into the program by the assembler. */
__asm__(".pushsection .rodata\n"
        "warp_vdso: .incbin \"" WARP_VDSO "\"\n"
        "warp_vdso_end: .byte 0\n"
        ".popsection\n");
extern const char warp_vdso[] __attribute__((visibility("hidden")));
extern const char warp_vdso_end[] __attribute__((visibility("hidden")));

/* ---- the kernel's vDSO, which is the same in every program ---- */

static const char *symbol_text(const char *image, const Elf64_Dyn *dynamic,
                               const Elf64_Sym **symbols, size_t *count)
{
    const char *text = NULL;

    for (; dynamic->d_tag != DT_NULL; dynamic++) {
        if (dynamic->d_tag == DT_STRTAB)
            text = image + dynamic->d_un.d_ptr;
        else if (dynamic->d_tag == DT_SYMTAB)
            *symbols = (const void *)(image + dynamic->d_un.d_ptr);
    }
    /* The names follow the symbols. */
    if (text == NULL || *symbols == NULL || text < (const char *)*symbols)
        return NULL;
    *count = (size_t)(text - (const char *)*symbols) / sizeof(Elf64_Sym);
    return text;
}

/* From the image's start; 0 = it has no such function. */
static uint64_t find_function(const char *image, const char *name)
{
    const Elf64_Ehdr *head = (const void *)image;
    const Elf64_Phdr *parts = (const void *)(image + head->e_phoff);
    const Elf64_Sym  *symbols = NULL;
    size_t            count = 0;
    const char       *text = NULL;

    for (size_t i = 0; i < head->e_phnum; i++)
        if (parts[i].p_type == PT_DYNAMIC)
            text = symbol_text(image, (const void *)(image + parts[i].p_offset),
                               &symbols, &count);
    for (size_t i = 0; text != NULL && i < count; i++)
        if (strcmp(text + symbols[i].st_name, name) == 0)
            return symbols[i].st_value;
    return 0;
}

/* The kernel answers from its vDSO without a system call. Where it does not,
 * the call would be shifted, and the vDSO would shift it again. */
static bool clock_is_fast(void)
{
    static const char *const fast[] = {"tsc", "kvm-clock",
                                       "hyperv_clocksource_tsc_page"};
    char                     text[64] = "";
    int     fd = open("/sys/devices/system/clocksource/clocksource0/"
                          "current_clocksource",
                      O_RDONLY | O_CLOEXEC);
    ssize_t got = fd < 0 ? 0 : read(fd, text, sizeof text - 1);

    if (fd >= 0)
        close(fd);
    text[got > 0 ? got : 0] = '\0';
    text[strcspn(text, "\n")] = '\0';
    for (size_t i = 0; i < sizeof fast / sizeof fast[0]; i++)
        if (strcmp(text, fast[i]) == 0)
            return true;
    return false;
}

static bool know_kernel_vdso(struct vdso *vdso)
{
    const char *image = (const char *)(uintptr_t)getauxval(AT_SYSINFO_EHDR);
    const char *found;

    if (image == NULL || !clock_is_fast())
        return false;
    vdso->clock_gettime = find_function(image, "__vdso_clock_gettime");
    found = memmem(image, KERNEL_VDSO_BYTES_MAX, machine_syscall_code,
                   MACHINE_SYSCALL_BYTES);
    vdso->syscall = found != NULL ? (uint64_t)(found - image) : 0;
    return vdso->clock_gettime != 0 && vdso->syscall != 0;
}

/* ---- the file ---- */

static bool write_vdso(int fd)
{
    size_t bytes = (size_t)(warp_vdso_end - warp_vdso);

    /* What the linker adds after the segment is not needed. */
    if (bytes > ORIGINAL_AT)
        bytes = ORIGINAL_AT;
    return pwrite(fd, warp_vdso, bytes, 0) == (ssize_t)bytes;
}

bool vdso_open(struct vdso *vdso, struct err *err)
{
    void *shift;

    *vdso = (struct vdso){.fd = memfd_create("retrial-clock", MFD_CLOEXEC)};
    if (vdso->fd < 0 || ftruncate(vdso->fd, 2 * VDSO_PAGE_BYTES) != 0)
        return err_set_errno(err, "warp", "no memory to share");
    shift = mmap(NULL, VDSO_PAGE_BYTES, PROT_READ | PROT_WRITE, MAP_SHARED,
                 vdso->fd, VDSO_PAGE_BYTES);
    if (shift == MAP_FAILED) {
        close(vdso->fd);
        return err_set_errno(err, "warp", "no memory to share");
    }
    vdso->shift = shift;
    if (!know_kernel_vdso(vdso) || !write_vdso(vdso->fd)) {
        close(vdso->fd);
        vdso->fd = -1;
    }
    return true;
}

void vdso_close(struct vdso *vdso)
{
    munmap(vdso->shift, VDSO_PAGE_BYTES);
    if (vdso->fd >= 0)
        close(vdso->fd);
}

/* ---- giving it ---- */

struct gift {
    pid_t    tid;
    uint64_t at; /* an instruction that makes a call */
    int     *status;
    bool     ended;
};

/* The call's result; below 0: it failed. */
static int64_t make(struct gift *gift, struct call call)
{
    int64_t result = -1;

    switch (inject_call(gift->tid, gift->at, &call, &result, gift->status)) {
    case INJECT_DONE:
        return result;
    case INJECT_ENDED:
        gift->ended = true;
        break;
    case INJECT_FAILED:
        break;
    }
    return -1;
}

static uint64_t map(struct gift *gift, uint64_t fd)
{
    const uint64_t    page = VDSO_PAGE_BYTES;
    const struct call both = {
        SYS_mmap, {0, 2 * page, PROT_READ | PROT_EXEC, MAP_PRIVATE, fd, 0}};
    int64_t ours = make(gift, both);

    if (ours <= 0 ||
        make(gift, (struct call){SYS_mmap,
                                 {(uint64_t)ours + page, page, PROT_READ,
                                  MAP_SHARED | MAP_FIXED, fd, page}}) <= 0)
        return 0;
    return (uint64_t)ours;
}

/* 0 = it could not be mapped. */
static uint64_t open_and_map(const struct vdso *vdso, struct gift *gift)
{
    char     path[64] = "";
    uint64_t at = machine_stack_room(gift->tid, sizeof path);
    int64_t  fd;
    uint64_t ours;

    snprintf(path, sizeof path, "/proc/%d/fd/%d", (int)getpid(), vdso->fd);
    if (!memory_write(gift->tid, at, path, sizeof path))
        return 0;
    fd = make(gift,
              (struct call){SYS_openat,
                            {(uint64_t)AT_FDCWD, at, O_RDONLY | O_CLOEXEC, 0}});
    if (fd < 0)
        return 0;
    ours = map(gift, (uint64_t)fd);
    make(gift, (struct call){SYS_close, {(uint64_t)fd}});
    return ours;
}

enum vdso_gift vdso_give(const struct vdso *vdso, pid_t tid, int *status)
{
    struct gift gift = {.tid = tid, .status = status};
    uint64_t    entry;
    uint64_t    kernels;
    uint64_t    ours = 0;

    if (!machine_find_vdso(tid, &entry, &kernels))
        return VDSO_HIDDEN;
    if (vdso->fd >= 0) {
        gift.at = kernels + vdso->syscall;
        ours = open_and_map(vdso, &gift);
    }
    if (gift.ended)
        return VDSO_ENDED;
    if (ours != 0 &&
        memory_poke(tid, ours + ORIGINAL_AT, kernels + vdso->clock_gettime) &&
        memory_poke(tid, entry + sizeof(uint64_t), ours))
        return VDSO_GIVEN;
    return memory_poke(tid, entry, AT_IGNORE) ? VDSO_HIDDEN : VDSO_REFUSED;
}
