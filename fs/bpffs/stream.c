// SPDX-License-Identifier: GPL-2.0
/*
 * maps/NAME of ring buffers: reading takes records out, one a line.
 */
#include <linux/mm.h>
#include <linux/poll.h>
#include <linux/sched/signal.h>
#include <linux/slab.h>
#include <linux/uio.h>
#include <linux/wait.h>
#include "internal.h"

/**
 * struct open_stream - one open ring buffer file
 * @lock: serialises readers of the open file, guards the rest
 * @map: the inode's map
 * @text: the record that is being read, as text; kvmalloc()ed
 * @cap: bytes @text has room for
 * @len: bytes in @text
 * @done: how many of them were read
 *
 * Readers of different open files take turns by @map's own lock: one consumer at
 * a time is what a ring buffer can have. It is held while a record is printed
 * and taken out, never while waiting.
 */
struct open_stream {
	struct mutex lock;	/* readers of one open file */
	struct bpffs_map *map;
	char *text;
	size_t cap;
	size_t len;
	size_t done;
};

static int ringbuf_open(struct inode *inode, struct file *file)
{
	struct bpffs_map *map = bpffs_i(inode)->map;
	struct open_stream *stream;
	struct bpffs_diag diag = {};

	if (!bpffs_ringbuf_supported()) {
		bpffs_diag(&diag, -EOPNOTSUPP,
			   "the layout of this kernel's ring buffers is not known");
		bpffs_log_error_at(file, &diag);
		return -EOPNOTSUPP;
	}
	stream = kzalloc(sizeof(*stream), GFP_KERNEL_ACCOUNT);
	if (!stream)
		return -ENOMEM;
	mutex_init(&stream->lock);
	stream->map = map;
	file->private_data = stream;
	/* Without a position, over which a reader that waits would hold a lock. */
	return stream_open(inode, file);
}

static int ringbuf_release(struct inode *inode, struct file *file)
{
	struct open_stream *stream = file->private_data;

	kvfree(stream->text);
	mutex_destroy(&stream->lock);
	kfree(stream);
	return 0;
}

static void print_record(struct bpffs_text *out, const struct bpffs_map *map,
			 const void *sample, u32 size)
{
	bpffs_print_value(out, map->format.btf, READ_ONCE(map->record_type),
			  size, sample);
	bpffs_print(out, "\n");
}

/* Text longer than this is no line that anybody reads. */
#define LONGEST_RECORD	(256U << 20)

/* Prints into stream->text, which grows until the record fits. */
static int print_sample(struct open_stream *stream, const void *sample, u32 size)
{
	struct bpffs_text out;
	char *bigger;

	for (;;) {
		out = (struct bpffs_text) { .buf = stream->text, .cap = stream->cap };
		print_record(&out, stream->map, sample, size);
		if (out.killed)
			return -EINTR;
		if (bpffs_text_fits(&out))
			break;
		if (out.len > LONGEST_RECORD)
			return -E2BIG;
		bigger = kvmalloc(roundup_pow_of_two(out.len), GFP_KERNEL_ACCOUNT);
		if (!bigger)
			return -ENOMEM;
		kvfree(stream->text);
		stream->text = bigger;
		stream->cap = roundup_pow_of_two(out.len);
	}
	stream->len = out.len;
	stream->done = 0;
	return 0;
}

static int try_record(struct open_stream *stream)
{
	struct bpf_map *map = stream->map->map;
	struct bpffs_record record;
	int err;

	err = bpffs_ringbuf_peek(map, &record);
	if (err)
		return err;
	err = print_sample(stream, record.sample, record.size);
	/* One that cannot be read must not stand before those that can. */
	if (err && err != -E2BIG)
		return err;
	if (bpffs_ringbuf_consume(map, &record))
		return err;
	stream->len = 0;
	stream->done = 0;
	return -ESTALE;
}

/* So often another consumer is faster only if it means to keep this one busy. */
#define RECORD_TRIES	1000

/* Takes the next record out of the ring buffer and into stream->text. */
static int take_record(struct open_stream *stream)
{
	int tries = RECORD_TRIES;
	int err;

	if (mutex_lock_killable(&stream->map->reading))
		return -EINTR;
	do {
		err = try_record(stream);
		cond_resched();
	} while (err == -ESTALE && --tries && !fatal_signal_pending(current));
	mutex_unlock(&stream->map->reading);
	return err == -ESTALE ? -EIO : err;
}

/* A reader that waits for a ring buffer, by way of the map's own ->poll. */
struct waiter {
	poll_table table;
	wait_queue_entry_t entry;
	wait_queue_head_t *head;
};

static void add_waiter(struct file *file, wait_queue_head_t *head,
		       poll_table *table)
{
	struct waiter *waiter = container_of(table, struct waiter, table);

	waiter->head = head;
	add_wait_queue(head, &waiter->entry);
}

static int wait_for_record(struct open_stream *stream, struct file *file)
{
	struct waiter waiter = {};
	int err;

	init_waitqueue_func_entry(&waiter.entry, woken_wake_function);
	waiter.entry.private = current;
	init_poll_funcptr(&waiter.table, add_waiter);
	bpffs_ringbuf_poll(stream->map->map, file, &waiter.table);
	for (;;) {
		err = take_record(stream);
		if (err != -EAGAIN)
			break;
		if (!waiter.head)
			break;
		if (signal_pending(current)) {
			err = -ERESTARTSYS;
			break;
		}
		wait_woken(&waiter.entry, TASK_INTERRUPTIBLE, MAX_SCHEDULE_TIMEOUT);
	}
	if (waiter.head)
		remove_wait_queue(waiter.head, &waiter.entry);
	return err;
}

static bool must_not_wait(const struct kiocb *iocb)
{
	return (iocb->ki_filp->f_flags & O_NONBLOCK) || (iocb->ki_flags & IOCB_NOWAIT);
}

/* Another reader of the same open file may hold the lock while it waits. */
static int lock_stream(struct open_stream *stream, bool nonblock)
{
	if (nonblock)
		return mutex_trylock(&stream->lock) ? 0 : -EAGAIN;
	return mutex_lock_interruptible(&stream->lock);
}

static int next_record(struct open_stream *stream, struct kiocb *iocb)
{
	struct file *file = iocb->ki_filp;
	int err = take_record(stream);

	if (err != -EAGAIN)
		return err;
	if (must_not_wait(iocb))
		return err;
	return wait_for_record(stream, file);
}

/*
 * One record at a time, as from /dev/kmsg: "head -n 1" takes one out and leaves
 * the others.
 */
static ssize_t read_record(struct open_stream *stream, struct kiocb *iocb,
			   struct iov_iter *to)
{
	size_t n;
	int err;

	if (stream->done == stream->len) {
		err = next_record(stream, iocb);
		if (err)
			return err;
	}
	n = copy_to_iter(stream->text + stream->done, stream->len - stream->done, to);
	if (!n)
		return -EFAULT;
	stream->done += n;
	return n;
}

static ssize_t ringbuf_read(struct kiocb *iocb, struct iov_iter *to)
{
	struct open_stream *stream = iocb->ki_filp->private_data;
	ssize_t ret;

	if (!iov_iter_count(to))
		return 0;
	ret = lock_stream(stream, must_not_wait(iocb));
	if (ret)
		return ret;
	ret = read_record(stream, iocb, to);
	mutex_unlock(&stream->lock);
	return ret;
}

static __poll_t ringbuf_poll(struct file *file, struct poll_table_struct *table)
{
	struct open_stream *stream = file->private_data;
	__poll_t events = bpffs_ringbuf_poll(stream->map->map, file, table);

	if (READ_ONCE(stream->done) != READ_ONCE(stream->len))
		events |= EPOLLIN | EPOLLRDNORM;
	return events;
}

const struct file_operations bpffs_stream_fops = {
	.owner		= THIS_MODULE,
	.open		= ringbuf_open,
	.release	= ringbuf_release,
	.read_iter	= ringbuf_read,
	.splice_read	= bpffs_splice_read,
	.poll		= ringbuf_poll,
	.unlocked_ioctl	= bpffs_ioctl,
	.compat_ioctl	= bpffs_ioctl,
};
