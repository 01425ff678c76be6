/* Writes down what a process writes under one folder and what it makes durable, so that a test can make
 * the disk that a power loss would leave: what was synced, and chance for the rest. Loaded by LD_PRELOAD.
 *
 *   POWER_LOSS_FOLDER   absolute path of the folder
 *   POWER_LOSS_LOG      the log; every record is one append, so many processes may share it
 *   POWER_LOSS_LIES     when set, syncs are answered and not written down: a disk that lies
 *
 * A write is written down after it was done and a sync before and after: durable is what was written
 * down before a sync began that ended. What goes through mmap is not seen (SQLite's -shm, which is
 * rebuilt).
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/types.h>
#include <sys/uio.h>
#include <unistd.h>

enum kind { CREATE = 1, WRITE, TRUNCATE, SYNC_BEGINS, SYNC_ENDS, RENAME, UNLINK, LINK, MKDIR };

struct record {
  uint64_t kind;
  uint64_t file;   /* inode */
  uint64_t token;  /* of a sync */
  uint64_t offset; /* or the new length */
  uint64_t first;  /* length of the first path */
  uint64_t second; /* length of the second path, or of the data */
};

#define MOST_FILES 65536
static _Atomic char ours[MOST_FILES];
static char folder[PATH_MAX];
static size_t folder_length;
static int log_file = -1;
static int lies;
static _Atomic uint64_t syncs;

#define REAL(name) \
  static __typeof__(name) *real; \
  if (!real) real = (__typeof__(name) *)dlsym(RTLD_NEXT, #name)

__attribute__((constructor)) static void begin(void) {
  const char *given = getenv("POWER_LOSS_FOLDER"), *log = getenv("POWER_LOSS_LOG");
  if (!given || !log || !realpath(given, folder)) return;
  folder_length = strlen(folder);
  lies = getenv("POWER_LOSS_LIES") != NULL;
  int opened = open(log, O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC, 0666);
  /* Out of the way of programs that count their descriptors from below. */
  log_file = fcntl(opened, F_DUPFD_CLOEXEC, 900);
  close(opened);
}

static int within(const char *path) {
  return log_file >= 0 && strncmp(path, folder, folder_length) == 0 &&
         (path[folder_length] == '/' || path[folder_length] == 0);
}

static void note(struct record record, const char *first, const void *second) {
  struct iovec parts[3] = {
      {&record, sizeof record}, {(void *)first, record.first}, {(void *)second, record.second}};
  static ssize_t (*real)(int, const struct iovec *, int);
  if (!real) real = (ssize_t(*)(int, const struct iovec *, int))dlsym(RTLD_NEXT, "writev");
  size_t whole = sizeof record + record.first + record.second;
  if (real(log_file, parts, 3) != (ssize_t)whole) abort();
}

/* The folder of a name is resolved, the name itself is not: it may be gone. */
static int resolve(int at, const char *path, char *into) {
  char whole[PATH_MAX], *name;
  if (path[0] != '/' && at != AT_FDCWD) {
    char link[64];
    int length = snprintf(link, sizeof link, "/proc/self/fd/%d", at);
    if (length < 0) return 0;
    ssize_t read = readlink(link, whole, sizeof whole - 2);
    if (read < 0) return 0;
    whole[read] = '/';
    strncpy(whole + read + 1, path, sizeof whole - (size_t)read - 2);
    whole[sizeof whole - 1] = 0;
  } else {
    strncpy(whole, path, sizeof whole - 1);
    whole[sizeof whole - 1] = 0;
  }
  name = strrchr(whole, '/');
  if (!name) {
    if (!getcwd(into, PATH_MAX)) return 0;
    name = whole;
  } else {
    *name++ = 0;
    if (!realpath(whole[0] ? whole : "/", into)) return 0;
  }
  size_t length = strlen(into);
  if (length + strlen(name) + 2 > PATH_MAX) return 0;
  into[length] = '/';
  strcpy(into + length + 1, name);
  return within(into);
}

static uint64_t inode(int file) {
  struct stat about;
  return fstat(file, &about) == 0 ? about.st_ino : 0;
}

static int is_ours(int file) { return file >= 0 && file < MOST_FILES && ours[file]; }

static int opened(int file, int flags, int existed) {
  if (file < 0 || file >= MOST_FILES || log_file < 0) return file;
  int saved = errno;
  char link[64], path[PATH_MAX];
  snprintf(link, sizeof link, "/proc/self/fd/%d", file);
  ssize_t length = readlink(link, path, sizeof path - 1);
  if (length > 0) {
    path[length] = 0;
    ours[file] = within(path) && !(length > 4 && strcmp(path + length - 4, "-shm") == 0);
    if (ours[file] && (flags & O_CREAT) && !existed)
      note((struct record){CREATE, inode(file), 0, 0, (uint64_t)length, 0}, path, NULL);
    else if (ours[file] && (flags & O_TRUNC))
      note((struct record){TRUNCATE, inode(file), 0, 0, 0, 0}, NULL, NULL);
  }
  errno = saved;
  return file;
}

static int existed(int at, const char *path, int flags) {
  struct stat about;
  int saved = errno, found = !(flags & O_CREAT) || fstatat(at, path, &about, 0) == 0;
  errno = saved;
  return found;
}

#define MODE(flags, mode) \
  if ((flags) & (O_CREAT | O_TMPFILE)) { \
    va_list more; \
    va_start(more, flags); \
    mode = va_arg(more, mode_t); \
    va_end(more); \
  }

int open(const char *path, int flags, ...) {
  mode_t mode = 0;
  MODE(flags, mode)
  REAL(open);
  int there = existed(AT_FDCWD, path, flags);
  return opened(real(path, flags, mode), flags, there);
}

int open64(const char *path, int flags, ...) {
  mode_t mode = 0;
  MODE(flags, mode)
  REAL(open64);
  int there = existed(AT_FDCWD, path, flags);
  return opened(real(path, flags, mode), flags, there);
}

int openat(int at, const char *path, int flags, ...) {
  mode_t mode = 0;
  MODE(flags, mode)
  REAL(openat);
  int there = existed(at, path, flags);
  return opened(real(at, path, flags, mode), flags, there);
}

int openat64(int at, const char *path, int flags, ...) {
  mode_t mode = 0;
  MODE(flags, mode)
  REAL(openat64);
  int there = existed(at, path, flags);
  return opened(real(at, path, flags, mode), flags, there);
}

int close(int file) {
  REAL(close);
  if (file >= 0 && file < MOST_FILES) ours[file] = 0;
  return real(file);
}

static ssize_t wrote(int file, const void *data, ssize_t written, off_t offset) {
  if (written <= 0 || !is_ours(file)) return written;
  int saved = errno;
  note((struct record){WRITE, inode(file), 0, (uint64_t)offset, 0, (uint64_t)written}, NULL, data);
  errno = saved;
  return written;
}

ssize_t write(int file, const void *data, size_t length) {
  REAL(write);
  ssize_t written = real(file, data, length);
  if (!is_ours(file)) return written;
  return wrote(file, data, written, lseek(file, 0, SEEK_CUR) - written);
}

ssize_t pwrite(int file, const void *data, size_t length, off_t offset) {
  REAL(pwrite);
  return wrote(file, data, real(file, data, length, offset), offset);
}

ssize_t pwrite64(int file, const void *data, size_t length, off64_t offset) {
  REAL(pwrite64);
  return wrote(file, data, real(file, data, length, offset), offset);
}

static ssize_t wrote_parts(int file, const struct iovec *parts, int count, ssize_t written, off_t offset) {
  ssize_t left = written;
  for (int part = 0; part < count && left > 0; part++) {
    ssize_t here = left < (ssize_t)parts[part].iov_len ? left : (ssize_t)parts[part].iov_len;
    wrote(file, parts[part].iov_base, here, offset);
    offset += here;
    left -= here;
  }
  return written;
}

ssize_t writev(int file, const struct iovec *parts, int count) {
  REAL(writev);
  ssize_t written = real(file, parts, count);
  if (!is_ours(file)) return written;
  return wrote_parts(file, parts, count, written, lseek(file, 0, SEEK_CUR) - written);
}

ssize_t pwritev(int file, const struct iovec *parts, int count, off_t offset) {
  REAL(pwritev);
  return wrote_parts(file, parts, count, real(file, parts, count, offset), offset);
}

ssize_t pwritev64(int file, const struct iovec *parts, int count, off64_t offset) {
  REAL(pwritev64);
  return wrote_parts(file, parts, count, real(file, parts, count, offset), offset);
}

static int truncated(int file, int done, off_t length) {
  if (done == 0 && is_ours(file))
    note((struct record){TRUNCATE, inode(file), 0, (uint64_t)length, 0, 0}, NULL, NULL);
  return done;
}

int ftruncate(int file, off_t length) {
  REAL(ftruncate);
  return truncated(file, real(file, length), length);
}

int ftruncate64(int file, off64_t length) {
  REAL(ftruncate64);
  return truncated(file, real(file, length), length);
}

/* By a name, as PostgreSQL shortens tables. */
int truncate(const char *path, off_t length) {
  REAL(truncate);
  struct stat about;
  char whole[PATH_MAX];
  int done = real(path, length);
  if (done == 0 && resolve(AT_FDCWD, path, whole) && stat(path, &about) == 0)
    note((struct record){TRUNCATE, about.st_ino, 0, (uint64_t)length, 0, 0}, NULL, NULL);
  return done;
}

int posix_fallocate(int file, off_t offset, off_t length) {
  REAL(posix_fallocate);
  struct stat before;
  int known = is_ours(file) && fstat(file, &before) == 0, done = real(file, offset, length);
  if (done == 0 && known && before.st_size < offset + length) truncated(file, 0, offset + length);
  return done;
}

static uint64_t sync_begins(int file) {
  if (!is_ours(file) || lies) return 0;
  uint64_t token = ((uint64_t)getpid() << 32) | (++syncs & 0xffffffff);
  note((struct record){SYNC_BEGINS, inode(file), token, 0, 0, 0}, NULL, NULL);
  return token;
}

static int sync_ends(int file, uint64_t token, int done) {
  int saved = errno;
  if (done == 0 && token) note((struct record){SYNC_ENDS, inode(file), token, 0, 0, 0}, NULL, NULL);
  errno = saved;
  return done;
}

int fsync(int file) {
  REAL(fsync);
  uint64_t token = sync_begins(file);
  return sync_ends(file, token, real(file));
}

int fdatasync(int file) {
  REAL(fdatasync);
  uint64_t token = sync_begins(file);
  return sync_ends(file, token, real(file));
}

static void renamed(int from_at, const char *from, int to_at, const char *to, int done, uint64_t kind) {
  char first[PATH_MAX], second[PATH_MAX];
  int saved = errno;
  if (done == 0 && resolve(from_at, from, first) && resolve(to_at, to, second))
    note((struct record){kind, 0, 0, 0, strlen(first), strlen(second)}, first, second);
  errno = saved;
}

int rename(const char *from, const char *to) {
  REAL(rename);
  int done = real(from, to);
  renamed(AT_FDCWD, from, AT_FDCWD, to, done, RENAME);
  return done;
}

int renameat(int from_at, const char *from, int to_at, const char *to) {
  REAL(renameat);
  int done = real(from_at, from, to_at, to);
  renamed(from_at, from, to_at, to, done, RENAME);
  return done;
}

int link(const char *from, const char *to) {
  REAL(link);
  int done = real(from, to);
  renamed(AT_FDCWD, from, AT_FDCWD, to, done, LINK);
  return done;
}

static int unlinked(int at, const char *path, int done) {
  char whole[PATH_MAX];
  int saved = errno;
  if (done == 0 && resolve(at, path, whole))
    note((struct record){UNLINK, 0, 0, 0, strlen(whole), 0}, whole, NULL);
  errno = saved;
  return done;
}

int unlink(const char *path) {
  REAL(unlink);
  return unlinked(AT_FDCWD, path, real(path));
}

int unlinkat(int at, const char *path, int flags) {
  REAL(unlinkat);
  return unlinked(at, path, real(at, path, flags));
}

int rmdir(const char *path) {
  REAL(rmdir);
  return unlinked(AT_FDCWD, path, real(path));
}

int mkdir(const char *path, mode_t mode) {
  REAL(mkdir);
  int done = real(path, mode), saved = errno;
  char whole[PATH_MAX];
  struct stat about;
  if (done == 0 && resolve(AT_FDCWD, path, whole) && stat(path, &about) == 0)
    note((struct record){MKDIR, about.st_ino, 0, 0, strlen(whole), 0}, whole, NULL);
  errno = saved;
  return done;
}
