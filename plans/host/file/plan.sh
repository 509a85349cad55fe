pkg_name=file
pkg_description="The file of this machine"
host_programs=(file)
host_headers=(magic.h)
host_libraries=(magic)
host_pconfig=(libmagic)

source "${BASH_SOURCE[0]%/*}/../host.sh"
