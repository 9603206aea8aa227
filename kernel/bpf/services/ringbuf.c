// SPDX-License-Identifier: GPL-2.0
#include <linux/bpf.h>
#include <linux/mm.h>
#include <linux/poll.h>
#include "internal.h"

/*
 * The consumer's side of a ring buffer, as a process does it with the mapped
 * pages, but in the kernel. Where the pages are is private to the kernel: a
 * ring buffer of our own is tried out while the module starts, and streams are
 * refused if it does not behave as expected.
 *
 * The page with the consumer's position may be mapped writable by others, so
 * that position is checked each time it is read. The producer's position and
 * the records are written by the kernel alone.
 */

/* What comes after struct bpf_map in the kernel's structure for the map. */
struct ringbuf_map {
	struct bpf_map map;
	void *area;
};

/* Offset of the consumer's page in the area, 0 where it could not be found. */
static size_t consumer_page;

/* How far into the area the consumer's page is looked for. */
#define PROBE_PAGES	4

/* First 4 bytes of a record's header: its length and two flags. */
#define RECORD_LEN(head)	((head) & ~(BPF_RINGBUF_BUSY_BIT | BPF_RINGBUF_DISCARD_BIT))

static void *ringbuf_area(struct bpf_map *map)
{
	return container_of(map, struct ringbuf_map, map)->area;
}

static unsigned long *consumer_pos(struct bpf_map *map)
{
	return ringbuf_area(map) + consumer_page;
}

static unsigned long *producer_pos(struct bpf_map *map)
{
	return ringbuf_area(map) + consumer_page + PAGE_SIZE;
}

static void *record_at(struct bpf_map *map, unsigned long pos)
{
	return ringbuf_area(map) + consumer_page + 2 * PAGE_SIZE +
	       (pos & (map->max_entries - 1));
}

/* Bytes from one record to the next. */
static unsigned long record_extent(u32 len)
{
	return round_up((unsigned long)len + BPF_RINGBUF_HDR_SZ, 8);
}

static unsigned long load_consumer(struct bpf_map *map)
{
	/* Another consumer has left what lies before its position. */
	return smp_load_acquire(consumer_pos(map));
}

/*
 * Fails if another consumer was faster, for who has a descriptor of the map may
 * be one. The producer may write over what was read once it sees the position.
 * Who commits the record there clears its busy flag, by an exchange, and then
 * looks whether the consumer stands before it and is to be woken: one of the two
 * must see what the other did. For both, an exchange that succeeds is ordered.
 */
static bool move_consumer(struct bpf_map *map, unsigned long from, unsigned long to)
{
	return cmpxchg(consumer_pos(map), from, to) == from;
}

static unsigned long load_producer(struct bpf_map *map)
{
	/* Headers before this position are written, if only as busy. */
	return smp_load_acquire(producer_pos(map));
}

static u32 load_head(const void *record)
{
	/* The record's bytes are written before its busy flag goes. */
	return smp_load_acquire((const u32 *)record);
}

static bool __init polls_ready(struct bpf_map *map)
{
	return map->ops->map_poll(map, NULL, NULL) & EPOLLIN;
}

/*
 * A buffer with different positions has something to read, one with equal
 * positions does not: so are both pages told from any others.
 */
static bool __init positions_at(struct bpf_map *map, size_t offset)
{
	unsigned long *consumer = ringbuf_area(map) + offset;
	unsigned long *producer = ringbuf_area(map) + offset + PAGE_SIZE;
	bool found = false;

	if (*consumer || *producer || polls_ready(map))
		return false;
	WRITE_ONCE(*consumer, 8);
	if (polls_ready(map)) {
		WRITE_ONCE(*producer, 8);
		found = !polls_ready(map);
		WRITE_ONCE(*producer, 0);
	}
	WRITE_ONCE(*consumer, 0);
	return found && !polls_ready(map);
}

static size_t __init probe_map(struct bpf_map *map)
{
	size_t offset;

	if (!map->ops->map_poll || !is_vmalloc_addr(ringbuf_area(map)))
		return 0;
	for (offset = PAGE_SIZE; offset < PROBE_PAGES * PAGE_SIZE; offset += PAGE_SIZE)
		if (positions_at(map, offset))
			return offset;
	return 0;
}

/**
 * bpffs_ringbuf_init() - find out how ring buffers are laid out
 */
void __init bpffs_ringbuf_init(void)
{
	union bpf_attr attr = {
		.map_type = BPF_MAP_TYPE_RINGBUF,
		.max_entries = PAGE_SIZE,
	};
	struct bpffs_native *native;

	native = bpffs_map_create(&attr, NULL, NULL);
	if (IS_ERR(native))
		return;
	consumer_page = probe_map(bpffs_native_map(native));
	bpffs_native_put(native);
}

/**
 * bpffs_ringbuf_supported() - can ring buffers be read on this kernel
 */
bool bpffs_ringbuf_supported(void)
{
	return consumer_page;
}

/* Flags this does not know may change what the positions mean. */
static bool can_consume(const struct bpf_map *map)
{
	return consumer_page && map->map_type == BPF_MAP_TYPE_RINGBUF &&
	       !(map->map_flags & ~BPF_F_NUMA_NODE);
}

/* Gives up what is in a buffer whose positions make no sense. */
static int resync(struct bpf_map *map, unsigned long consumer, unsigned long producer)
{
	return move_consumer(map, consumer, producer) ? -EIO : -ESTALE;
}

static bool position_is_sane(struct bpf_map *map, unsigned long consumer,
			     unsigned long producer)
{
	return IS_ALIGNED(consumer, 8) && producer - consumer <= map->max_entries;
}

/**
 * bpffs_ringbuf_peek() - the oldest record that nobody has consumed
 * @map: a ring buffer
 * @record: set on success; its bytes stand in the buffer
 *
 * Passes over discarded records. One reader at a time; the owner serialises. The
 * bytes are the record's if bpffs_ringbuf_consume() says so afterwards.
 *
 * Return: 0; -EAGAIN if there is none, or the oldest is still being written;
 * -ESTALE if another consumer was faster, and a second look is due;
 * -EIO if another process broke the consumer's position: everything up to the
 * producer's is given up then, and the next call goes on from there;
 * -EOPNOTSUPP if ring buffers cannot be read on this kernel, or not this one.
 */
int bpffs_ringbuf_peek(struct bpf_map *map, struct bpffs_record *record)
{
	unsigned long consumer, producer, next;
	void *at;
	u32 head;

	if (!can_consume(map))
		return -EOPNOTSUPP;
	consumer = load_consumer(map);
	producer = load_producer(map);
	if (!position_is_sane(map, consumer, producer))
		return resync(map, consumer, producer);
	while (consumer != producer) {
		at = record_at(map, consumer);
		head = load_head(at);
		if (head & BPF_RINGBUF_BUSY_BIT)
			return -EAGAIN;
		if (record_extent(RECORD_LEN(head)) > producer - consumer)
			return resync(map, consumer, producer);
		if (!(head & BPF_RINGBUF_DISCARD_BIT)) {
			record->sample = at + BPF_RINGBUF_HDR_SZ;
			record->size = RECORD_LEN(head);
			record->position = consumer;
			return 0;
		}
		next = consumer + record_extent(RECORD_LEN(head));
		if (!move_consumer(map, consumer, next))
			return -ESTALE;
		consumer = next;
	}
	return -EAGAIN;
}

/**
 * bpffs_ringbuf_consume() - make room where a record was
 * @map: a ring buffer
 * @record: from bpffs_ringbuf_peek()
 *
 * Return: true; false if another consumer took it, and what was read may be
 * bytes of other records.
 */
bool bpffs_ringbuf_consume(struct bpf_map *map, const struct bpffs_record *record)
{
	return move_consumer(map, record->position,
			     record->position + record_extent(record->size));
}

/* Is the oldest record being written, so that its end will wake the reader? */
static bool head_is_busy(struct bpf_map *map)
{
	unsigned long consumer = load_consumer(map);
	unsigned long producer = load_producer(map);

	return consumer != producer && position_is_sane(map, consumer, producer) &&
	       load_head(record_at(map, consumer)) & BPF_RINGBUF_BUSY_BIT;
}

/**
 * bpffs_ringbuf_poll() - wait for records
 * @map: a ring buffer
 * @file: being polled
 * @table: what the waiter is entered into; NULL only asks
 *
 * A record that is still being written does not count: its end wakes whoever
 * waits, because the consumer stands right before it. Discarded records do
 * count, for the kernel wakes nobody until the consumer has passed them: the
 * reader has to come and may find nothing.
 *
 * Return: EPOLLIN | EPOLLRDNORM if bpffs_ringbuf_peek() is worth calling, 0, or
 * EPOLLERR if the buffer cannot be read.
 */
__poll_t bpffs_ringbuf_poll(struct bpf_map *map, struct file *file,
			    struct poll_table_struct *table)
{
	__poll_t events;

	if (!can_consume(map))
		return EPOLLERR;
	events = map->ops->map_poll(map, file, table);
	return events && head_is_busy(map) ? 0 : events;
}
