// SPDX-License-Identifier: GPL-2.0
/*
 * config: settings for the loads that follow.
 */
#include <linux/slab.h>
#include <linux/splice.h>
#include "internal.h"

static int config_show(struct seq_file *m, void *unused)
{
	struct bpffs_lines *lines = m->private;
	struct bpffs_dir *dir = bpffs_i(file_inode(lines->file))->dir;
	const struct bpffs_setting *setting;
	int err;

	err = mutex_lock_killable(&dir->lock);
	if (err)
		return err;
	list_for_each_entry(setting, &dir->config.settings, node)
		seq_printf(m, "%s: %s\n", setting->name, setting->value);
	mutex_unlock(&dir->lock);
	return 0;
}

/**
 * struct record_setting - what a line says of the records of a loaded map
 * @map: the map, one reference owned; NULL where no map is meant
 * @type: BTF id of the records
 */
struct record_setting {
	struct bpffs_map *map;
	u32 type;
};

static int check_record(struct dentry *dentry, const char *name, const char *type,
			struct record_setting *record, struct bpffs_diag *diag)
{
	struct bpffs_map *map = bpffs_i(d_inode(dentry))->map;

	/* It may be another's, with a name here. */
	if (!inode_owner_or_capable(bpffs_nop_idmap, d_inode(dentry)))
		return bpffs_diag(diag, -EPERM, "map %s belongs to another user", name);
	if (map->map->map_type != BPF_MAP_TYPE_RINGBUF)
		return bpffs_diag(diag, -EINVAL, "map %s has no records", name);
	if (map->object->btf_data)
		record->type = bpffs_btf_find_named(&map->object->btf, type);
	if (!record->type)
		return bpffs_diag(diag, -ENOENT, "the object's BTF has no type \"%s\"", type);
	record->map = bpffs_map_get(map);
	return 0;
}

/* Set before the load, it is the load that looks for the map. */
static int find_record(struct dentry *maps, const char *name, const char *type,
		       struct record_setting *record, struct bpffs_diag *diag)
{
	struct dentry *dentry = bpffs_child_find(maps, name);
	int err;

	if (!dentry)
		return 0;
	err = check_record(dentry, name, type, record, diag);
	dput(dentry);
	return err;
}

/* maps.NAME.record also works on a map that is loaded already. */
static int read_record(struct dentry *dir, const char *line, size_t len,
		       struct record_setting *record, struct bpffs_diag *diag)
{
	static const char prefix[] = "maps.", suffix[] = ".record";
	const char *name, *value;
	size_t name_len, value_len;
	struct dentry *maps;
	char *map, type[256];
	int err;

	if (bpffs_parse_setting(line, len, &name, &name_len, &value, &value_len, NULL) ||
	    name_len <= strlen(prefix) + strlen(suffix) ||
	    memcmp(name, prefix, strlen(prefix)) ||
	    memcmp(name + name_len - strlen(suffix), suffix, strlen(suffix)))
		return 0;
	/* A value that is no string removes the setting. */
	if (bpffs_parse_string(value, value_len, type, sizeof(type), NULL))
		return 0;
	map = kmemdup_nul(name + strlen(prefix),
			  name_len - strlen(prefix) - strlen(suffix), GFP_KERNEL);
	if (!map)
		return -ENOMEM;
	maps = bpffs_subdir_find(dir, BPFFS_MAPS);
	err = maps ? find_record(maps, map, type, record, diag) : 0;
	dput(maps);
	kfree(map);
	return err;
}

static int config_apply(struct file *file, const char *line, size_t len,
			struct bpffs_diag *diag)
{
	struct bpffs_dir *dir = bpffs_i(file_inode(file))->dir;
	struct record_setting record = {};
	int err;

	err = mutex_lock_killable(&dir->lock);
	if (err)
		return err;
	err = read_record(file->f_path.dentry->d_parent, line, len, &record, diag);
	if (!err)
		err = bpffs_config_set(&dir->config, line, len, diag);
	if (!err && record.map)
		WRITE_ONCE(record.map->record_type, record.type);
	mutex_unlock(&dir->lock);
	bpffs_map_put(record.map);
	return err;
}

static int config_open(struct inode *inode, struct file *file)
{
	return bpffs_text_open(file, config_show, BPFFS_CONFIG_MAX, config_apply);
}

const struct file_operations bpffs_config_fops = {
	BPFFS_TEXT_FOPS(config_open),
};
