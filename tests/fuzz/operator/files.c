// SPDX-License-Identifier: GPL-2.0
/*
 * Everything else that takes a descriptor or a path: none of it may change the
 * tree, and most has no one errno that it must give.
 */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/fanotify.h>
#include <sys/file.h>
#include <sys/inotify.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/select.h>
#include <sys/sendfile.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <sys/xattr.h>
#include <unistd.h>
#include <linux/bpf.h>
#include <linux/bpffs.h>
#include <linux/openat2.h>
#include "operator.h"

int slots[NR_SLOTS] = { -1, -1, -1, -1, -1, -1, -1, -1 };
bool in_crowd;

/* Lines for any file; those that would load, attach or set come after "". */
static const char * const lines[] = {
	"", "\n", "#\n", "log_level: 1\n", "0: 7\n", "1: null\n", "7\n", "[1, 2, 3]\n",
	"{\"x\": 1, \"y\": -2}\n", "0: {\"left\": 3}\n", "\"x\": \"y\"\n", "nobody\n", "0: 1", "{",
	"\"", "\xff\xfe\n", "0: 99999999999999999999\n", ": : :\n", "0: 1\n1: 2\n2: 3\nbad\n",
	NULL,
	"*\n", "on_fsync\n", "on_kprobe: \"kprobe/do_truncate\"\n", "limit: 5\n",
	"maps.counts.max_entries: 9\n", "progs.on_fsync.autoload: false\n",
	"maps.typed.record: \"struct record\"\n",
};

static const char *pick_line(void)
{
	unsigned int harmless = 0;

	while (lines[harmless])
		harmless++;
	if (!in_crowd)
		return lines[pick(harmless)];
	return lines[pick(ARRAY_SIZE(lines))] ?: "";
}

void keep_open(int fd)
{
	int *slot = &slots[pick(NR_SLOTS)];

	if (*slot >= 0)
		close(*slot);
	*slot = fd;
}

void close_slots(void)
{
	int i;

	for (i = 0; i < NR_SLOTS; i++) {
		if (slots[i] >= 0)
			close(slots[i]);
		slots[i] = -1;
	}
}

static char buffer[65536];

/* No memory is there. */
static void *nowhere(void)
{
	return (void *)(1UL + pick(4000));
}

static void do_read(int fd)
{
	struct iovec vec[2] = {
		{ buffer, pick(300) }, { buffer + 512, pick(5000) },
	};

	switch (pick(5)) {
	case 0:
		read(fd, buffer, pick(sizeof(buffer)));
		break;
	case 1:
		pread(fd, buffer, pick(4096), pick(2) ? pick(10000) : INT64_MAX - pick(9));
		break;
	case 2:
		readv(fd, vec, 2);
		break;
	case 3:
		preadv2(fd, vec, 2, pick(500) - 1L, 1 << pick(6));
		break;
	default:
		read(fd, nowhere(), 100);
	}
}

static void do_write(int fd)
{
	const char *text = pick_line();
	struct iovec vec[2] = {
		{ (void *)text, strlen(text) }, { (void *)"\n", 1 },
	};

	switch (pick(5)) {
	case 0:
	case 1:
		write(fd, text, strlen(text));
		break;
	case 2:
		pwrite(fd, text, strlen(text), pick(2) ? pick(100) : INT64_MAX - pick(9));
		break;
	case 3:
		writev(fd, vec, 2);
		break;
	default:
		write(fd, nowhere(), 100);
	}
}

static void do_move_bytes(int fd)
{
	int other = slots[pick(NR_SLOTS)], pipes[2];
	const char *text = pick_line();
	off_t at = pick(100);

	if (pipe2(pipes, O_NONBLOCK | O_CLOEXEC))
		return;
	switch (pick(4)) {
	case 0:
		splice(fd, NULL, pipes[1], NULL, 1 + pick(5000), SPLICE_F_NONBLOCK);
		splice(pipes[0], NULL, in_crowd ? other : -1, NULL, 5000, SPLICE_F_NONBLOCK);
		break;
	case 1:
		write(pipes[1], text, strlen(text));
		splice(pipes[0], NULL, fd, NULL, 1 + strlen(text), SPLICE_F_NONBLOCK);
		break;
	case 2:
		sendfile(pipes[1], fd, pick(2) ? &at : NULL, 3000);
		break;
	default:
		/* A file of size 0 has nothing to give this way, nor has a pipe. */
		copy_file_range(fd, NULL, other, NULL, 4096, 0);
	}
	close(pipes[0]);
	close(pipes[1]);
}

static void do_seek(int fd)
{
	static const int whences[] = { SEEK_SET, SEEK_CUR, SEEK_END, SEEK_DATA, SEEK_HOLE, 77 };
	static const off_t offsets[] = { 0, 1, -1, 100, 1 << 20, INT64_MAX, INT64_MIN };

	lseek(fd, offsets[pick(ARRAY_SIZE(offsets))], whences[pick(ARRAY_SIZE(whences))]);
}

static void do_sizes(int fd)
{
	if (pick(2))
		ftruncate(fd, pick(3));
	else
		fallocate(fd, pick(2) ? FALLOC_FL_PUNCH_HOLE | FALLOC_FL_KEEP_SIZE : 0, 0, 4096);
}

static void do_list(int fd)
{
	lseek(fd, pick(30), SEEK_SET);
	syscall(SYS_getdents64, fd, buffer, 24 + pick(2000));
	if (pick(2))
		lseek(fd, 0, SEEK_SET);
	syscall(SYS_getdents64, fd, buffer, sizeof(buffer));
}

static void do_attributes(int fd)
{
	struct statvfs fs;
	struct statx stx;
	struct stat st;

	fstat(fd, &st);
	fstatvfs(fd, &fs);
	statx(fd, "", AT_EMPTY_PATH, ~0U >> 1, &stx);
	flistxattr(fd, buffer, pick(100));
	fgetxattr(fd, "user.x", buffer, 10);
	fgetxattr(fd, "security.selinux", buffer, 10);
	fsetxattr(fd, "user.x", "y", 1, 0);
	fsetxattr(fd, "security.capability", buffer, 20, 0);
	fsetxattr(fd, "system.posix_acl_access", buffer, 44, 0);
	fremovexattr(fd, "trusted.x");
}

static void do_wait(int fd)
{
	struct pollfd poll_fd = { .fd = fd, .events = POLLIN | POLLOUT | POLLPRI };
	struct epoll_event event = { .events = EPOLLIN | EPOLLET };
	struct timeval soon = {};
	int epoll;
	fd_set set;

	poll(&poll_fd, 1, 0);
	if (fd >= 0 && fd < FD_SETSIZE) {
		FD_ZERO(&set);
		FD_SET(fd, &set);
		select(fd + 1, &set, NULL, NULL, &soon);
	}
	epoll = epoll_create1(EPOLL_CLOEXEC);
	if (!epoll_ctl(epoll, EPOLL_CTL_ADD, fd, &event))
		epoll_wait(epoll, &event, 1, 0);
	close(epoll);
}

static void do_map(int fd)
{
	static const int protections[] = {
		PROT_READ, PROT_WRITE, PROT_READ | PROT_WRITE, PROT_EXEC,
	};
	int protection = protections[pick(ARRAY_SIZE(protections))];
	void *at;
	size_t size = 4096 << pick(2);

	at = mmap(NULL, size, protection, pick(2) ? MAP_SHARED : MAP_PRIVATE, fd,
		  4096 * pick(2));
	if (at == MAP_FAILED)
		return;
	madvise(at, size, MADV_DONTNEED);
	munmap(at, size);
}

/* A descriptor for bpf(2), and what may be done with it. */
static void use_native(int native)
{
	union bpf_attr attr;
	char path[PATH_SIZE];
	unsigned int key = pick(4);

	memset(&attr, 0, sizeof(attr));
	attr.map_fd = native;
	attr.key = (unsigned long)&key;
	attr.value = (unsigned long)buffer;
	memset(buffer, 0, 64);
	syscall(SYS_bpf, pick(2) ? BPF_MAP_UPDATE_ELEM : BPF_MAP_LOOKUP_ELEM, &attr, sizeof(attr));
	pick_any_path(path);
	memset(&attr, 0, sizeof(attr));
	attr.pathname = (unsigned long)path;
	attr.bpf_fd = native;
	if (!syscall(SYS_bpf, BPF_OBJ_PIN, &attr, sizeof(attr)))
		wrong("bpf(2) pinned something at %s", path);
	do_map(native);
	close(native);
}

static void do_ioctl(int fd)
{
	static const unsigned int commands[] = {
		BPFFS_IOC_GET_FD, BPFFS_IOC_GET_FD, 0, ~0U, FIONREAD, FIOCLEX, BPFFS_IOC_GET_FD + 1,
		BPFFS_IOC_GET_FD ^ 0x80000000U,
	};
	unsigned int command = commands[pick(ARRAY_SIZE(commands))];
	int got = ioctl(fd, command, buffer);

	if (command == BPFFS_IOC_GET_FD && got >= 0)
		use_native(got);
}

static void do_control(int fd)
{
	struct flock lock = { .l_type = pick(2) ? F_RDLCK : F_WRLCK, .l_len = 10 };

	switch (pick(6)) {
	case 0:
		fcntl(fd, F_SETFL, O_NONBLOCK | (pick(2) ? O_APPEND : O_DIRECT));
		fcntl(fd, F_SETFL, O_NONBLOCK);
		break;
	case 1:
		fcntl(fd, F_SETLK, &lock);
		break;
	case 2:
		flock(fd, LOCK_EX | LOCK_NB);
		break;
	case 3:
		fcntl(fd, F_SETLEASE, pick(2) ? F_RDLCK : F_WRLCK);
		fcntl(fd, F_SETLEASE, F_UNLCK);
		break;
	case 4:
		fsync(fd);
		fdatasync(fd);
		syncfs(fd);
		posix_fadvise(fd, 0, 0, pick(6));
		readahead(fd, 0, 4096);
		break;
	default:
		/* Closing one of two ends no line and no object. */
		close(dup(fd));
	}
}

static void do_from_dir(int fd)
{
	struct open_how how = {
		.flags = O_RDONLY | O_NONBLOCK | O_CLOEXEC,
		.resolve = pick(0x40),
	};
	static const char * const names[] = { "load", "log", "maps", "..", "a", "on_fsync", "" };
	const char *name = names[pick(ARRAY_SIZE(names))];
	int got = syscall(SYS_openat2, fd, name, &how, pick(8) ? sizeof(how) : pick(64));

	/* An open directory below hooks/ is not forgotten, as the model has it. */
	if (got >= 0 && in_crowd)
		keep_open(got);
	else if (got >= 0)
		close(got);
	fchdir(fd);
	getcwd(buffer, sizeof(buffer));
}

static void do_watch(int fd)
{
	struct fanotify_event_metadata event;
	char path[PATH_SIZE];
	int notify;

	pick_any_path(path);
	notify = inotify_init1(IN_NONBLOCK | IN_CLOEXEC);
	inotify_add_watch(notify, path, IN_ALL_EVENTS);
	lstat(path, &(struct stat) {});
	inotify_rm_watch(notify, pick(3));
	read(notify, buffer, sizeof(buffer));
	close(notify);
	notify = fanotify_init(FAN_CLASS_NOTIF | FAN_NONBLOCK | FAN_CLOEXEC, O_RDONLY);
	if (notify < 0)
		return;
	fanotify_mark(notify, FAN_MARK_ADD | (pick(2) ? FAN_MARK_MOUNT : 0),
		      FAN_OPEN | FAN_CLOSE | FAN_MODIFY, AT_FDCWD, path);
	close(open(path, O_RDONLY | O_NONBLOCK | O_CLOEXEC));
	/* An event brings a descriptor along. */
	if (read(notify, &event, sizeof(event)) == sizeof(event) && event.fd >= 0)
		close(event.fd);
	close(notify);
}

static void do_odd_paths(int fd)
{
	char path[PATH_SIZE], procfd[32];
	struct file_handle *handle = (void *)buffer;
	struct stat st;
	int mount;

	pick_any_path(path);
	handle->handle_bytes = 64;
	name_to_handle_at(AT_FDCWD, path, handle, &mount, 0);
	readlink(path, buffer, 100);
	listxattr(path, buffer, 100);
	lsetxattr(path, "user.x", "y", 1, 0);
	/* A second name for what may have none left. */
	snprintf(procfd, sizeof(procfd), "/proc/self/fd/%d", fd);
	if (in_crowd)
		linkat(AT_FDCWD, procfd, AT_FDCWD, path, AT_SYMLINK_FOLLOW);
	if (!stat(procfd, &st))
		close(open(procfd, O_RDWR | O_NONBLOCK | O_CLOEXEC));
	if (!syscall(SYS_execveat, -1, path, NULL, NULL, 0))
		wrong("%s was run", path);
	open(path, O_TMPFILE | O_RDWR, 0600);
}

static void do_close(int fd)
{
	int i = pick(NR_SLOTS);

	if (slots[i] >= 0)
		close(slots[i]);
	slots[i] = -1;
}

static void (* const on_files[])(int fd) = {
	do_read, do_read, do_read, do_write, do_write, do_write, do_move_bytes, do_move_bytes,
	do_seek, do_sizes, do_list, do_attributes, do_wait, do_map, do_ioctl, do_ioctl,
	do_control, do_from_dir, do_watch, do_odd_paths, do_close,
};

void file_operation(void)
{
	unsigned int n = pick(ARRAY_SIZE(on_files)), slot = pick(NR_SLOTS);
	static int home = -1;

	if (home < 0)
		home = open(".", O_PATH | O_DIRECTORY | O_CLOEXEC);
	doing("file operation %u on slot %u", n, slot);
	become(as_alice);
	on_files[n](slots[slot]);
	become(false);
	fchdir(home);
}
