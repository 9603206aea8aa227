// SPDX-License-Identifier: GPL-2.0
/*
 * Maps that stand already, under a name that an object asks for: in the
 * directory that it is loaded into, where somebody linked them, or in the
 * root's maps/, through which objects share maps by name.
 */
#include <linux/bpf.h>
#include "internal.h"

/* Constants that nobody can change need not be writable to be used. */
static int mask_of(const struct bpf_map *map)
{
	if (READ_ONCE(map->frozen) && (map->map_flags & BPF_F_RDONLY_PROG))
		return MAY_READ;
	return MAY_READ | MAY_WRITE;
}

/*
 * A program can do to a map what it likes, so who loads one has to have the
 * right to do that by hand.
 */
static struct bpffs_map *use_map(struct inode *inode, const char *where,
				 const char *name, struct bpffs_diag *diag)
{
	struct bpffs_map *map = bpffs_i(inode)->map;
	int err;

	err = inode_permission(bpffs_nop_idmap, inode, mask_of(map->map));
	if (err)
		return ERR_PTR(bpffs_diag(diag, err,
					  "map %s: %smaps/%s is there, and who opened load may not read and write it",
					  name, where, name));
	return bpffs_map_get(map);
}

/* NULL if no map of that name stands in @maps. */
static struct bpffs_map *find_in(struct dentry *maps, const char *where,
				 const char *name, struct bpffs_diag *diag)
{
	struct dentry *child = bpffs_child_find(maps, name);
	struct bpffs_map *map;

	if (!child)
		return NULL;
	map = use_map(d_inode(child), where, name, diag);
	dput(child);
	return map;
}

/* What a path walk to the root's maps/ would ask for, and for a new name. */
static int may_share(struct dentry *maps, const char *name, bool make,
		     struct bpffs_diag *diag)
{
	int err;

	err = inode_permission(bpffs_nop_idmap, d_inode(maps->d_parent), MAY_EXEC);
	if (!err)
		err = inode_permission(bpffs_nop_idmap, d_inode(maps),
				       MAY_EXEC | (make ? MAY_WRITE : 0));
	return err ? bpffs_diag(diag, err,
				"map %s: it is shared through maps/ of the root, which who opened load may not %s",
				name, make ? "write" : "search") : 0;
}

static struct bpffs_map *find_shared(struct dentry *root, const char *name,
				     struct bpffs_diag *diag)
{
	struct dentry *maps = bpffs_subdir_find(root, BPFFS_MAPS);
	struct bpffs_map *map;
	int err;

	/* The root's control nodes cannot be removed. */
	if (WARN_ON_ONCE(!maps))
		return ERR_PTR(-ENOENT);
	err = may_share(maps, name, false, diag);
	map = err ? ERR_PTR(err) : find_in(maps, "the root's ", name, diag);
	if (!map) {
		err = may_share(maps, name, true, diag);
		map = ERR_PTR(err);
	}
	dput(maps);
	return map;
}

/**
 * bpffs_share_find() - find the map that a load is to use in place of a new one
 * @dir: dentry of the object directory that is loaded into
 * @name: of the map in the object
 * @pinned: the object shares it by its name
 * @diag: one sentence about a refusal
 *
 * Judges with current_cred(). What stands in the directory itself comes before
 * what is shared. What is found may be renamed or removed before the load ends;
 * bpffs_items_publish() sees to that.
 *
 * Return: the map with a reference; NULL if there is none and one may be made;
 * -EACCES if there is one that may not be used, or none and it may not be named
 * in the root's maps/.
 */
struct bpffs_map *bpffs_share_find(struct dentry *dir, const char *name,
				   bool pinned, struct bpffs_diag *diag)
{
	struct dentry *maps = bpffs_subdir_find(dir, BPFFS_MAPS);
	struct bpffs_map *map = NULL;

	if (maps)
		map = find_in(maps, "", name, diag);
	dput(maps);
	if (map || !pinned || IS_ROOT(dir))
		return map;
	return find_shared(dir->d_sb->s_root, name, diag);
}
