pkg_name=bzip2
pkg_description="bzip2 and its library, of this machine"
host_programs=(bzip2 bunzip2 bzcat bzip2recover bzdiff bzcmp bzgrep)
host_headers=(bzlib.h)
host_libraries=(bz2)

source "${BASH_SOURCE[0]%/*}/../host.sh"
