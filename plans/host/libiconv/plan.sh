pkg_name=libiconv
pkg_description="iconv of this machine; its C library has it"
host_programs=(iconv)
host_headers=(iconv.h)

source "${BASH_SOURCE[0]%/*}/../host.sh"
