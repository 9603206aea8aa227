// SPDX-License-Identifier: GPL-2.0
/* Programs that name functions for what they throw. */
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

#define __exception_cb(name)	__attribute__((btf_decl_tag("exception_callback:" #name)))

extern void bpf_throw(__u64 cookie) __ksym;

static __noinline int twice(__u64 cookie)
{
	return cookie * 2;
}

int caught(__u64 cookie)
{
	return twice(cookie);
}

SEC("tc")
__exception_cb(caught)
int thrower(struct __sk_buff *skb)
{
	if (skb->len)
		bpf_throw(1);
	return 0;
}

__attribute__((visibility("hidden")))
SEC("tc")
__exception_cb(caught)
int hidden_thrower(struct __sk_buff *skb)
{
	bpf_throw(2);
	return 0;
}

/* Calls it, which the verifier will not have; it is there once all the same. */
SEC("tc")
__exception_cb(caught)
int caller(struct __sk_buff *skb)
{
	return caught(skb->len);
}

SEC("tc")
int neither(struct __sk_buff *skb)
{
	return twice(skb->len);
}

int again_caught(__u64 cookie) __attribute__((alias("caught")));

SEC("?tc")
__exception_cb(again_caught)
int to_alias(struct __sk_buff *skb)
{
	return caught(skb->len);
}

SEC("?tc")
__exception_cb(nowhere)
int to_nowhere(struct __sk_buff *skb)
{
	return 0;
}

__attribute__((visibility("hidden"))) int hidden(__u64 cookie)
{
	return cookie;
}

SEC("?tc")
__exception_cb(hidden)
int to_hidden(struct __sk_buff *skb)
{
	return hidden(0);
}

SEC("?tc")
__exception_cb(twice)
int to_static(struct __sk_buff *skb)
{
	return 0;
}

SEC("?tc")
__exception_cb(thrower)
int to_program(struct __sk_buff *skb)
{
	return 0;
}

char LICENSE[] SEC("license") = "GPL";
