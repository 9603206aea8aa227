// SPDX-License-Identifier: GPL-2.0
/*
 * Text that arrives in writes of any size and acts line by line.
 */
#include <linux/cred.h>
#include <linux/mm.h>
#include <linux/sched/signal.h>
#include <linux/slab.h>
#include <linux/uio.h>
#include "internal.h"

/* Of one write, this much is copied from the user at a time. */
#define CHUNK	(64U << 10)

/**
 * bpffs_lines_init() - prepare the input of one open file
 * @lines: input
 * @max: longest line to take, in bytes
 * @apply: what takes a line
 */
void bpffs_lines_init(struct bpffs_lines *lines, size_t max,
		      int (*apply)(struct file *file, const char *line,
				   size_t len, struct bpffs_diag *diag))
{
	memset(lines, 0, sizeof(*lines));
	mutex_init(&lines->lock);
	lines->max = max;
	lines->apply = apply;
}

/**
 * bpffs_lines_release() - drop what is left
 * @lines: input
 */
void bpffs_lines_release(struct bpffs_lines *lines)
{
	kvfree(lines->pending);
	mutex_destroy(&lines->lock);
}

static void reset(struct bpffs_lines *lines)
{
	lines->len = 0;
	memset(&lines->split, 0, sizeof(lines->split));
}

static int reserve(struct bpffs_lines *lines, size_t more, struct bpffs_diag *diag)
{
	size_t need = lines->len + more, cap;
	char *bigger;

	if (need > lines->max) {
		diag->line = lines->line + 1;
		diag->column = 1;
		return bpffs_diag(diag, -E2BIG, "a line longer than %zu bytes",
				  lines->max);
	}
	if (need <= lines->cap)
		return 0;
	cap = min(max_t(size_t, need, 2 * lines->cap), lines->max);
	bigger = kvmalloc(cap, GFP_KERNEL_ACCOUNT);
	if (!bigger)
		return bpffs_diag(diag, -ENOMEM, "out of memory");
	if (lines->len)
		memcpy(bigger, lines->pending, lines->len);
	kvfree(lines->pending);
	lines->pending = bigger;
	lines->cap = cap;
	return 0;
}

static int keep(struct bpffs_lines *lines, const char *text, size_t len,
		struct bpffs_diag *diag)
{
	int err = reserve(lines, len, diag);

	if (err)
		return err;
	memcpy(lines->pending + lines->len, text, len);
	lines->len += len;
	return 0;
}

/* Takes one complete line; the diag then counts lines from the file's begin. */
static int take(struct bpffs_lines *lines, struct file *file, const char *text,
		size_t len, struct bpffs_diag *diag)
{
	int err = lines->apply(file, text, len, diag);

	if (!err)
		return 0;
	if (!diag->err)
		bpffs_diag(diag, err, "this line cannot be taken (%pe)", ERR_PTR(err));
	diag->line = lines->line + (diag->line ? diag->line : 1);
	if (!diag->column)
		diag->column = 1;
	return err;
}

/* Sets *@done to the bytes of @text that were taken, whole lines or kept. */
static int take_chunk(struct bpffs_lines *lines, struct file *file,
		      const char *text, size_t len, size_t *done,
		      struct bpffs_diag *diag)
{
	size_t at = 0, n, line_len;
	const char *line;
	u32 newlines;
	int err = 0;

	for (*done = 0; at < len && !err; *done = at) {
		n = bpffs_split(&lines->split, text + at, len - at, &newlines);
		line = text + at;
		line_len = n;
		if (lines->len || !newlines) {
			err = keep(lines, line, n, diag);
			line = lines->pending;
			line_len = lines->len;
		}
		if (!err && newlines) {
			err = take(lines, file, line, line_len, diag);
			lines->len = 0;
		}
		if (err)
			break;
		lines->line += newlines;
		at += n;
		if (fatal_signal_pending(current))
			err = -EINTR;
		cond_resched();
	}
	if (err && *done < len)
		reset(lines);
	return err;
}

/**
 * bpffs_lines_write() - take what one write(2) brings
 * @lines: input of @file
 * @file: where it was written; its opener's credentials judge
 * @from: the bytes
 *
 * A refusal is in the directory's log when this returns.
 *
 * Return: bytes taken, up to the line that is refused if that is not the first
 * one; the caller's next attempt begins there and gets the errno. Else a
 * negative errno: what @lines->apply said, -E2BIG for a line over the limit,
 * -EFAULT, -ENOMEM, -EINTR.
 */
ssize_t bpffs_lines_write(struct bpffs_lines *lines, struct file *file,
			  struct iov_iter *from)
{
	struct bpffs_diag diag = {};
	const struct cred *old;
	size_t n, done = 0, part, pending;
	char *chunk;
	int err;

	if (!iov_iter_count(from))
		return 0;
	chunk = kvmalloc(min_t(size_t, iov_iter_count(from), CHUNK), GFP_KERNEL_ACCOUNT);
	if (!chunk) {
		err = bpffs_diag(&diag, -ENOMEM, "out of memory");
		goto tell;
	}
	err = mutex_lock_killable(&lines->lock);
	if (err)
		goto tell;
	WRITE_ONCE(lines->writer, task_tgid_nr(current));
	old = override_creds(file->f_cred);
	while (!err && (n = min_t(size_t, iov_iter_count(from), CHUNK))) {
		if (copy_from_iter(chunk, n, from) != n) {
			err = -EFAULT;
			break;
		}
		pending = lines->len;
		err = take_chunk(lines, file, chunk, n, &part, &diag);
		/* A line that is refused may have begun in a chunk before. */
		if (err && !part)
			done -= min(done, pending);
		done += part;
	}
	revert_creds(old);
	mutex_unlock(&lines->lock);
tell:
	if (err)
		bpffs_log_error_at(file, &diag);
	kvfree(chunk);
	return done ? done : err;
}

/*
 * Of a writer that was killed nobody knows whether what it wrote is all of a line:
 * "1: 20" may be the half of "1: 200". In its exit code a process has the signal
 * that killed it; a thread that only goes because the others do has theirs.
 */
static bool writer_was_killed(const struct bpffs_lines *lines)
{
	return current->flags & PF_EXITING && current->exit_code & 0x7f &&
	       READ_ONCE(lines->writer) == task_tgid_nr(current);
}

/* The last line, which has no newline. */
static int take_rest(struct bpffs_lines *lines, struct file *file, struct bpffs_diag *diag)
{
	const struct cred *old;
	int err;

	if (!lines->len)
		return 0;
	if (writer_was_killed(lines)) {
		err = bpffs_diag(diag, -EINTR, "its writer was killed before it ended this line");
		diag->line = lines->line + 1;
		diag->column = 1;
	} else {
		old = override_creds(file->f_cred);
		err = take(lines, file, lines->pending, lines->len, diag);
		revert_creds(old);
	}
	reset(lines);
	return err;
}

/**
 * bpffs_lines_flush() - a descriptor is closed: take a last line without newline
 * @lines: input of @file
 * @file: what is closed
 *
 * Where another descriptor of the same open file is left, the line may go on,
 * but not one that a writer began who was killed.
 *
 * Return: 0, -EINTR for a writer that was killed, or what @lines->apply said.
 */
int bpffs_lines_flush(struct bpffs_lines *lines, struct file *file)
{
	struct bpffs_diag diag = {};
	int err;

	if (file_count(file) > 1 && !writer_was_killed(lines))
		return 0;
	err = mutex_lock_killable(&lines->lock);
	if (err)
		return err;
	err = take_rest(lines, file, &diag);
	mutex_unlock(&lines->lock);
	if (err)
		bpffs_log_error_at(file, &diag);
	return err;
}

/**
 * bpffs_lines_finish() - the open file goes: take what no close(2) has taken
 * @lines: input of @file
 * @file: in its ->release
 *
 * There is nobody left to return an error to; the log has it.
 */
void bpffs_lines_finish(struct bpffs_lines *lines, struct file *file)
{
	struct bpffs_diag diag = {};

	if (take_rest(lines, file, &diag))
		bpffs_log_error_at(file, &diag);
}

/**
 * bpffs_text_open() - open a small file that is read whole and written by lines
 * @file: open file; released by bpffs_text_release()
 * @show: prints all of it
 * @max: longest line taken, in bytes
 * @apply: takes a line
 *
 * Return: 0 or -ENOMEM.
 */
int bpffs_text_open(struct file *file,
		    int (*show)(struct seq_file *m, void *unused), size_t max,
		    int (*apply)(struct file *file, const char *line,
				 size_t len, struct bpffs_diag *diag))
{
	struct bpffs_lines *lines = kzalloc(sizeof(*lines), GFP_KERNEL_ACCOUNT);
	int err;

	if (!lines)
		return -ENOMEM;
	bpffs_lines_init(lines, max, apply);
	lines->file = file;
	err = single_open(file, show, lines);
	if (err) {
		bpffs_lines_release(lines);
		kfree(lines);
	}
	return err;
}

static struct bpffs_lines *text_lines(struct file *file)
{
	struct seq_file *m = file->private_data;

	return m->private;
}

/**
 * bpffs_text_write() - ->write_iter of such a file
 * @iocb: of the write
 * @from: the bytes
 *
 * Return: as bpffs_lines_write().
 */
ssize_t bpffs_text_write(struct kiocb *iocb, struct iov_iter *from)
{
	struct file *file = iocb->ki_filp;
	ssize_t ret = bpffs_lines_write(text_lines(file), file, from);

	if (ret > 0)
		iocb->ki_pos += ret;
	return ret;
}

/**
 * bpffs_text_flush() - ->flush of such a file
 * @file: what is closed
 * @id: not looked at
 *
 * Return: as bpffs_lines_flush().
 */
int bpffs_text_flush(struct file *file, fl_owner_t id)
{
	return bpffs_lines_flush(text_lines(file), file);
}

/**
 * bpffs_text_release() - ->release of such a file
 * @inode: its inode
 * @file: what is closed for the last time
 *
 * Return: 0.
 */
int bpffs_text_release(struct inode *inode, struct file *file)
{
	struct bpffs_lines *lines = text_lines(file);

	bpffs_lines_finish(lines, file);
	bpffs_lines_release(lines);
	kfree(lines);
	return single_release(inode, file);
}
