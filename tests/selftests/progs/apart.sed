# SPDX-License-Identifier: GPL-2.0
# Gives what is named NAME_apart a section beside that of its name, as compilers
# do with strings and constants since LLVM 19.
s/^pear_apart:/\t.pushsection .rodata.more,"aM",@progbits,8,unique,1\n\t.p2align 3\n&/
s/^\(table\|limit\)_apart:/\t.pushsection .rodata.words,"aM",@progbits,8,unique,1\n\t.p2align 3\n&/
s/^\t\.size\t[a-z]*_apart,.*/&\n\t.popsection/
