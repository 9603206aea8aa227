#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# Ring buffers as streams of lines.

. "$(dirname "$0")/lib.sh"
. "$(dirname "$0")/helpers.sh"

fresh t ring
typed=/bpf/t/maps/typed
bare=/bpf/t/maps/bare

is "$(stream poll $typed 0)" timeout "an empty ring buffer is not readable"
run_fails "O_NONBLOCK does not wait" stream try $typed
like "$(stream try $typed 2>&1)" EAGAIN "it says EAGAIN"
run_fails "a ring buffer takes no text" write '1: 1' $typed

echo '*' >/bpf/t/attach
fsyncs 2
is "$(stream poll $typed 0)" readable "poll tells when there is something"
is "$(stream take $typed 1)" '{"number": 0, "comm": "work", "pair": [0, 0]}' \
	"a record is a line, typed by the map's tag"
is "$(stream take $typed 1)" '{"number": 1, "comm": "work", "pair": [2, 3]}' "the next one follows"
is "$(stream poll $typed 0)" timeout "what was read is gone"
is "$(stream take $bare 2)" '"0x00000000"
"0x01000000"' "records without a type are hex"

# A reader waits.
stream take $typed 1 >"$work/taken" &
ok "a blocking read waits" within 60 waits $! $typed
is "$(cat "$work/taken")" "" "and has nothing before there is a record"
fsyncs 1
wait $!
is "$(cat "$work/taken")" '{"number": 2, "comm": "work", "pair": [4, 6]}' "then it has that"
stream poll $typed 600000 >"$work/polled" &
ok "poll waits" within 60 waits $! $typed
fsyncs 1
wait $!
is "$(cat "$work/polled")" readable "and wakes up"
stream take $typed 1 >/dev/null

# Of two readers of one open file, who must not wait does not wait for the other.
exec 3<$typed
cat <&3 >/dev/null &
reader=$!
reading() { [ "$(cat "/proc/$1/comm")" = cat ] && asleep "$1"; }
within 60 reading $reader
sleep 0.2
like "$(timeout 60 dd iflag=nonblock bs=4096 count=1 <&3 2>&1)" "temporarily unavailable" \
	"O_NONBLOCK does not wait for a reader that waits either"
kill $reader
wait $reader 2>/dev/null
exec 3<&-

# A reader of small pieces gets whole records.
fsyncs 3
is "$(dd if=$typed bs=7 count=7 status=none | tr -d '\n' | cut -c1-45)" \
	'{"number": 4, "comm": "work", "pair": [8, 12]' "reads of 7 bytes lose nothing"

# cat runs on; whoever kills it has what came so far.
cat $typed >"$work/stream" &
reader=$!
within 60 waits $reader $typed
fsyncs 5
within 60 grep -q '"number": 11' "$work/stream"
kill -0 $reader 2>/dev/null
is $? 0 "cat goes on waiting"
kill -INT $reader
kill $reader
wait $reader 2>/dev/null
like "$(tail -n 1 "$work/stream")" '"number": 11, ' "and had every line at once"

# A full buffer loses what does not fit, and goes on.
fsyncs 1000
ok "a full buffer makes the program lose records" test "$(cat /bpf/t/vars/lost)" -gt 0
nr=$(while stream try $typed 2>/dev/null; do :; done | wc -l)
is "$nr" $((1000 - $(cat /bpf/t/vars/lost))) "what it holds is read, to the last line"
fsyncs 1
is "$(stream take $typed 1 | jq .number)" 1012 "and then it goes on"
gone t

# Another consumer, who has the map by bpf(2): each record goes to one of the two.
fresh t ring
echo '*' >/bpf/t/attach
stream rival $typed 4096 >"$work/rival" &
rival=$!
cat $typed >"$work/stream" &
reader=$!
within 60 waits $reader $typed
for ((i = 0; i < 40; i++)); do
	fsyncs 100
done
made=$((4000 - $(cat /bpf/t/vars/lost)))
within 60 waits $reader $typed
kill $rival $reader
wait $rival $reader 2>/dev/null
lines=$(wc -l <"$work/stream") taken=$(cat "$work/rival")
is $((lines + taken)) $made "a rival has $taken records, a reader $lines"
is "$(jq -c 'select(.pair != [.number * 2 % 65536, .number * 3 % 65536])' "$work/stream")" "" \
	"and what it reads are records"
is "$(jq .number "$work/stream" | uniq -d)" "" "none of them twice"
ok "both have some" test "$lines" -gt 0 -a "$taken" -gt 0
gone t

# config gives a record's type, before the load and after it.
fresh t
echo 'maps.bare.record: "__u32"' >/bpf/t/config
cp "$(object ring)" /bpf/t/load
echo '*' >/bpf/t/attach
fsyncs 2
is "$(stream take $bare 2)" "0
1" "maps.NAME.record types a stream"
gone t
fresh t ring
echo 'maps.bare.record: "__u32"' >/bpf/t/config
echo '*' >/bpf/t/attach
fsyncs 1
is "$(stream take $bare 1)" 0 "after the load as well"
run_fails "a type that the object has not is refused" \
	sh -c "echo 'maps.bare.record: \"struct nowhere\"' >/bpf/t/config"
mkdir /bpf/u
ln $bare /bpf/u/maps/bare
chmod 711 /bpf /bpf/u
chown alice /bpf/u/config
run_fails "nobody says how another's records read" setpriv --reuid 1000 --clear-groups \
	sh -c "echo 'maps.bare.record: \"__u64\"' >/bpf/u/config"
like "$(first_line u)" "^error: EPERM: .*map bare belongs to another user" "and is told so"
chmod 700 /bpf
gone u t
fresh t
echo 'maps.bare.record: "struct nowhere"' >/bpf/t/config
refused t "E[A-Z]+" "nowhere" "before the load, too" cp "$(object ring)" /bpf/t/load
gone t

# Taking the directory down ends a wait.
fresh t ring
stream take $typed 1 >/dev/null 2>&1 &
reader=$!
within 60 waits $reader /bpf/t/maps/typed
ok "rm -r under a waiting reader" rm -r /bpf/t
kill $reader
wait $reader 2>/dev/null
is $? 143 "a reader that waits can be killed"

done_testing
