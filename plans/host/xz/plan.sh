pkg_name=xz
pkg_description="xz and its library, of this machine"
host_programs=(xz unxz xzcat lzma unlzma lzcat xzdec xzgrep xzdiff)
host_headers=(lzma.h lzma)
host_libraries=(lzma)
host_pconfig=(liblzma)

source "${BASH_SOURCE[0]%/*}/../host.sh"
