// SPDX-License-Identifier: GPL-2.0
/* What the running kernel was built with. */
#include <linux/fs.h>
#include <linux/mm.h>
#include <linux/slab.h>
#include <linux/string.h>
#include <linux/utsname.h>
#include <linux/vmalloc.h>
#include <linux/zlib.h>
#include "internal.h"

/* Configurations have 300 KiB of text; more than this is none. */
#define CONFIG_MAX	(4U << 20)

/* A gzip file's fixed header, and the length of the text at its end. */
#define GZIP_HEADER	10
#define GZIP_TRAILER	8
#define GZIP_HAS_NAME	BIT(3)

/*
 * What libbpf finds out by trying: bpf_get_attach_cookie() is older than any
 * kernel that bpffs runs on, and comes with tracing programs.
 */
static const struct bpffs_kernel_fact facts[] = {
	{ "LINUX_KERNEL_VERSION", BPFFS_LINUX_VERSION },
	{ "LINUX_HAS_BPF_COOKIE", IS_ENABLED(CONFIG_BPF_EVENTS) },
	{ "LINUX_HAS_SYSCALL_WRAPPER", IS_ENABLED(CONFIG_ARCH_HAS_SYSCALL_WRAPPER) },
};

/**
 * bpffs_kernel_fact() - a fact about the kernel that programs may ask for
 * @name: as libbpf names it
 *
 * Return: an entry of a static table; NULL for names that are not in it.
 */
const struct bpffs_kernel_fact *bpffs_kernel_fact(const char *name)
{
	int i;

	for (i = 0; i < ARRAY_SIZE(facts); i++)
		if (!strcmp(facts[i].name, name))
			return &facts[i];
	return NULL;
}

/**
 * bpffs_open_initial() - open a file of the initial mount namespace for reading
 * @path: of the file
 *
 * What it tells of the kernel is so whoever asks; whether they may, current_cred()
 * says. kernel_read_file() would ask what the file is for, and a security module
 * may warn of an answer that it does not know.
 *
 * Return: the file, or what opening it says.
 */
struct file *bpffs_open_initial(const char *path)
{
	struct file *file;
	struct path root;

	bpffs_initial_root(&root);
	file = file_open_root(&root, path, O_RDONLY | O_NONBLOCK, 0);
	path_put(&root);
	return file;
}

/* By the name that the kernel has in the initial namespace. */
static struct file *open_config(void)
{
	struct file *file;
	char *path;

	path = kasprintf(GFP_KERNEL, "/boot/config-%s", init_uts_ns.name.release);
	if (!path)
		return ERR_PTR(-ENOMEM);
	file = bpffs_open_initial(path);
	kfree(path);
	return file;
}

/* Into @text, of the file's size or of what can be had of that by now. */
static ssize_t read_text(struct file *file, char *text, size_t size)
{
	ssize_t len = 0;
	loff_t pos = 0;

	while (pos < size) {
		len = kernel_read(file, text + pos, size - pos, &pos);
		if (len <= 0)
			break;
	}
	return len < 0 ? len : pos;
}

static int read_file(char **text, size_t *size)
{
	struct file *file = open_config();
	ssize_t len = -EINVAL;
	loff_t bytes;
	char *buf;

	if (IS_ERR(file))
		return PTR_ERR(file);
	bytes = i_size_read(file_inode(file));
	if (!S_ISREG(file_inode(file)->i_mode) || !bytes)
		goto close;
	len = -EFBIG;
	if (bytes > CONFIG_MAX)
		goto close;
	len = -ENOMEM;
	buf = vmalloc(bytes);
	if (!buf)
		goto close;
	len = read_text(file, buf, bytes);
	if (len < 0) {
		vfree(buf);
		goto close;
	}
	*text = buf;
	*size = len;
close:
	fput(file);
	return len < 0 ? len : 0;
}

#if IS_REACHABLE(CONFIG_ZLIB_INFLATE)
/* Where the packed bytes begin, 0 if it is no gzip file as the kernel has it. */
static size_t gzip_start(const u8 *packed, size_t len)
{
	size_t start = GZIP_HEADER;

	if (len < GZIP_HEADER + GZIP_TRAILER || packed[0] != 0x1f || packed[1] != 0x8b ||
	    packed[2] != Z_DEFLATED || packed[3] & ~GZIP_HAS_NAME)
		return 0;
	if (packed[3] & GZIP_HAS_NAME)
		start += strnlen(packed + start, len - start - GZIP_TRAILER) + 1;
	return start < len - GZIP_TRAILER ? start : 0;
}

static int unpack_builtin(char **text, size_t *size)
{
	const u8 *packed = (void *)bpffs_symbol(BPFFS_SYM_CONFIG_DATA, NULL);
	const u8 *end = (void *)bpffs_symbol(BPFFS_SYM_CONFIG_DATA_END, NULL);
	size_t start;
	int len;

	if (!packed || end <= packed)
		return -ENOENT;
	start = gzip_start(packed, end - packed);
	if (!start)
		return -EINVAL;
	*text = vmalloc(CONFIG_MAX);
	if (!*text)
		return -ENOMEM;
	len = zlib_inflate_blob(*text, CONFIG_MAX, packed + start, end - packed - start);
	if (len >= 0) {
		*size = len;
		return 0;
	}
	vfree(*text);
	*text = NULL;
	return len;
}
#else
static int unpack_builtin(char **text, size_t *size)
{
	return -ENOENT;
}
#endif

/**
 * bpffs_kernel_config() - read the running kernel's configuration
 * @text: set to it, vmalloc()ed, owned by the caller; no NUL ends it
 * @size: set to its bytes
 * @diag: filled in where it cannot be read
 *
 * Reads /boot/config-RELEASE of the initial mount namespace, with
 * current_cred(), or else what is built into the kernel.
 *
 * Return: 0; -ENOMEM; what opening the file says, -ENOENT mostly, where there
 * is neither.
 */
int bpffs_kernel_config(char **text, size_t *size, struct bpffs_diag *diag)
{
	int err, builtin;

	err = read_file(text, size);
	if (!err || err == -ENOMEM)
		return err;
	builtin = unpack_builtin(text, size);
	if (!builtin || builtin == -ENOMEM)
		return builtin;
	return bpffs_diag(diag, err,
			  "neither /boot/config-%s nor the configuration that /proc/config.gz shows can be read",
			  init_uts_ns.name.release);
}
