pkg_name=lz4
pkg_description="lz4 and its library, of this machine"
host_programs=(lz4 unlz4 lz4cat)
host_headers=(lz4.h lz4hc.h lz4frame.h)
host_libraries=(lz4)
host_pconfig=(liblz4)

source "${BASH_SOURCE[0]%/*}/../host.sh"
