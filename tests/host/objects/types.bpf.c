// SPDX-License-Identifier: GPL-2.0
/* Types and nothing else to load. */
struct shape {
	int sides;
};

int only_types(struct shape *shape)
{
	return shape->sides;
}

int types_too(struct shape *shape)
{
	return -shape->sides;
}
