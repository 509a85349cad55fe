pkg_name=glibc
pkg_description="The C library of this machine, to run with; its compilers know the headers"
host_runtime=(
  libc.so.6 'ld-linux*.so.*' libm.so.6 'libmvec.so.*' 'libpthread.so.*' 'libdl.so.*' 'librt.so.*' 'libresolv.so.*'
  'libutil.so.*' 'libnss_*.so.*' 'libanl.so.*' 'libcrypt.so.*' crt1.o crti.o crtn.o Scrt1.o
)
_libc=$(getconf GNU_LIBC_VERSION 2>/dev/null || true)
pkg_version=${_libc##* }
pkg_version=${pkg_version:-0}
host_files=(
  bin/getconf=/usr/bin/getconf
  bin/ldd=/usr/bin/ldd
  bin/getent=/usr/bin/getent
  bin/iconv=/usr/bin/iconv
  bin/locale=/usr/bin/locale
  bin/localedef=/usr/bin/localedef
)

source "${BASH_SOURCE[0]%/*}/../host.sh"
