/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What the files of fs/bpffs know of each other, one section per file.
 *
 * Lock order: bpffs_dir.loading, then bpffs_dir.lock, then i_rwsem of
 * directories as the VFS takes them, then bpffs_ns.hooks_lock, then spinlocks.
 * An operation that comes from the VFS with i_rwsem held only tries
 * bpffs_dir.loading, and does not take bpffs_dir.lock.
 */
#ifndef _BPFFS_INTERNAL_H
#define _BPFFS_INTERNAL_H

#include <linux/fs.h>
#include <linux/kref.h>
#include <linux/list.h>
#include <linux/mutex.h>
#include <linux/seq_file.h>
#include <linux/spinlock.h>
#include <linux/workqueue.h>
#include <linux/xarray.h>
#include <linux/bpffs_diag.h>
#include "../../kernel/bpf/codec/codec.h"
#include "../../kernel/bpf/hooks/hooks.h"
#include "../../kernel/bpf/loader/object.h"
#include "../../kernel/bpf/services/services.h"
#include "../../kernel/bpf/services/vfs.h"

/*
 * super.c
 */

/**
 * struct bpffs_ns - a bpf namespace: one superblock
 * @sb: the superblock; it owns this structure, which lives as long
 * @uid: owner that the root is made with, in the superblock's user namespace
 * @gid: its first group
 * @mode: its first permissions
 * @fresh: made by -o newns, never found by another mount
 * @outlives_mounts: the initial namespace: what is in it keeps the superblock
 * @pins: inodes that do so; the first one holds an s_active of @sb
 * @unpin: gives that back where it may be the last
 * @nr_inodes: for df -i
 * @bytes: kernel memory of the maps, for df
 * @hooks_lock: guards every attachment and everything in struct bpffs_hook_node
 * @attachments: &struct bpffs_attachment.in_ns
 * @rcu: to free it by
 */
struct bpffs_ns {
	struct super_block *sb;
	kuid_t uid;
	kgid_t gid;
	umode_t mode;
	bool fresh;
	bool outlives_mounts;
	atomic_long_t pins;
	struct work_struct unpin;
	atomic_long_t nr_inodes;
	atomic64_t bytes;
	struct mutex hooks_lock;	/* attachments and hook directories */
	struct list_head attachments;
	struct rcu_head rcu;
};

static inline struct bpffs_ns *bpffs_ns(const struct super_block *sb)
{
	return sb->s_fs_info;
}

void bpffs_ns_pin(struct super_block *sb);
void bpffs_ns_unpin(struct super_block *sb);

/*
 * inode.c
 */

struct bpffs_inode;

/**
 * struct bpffs_kind - what differs between kinds of inodes
 * @release: gives back what the inode holds, when it goes; may sleep. Path
 *	walks may still look at the inode, but not at what is released here
 * @pins: whether such an inode keeps the initial namespace alive
 */
struct bpffs_kind {
	void (*release)(struct bpffs_inode *node);
	bool pins;
};

/**
 * struct bpffs_hook_node - a directory below hooks/, and hooks/ itself
 * @dir: the object directory; the inode holds one reference
 * @hook: kind of hook, NULL for hooks/ itself
 * @level: components from hooks/ to here
 * @uses: attachments at or below; a directory in use is pinned in the dcache
 * @dead: removed; nothing can be attached at or below any more
 * @cookie: index in the parent's @in_use
 * @next_cookie: where the search for a free index begins
 * @in_use: child dentries in use, by cookie, for readdir
 *
 * All but the first three are guarded by bpffs_ns.hooks_lock.
 */
struct bpffs_hook_node {
	struct bpffs_dir *dir;
	const struct bpffs_hook *hook;
	u32 level;
	bool dead;
	unsigned long uses;
	u32 cookie;
	u32 next_cookie;
	struct xarray in_use;
};

/**
 * struct bpffs_inode - inode of a bpffs
 * @vfs: what the VFS sees
 * @kind: what is behind it
 * @dir: object directories and their control nodes: one reference
 * @map: a map: one reference
 * @prog: a program: one reference
 * @var: a variable: one reference
 * @hook: a directory below hooks/
 * @attachments: of a program or struct_ops map: &struct bpffs_attachment.in_prog, guarded by
 *	bpffs_ns.hooks_lock
 *
 * The reference is dropped when the inode goes (->destroy_inode, may sleep);
 * the memory is freed a grace period later, because a path walk without
 * references may still read the inode.
 */
struct bpffs_inode {
	struct inode vfs;
	const struct bpffs_kind *kind;
	union {
		struct bpffs_dir *dir;
		struct bpffs_map *map;
		struct bpffs_prog *prog;
		struct bpffs_var *var;
		struct bpffs_hook_node hook;
	};
	struct list_head attachments;
};

static inline struct bpffs_inode *bpffs_i(const struct inode *inode)
{
	return container_of(inode, struct bpffs_inode, vfs);
}

int bpffs_inode_cache_init(void);
void bpffs_inode_cache_exit(void);
struct inode *bpffs_inode_alloc(struct super_block *sb);
void bpffs_inode_free(struct inode *inode);
void bpffs_inode_destroy(struct inode *inode);
struct inode *bpffs_inode_new(struct super_block *sb, struct inode *parent,
			      umode_t mode, const struct bpffs_kind *kind);

/*
 * dir.c: object directories
 */

/**
 * struct bpffs_dir - an object directory
 * @ref: held by its inode and by those of its control nodes and of hooks/
 * @loading: serialises loads, also against the directory's removal; taken
 *	before @lock
 * @lock: guards @config and @object
 * @config: settings for the next load
 * @object: what was loaded last, one reference; NULL before the first load
 * @log_lock: guards the pointer @log
 * @log: what the last operation had to say, one reference; NULL for nothing
 * @is_root: the root of the mount, whose control nodes stay
 * @attachments: below its hooks/: &struct bpffs_attachment.in_dir, guarded by
 *	bpffs_ns.hooks_lock
 */
struct bpffs_dir {
	struct kref ref;
	struct mutex loading;	/* loads */
	struct mutex lock;	/* config and object */
	struct bpffs_config config;
	struct bpffs_object *object;
	spinlock_t log_lock;	/* the pointer log */
	struct bpffs_log *log;
	bool is_root;
	struct list_head attachments;
};

/* Directories that every object directory has. */
enum bpffs_subdir {
	BPFFS_MAPS,
	BPFFS_PROGS,
	BPFFS_VARS,
	BPFFS_HOOKS,
	BPFFS_NR_SUBDIRS,
};

/*
 * Lockdep class of directories that are locked while the VFS holds the object
 * directory they stand in, whatever class it took that with; the VFS uses it
 * for no directory.
 */
#define BPFFS_LOCK_SUBDIR	I_MUTEX_XATTR

extern const char * const bpffs_subdir_names[BPFFS_NR_SUBDIRS];
extern const struct inode_operations bpffs_dir_iops;

struct bpffs_dir *bpffs_dir_get(struct bpffs_dir *dir);
void bpffs_dir_put(struct bpffs_dir *dir);
struct bpffs_dir *bpffs_dir_of(struct dentry *dentry);
struct dentry *bpffs_subdir_find(struct dentry *dir, enum bpffs_subdir which);
struct inode *bpffs_dir_root(struct super_block *sb);
int bpffs_dir_populate_root(struct dentry *root);

/*
 * child.c: names that the kernel makes and removes, and walking them
 */
struct dentry *bpffs_child_find(struct dentry *parent, const char *name);
struct dentry *bpffs_child_next(struct dentry *parent, struct dentry *previous);
bool bpffs_child_any(struct dentry *parent);
bool bpffs_name_is_plain(const char *name, size_t len);
void bpffs_child_publish(struct dentry *child, struct inode *inode);
void bpffs_child_remove(struct dentry *child);

/*
 * items.c: maps/, progs/ and vars/
 */
bool bpffs_is_items_dir(const struct inode *inode, enum bpffs_subdir which);
struct inode *bpffs_items_dir(struct super_block *sb, struct inode *parent,
			      enum bpffs_subdir which);
bool bpffs_items_loaded(struct dentry *dir, const struct bpffs_object *object);

/*
 * publish.c: names for what a load made
 */
int bpffs_items_publish(struct dentry *dir, struct bpffs_load *load,
			struct bpffs_diag *diag);

/*
 * share.c: maps that stand already
 *
 * A load finds them by looking at names without a lock, before anything is
 * made, and holds references on the maps only. Whether the names still stand
 * is seen when its own names appear, under the i_rwsem of the directory that
 * each stands in, one directory at a time; if one does not, the load begins
 * anew. So two loads that make a map of one shared name at once both end with
 * the same map, and the verifier never runs with a lock of the namespace held.
 */
struct bpffs_map *bpffs_share_find(struct dentry *dir, const char *name,
				   bool pinned, struct bpffs_diag *diag);

/*
 * log.c
 */
struct bpffs_log;

extern const struct file_operations bpffs_log_fops;

void bpffs_log_put(struct bpffs_log *log);
void bpffs_log_load(struct bpffs_dir *dir, const struct bpffs_load *load,
		    const struct bpffs_diag *diag, struct bpffs_vlog *vlog);
void bpffs_log_error(struct bpffs_dir *dir, const struct bpffs_diag *diag);
void bpffs_log_error_at(struct file *file, const struct bpffs_diag *diag);

/*
 * lines.c: text that arrives in writes of any size and acts line by line
 */

/**
 * struct bpffs_lines - input of one open file
 * @lock: serialises writers of the open file
 * @split: where in a line the input stands
 * @pending: beginning of a line whose end has not arrived, kvmalloc()ed
 * @len: bytes in @pending
 * @cap: bytes @pending has room for
 * @max: longest line taken, in bytes
 * @line: number of lines taken so far
 * @writer: process that wrote last; set with @lock held
 * @file: the open file, for those who have only the input
 * @apply: takes one complete line; called with @lock held and the opener's
 *	credentials. Its errno becomes that of the write
 */
struct bpffs_lines {
	struct mutex lock;	/* writers of one open file */
	struct bpffs_splitter split;
	char *pending;
	size_t len;
	size_t cap;
	size_t max;
	u32 line;
	pid_t writer;
	struct file *file;
	int (*apply)(struct file *file, const char *line, size_t len,
		     struct bpffs_diag *diag);
};

void bpffs_lines_init(struct bpffs_lines *lines, size_t max,
		      int (*apply)(struct file *file, const char *line,
				   size_t len, struct bpffs_diag *diag));
void bpffs_lines_release(struct bpffs_lines *lines);
ssize_t bpffs_lines_write(struct bpffs_lines *lines, struct file *file,
			  struct iov_iter *from);
int bpffs_lines_flush(struct bpffs_lines *lines, struct file *file);
void bpffs_lines_finish(struct bpffs_lines *lines, struct file *file);

int bpffs_text_open(struct file *file,
		    int (*show)(struct seq_file *m, void *unused), size_t max,
		    int (*apply)(struct file *file, const char *line,
				 size_t len, struct bpffs_diag *diag));
ssize_t bpffs_text_write(struct kiocb *iocb, struct iov_iter *from);
int bpffs_text_flush(struct file *file, fl_owner_t id);
int bpffs_text_release(struct inode *inode, struct file *file);

#define BPFFS_TEXT_FOPS(open_op)			\
	.owner		= THIS_MODULE,			\
	.open		= open_op,			\
	.release	= bpffs_text_release,		\
	.flush		= bpffs_text_flush,		\
	.read_iter	= seq_read_iter,		\
	.write_iter	= bpffs_text_write,		\
	.splice_read	= bpffs_splice_read,		\
	.splice_write	= iter_file_splice_write,	\
	.llseek		= seq_lseek

/*
 * One file per kind of node: load.c, config.c, attach.c, info.c, map.c,
 * stream.c, opaque.c, prog.c, var.c
 */
extern const struct file_operations bpffs_load_fops;
extern const struct file_operations bpffs_config_fops;
extern const struct file_operations bpffs_attach_fops;
extern const struct file_operations bpffs_info_fops;
extern const struct file_operations bpffs_map_fops;
extern const struct file_operations bpffs_stream_fops;
extern const struct file_operations bpffs_opaque_fops;
extern const struct file_operations bpffs_prog_fops;
extern const struct file_operations bpffs_var_fops;

extern const struct inode_operations bpffs_load_iops;
extern const struct inode_operations bpffs_map_iops;
extern const struct bpffs_kind bpffs_map_kind;
extern const struct bpffs_kind bpffs_prog_kind;
extern const struct bpffs_kind bpffs_var_kind;

struct inode *bpffs_map_inode(struct super_block *sb, struct inode *parent,
			      struct bpffs_map *map);
struct inode *bpffs_prog_inode(struct super_block *sb, struct inode *parent,
			       struct bpffs_prog *prog);
struct inode *bpffs_var_inode(struct super_block *sb, struct inode *parent,
			      struct bpffs_var *var);
struct bpffs_prog *bpffs_prog_at(const struct path *from, const char *path,
				 struct bpffs_diag *diag);
struct inode *bpffs_map_find_inode(struct super_block *sb,
				   const struct bpffs_map *map);

/*
 * path.c
 */
int bpffs_seq_path(struct seq_file *m, struct dentry *dentry);
void bpffs_seq_string(struct seq_file *m, const char *string);
struct dentry *bpffs_path_step(struct dentry *parent, const char *name, size_t len);
struct dentry *bpffs_path_walk(const struct path *from, const char *path);

/*
 * hook_dir.c: hooks/ and what is below
 */
extern const struct inode_operations bpffs_hook_leaf_iops;

bool bpffs_is_hooks(const struct inode *inode);
struct inode *bpffs_hooks_dir(struct super_block *sb, struct inode *parent,
			      struct bpffs_dir *dir);
bool bpffs_hooks_in_use(struct inode *hooks);
int bpffs_hooks_kill(struct inode *hooks);
void bpffs_hooks_revive(struct inode *hooks);
struct dentry *bpffs_hook_walk(struct dentry *hooks, const char *path,
			       struct bpffs_diag *diag);

/*
 * attachment.c: programs linked into hook directories
 */

/**
 * struct bpffs_attachment - a program attached to a hook: a name in a leaf
 * @hook: the kind of hook
 * @link: native file of the link, or whatever stands for the attachment, one
 *	reference owned; putting it detaches, unless @hook has its own way
 * @dentry: the name. It is pinned as long as the attachment exists, which is
 *	its d_fsdata
 * @in_ns: in bpffs_ns.attachments
 * @in_dir: in bpffs_dir.attachments of the directory that hooks/ belongs to
 * @in_prog: in bpffs_inode.attachments of the program or struct_ops map
 *
 * Made by link(2) or a write to attach, ended by unlink(2) or with the
 * superblock. The lists are guarded by bpffs_ns.hooks_lock.
 */
struct bpffs_attachment {
	const struct bpffs_hook *hook;
	struct bpffs_native *link;
	struct dentry *dentry;
	struct list_head in_ns;
	struct list_head in_dir;
	struct list_head in_prog;
};

int bpffs_attachment_make(struct dentry *leaf, struct dentry *dentry,
			  struct inode *inode, struct bpffs_diag *diag);
void bpffs_attachment_end(struct dentry *dentry);
void bpffs_attachment_end_all(struct bpffs_ns *ns);
char *bpffs_hook_target(struct dentry *leaf);
int bpffs_hook_use(struct dentry *leaf);
void bpffs_hook_unuse(struct dentry *leaf);

/*
 * ioctl.c
 */
long bpffs_ioctl(struct file *file, unsigned int cmd, unsigned long arg);

#endif /* _BPFFS_INTERNAL_H */
