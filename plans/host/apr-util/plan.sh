pkg_name=apr-util
pkg_description="Companion of the Apache Portable Runtime, of this machine"
host_headers=(apr-1.0)
host_libraries=(aprutil-1)
host_pconfig=(apr-util-1)
host_scripts=(apu-1-config apu-config=apu-1-config)

source "${BASH_SOURCE[0]%/*}/../host.sh"
