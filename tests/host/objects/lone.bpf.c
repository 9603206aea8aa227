// SPDX-License-Identifier: GPL-2.0
/* One function, which is of no kind that its section would tell. */
int lone(int *context)
{
	return *context;
}
