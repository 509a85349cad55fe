pkg_name=gcc-libs
pkg_description="Libraries that programs of the compilers of this machine need"
host_runtime=(libgcc_s.so.1 'libstdc++.so.6' libgomp.so.1 libatomic.so.1 libquadmath.so.0 libssp.so.0)
_gcc=$(gcc -dumpfullversion 2>/dev/null || true)
pkg_version=${_gcc:-0}

source "${BASH_SOURCE[0]%/*}/../host.sh"
